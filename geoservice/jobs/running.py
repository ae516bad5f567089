"""Jobs of the web in threads of their own, a few of each kind at once."""

import json
import logging
import threading
from collections.abc import Callable, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any

import psycopg

from geoservice import db
from geoservice.errors import BusyError, GeoServiceError
from geoservice.jobs.records import BEGIN_JOB, DROP_PROGRESS, END_JOB, FINISH_JOB, HOLD_PLACE
from geoservice.jobs.telling import StoppedError, Teller

LOG = logging.getLogger("geoservice.jobs")
# What a job does: in a transaction of its own, committed with its result.
Do = Callable[[db.Connection, Teller], Mapping[str, Any]]


@dataclass(frozen=True)
class Work:
    """A job to be done: in which database, which, and in whose name."""

    url: str
    job: str
    actor: str


class Workers:
    """The threads of one kind of job."""

    def __init__(self, name: str, *, at_once: int, waiting: int) -> None:
        self._pool = ThreadPoolExecutor(at_once, thread_name_prefix=name)
        self._most, self._lock, self._open = at_once + waiting, threading.Lock(), 0

    def start(self, work: Work, do: Do) -> Future[None]:
        """Begin a job, or put it behind those that are under way; its end is kept with it.

        Raises
        ------
        BusyError
            Too many wait already.
        """
        with self._lock:
            if self._open >= self._most:
                raise BusyError(
                    f"{self._open} such jobs are under way or wait: try again when one has ended",
                    zh=f"已有 {self._open} 个同类任务在执行或等待：请待其结束后再试",
                )
            self._open += 1
        try:
            place = _hold_place(work)
            done = self._pool.submit(_run, work, do, place)
        except BaseException:
            self._count_out(None)
            raise
        done.add_done_callback(self._count_out)
        return done

    def _count_out(self, _: Future[None] | None) -> None:
        with self._lock:
            self._open -= 1


def _hold_place(work: Work) -> db.Connection:
    """Hold the job's lock from now on, while it waits too: one without a lock was cut short."""
    conn = db.connect(work.url)
    conn.autocommit = True
    HOLD_PLACE.one(conn, job=work.job)
    return conn


def _run(work: Work, do: Do, place: db.Connection) -> None:
    with place:
        try:
            _do(work, do, Teller(place, work.job))
        except StoppedError:
            _end(place, work, "stopped", None)
        except GeoServiceError as error:
            problem = {"en": error.message, "zh": error.zh, "where": error.where}
            _end(place, work, "failed", problem)
        except Exception:  # whatever it was, the job says that it failed
            LOG.exception("job %s", work.job)
            told = {"en": "something failed and was logged", "zh": "出错，已记录"}
            _end(place, work, "failed", told)
        finally:
            _forget_progress(place, work)


def _do(work: Work, do: Do, tell: Teller) -> None:
    with db.connect(work.url) as conn:
        db.set_actor(conn, work.actor)
        if BEGIN_JOB.first(conn, job=work.job) is None:
            raise StoppedError
        conn.commit()  # seen as running while the work's own transaction is open
        db.set_actor(conn, work.actor)
        result = do(conn, tell)
        done = FINISH_JOB.first(conn, job=work.job, result=json.dumps(result, default=str))
        if done is None:
            raise StoppedError


def _end(place: db.Connection, work: Work, state: str, problem: Mapping[str, Any] | None) -> None:
    told = None if problem is None else json.dumps(problem)
    try:
        END_JOB.run(place, job=work.job, state=state, problem=told)
    except (GeoServiceError, psycopg.Error):  # the database is away: the job is seen as cut short
        LOG.exception("job %s", work.job)


def _forget_progress(place: db.Connection, work: Work) -> None:
    try:
        DROP_PROGRESS.run(place, job=work.job)
    except (GeoServiceError, psycopg.Error):
        LOG.exception("job %s", work.job)
