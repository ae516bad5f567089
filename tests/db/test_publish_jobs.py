"""Stored publish jobs: run once by one process, again after a crash, and told when they fail."""

import json
import signal
import stat
import subprocess
import sys
import threading
from collections.abc import Iterator
from datetime import UTC, datetime, time, timedelta
from pathlib import Path

import psycopg
import pytest
from psycopg.conninfo import conninfo_to_dict, make_conninfo

from geoservice import db
from geoservice.audit.actions import EVENTS
from geoservice.errors import ConflictError, InputError, NotFoundError
from geoservice.exports.jobs import actions
from geoservice.exports.jobs.destinations import Destination
from geoservice.exports.jobs.records import Job, NewJob, Outcome, Run, Schedule
from geoservice.exports.jobs.running import Runner, run_due, run_now
from geoservice.keeping.checks import _publishing

FEW = ("depots", "stock_lots")
SECRET = "geheim-123"  # noqa: S105  # a test's own
OFTEN = Schedule(every_min=10)


def _nothing(_: str) -> None:
    """Nobody watches."""


def _add(url: str, home: Path, **more: object) -> Job:
    said = {"name": "city", "to": Destination(str(home / "city")), "layers": FEW, "schedule": OFTEN}
    password = more.pop("password", None)
    with db.connect(url) as conn:
        db.set_actor(conn, "tester")
        return actions.add_job(conn, NewJob(**{**said, **more}), home=home, password=password)  # type: ignore[arg-type]  # as a test says them


def _job(url: str, name: str = "city") -> Job:
    with db.connect(url) as conn:
        return actions.job_named(conn, name)


def _runs(url: str, name: str = "city") -> list[Run]:
    with db.connect(url) as conn:
        return actions.runs_of(conn, actions.job_named(conn, name), limit=50)


def _due(url: str, home: Path, name: str = "city") -> Outcome | None:
    return run_due(url, home=home, name=name, on_layer=_nothing)


def _set(url: str, change: str) -> None:
    with psycopg.connect(url) as conn:
        conn.execute(f"UPDATE core.publish_job SET {change}")  # type: ignore[arg-type]  # noqa: S608


def test_a_job_runs_when_it_is_due_and_not_again_before_its_time(
    demo_url: str, tmp_path: Path
) -> None:
    _add(demo_url, tmp_path)
    done = _due(demo_url, tmp_path)
    assert done is not None
    assert done.result == "done"
    manifest = json.loads((tmp_path / "city" / "manifest.json").read_text("utf-8"))
    assert {one["layer"] for one in manifest["layers"]} == set(FEW)
    assert _due(demo_url, tmp_path) is None
    (run,) = _runs(demo_url)
    assert (run.result, run.layers, run.row_count) == ("done", 2, manifest["rows"])
    job = _job(demo_url)
    assert job.next_at is not None
    assert timedelta(0) < job.next_at - datetime.now(UTC) <= timedelta(minutes=10)
    with db.connect(demo_url) as conn:
        said = {"actor": None, "table_name": None, "row_id": None, "before": 2**62, "limit": 20}
        events = EVENTS.all(conn, action="publish", **said)
    assert [(it.actor, it.result) for it in events] == [("publish:city", "done")]
    assert events[0].change is not None
    assert events[0].change["manifest_sha256"] == run.manifest_sha256


def test_of_two_workers_one_runs_a_job(demo_url: str, tmp_path: Path) -> None:
    _add(demo_url, tmp_path)
    is_in, go_on = threading.Event(), threading.Event()

    def slowly(_: str) -> None:
        is_in.set()
        assert go_on.wait(20)

    first: list[Outcome | None] = []
    work = threading.Thread(
        target=lambda: first.append(run_due(demo_url, home=tmp_path, name="city", on_layer=slowly))
    )
    work.start()
    assert is_in.wait(20)
    assert _due(demo_url, tmp_path) is None
    with db.connect(demo_url) as conn, pytest.raises(ConflictError, match="is being run"):
        run_now(conn, name="city", home=tmp_path, actor="x", on_layer=_nothing)
    go_on.set()
    work.join()
    assert [one.result for one in first if one] == ["done"]
    assert len(_runs(demo_url)) == 1


