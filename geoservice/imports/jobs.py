"""Jobs of the web: read and checked in a thread of their own, told as they go."""

import json
import logging
import threading
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from concurrent.futures import TimeoutError as NotYet
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from geoservice import db
from geoservice.errors import BusyError, GeoServiceError
from geoservice.imports import spool
from geoservice.imports.applying import Applied, apply
from geoservice.imports.holding import held
from geoservice.imports.records import (
    AWAIT_JOB,
    FAILED,
    JOB,
    Job,
    Options,
)
from geoservice.imports.staging import File, stage
from geoservice.jobs.telling import Progress, telling
from geoservice.registry.reading import Asked, read_table
from geoservice.registry.registers import register_named

LOG = logging.getLogger("geoservice.imports")
_AT_ONCE = 2  # files that are read, and uploads of one person
_WORKERS = ThreadPoolExecutor(_AT_ONCE, thread_name_prefix="imports")
_LOCK = threading.Lock()
_UNDER_WAY: Counter[str] = Counter()


@dataclass(frozen=True)
class Work:
    """A job to be done: where, which, in whose name, and whose towns it may touch."""

    url: str
    home: Path
    job: str
    actor: str
    towns: frozenset[str] | None


@contextmanager
def upload_slot(name: str) -> Iterator[None]:
    """Hold one of the uploads that somebody may have at once.

    Raises
    ------
    BusyError
        There are two already.
    """
    with _LOCK:
        if _UNDER_WAY[name] >= _AT_ONCE:
            raise BusyError(
                f"{_AT_ONCE} files at once: wait for one of them",
                zh=f"同时最多上传 {_AT_ONCE} 个文件，请等待其中一个完成",
            )
        _UNDER_WAY[name] += 1
    try:
        yield
    finally:
        with _LOCK:
            _UNDER_WAY[name] -= 1


def check(work: Work, *, wait_s: float) -> None:
    """Read and check the job's file; come back when it is done, or after a while anyhow."""
    done: Future[None] = _WORKERS.submit(_check, work)
    with suppress(NotYet):
        done.result(timeout=wait_s)


def apply_now(work: Work, *, skips_bad: bool) -> Applied:
    """Apply the job and wait for it, on a connection that may take its time.

    Raises
    ------
    NotFoundError, ConflictError
        As of `applying.apply`.
    """
    with _connection(work) as conn:
        held(conn, work.job)  # before anything is told: who is refused says nothing of it
        with telling(work.url, work.job, "applying") as tell:
            return apply(conn, job=work.job, skips_bad=skips_bad, progress=tell)


def _check(work: Work) -> None:
    """Check a job that waits for it: one that another has just checked, as it is said now, is done.

    Why it failed is written while it is held, so that it is never said of a later check.
    """
    try:
        with _connection(work) as conn:
            if AWAIT_JOB.first(conn, job=work.job) == "reading":
                with telling(work.url, work.job, "reading") as tell:
                    _stage_or_fail(conn, work, tell)
    except Exception:  # a thread has nobody else to tell; what is left `reading` is seen as such
        LOG.exception("import %s", work.job)


def _stage_or_fail(conn: db.Connection, work: Work, tell: Progress) -> None:
    try:
        with conn.transaction():
            _stage(conn, work, JOB.one(conn, job=work.job), tell)
    except GeoServiceError as error:
        _fail(conn, work, error.message, error.zh)
    except Exception:  # whatever it was, the job says that it failed
        LOG.exception("import %s", work.job)
        _fail(conn, work, "something failed and was logged", "检查时出错，已记录")


def _fail(conn: db.Connection, work: Work, en: str, zh: str) -> None:
    FAILED.run(conn, job=work.job, problem=json.dumps({"en": en, "zh": zh}))


def _stage(conn: db.Connection, work: Work, job: Job, tell: Progress) -> None:
    options = Options(**job.options)
    register = register_named(job.register)
    asked = Asked(
        options.layer, options.encoding, register.names, job.file_name, register.shape
    )  # fmt: skip
    path = spool.path_of(work.home, job.spool or "")
    table = read_table(path, asked, progress=lambda done, total: tell("reading", done, total))
    file = File(table, job.file_name, options, work.towns)
    stage(conn, job=job.id, register=register, file=file, progress=tell)


@contextmanager
def _connection(work: Work) -> Iterator[db.Connection]:
    with db.connect(work.url) as conn:
        db.set_actor(conn, work.actor)
        yield conn
