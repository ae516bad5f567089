"""`/zoning/mines/{id}/derivations`, `/zoning/derivations`: zones derived beside the request."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Request, Response

from geoservice.auth import Conn, Who, acting, settings_of
from geoservice.db import Connection
from geoservice.jobs.actions import JobAnswer, find_job, list_jobs, stop_job, told
from geoservice.jobs.records import Job
from geoservice.jobs.running import Work
from geoservice.parameters import NoQuery
from geoservice.registry.routes import Why
from geoservice.zoning.asking import Asking, Id, answered
from geoservice.zoning.bodies import DerivationBody
from geoservice.zoning.deriving import KIND, begin, start, want

router = APIRouter(prefix="/zoning", tags=["zoning"])
Nothing = Annotated[NoQuery, Query()]


@router.post("/mines/{mine_id}/derivations", summary="推导三区 · derive zones", status_code=202,
             response_model=JobAnswer)  # fmt: skip
def post_derivation(
    mine_id: Id, body: DerivationBody, _: Annotated[Why, Query()], request: Request, who: Who,
    caller: Asking,
) -> Response:  # fmt: skip
    """Derive the zones of a seam: the answer names a job, which ends with a new draft."""
    with acting(request, who) as conn:
        asked = body.model_dump()
        wanted = want(conn, asked, caller, mine_id=mine_id)
        job = begin(conn, wanted)
    start(Work(request.app.state.url, job, who.name), settings_of(request).home, wanted)
    with acting(request, who) as conn:
        return _answer(find_job(conn, kind=KIND, job=job), 202)


@router.get("/derivations", summary="推导任务 · derivations", response_model=list[JobAnswer])
def get_derivations(_: Nothing, conn: Conn) -> list[JobAnswer]:
    """Return the newest derivations."""
    return [told(it) for it in list_jobs(conn, kind=KIND, most=50)]


@router.get("/derivations/{job}", summary="一次推导 · a derivation", response_model=JobAnswer)
def get_derivation(job: UUID, _: Nothing, conn: Conn) -> Response:
    """Return how far a derivation is; once it is done, `result.version_id`."""
    return _answer(find_job(conn, kind=KIND, job=job))


@router.delete("/derivations/{job}", summary="停止推导 · stop a derivation", status_code=202,
               response_model=JobAnswer)  # fmt: skip
def delete_derivation(job: UUID, _: Annotated[Why, Query()], conn: Conn) -> Response:
    """Ask a derivation to stop; nothing of it is kept."""
    return _stopped(conn, find_job(conn, kind=KIND, job=job))


def _stopped(conn: Connection, job: Job) -> Response:
    stop_job(conn, job)
    return _answer(find_job(conn, kind=KIND, job=job.id), 202)


def _answer(job: Job, status: int = 200) -> Response:
    return answered(
        told(job).model_dump(mode="json"), status, Location=f"/zoning/derivations/{job.id}"
    )