DIE = """
import os, signal, sys
from pathlib import Path
from geoservice.exports.jobs.running import run_due
def die(layer):
    if layer == "stock_lots":
        os.kill(os.getpid(), signal.SIGKILL)
run_due(sys.argv[1], home=Path(sys.argv[2]), name="city", on_layer=die)
"""


def _die(url: str, home: Path) -> None:
    done = subprocess.run([sys.executable, "-c", DIE, url, str(home)], check=False, timeout=60)
    assert done.returncode == -signal.SIGKILL


def test_a_run_that_died_is_run_again_and_one_that_dies_again_has_to_wait(
    demo_url: str, tmp_path: Path
) -> None:
    _add(demo_url, tmp_path)
    _die(demo_url, tmp_path)
    assert [it.result for it in _runs(demo_url)] == ["running"]
    assert not (tmp_path / "city").exists()
    done = _due(demo_url, tmp_path)
    assert done is not None
    assert done.result == "done"
    assert [it.result for it in _runs(demo_url)] == ["done", "cut_short"]
    before = (tmp_path / "city" / "manifest.json").read_bytes()
    _set(demo_url, "next_at = now(), failures = 1")
    _die(demo_url, tmp_path)
    assert _due(demo_url, tmp_path) is None  # it died again: not at once
    job = _job(demo_url)
    assert job.failures == 2
    assert job.next_at is not None
    assert job.next_at > datetime.now(UTC)
    assert (tmp_path / "city" / "manifest.json").read_bytes() == before


def test_a_missed_run_is_run_once(demo_url: str, tmp_path: Path) -> None:
    _add(demo_url, tmp_path, schedule=Schedule(daily_at=time(2, 30)))
    assert _due(demo_url, tmp_path) is None
    _set(demo_url, "next_at = now() - interval '5 days'")
    runner = Runner(demo_url, tmp_path)
    with db.open_pool(demo_url, size=2) as pool:
        runner(pool)
        runner(pool)
    assert [it.result for it in _runs(demo_url)] == ["done"]
    job = _job(demo_url)
    assert job.next_at is not None
    assert datetime.now(UTC) < job.next_at <= datetime.now(UTC) + timedelta(days=1)


def test_a_service_that_stops_leaves_the_job_due(demo_url: str, tmp_path: Path) -> None:
    _add(demo_url, tmp_path)
    runner = Runner(demo_url, tmp_path)
    done = run_due(demo_url, home=tmp_path, name="city",
                   on_layer=lambda name: runner.stop() or runner._go_on(name))  # fmt: skip
    assert done is not None
    assert done.result == "cut_short"
    assert _job(demo_url).failures == 0
    again = _due(demo_url, tmp_path)
    assert again is not None
    assert again.result == "done"


@pytest.fixture
def city(cluster_url: str) -> Iterator[str]:
    """An empty PostGIS of somebody else's; its address needs no password here."""
    server = make_conninfo(cluster_url, dbname="postgres")
    with psycopg.connect(server, autocommit=True) as conn:
        conn.execute("CREATE DATABASE city_jobs TEMPLATE template0")
    with psycopg.connect(make_conninfo(cluster_url, dbname="city_jobs")) as conn:
        conn.execute("CREATE EXTENSION postgis")
    said = conninfo_to_dict(cluster_url)
    more = "&".join(f"{name}={said[name]}" for name in ("host", "port", "user") if name in said)
    yield f"postgresql:///city_jobs?{more}"
    with psycopg.connect(server, autocommit=True) as conn:
        conn.execute("DROP DATABASE city_jobs WITH (FORCE)")


def test_an_unreachable_target_is_tried_again_with_longer_waits(
    demo_url: str, tmp_path: Path
) -> None:
    nowhere = "postgresql://gis@127.0.0.1:9/gis"
    _add(demo_url, tmp_path, to=Destination(nowhere), password=SECRET)
    waits = []
    for _ in range(3):
        done = _due(demo_url, tmp_path)
        assert done is not None
        assert done.result == "failed"
        assert "does not answer" in str(done.error_en)
        job = _job(demo_url)
        assert job.next_at is not None
        waits.append(round((job.next_at - datetime.now(UTC)).total_seconds() / 60))
        _set(demo_url, "next_at = now()")
    assert waits == [1, 2, 4]
    assert _job(demo_url).failures == 3
    with db.connect(demo_url) as conn:
        state, zh, en = _publishing(conn)
        assert state == "bad"
        assert "city" in zh
        assert "failed 3 times" in en
    with psycopg.connect(demo_url) as conn:
        everything = (
            "SELECT string_agg(j::text || r::text, '') FROM core.publish_job j, core.publish_run r"
        )
        assert "geheim" not in str(conn.execute(everything).fetchone())


