"""Import jobs: opened, told, changed, dropped."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO

from geoservice.db import Connection
from geoservice.errors import BusyError, ConflictError, NotFoundError
from geoservice.imports import spool
from geoservice.imports.bodies import JobAnswer
from geoservice.imports.holding import held
from geoservice.imports.records import (
    DECIDE,
    DROP_JOB,
    DROP_OLD_JOBS,
    JOB,
    JOBS,
    NOTE_SENT,
    OPEN_JOB,
    PREVIEW,
    REOPEN_JOB,
    SENT_LATELY,
    TALLY,
    Job,
    Options,
)

_BYTES_A_DAY = 1_000_000_000
_KEPT_DAYS = 30
_PREVIEWED = 500


@dataclass(frozen=True)
class Owner:
    """Who asks for a job: by name; with all towns every job is theirs to see."""

    name: str
    has_all_towns: bool


def open_job(
    conn: Connection, *, home: Path, register: str, name: str, source: BinaryIO, options: Options
) -> str:
    """Keep a file and open a job for it; jobs of more than thirty days go."""
    clean(conn, home=home, days=_KEPT_DAYS)
    kept, size = spool.keep(home, source)
    NOTE_SENT.run(conn, bytes=size)
    try:
        job = OPEN_JOB.one(
            conn, register=register, file_name=name, file_bytes=size, spool=kept,
            options=json.dumps(options.as_json()),
        )  # fmt: skip
    except BaseException:
        spool.forget(home, kept)
        raise
    return job


def refuse_flood(conn: Connection, *, name: str, an_hour: int) -> None:
    """Refuse more than a gigabyte a day and so many files an hour of one person.

    Raises
    ------
    BusyError
        It is more; the message says when the next may come.
    """
    sent = SENT_LATELY.one(conn, name=name)
    if sent.bytes_today > _BYTES_A_DAY:
        raise BusyError("more than 1 GB in a day: go on tomorrow", zh="一天内超过 1 GB，请明天继续")
    if sent.files >= an_hour:
        minutes = -(-sent.wait_s // 60)
        raise BusyError(
            f"{an_hour} files in an hour: the next may come in {minutes} minutes",
            zh=f"一小时内最多上传 {an_hour} 个文件：请在 {minutes} 分钟后再试",
        )


def clean(conn: Connection, *, home: Path, days: int) -> int:
    """Drop jobs older than some days, with their files; how many."""
    gone = DROP_OLD_JOBS.all(conn, days=days)
    for name in gone:
        spool.forget(home, name)
    return len(gone)


def find(conn: Connection, *, job: str, owner: Owner) -> Job:
    """Return a job.

    Raises
    ------
    NotFoundError
        There is none, or it is somebody else's.
    """
    found = JOB.first(conn, job=job)
    if found is None or not (owner.has_all_towns or found.created_by == owner.name):
        raise NotFoundError("there is no such import", zh="没有此导入")
    return found


def newest(conn: Connection, *, owner: Owner, most: int) -> list[JobAnswer]:
    """Return the newest jobs, without shapes; the columns of a file with the job alone."""
    found = JOBS.all(conn, name=owner.name, all_of_them=owner.has_all_towns, most=most)
    return [tell(conn, it, with_preview=False) for it in found]


def tell(conn: Connection, job: Job, *, with_preview: bool) -> JobAnswer:
    """Return what is known of a job."""
    tally = TALLY.all(conn, job=job.id)
    counts: dict[str, int] = {}
    outcomes: dict[str, int] = {}
    for it in tally:
        counts[it.state] = counts.get(it.state, 0) + it.rows
        if it.outcome is not None:
            outcomes[it.outcome] = outcomes.get(it.outcome, 0) + it.rows
    under_way = {"step": job.step, "done": job.done, "total": job.total}
    return JobAnswer(
        id=job.id, register_name=job.register, file_name=job.file_name, file_bytes=job.file_bytes,
        state=job.state, options=job.options, found=job.found, counts=counts,
        undecided=sum(it.undecided for it in tally if it.state == "duplicate"),
        outcomes=outcomes, extent=job.found.get("extent"),
        preview=_preview(conn, job.id) if with_preview else None, problem=_problem(job),
        progress=under_way if job.step else None, created_by=job.created_by,
        created_at=job.created_at, applied_by=job.applied_by, applied_at=job.applied_at,
    )  # fmt: skip


def change(
    conn: Connection,
    *,
    job: Job,
    options: Mapping[str, Any],
    decisions: Mapping[int, str],
) -> bool:
    """Note what is said anew of a job; whether its file is to be checked again.

    Raises
    ------
    ConflictError
        It is applied already or being checked or applied at this moment, or its file is gone.
    """
    job = held(conn, job.id)
    if job.state == "applied":
        raise ConflictError("it is applied already", zh="该导入已写入", where="state")
    listed = [{"row": row, "decision": what} for row, what in decisions.items()]
    DECIDE.run(conn, job=job.id, decisions=json.dumps(listed))
    if not options:
        return False
    if job.spool is None:
        raise ConflictError("its file is not kept here", zh="文件未保存，无法重新检查")
    REOPEN_JOB.run(conn, job=job.id, options=json.dumps(job.options | dict(options)))
    return True


def drop(conn: Connection, *, home: Path, job: Job) -> None:
    """Drop a job, its rows and its file; what it wrote stays.

    Raises
    ------
    ConflictError
        It is being checked or applied at this moment.
    """
    held(conn, job.id)
    DROP_JOB.run(conn, job=job.id)
    spool.forget(home, job.spool)


def _preview(conn: Connection, job: str) -> dict[str, Any]:
    features = [
        {
            "type": "Feature",
            "id": it.row,
            "properties": {"row": it.row, "state": it.state, "code": it.code, "name": it.name},
            "geometry": it.geometry,
        }
        for it in PREVIEW.all(conn, job=job, most=_PREVIEWED)
    ]
    return {"type": "FeatureCollection", "features": features}


def _problem(job: Job) -> dict[str, Any] | None:
    if job.state == "reading" and job.is_stuck:
        return {
            "en": "checking was interrupted: change an option to check again",
            "zh": "检查已中断：修改任一选项即可重新检查",
        }
    return job.problem
