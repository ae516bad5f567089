"""A job as it is kept; the rows of `sql/queries/jobs.sql`."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from geoservice.db import Query


@dataclass(frozen=True)
class Job:
    """Work of one kind, and how far it is.

    Parameters
    ----------
    asked
        What was asked, as JSON values.
    state
        ``waiting``, ``running``, ``done``, ``failed``, ``stopped``.
    is_cut
        Nobody works on it although it has not ended: the service went away under it.
    """

    id: str
    no: int
    kind: str
    asked: dict[str, Any]
    state: str
    is_to_stop: bool
    is_cut: bool
    result: dict[str, Any] | None
    problem: dict[str, Any] | None
    step: str | None
    done: int | None
    total: int | None
    created_by: str
    created_at: datetime
    ended_at: datetime | None


OPEN_JOB = Query("jobs", "open_job", str)
JOBS = Query("jobs", "jobs", Job)
HOLD_PLACE = Query("jobs", "hold_place", int)
BEGIN_JOB = Query("jobs", "begin_job", str)
FINISH_JOB = Query("jobs", "finish_job", str)
END_JOB = Query("jobs", "end_job", str)
STOP_JOB = Query("jobs", "stop_job", str)
TELL_PROGRESS = Query("jobs", "tell_progress", bool)
DROP_PROGRESS = Query("jobs", "drop_progress", str)