def test_a_password_lies_in_a_file_for_the_service_alone(
    demo_url: str, city: str, tmp_path: Path
) -> None:
    job = _add(demo_url, tmp_path, to=Destination(city, "city"), password=SECRET)
    (kept,) = (tmp_path / "secrets").iterdir()
    assert stat.S_IMODE(kept.stat().st_mode) == 0o600
    assert stat.S_IMODE(kept.parent.stat().st_mode) == 0o700
    assert kept.name == f"publish-{job.secret_name}"
    done = _due(demo_url, tmp_path)
    assert done is not None
    assert done.result == "done", done.error_en
    kept.unlink()
    with db.connect(demo_url) as conn:
        lost = run_now(conn, name="city", home=tmp_path, actor="x", on_layer=_nothing)
        assert "password of publish job city is gone" in str(lost.error_en)
        actions.give_password(conn, _job(demo_url), home=tmp_path, password=SECRET[::-1])
    with db.connect(demo_url) as conn:
        actions.remove_job(conn, actions.job_named(conn, "city"), home=tmp_path)
    assert list((tmp_path / "secrets").iterdir()) == []
    with db.connect(demo_url) as conn, pytest.raises(NotFoundError):
        actions.job_named(conn, "city")


def test_a_partners_job_hands_over_what_is_granted_to_it(demo_url: str, tmp_path: Path) -> None:
    with db.connect(demo_url) as conn:
        db.set_actor(conn, "tester")
        conn.execute(
            "INSERT INTO core.partner (code, name, source_doc, direction)"
            " VALUES ('water', '水利局', 'test', 'sideways')"
        )
    _add(demo_url, tmp_path, partner="water", layers=None)
    failed = _due(demo_url, tmp_path)
    assert failed is not None
    assert "may be handed over to partner water" in str(failed.error_en)
    with db.connect(demo_url) as conn:
        db.set_actor(conn, "tester")
        conn.execute(
            "INSERT INTO core.partner_grant (partner_id, layer, fields, secrecies)"
            " SELECT id, 'depots', '{code,name}', '{public,internal}' FROM core.partner"
            " WHERE code = 'water'"
        )
        done = run_now(conn, name="city", home=tmp_path, actor="x", on_layer=_nothing)
    assert done.counts is not None
    manifest = json.loads((tmp_path / "city" / "manifest.json").read_text("utf-8"))
    assert [one["layer"] for one in manifest["layers"]] == ["depots"]
    assert [one["name"] for one in manifest["layers"][0]["fields"]] == ["code", "name"]


@pytest.mark.parametrize(
    ("more", "where"),
    [
        ({"name": "Stadt"}, "name"),
        ({"schedule": Schedule(5, time(3))}, "every_min"),
        ({"layers": ("nothing",)}, "layer"),
        ({"to": Destination("/x/y", schema_name="city")}, "schema_name"),
        ({"to": Destination("postgresql://a@b/c", format="gpkg")}, "format"),
        ({"to": Destination("/x/y", format="odt")}, "format"),
        ({"to": Destination("/x/y", crs="999")}, "crs"),
        ({"password": "x"}, "password"),
    ],
)  # fmt: skip
def test_a_job_that_could_not_run_is_refused(
    demo_url: str, tmp_path: Path, more: dict[str, object], where: str
) -> None:
    with pytest.raises(InputError):
        _add(demo_url, tmp_path, **more)
    with db.connect(demo_url) as conn:
        assert actions.list_jobs(conn) == []
    assert where


def test_a_name_is_taken_until_its_job_is_removed(demo_url: str, tmp_path: Path) -> None:
    job = _add(demo_url, tmp_path)
    with pytest.raises(ConflictError, match="there is a publish job"):
        _add(demo_url, tmp_path)
    with db.connect(demo_url) as conn:
        actions.remove_job(conn, job, home=tmp_path)
    assert _add(demo_url, tmp_path).id != job.id
