"""Run a publish job: once, by one process, and with a word about what came of it.

Whoever runs a job holds a lock of its session at the database, which ends with the process however
that ends; a run that says `running` and whose lock is free was cut short. The job stays due until
its run is settled, so that what was cut short is run again.
"""

import hashlib
import logging
import threading
from collections.abc import Callable
from pathlib import Path

from psycopg_pool import ConnectionPool

from geoservice import db
from geoservice.accounts.grants import GRANTS_OF_PARTNER
from geoservice.audit.actions import note
from geoservice.db import Connection, Query
from geoservice.errors import ConflictError, GeoServiceError, InputError
from geoservice.exports.city_sets import is_address
from geoservice.exports.jobs.actions import JOBS, NOW, job_named
from geoservice.exports.jobs.destinations import hand_over
from geoservice.exports.jobs.records import Cause, Job, Outcome
from geoservice.exports.jobs.schedule import after_failure, next_run
from geoservice.exports.jobs.targets import connection_text, read_secret
from geoservice.exports.manifests import written
from geoservice.exports.snapshots import snapshot
from geoservice.publish.catalog import layer_named, load_layers
from geoservice.publish.permit import Sight, for_a_partner, for_the_city

LOG = logging.getLogger("geoservice.publishing")
DUE = Query("publishing", "due", str)
HOLD_JOB = Query("publishing", "hold_job", bool)
LET_GO = Query("publishing", "let_go", bool)
END_CUT_RUNS = Query("publishing", "end_cut_runs", int)
BEGIN_RUN = Query("publishing", "begin_run", int)
END_RUN = Query("publishing", "end_run", str)
SETTLE_JOB = Query("publishing", "settle_job", str)
# A run that dies with its process once is run again at once; then with a wait.
_DEATHS_AT_ONCE = 1
OnLayer = Callable[[str], None]


class StoppedError(Exception):
    """The service stops: the run is taken up by the next one."""


class Runner:
    """Runs what is due, one job after another, until it is stopped."""

    def __init__(self, url: str, home: Path) -> None:
        self._url, self._home, self._stopped = url, home, threading.Event()

    def __call__(self, pool: ConnectionPool[Connection]) -> None:
        """Run every job that is due now and that nobody else runs."""
        with db.pooled(pool) as conn:
            due = DUE.all(conn)
        for name in due:
            if not self._stopped.is_set():
                run_due(self._url, home=self._home, name=name, on_layer=self._go_on)

    def stop(self) -> None:
        """Let the run that is at work end at its next layer."""
        self._stopped.set()

    def _go_on(self, _layer: str) -> None:
        if self._stopped.is_set():
            raise StoppedError


def run_due(url: str, *, home: Path, name: str, on_layer: OnLayer) -> Outcome | None:
    """Run a job if it is due and nobody runs it; None: there was nothing to do."""
    with db.connect(url) as conn:
        job = JOBS.first(conn, name=name)
        if job is None or not HOLD_JOB.one(conn, job_id=job.id):
            return None
        job = JOBS.first(conn, name=name)  # as whoever held it left it
        if job is None or not _is_due(conn, job):
            return None
        if _died_again(conn, job):
            return None
        return _run(conn, job, job.asked_by, home, on_layer)


def run_now(conn: Connection, *, name: str, home: Path, actor: str, on_layer: OnLayer) -> Outcome:
    """Run a job now, whatever its schedule says; ``conn`` is committed on the way.

    Raises
    ------
    NotFoundError
        There is no such job.
    ConflictError
        It is being run.
    """
    job = job_named(conn, name)
    if not HOLD_JOB.one(conn, job_id=job.id):
        raise ConflictError(
            f"publish job {name} is being run", zh=f"发布任务 {name} 正在运行", where="name"
        )
    try:
        END_CUT_RUNS.one(conn, job_id=job.id)
        return _run(conn, job, actor, home, on_layer)
    finally:
        LET_GO.one(conn, job_id=job.id)


def _is_due(conn: Connection, job: Job) -> bool:
    is_time = job.is_enabled and job.next_at is not None and job.next_at <= NOW.one(conn)
    return job.asked_by is not None or is_time


def _died_again(conn: Connection, job: Job) -> bool:
    """End runs that were cut short; whether so many were that the next has to wait."""
    cut = END_CUT_RUNS.one(conn, job_id=job.id)
    if not cut:
        return False
    failures = job.failures + cut
    if failures <= _DEATHS_AT_ONCE:
        return False
    zone = db.district_zone(conn)
    later = after_failure(job.schedule, after=NOW.one(conn), zone=zone, failures=failures)
    SETTLE_JOB.run(conn, job_id=job.id, next_at=later, failures=failures, is_still_asked=False)
    return True


