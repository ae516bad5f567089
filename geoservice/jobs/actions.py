"""Open jobs, tell them, stop them."""

import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from pydantic import BaseModel, Field

from geoservice.db import Connection
from geoservice.errors import ConflictError, NotFoundError
from geoservice.jobs.records import JOBS, OPEN_JOB, STOP_JOB, Job

_CUT = {
    "en": "the service went away under it: ask for it again",
    "zh": "服务中断，任务未完成：请重新提交",
}


class JobAnswer(BaseModel):
    """A job as it is told: how far, and what came of it."""

    id: str
    kind: str
    asked: dict[str, Any]
    state: str = Field(description="waiting, running, done, failed, stopped")
    progress: dict[str, Any] | None = Field(description="step, done, total; null: not under way")
    result: dict[str, Any] | None
    problem: dict[str, Any] | None = Field(description="en, zh; why it failed")
    created_by: str
    created_at: datetime
    ended_at: datetime | None


def open_job(conn: Connection, *, kind: str, asked: Mapping[str, Any]) -> str:
    """Put a job down; its id. It is begun once this is committed."""
    return OPEN_JOB.one(conn, kind=kind, asked=json.dumps(asked, default=str))


def find_job(conn: Connection, *, kind: str, job: UUID | str) -> Job:
    """Return a job of a kind.

    Raises
    ------
    NotFoundError
        There is none.
    """
    found = JOBS.first(conn, kind=kind, job=str(job), most=1)
    if found is None:
        raise NotFoundError("there is no such job", zh="没有此任务")
    return found


def list_jobs(conn: Connection, *, kind: str, most: int) -> list[Job]:
    """Return the newest jobs of a kind."""
    return JOBS.all(conn, kind=kind, job=None, most=most)


def stop_job(conn: Connection, job: Job) -> None:
    """Ask a job to stop; what it did is undone.

    Raises
    ------
    ConflictError
        It has ended.
    """
    if job.is_cut or STOP_JOB.first(conn, job=job.id) is None:
        raise ConflictError("the job has ended", zh="任务已结束", where="state")


def told(job: Job) -> JobAnswer:
    """Return what a caller is told of a job."""
    under_way = {"step": job.step, "done": job.done, "total": job.total}
    return JobAnswer(
        id=job.id, kind=job.kind, asked=job.asked, state="failed" if job.is_cut else job.state,
        progress=under_way if job.step else None, result=job.result,
        problem=_CUT if job.is_cut else job.problem, created_by=job.created_by,
        created_at=job.created_at, ended_at=job.ended_at,
    )  # fmt: skip
