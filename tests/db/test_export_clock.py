"""`since=` and the clock: what a day, a minute or silence changes comes, and nothing else does."""

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import psycopg
import pytest

from geoservice import db
from geoservice.exports.actions import export_layer
from geoservice.exports.deltas import MOMENT
from geoservice.exports.formats import FORMATS
from geoservice.exports.records import Export, Report
from geoservice.exports.snapshots import snapshot
from geoservice.exports.tokens import token_of
from geoservice.publish.catalog import load_layers
from geoservice.publish.permit import Sight, whole
from geoservice.publish.statement import Filters
from geoservice.sensors.actions import record_observations
from geoservice.sensors.warnings import CLOCK

LAYERS = load_layers()
BY_DAY = [one for one in LAYERS.values() if one.changes_with == "day"]
GEOJSON = Export(FORMATS["geojson"])
LATER = """CREATE OR REPLACE FUNCTION core.district_day() RETURNS date LANGUAGE sql STABLE
  SECURITY DEFINER SET search_path = core, public, pg_temp
  AS $$ SELECT (now() AT TIME ZONE 'Asia/Shanghai')::date + {days} $$"""
Rows = dict[int, Any]


def _take(url: str, sight: Sight, path: Path, since: str | None = None) -> tuple[Rows, Report]:
    with db.connect(url) as conn, snapshot(conn):
        report = export_layer(conn, sight=sight, path=path, export=replace(GEOJSON, since=since))
    return {it["id"]: it for it in json.loads(path.read_text("utf-8"))["features"]}, report


def _token(url: str, sight: Sight, *, ago: timedelta = timedelta(0)) -> str:
    """Return the token of an export of now, or of a while ago as far as the clock goes."""
    with db.connect(url) as conn, snapshot(conn):
        moment = MOMENT.one(conn)
        was = replace(moment, at=moment.at - ago, day=moment.day - ago)
        return token_of(was, sight, Filters())


@pytest.fixture(scope="module")
def aging(cluster_url: str, demo_template: str) -> Iterator[str]:
    """A demonstration district of one's own, whose day is set on."""
    from tests.conftest import _clone, _drop, _name_of

    url = _clone(cluster_url, _name_of(demo_template))
    yield url
    _drop(cluster_url, url)


def _set_day(url: str, days: int) -> None:
    with psycopg.connect(url, options="-c role=geoservice_owner") as owner:
        owner.execute(LATER.format(days=days))  # type: ignore[arg-type]  # a text of this module


@pytest.mark.parametrize("layer", BY_DAY, ids=[one.id for one in BY_DAY])
def test_a_day_brings_the_rows_that_it_changed_and_no_others(
    aging: str, tmp_path: Path, layer: Any
) -> None:
    path, sight = tmp_path / "x.geojson", whole(layer)
    before, copy, token = 0, {}, None
    for days in (0, 1, 30, 200, 2200):
        _set_day(aging, days)
        came, report = _take(aging, sight, path, token)
        token = report.manifest["since_token"]
        full, _ = _take(aging, sight, path)
        assert report.manifest["is_complete"] is (days == 0)
        copy |= came
        assert copy == full, days
        if days == 1 and len(full) > 20:
            assert len(came) < len(full)
        before = days
    assert before == 2200


def test_a_closure_that_begins_or_ends_meanwhile_comes(demo_url: str, tmp_path: Path) -> None:
    sight = whole(LAYERS["road_closures"])
    full, _ = _take(demo_url, sight, tmp_path / "x.geojson")
    token = _token(demo_url, sight)
    came, report = _take(demo_url, sight, tmp_path / "x.geojson", token)
    assert (came, report.manifest["is_complete"]) == ({}, False)
    with db.connect(demo_url) as conn:
        conn.execute(
            "UPDATE core.road_closure SET period ="
            " tstzrange(lower(period), now() - interval '5 min') WHERE id = %s", [min(full)],
        )  # fmt: skip
    # As far as writing goes all was seen; by the clock the export is of ten minutes ago.
    came, _ = _take(
        demo_url, sight, tmp_path / "x.geojson",
        _token(demo_url, sight, ago=timedelta(minutes=10)),
    )  # fmt: skip
    assert set(came) == {min(full)}


def test_a_reading_and_a_silence_bring_their_sensor_alone(demo_url: str, tmp_path: Path) -> None:
    sight, path = whole(LAYERS["sensors"]), tmp_path / "x.geojson"
    _, report = _take(demo_url, sight, path)
    token = report.manifest["since_token"]
    with db.connect(demo_url) as conn:
        db.set_actor(conn, "tester")
        now = CLOCK.one(conn)
        ((code, number),) = conn.execute(
            "SELECT code, id FROM core.sensor WHERE kind = 'methane' ORDER BY id LIMIT 1"
        ).fetchall()
        item = {"sensor": code, "observed_at": now.isoformat(), "value": 0.11}
        taken = record_observations(conn, items=[item], towns=None)
        assert (taken.accepted, taken.refused) == (1, ())
    came, report = _take(demo_url, sight, path, token)
    assert set(came) == {number}
    assert came[number]["properties"]["last_value"] == 0.11
    assert report.manifest["is_complete"] is False
    with db.connect(demo_url) as conn:  # silent since three minutes ago
        conn.execute(
            "UPDATE core.sensor_state t SET observed_at = now() - interval '3 min'"
            " - make_interval(secs => s.interval_s::float8 * s.silent_after)"
            " FROM core.sensor s WHERE s.id = t.sensor_id AND s.id = %s", [number],
        )  # fmt: skip
    came, _ = _take(demo_url, sight, path, _token(demo_url, sight, ago=timedelta(minutes=5)))
    assert number in came
    assert came[number]["properties"]["state"] == "silent"