def _run(
    conn: Connection, job: Job, asked_by: str | None, home: Path, on_layer: OnLayer
) -> Outcome:
    """Begin, publish, settle: three transactions. ``asked_by`` None: the schedule says so."""
    actor = asked_by or f"publish:{job.name}"
    cause: Cause = "asked" if asked_by else "schedule"
    db.set_actor(conn, actor)
    run_id = BEGIN_RUN.one(conn, job_id=job.id, cause=cause, due_at=job.next_at)
    conn.commit()
    outcome = _attempt(conn, job, home, on_layer)
    conn.rollback()
    db.set_actor(conn, actor)
    _settle(conn, job, outcome)
    _end(conn, job, run_id, outcome)
    conn.commit()
    return outcome


def _attempt(conn: Connection, job: Job, home: Path, on_layer: OnLayer) -> Outcome:
    """Publish; whatever goes wrong is the outcome."""
    try:
        with snapshot(conn):
            done = hand_over(
                conn, job.to, sights=sights_of(conn, job), on_layer=on_layer,
                address=connection_text(home, job) if is_address(job.target) else None,
            )  # fmt: skip
    except StoppedError:
        return Outcome(
            "cut_short", error_zh="服务停止，下次启动后继续", error_en="the service stops"
        )
    except GeoServiceError as error:
        return _failed(home, job, error.zh, error.message)
    except Exception as error:  # told where people look, and the job goes on
        LOG.exception("publish job %s", job.name)
        what = type(error).__name__
        return _failed(
            home, job, f"意外错误：{what}，见服务日志", f"unexpected: {what}, see the log"
        )
    digest = hashlib.sha256(written(done.manifest)).hexdigest()
    return Outcome("done", (done.layers, done.rows), digest)


def _failed(home: Path, job: Job, zh: str, en: str) -> Outcome:
    """Return a failure without the password: what a library says may repeat what it was given."""
    try:
        secret = read_secret(home, job)
    except GeoServiceError:
        secret = None
    if secret:
        zh, en = zh.replace(secret, "***"), en.replace(secret, "***")
    return Outcome("failed", error_zh=zh[:1000], error_en=en[:1000])


def sights_of(conn: Connection, job: Job) -> list[Sight]:
    """Return what a job hands over: a viewer's sight, or what is granted to its partner.

    Raises
    ------
    InputError
        Nothing is left of it.
    """
    layers = load_layers()
    wanted = [layer_named(layers, one) for one in job.layers] if job.layers else [*layers.values()]
    if job.partner is None:
        sights = [for_the_city(one) for one in wanted]
    else:
        grants = tuple(GRANTS_OF_PARTNER.all(conn, code=job.partner))
        sights = [for_a_partner(one, grants) for one in wanted]
    seen = [one for one in sights if one is not None]
    if not seen:
        raise InputError(
            "none of the job's layers may be handed over"
            + (f" to partner {job.partner}" if job.partner else ""),
            zh="任务中的图层均不可对外提供" + (f"给伙伴 {job.partner}" if job.partner else ""),
            where="layers",
        )
    return seen


def _settle(conn: Connection, job: Job, outcome: Outcome) -> None:
    """Say when the next run is."""
    now, zone = NOW.one(conn), db.district_zone(conn)
    later, failures = job.next_at, job.failures
    if outcome.result == "failed":
        failures += 1
        later = after_failure(job.schedule, after=now, zone=zone, failures=failures)
    elif outcome.result == "done":
        failures = 0
        if later is None or later <= now:  # one that somebody asked for leaves the next as it was
            later = next_run(job.schedule, after=now, zone=zone, due=later)
    SETTLE_JOB.run(
        conn, job_id=job.id, next_at=later, failures=failures,
        is_still_asked=outcome.result == "cut_short",
    )  # fmt: skip


def _end(conn: Connection, job: Job, run_id: int, outcome: Outcome) -> None:
    """Write down what came of a run, in the audit too."""
    layers, rows = outcome.counts or (None, None)
    END_RUN.run(
        conn, run_id=run_id, result=outcome.result, layers=layers, row_count=rows,
        manifest_sha256=outcome.manifest_sha256, error_zh=outcome.error_zh,
        error_en=outcome.error_en,
    )  # fmt: skip
    said = {
        "job": job.name, "target": job.target, "run": run_id, "layers": layers, "rows": rows,
        "manifest_sha256": outcome.manifest_sha256, "error": outcome.error_en,
    }  # fmt: skip
    note(conn, "publish", object_name="publish_job", change=said, result=outcome.result)
