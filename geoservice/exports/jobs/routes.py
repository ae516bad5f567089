"""`/exports/jobs`: what is published by itself, for the publisher."""

from datetime import datetime, time
from pathlib import Path as FolderPath
from typing import Annotated, Literal

from fastapi import APIRouter, Depends, Path, Query, Request, Response
from pydantic import BaseModel, Field, SecretStr, TypeAdapter

from geoservice.auth import Conn, Who, settings_of
from geoservice.errors import ForbiddenError, InputError
from geoservice.exports.jobs import actions
from geoservice.exports.jobs.destinations import Destination
from geoservice.exports.jobs.records import Job, NewJob, Result, Run, Schedule
from geoservice.exports.jobs.targets import address_of, own_folder
from geoservice.parameters import Body, NoQuery, Parameters

Name = Annotated[str, Path(pattern="^[a-z0-9][a-z0-9_-]{0,47}$")]
Text = Annotated[str, Field(min_length=1, max_length=200)]
EveryMin = Annotated[int, Field(ge=1, le=10080, description="minutes between two runs")]
DailyAt = Annotated[
    str, Field(pattern="^([01][0-9]|2[0-3]):[0-5][0-9]$", description="in the district's time")
]


def _of_the_whole_district(who: Who) -> None:
    """Refuse a publisher of some towns: what is published is of all of them."""
    if who.towns is not None:
        raise ForbiddenError(
            "publishing is of the whole district, and you are of some towns of it",
            zh="发布涉及全区，您的账户仅限部分乡镇",
        )


router = APIRouter(
    prefix="/exports/jobs", tags=["files"], dependencies=[Depends(_of_the_whole_district)]
)


class Database(Body):
    """A PostGIS of the city's."""

    host: Text
    port: int = Field(default=5432, ge=1, le=65535)
    database: Text
    user: Text
    password: SecretStr = Field(
        min_length=1, max_length=1000, description="kept in a file of the service, never shown"
    )
    sslmode: Literal["disable", "prefer", "require", "verify-full"] = "prefer"
    schema_name: str | None = Field(default=None, alias="schema", max_length=48)

    def address(self) -> str:
        """Return its address, without the password."""
        return address_of(
            host=self.host, port=self.port, database=self.database, user=self.user,
            sslmode=self.sslmode,
        )  # fmt: skip


class Times(Body):
    """When a job runs; neither: only when it is asked to."""

    every_min: EveryMin | None = None
    daily_at: DailyAt | None = None
    is_enabled: bool = True

    def schedule(self) -> Schedule:
        """Return the schedule."""
        at = None if self.daily_at is None else time.fromisoformat(self.daily_at)
        return Schedule(self.every_min, at)


class JobBody(Times):
    """A job: to a folder of the service's own (`folder`, a plain name) or to a `database`."""

    name: str = Field(pattern="^[a-z0-9][a-z0-9_-]{0,47}$")
    folder: str | None = Field(default=None, max_length=64)
    database: Database | None = None
    layers: list[Text] | None = Field(default=None, min_length=1, max_length=200)
    format: Text | None = Field(default=None, description="of a folder; gpkg by default")
    crs: Text | None = Field(default=None, description="EPSG code, or local")
    encoding: Literal["utf-8", "gbk"] = "utf-8"
    partner: Text | None = Field(default=None, description="what is granted to this partner")

    def destination(self, home: FolderPath) -> Destination:
        """Return where it publishes to.

        Raises
        ------
        InputError
            Neither a folder nor a database is named, or both, or one that cannot be.
        """
        if self.folder is not None and self.database is None:
            target, schema = own_folder(home, self.folder), None
        elif self.database is not None and self.folder is None:
            target, schema = self.database.address(), self.database.schema_name
        else:
            raise InputError(
                "exactly one of folder and database is needed",
                zh="folder 与 database 须且只须填写一项", where="folder",
            )  # fmt: skip
        return Destination(target, schema, self.format, self.crs, self.encoding)


class Change(Times):
    """When a job runs from now on, and another password."""

    password: SecretStr | None = Field(default=None, min_length=1, max_length=1000)


class RunsQuery(Parameters):
    """How many runs are wanted."""

    limit: Annotated[int, Field(ge=1, le=1000)] = 50