def test_of_alerts_comes_what_was_read_sent_or_ended_and_nothing_else(
    demo_url: str, tmp_path: Path
) -> None:
    sight, path = whole(LAYERS["alerts"]), tmp_path / "x.geojson"
    full, report = _take(demo_url, sight, path)
    token = report.manifest["since_token"]
    assert full
    came, report = _take(demo_url, sight, path, token)
    assert (came, report.manifest["is_complete"], report.manifest["deleted"]) == ({}, False, [])
    with db.connect(demo_url) as conn:
        db.set_actor(conn, "tester")
        ((number, sensor),) = conn.execute(
            "SELECT a.id, s.code FROM core.alert a JOIN core.sensor s ON s.id = a.sensor_id"
            " WHERE a.id = ANY (%s) ORDER BY 1 LIMIT 1", [list(full)],
        ).fetchall()  # fmt: skip
        at = CLOCK.one(conn).isoformat()
        item = {"sensor": sensor, "observed_at": at, "value": 1.13}
        assert record_observations(conn, items=[item], towns=None).accepted == 1
    came, report = _take(demo_url, sight, path, token)
    assert report.manifest["is_complete"] is False
    assert number in came
    with db.connect(demo_url) as conn:  # over since three minutes ago, and nobody has said so yet
        conn.execute(
            "UPDATE core.alert SET sent_at = now() - interval '2 h', onset_at = NULL,"
            " expires_at = now() - interval '3 min' WHERE id = %s", [number],
        )  # fmt: skip
    was = _token(demo_url, sight, ago=timedelta(minutes=5))
    came, report = _take(demo_url, sight, path, was)
    assert (came, report.manifest["deleted"]) == ({}, [number])
    assert report.manifest["is_complete"] is False
    came, report = _take(demo_url, sight, path, report.manifest["since_token"])
    assert (came, report.manifest["deleted"]) == ({}, [])


def _sees(layer: str, **more: Any) -> Sight:
    fields = tuple(one for one in LAYERS[layer].fields if not one.roles)
    said = {"secrecies": ("public", "internal"), "towns": None, "fields": fields, **more}
    return Sight(LAYERS[layer], **said)


def test_ids_that_the_caller_never_could_see_are_not_told(demo_url: str, tmp_path: Path) -> None:
    path = tmp_path / "x.geojson"
    sources, substances = _sees("hazard_sources"), _sees("hazard_substances")
    everybody = [_token(demo_url, it) for it in (sources, substances)]
    with db.connect(demo_url) as conn:
        db.set_actor(conn, "tester")
        restricted = "SELECT id FROM core.hazard_source WHERE secrecy = 'restricted' ORDER BY id"
        first, second = [row[0] for row in conn.execute(restricted).fetchall()][:2]
        conn.execute("UPDATE core.hazard_source SET name = '改' WHERE id = %s", [first])
        conn.execute("UPDATE core.hazard_source SET valid_to = clock_timestamp() WHERE id = %s",
                     [second])  # fmt: skip
        shown = conn.execute(
            "UPDATE core.hazard_source SET secrecy = 'restricted' WHERE id ="
            " (SELECT min(id) FROM core.hazard_source WHERE secrecy = 'internal') RETURNING id"
        ).fetchone()
        conn.execute(
            "UPDATE core.hazard_substance SET name = name || '改' WHERE hazard_source_id = %s",
            [first],
        )
    _, report = _take(demo_url, sources, path, everybody[0])
    assert shown is not None
    assert report.manifest["deleted"] == [shown[0]]
    _, report = _take(demo_url, substances, path, everybody[1])
    assert report.manifest["deleted"] == []  # of a source that nobody of them sees


def test_ids_of_other_towns_are_not_told(demo_url: str, tmp_path: Path) -> None:
    with db.connect(demo_url) as conn:
        rows = conn.execute("SELECT town_code, min(id) FROM core.depot GROUP BY 1 ORDER BY 1")
        (mine, own), (_, other) = rows.fetchmany(2)
    sight = _sees("depots", towns=(mine,))
    token = _token(demo_url, sight)
    with db.connect(demo_url) as conn:
        db.set_actor(conn, "tester")
        conn.execute("UPDATE core.depot SET secrecy = 'restricted' WHERE id = ANY (%s)",
                     [[own, other]])  # fmt: skip
    _, report = _take(demo_url, sight, tmp_path / "x.geojson", token)
    assert report.manifest["deleted"] == [own]
