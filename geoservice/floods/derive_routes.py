"""`POST /zoning/floods`: a flood worked out from the terrain, as a job that can be stopped."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Query, Request, Response

from geoservice import db
from geoservice.auth import Conn, Who, pool_of, settings_of
from geoservice.floods.bodies import DeriveBody
from geoservice.floods.deriving import derive
from geoservice.jobs.actions import JobAnswer, find_job, open_job, stop_job, told
from geoservice.jobs.running import Work, Workers
from geoservice.jobs.telling import Teller
from geoservice.parameters import NoQuery

router = APIRouter(prefix="/zoning/floods", tags=["zoning"])
KIND = "flood"
_WORKERS = Workers("floods", at_once=1, waiting=8)


@router.post("", summary="推算洪水 · work a flood out", status_code=202, response_model=JobAnswer)
def post_derivation(
    body: DeriveBody, request: Request, response: Response, who: Who,
    _: Annotated[NoQuery, Query()],
) -> JobAnswer:  # fmt: skip
    """Begin to work a scenario out from the terrain in force; its result names the scenario.

    Connected level water from a channel, height above drainage with a stage, or hollows that fill:
    a screening in draft, never official.
    """
    asked = body.derivation(who.name)
    home = settings_of(request).home
    with db.pooled(pool_of(request)) as conn:
        db.set_actor(conn, who.name)
        job = open_job(conn, kind=KIND, asked=body.model_dump(mode="json"))

    def do(conn: db.Connection, tell: Teller) -> Mapping[str, Any]:
        def step(name: str, done: int, total: int) -> None:
            tell(name, done, total)
            tell.stop_if_asked()

        found = derive(conn, asked, home=home, at=datetime.now(UTC), tell=step)
        return {"scenario": found.id, "code": found.code, "area_ha": found.area_ha}

    _WORKERS.start(Work(request.app.state.url, job, who.name), do)
    response.headers["Location"] = f"/zoning/floods/derivations/{job}"
    with db.pooled(pool_of(request)) as conn:
        return told(find_job(conn, kind=KIND, job=job))


@router.get("/derivations/{job}", summary="一次推算 · a derivation", response_model=JobAnswer)
def get_derivation(job: UUID, conn: Conn, _: Annotated[NoQuery, Query()]) -> JobAnswer:
    """Return how far a derivation is, and which scenario came of it."""
    return told(find_job(conn, kind=KIND, job=job))


@router.delete("/derivations/{job}", summary="停止推算 · stop it", status_code=202,
               response_model=JobAnswer)  # fmt: skip
def delete_derivation(job: UUID, conn: Conn, _: Annotated[NoQuery, Query()]) -> JobAnswer:
    """Ask a derivation to stop; nothing of it is stored."""
    found = find_job(conn, kind=KIND, job=job)
    stop_job(conn, found)
    return told(find_job(conn, kind=KIND, job=job))