class JobAnswer(BaseModel):
    """A job, when it runs next, and how its last run went."""

    name: str
    target: str
    schema_name: str | None = Field(serialization_alias="schema")
    layers: list[str] | None
    format: str | None
    crs: str | None
    encoding: str
    partner: str | None
    has_password: bool
    every_min: int | None
    daily_at: str | None
    is_enabled: bool
    next_at: datetime | None
    asked_by: str | None
    failures: int = Field(description="in a row")
    last_at: datetime | None
    last_result: Result | None
    last_rows: int | None
    error_zh: str | None
    error_en: str | None
    created_by: str
    created_at: datetime


_RUNS = TypeAdapter(list[Run])


@router.get("", summary="发布任务 · publish jobs", response_model=list[JobAnswer])
def listed(_: Annotated[NoQuery, Query()], conn: Conn) -> list[JobAnswer]:
    """Return every job with its last run."""
    return [_told(one) for one in actions.list_jobs(conn)]


@router.post("", summary="新建发布任务 · add a publish job", status_code=201,
             response_model=JobAnswer)  # fmt: skip
def add(
    body: JobBody, _: Annotated[NoQuery, Query()], request: Request, response: Response, conn: Conn
) -> JobAnswer:
    """Add a job. One that runs every so many minutes runs at once, a daily one at its time."""
    home = settings_of(request).home
    new = NewJob(
        name=body.name, to=body.destination(home), layers=body.layers, partner=body.partner,
        schedule=body.schedule(), is_enabled=body.is_enabled,
    )  # fmt: skip
    password = None if body.database is None else body.database.password.get_secret_value()
    made = actions.add_job(conn, new, home=home, password=password)
    response.headers["Location"] = f"/exports/jobs/{made.name}"
    return _told(made)


@router.get("/{job}", summary="一个发布任务 · a publish job", response_model=JobAnswer)
def one(job: Name, _: Annotated[NoQuery, Query()], conn: Conn) -> JobAnswer:
    """Return a job, when it runs next, and how its last run went."""
    return _told(actions.job_named(conn, job))


@router.patch("/{job}", summary="更改发布任务 · change a publish job", response_model=JobAnswer)
def change(
    job: Name, body: Change, _: Annotated[NoQuery, Query()], request: Request, conn: Conn
) -> JobAnswer:
    """Change when a job runs, switch it off or on, give it another password."""
    found = actions.job_named(conn, job)
    said = body.model_fields_set
    schedule = body.schedule() if said & {"every_min", "daily_at"} else found.schedule
    is_enabled = body.is_enabled if "is_enabled" in said else found.is_enabled
    if body.password is not None:
        secret = body.password.get_secret_value()
        actions.give_password(conn, found, home=settings_of(request).home, password=secret)
    return _told(actions.schedule_job(conn, found, schedule=schedule, is_enabled=is_enabled))


@router.delete("/{job}", summary="删除发布任务 · remove a publish job", status_code=204)
def remove(job: Name, _: Annotated[NoQuery, Query()], request: Request, conn: Conn) -> None:
    """End a job and forget its password; what it published stays where it is."""
    actions.remove_job(conn, actions.job_named(conn, job), home=settings_of(request).home)


@router.get("/{job}/runs", summary="发布记录 · runs of a job", response_model=list[Run])
def runs(job: Name, query: Annotated[RunsQuery, Query()], conn: Conn) -> Response:
    """Return the runs of a job, newest first."""
    found = actions.runs_of(conn, actions.job_named(conn, job), limit=query.limit)
    return Response(_RUNS.dump_json(found), media_type="application/json")


@router.post("/{job}/runs", summary="立即发布 · publish now", status_code=202,
             response_model=JobAnswer)  # fmt: skip
def run(job: Name, _: Annotated[NoQuery, Query()], conn: Conn) -> JobAnswer:
    """Ask for a run: the service begins it within seconds; `runs` tells what came of it."""
    actions.ask_run(conn, actions.job_named(conn, job))
    return _told(actions.job_named(conn, job))


def _told(job: Job) -> JobAnswer:
    same = set(JobAnswer.model_fields) - {"has_password", "daily_at"}
    return JobAnswer(
        has_password=job.secret_name is not None,
        daily_at=None if job.daily_at is None else f"{job.daily_at:%H:%M}",
        **{name: getattr(job, name) for name in same},
    )
