"""Jobs: done with their result, failed with the reason, stopped without a trace, seen when cut."""

import threading
from collections.abc import Mapping
from typing import Any

import pytest

from geoservice import db
from geoservice.errors import BusyError, ConflictError, InputError, NotFoundError
from geoservice.jobs.actions import JobAnswer, find_job, list_jobs, open_job, stop_job, told
from geoservice.jobs.running import Do, Work, Workers
from geoservice.jobs.telling import Teller, telling

KIND = "test"
MARK = "INSERT INTO core.census_record (register, body) VALUES ('depots', '{}')"


def _opened(url: str) -> str:
    with db.connect(url) as conn:
        db.set_actor(conn, "planner")
        return open_job(conn, kind=KIND, asked={"seam": 7})


def _told(url: str, job: str) -> JobAnswer:
    with db.connect(url) as conn:
        return told(find_job(conn, kind=KIND, job=job))


def _ended(url: str, do: Do, workers: Workers | None = None) -> JobAnswer:
    job = _opened(url)
    it = workers or Workers("tests", at_once=1, waiting=0)
    it.start(Work(url, job, "planner"), do).result(timeout=30)
    return _told(url, job)


def _marks(url: str) -> int:
    with db.connect(url) as conn:
        return int(conn.execute("SELECT count(*) FROM core.census_record").fetchone()[0])


def test_a_job_is_done_in_the_name_of_who_asked(clone_url: str) -> None:
    def do(conn: db.Connection, tell: Teller) -> Mapping[str, Any]:
        tell("counting", 1, 2)
        return {"by": conn.execute("SELECT core.actor()").fetchone()[0]}

    done = _ended(clone_url, do)
    assert (done.state, done.result, done.problem) == ("done", {"by": "planner"}, None)
    assert (done.asked, done.created_by, done.progress) == ({"seam": 7}, "planner", None)
    assert done.ended_at is not None


def test_a_refused_job_keeps_nothing_but_the_reason(clone_url: str) -> None:
    def do(conn: db.Connection, _: Teller) -> Mapping[str, Any]:
        conn.execute(MARK)
        raise InputError("no datum", zh="缺少高程基准", where="datum")

    done = _ended(clone_url, do)
    assert done.state == "failed"
    assert done.problem == {"en": "no datum", "zh": "缺少高程基准", "where": "datum"}
    assert _marks(clone_url) == 0


def test_what_nobody_foresaw_is_logged_and_not_told(
    clone_url: str, caplog: pytest.LogCaptureFixture
) -> None:
    def do(_: db.Connection, __: Teller) -> Mapping[str, Any]:
        raise ZeroDivisionError("secret")

    done = _ended(clone_url, do)
    assert done.state == "failed"
    assert "secret" not in str(done.problem)
    assert "secret" in caplog.text


def test_a_stopped_job_leaves_nothing_and_its_progress_is_seen_meanwhile(clone_url: str) -> None:
    at_it, go_on = threading.Event(), threading.Event()

    def do(conn: db.Connection, tell: Teller) -> Mapping[str, Any]:
        conn.execute(MARK)
        tell("cutting", 3, 10)
        at_it.set()
        go_on.wait(timeout=30)
        for _ in range(100):
            tell.stop_if_asked()
            threading.Event().wait(0.05)
        return {}

    job = _opened(clone_url)
    under_way = Workers("tests", at_once=1, waiting=0).start(Work(clone_url, job, "planner"), do)
    assert at_it.wait(timeout=30)
    seen = _told(clone_url, job)
    assert (seen.state, seen.progress) == ("running", {"step": "cutting", "done": 3, "total": 10})
    with db.connect(clone_url) as conn:
        stop_job(conn, find_job(conn, kind=KIND, job=job))
    go_on.set()
    under_way.result(timeout=30)
    assert _told(clone_url, job).state == "stopped"
    assert _marks(clone_url) == 0
    with db.connect(clone_url) as conn, pytest.raises(ConflictError, match="has ended"):
        stop_job(conn, find_job(conn, kind=KIND, job=job))


def test_a_job_asked_to_stop_at_its_end_is_undone(clone_url: str) -> None:
    job = _opened(clone_url)

    def do(conn: db.Connection, _: Teller) -> Mapping[str, Any]:
        conn.execute(MARK)
        with db.connect(clone_url) as other:
            stop_job(other, find_job(other, kind=KIND, job=job))
        return {}

    Workers("tests", at_once=1, waiting=0).start(Work(clone_url, job, "p"), do).result(timeout=30)
    assert (_told(clone_url, job).state, _marks(clone_url)) == ("stopped", 0)


def test_one_that_nobody_works_on_was_cut_short(clone_url: str) -> None:
    job = _opened(clone_url)
    cut = _told(clone_url, job)
    assert cut.state == "failed"
    assert "went away" in (cut.problem or {})["en"]


def test_too_many_are_refused_and_those_that_wait_are_not_cut(clone_url: str) -> None:
    go_on = threading.Event()

    def do(_: db.Connection, __: Teller) -> Mapping[str, Any]:
        go_on.wait(timeout=30)
        return {}

    workers = Workers("tests", at_once=1, waiting=1)
    jobs = [_opened(clone_url) for _ in range(3)]
    started = [workers.start(Work(clone_url, job, "p"), do) for job in jobs[:2]]
    with pytest.raises(BusyError, match="2 such jobs"):
        workers.start(Work(clone_url, jobs[2], "p"), do)
    assert _told(clone_url, jobs[1]).state == "waiting"
    go_on.set()
    for one in started:
        one.result(timeout=30)
    assert [_told(clone_url, job).state for job in jobs[:2]] == ["done", "done"]
    assert _ended(clone_url, do, workers).state == "done"  # there is room again


def test_jobs_are_found_by_their_kind(clone_url: str) -> None:
    job = _opened(clone_url)
    with db.connect(clone_url) as conn:
        assert [it.id for it in list_jobs(conn, kind=KIND, most=5)] == [job]
        assert list_jobs(conn, kind="other", most=5) == []
        with pytest.raises(NotFoundError):
            find_job(conn, kind="other", job=job)


def test_what_is_told_too_soon_is_told_with_the_next(clone_url: str) -> None:
    job = _opened(clone_url)

    def seen(conn: db.Connection) -> tuple[str | None, int | None]:
        found = find_job(conn, kind=KIND, job=job)
        return found.step, found.done

    with db.connect(clone_url) as conn:
        with telling(clone_url, job, "first") as tell:
            tell("first", 5, 9)  # within half a second of the first
            before = seen(conn)
            tell("second", 1, 9)  # a new step is told at once
            conn.rollback()
            assert (before, seen(conn)) == (("first", 0), ("second", 1))
        conn.rollback()
        assert seen(conn) == (None, None)
