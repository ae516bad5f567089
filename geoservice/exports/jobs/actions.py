"""Publish jobs: add, list, schedule, remove, ask for a run."""

import re
from dataclasses import asdict
from datetime import datetime
from pathlib import Path

from geoservice.accounts.grants import PARTNER_ID
from geoservice.audit.actions import note
from geoservice.db import Connection, Query, district_zone
from geoservice.errors import ConflictError, InputError, NotFoundError
from geoservice.exports.city_sets import is_address
from geoservice.exports.jobs.destinations import check_destination
from geoservice.exports.jobs.records import Job, NewJob, Run, Schedule, Troubled
from geoservice.exports.jobs.schedule import next_run
from geoservice.exports.jobs.targets import forget_secret, keep_secret
from geoservice.publish.catalog import layer_named, load_layers

NOW = Query("publishing", "now", datetime)
JOBS = Query("publishing", "jobs", Job)
ADD_JOB = Query("publishing", "add_job", int)
SCHEDULE_JOB = Query("publishing", "schedule_job", str)
REMOVE_JOB = Query("publishing", "remove_job", str)
KEEP_SECRET_NAME = Query("publishing", "keep_secret_name", str)
ASK_RUN = Query("publishing", "ask_run", str)
RUNS = Query("publishing", "runs", Run)
TROUBLED = Query("publishing", "troubled", Troubled)
JOB_COUNT = Query("publishing", "job_count", int)
_NAME = re.compile(r"[a-z0-9][a-z0-9_-]{0,47}")
_MOST_MIN = 7 * 24 * 60


def add_job(conn: Connection, new: NewJob, *, home: Path, password: str | None = None) -> Job:
    """Keep a job. One that runs every so many minutes runs at once, a daily one at its time.

    Raises
    ------
    InputError
        A name, layer, format, CRS, encoding, schema, partner or schedule that cannot be.
    ConflictError
        There is a job of this name; there is no district yet.
    """
    _check(conn, new, password)
    secret_name = None if password is None else keep_secret(home, password)
    job_id = ADD_JOB.first(
        conn, **asdict(new.to), name=new.name, partner=new.partner, secret_name=secret_name,
        layers=None if new.layers is None else list(new.layers), is_enabled=new.is_enabled,
        **asdict(new.schedule), next_at=_first(conn, new.schedule),
    )  # fmt: skip
    if job_id is None:
        forget_secret(home, secret_name)
        raise ConflictError(
            f"there is a publish job {new.name}", zh=f"已有发布任务 {new.name}", where="name"
        )
    note(conn, "publish_job_added", object_name="publish_job", change={"job": asdict(new)})
    return job_named(conn, new.name)


def list_jobs(conn: Connection) -> list[Job]:
    """Return every job with its last run, by name."""
    return JOBS.all(conn, name=None)


def job_named(conn: Connection, name: str) -> Job:
    """Return the job of a name.

    Raises
    ------
    NotFoundError
        There is none.
    """
    found = JOBS.first(conn, name=name)
    if found is None:
        raise NotFoundError(f"there is no publish job {name}", zh=f"没有发布任务 {name}")
    return found


def schedule_job(conn: Connection, job: Job, *, schedule: Schedule, is_enabled: bool) -> Job:
    """Say when a job runs from now on, or that it does not.

    Raises
    ------
    InputError
        The schedule cannot be.
    """
    _check_schedule(schedule)
    SCHEDULE_JOB.run(
        conn, job_id=job.id, every_min=schedule.every_min, daily_at=schedule.daily_at,
        is_enabled=is_enabled, next_at=_first(conn, schedule),
    )  # fmt: skip
    said = {"job": job.name, **asdict(schedule), "is_enabled": is_enabled}
    note(conn, "publish_job_scheduled", object_name="publish_job", change=said)
    return job_named(conn, job.name)


def give_password(conn: Connection, job: Job, *, home: Path, password: str) -> None:
    """Keep another password for a job; the one before is forgotten.

    Raises
    ------
    InputError
        The job is not for a database.
    """
    _check_password(job.target, password)
    KEEP_SECRET_NAME.run(conn, job_id=job.id, secret_name=keep_secret(home, password))
    forget_secret(home, job.secret_name)
    note(conn, "publish_job_password", object_name="publish_job", change={"job": job.name})


def remove_job(conn: Connection, job: Job, *, home: Path) -> None:
    """End a job and forget its password; its runs and what it published stay."""
    REMOVE_JOB.run(conn, job_id=job.id)
    forget_secret(home, job.secret_name)
    note(conn, "publish_job_removed", object_name="publish_job", change={"job": job.name})


def ask_run(conn: Connection, job: Job) -> None:
    """Have a job run as soon as a service is there to do it."""
    ASK_RUN.run(conn, job_id=job.id)


def runs_of(conn: Connection, job: Job, *, limit: int) -> list[Run]:
    """Return the runs of a job, newest first."""
    return RUNS.all(conn, job_id=job.id, limit=limit)


def _first(conn: Connection, schedule: Schedule) -> datetime | None:
    now = NOW.one(conn)
    if schedule.every_min is not None:
        return now
    return next_run(schedule, after=now, zone=district_zone(conn))


def _check(conn: Connection, new: NewJob, password: str | None) -> None:
    if not _NAME.fullmatch(new.name):
        raise InputError(
            f"name {new.name!r}: small letters, digits, - and _, 48 at most",
            zh=f"名称 {new.name!r}：只能用小写字母、数字、- 和 _，最多 48 个字符",
            where="name",
        )
    _check_schedule(new.schedule)
    layers = load_layers()
    for one in new.layers or ():
        layer_named(layers, one)
    check_destination(conn, new.to)
    if password is not None:
        _check_password(new.to.target, password)
    if new.partner is not None and PARTNER_ID.first(conn, code=new.partner) is None:
        raise NotFoundError(f"there is no partner {new.partner}", zh=f"没有交换伙伴 {new.partner}")


def _check_schedule(schedule: Schedule) -> None:
    both = schedule.every_min is not None and schedule.daily_at is not None
    if both or not 1 <= (schedule.every_min or 1) <= _MOST_MIN:
        raise InputError(
            f"schedule: every 1 to {_MOST_MIN} minutes, or daily at HH:MM, not both",
            zh=f"时间：每 1 至 {_MOST_MIN} 分钟一次，或每天定时，二者取一",
            where="every_min",
        )


def _check_password(target: str, password: str) -> None:
    if not is_address(target) or not password or "\x00" in password:
        raise InputError(
            "a password is of a database, and not empty",
            zh="只有目标为数据库时才需要密码，且不能为空", where="password",
        )  # fmt: skip
