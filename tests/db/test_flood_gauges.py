"""A reading puts the zone of its level in force; falling takes it out; silence is told."""

from datetime import datetime, timedelta

import pytest

from geoservice.closures.actions import set_flood
from geoservice.db import Connection
from geoservice.floods.actions import list_scenarios
from geoservice.floods.answers import Scenario
from geoservice.floods.gauges import tell_silent_gauges
from geoservice.network.current import open_roads
from geoservice.sensors.actions import record_observations
from geoservice.sensors.warnings import CLOCK

GAUGE = "DEMO-FG-001"  # zero at 700, from 702; zones for 702.6 and 704.3


@pytest.fixture
def now(demo_conn: Connection) -> datetime:
    return CLOCK.one(demo_conn)


def _read(conn: Connection, at: datetime, value: float, quality: str | None = None) -> None:
    row = conn.execute(
        "SELECT s.code FROM core.flood_gauge g JOIN core.sensor s ON s.id = g.sensor_id"
        " WHERE g.code = %s",
        [GAUGE],
    ).fetchone()
    assert row is not None
    item = {"sensor": row[0], "observed_at": at.isoformat(), "value": value, "quality": quality}
    assert record_observations(conn, items=[item], towns=None).accepted == 1


def _in_force(conn: Connection, at: datetime) -> dict[str, Scenario]:
    return {it.code: it for it in list_scenarios(conn, at=at) if it.is_in_force}


def test_a_level_puts_its_zone_in_force_and_takes_it_out_when_it_falls(
    demo_conn: Connection, now: datetime
) -> None:
    before = open_roads(demo_conn, profile="car", at=now).graph_version
    _read(demo_conn, now + timedelta(seconds=1), 1.9)
    assert _in_force(demo_conn, now) == {}
    _read(demo_conn, now + timedelta(seconds=2), 2.3)
    (zone,) = _in_force(demo_conn, now).values()
    assert (zone.code, zone.standing) == ("DEMO-FS-20", "screening")
    assert zone.gauge is not None
    assert (zone.gauge.code, zone.gauge.level_m) == (GAUGE, 702.3)
    assert not zone.gauge.is_silent
    assert open_roads(demo_conn, profile="car", at=now).graph_version > before
    _read(demo_conn, now + timedelta(seconds=3), 3.0)
    assert set(_in_force(demo_conn, now)) == {"DEMO-FS-100"}
    _read(demo_conn, now + timedelta(seconds=4), 2.55)  # not a margin below 702.6
    assert set(_in_force(demo_conn, now)) == {"DEMO-FS-100"}
    _read(demo_conn, now + timedelta(seconds=5), 2.4)
    assert set(_in_force(demo_conn, now)) == {"DEMO-FS-20"}
    _read(demo_conn, now + timedelta(seconds=6), 1.0)
    assert _in_force(demo_conn, now) == {}


def test_water_above_every_zone_takes_the_highest_and_says_so(
    demo_conn: Connection, now: datetime
) -> None:
    _read(demo_conn, now + timedelta(seconds=1), 9.0)
    (zone,) = _in_force(demo_conn, now).values()
    assert zone.code == "DEMO-FS-100"
    assert zone.gauge is not None
    assert zone.gauge.is_above_all
    assert any("高于所有情景" in it.zh for it in zone.notes)


def test_a_bad_reading_and_a_late_one_change_nothing(demo_conn: Connection, now: datetime) -> None:
    _read(demo_conn, now + timedelta(seconds=2), 2.3)
    _read(demo_conn, now + timedelta(seconds=1), 9.0)  # older than the newest
    assert set(_in_force(demo_conn, now)) == {"DEMO-FS-20"}
    _read(demo_conn, now + timedelta(seconds=3), 9.0, "bad")
    assert set(_in_force(demo_conn, now)) == {"DEMO-FS-20"}


def test_what_somebody_put_in_force_stays_when_the_water_falls(
    demo_conn: Connection, now: datetime
) -> None:
    big = next(it for it in list_scenarios(demo_conn, at=now) if it.code == "DEMO-FS-20")
    set_flood(demo_conn, big.id, {"state": "in_force"}, at=now, version=None)
    _read(demo_conn, now + timedelta(seconds=1), 2.3)
    _read(demo_conn, now + timedelta(seconds=2), 1.0)
    assert set(_in_force(demo_conn, now)) == {"DEMO-FS-20"}


def test_a_silent_gauge_keeps_its_zone_and_everybody_is_told(
    demo_conn: Connection, now: datetime
) -> None:
    _read(demo_conn, now + timedelta(seconds=1), 2.3)
    tell_silent_gauges(demo_conn)
    (zone,) = _in_force(demo_conn, now).values()
    assert zone.gauge is not None
    assert not zone.gauge.is_silent
    # As if the reading were days old.
    demo_conn.execute("UPDATE core.flood_gauge_state SET observed_at = now() - interval '3 days'")
    tell_silent_gauges(demo_conn)
    (zone,) = _in_force(demo_conn, now).values()
    assert zone.gauge is not None
    assert zone.gauge.is_silent
    assert any("没有新读数" in it.zh for it in zone.notes)
    met = open_roads(demo_conn, profile="car", at=now).hindrances
    assert any("水位站无读数" in it.name for it in met if it.kind == "flood")
    _read(demo_conn, now + timedelta(seconds=2), 2.3)
    (zone,) = _in_force(demo_conn, now).values()
    assert zone.gauge is not None
    assert not zone.gauge.is_silent


@pytest.mark.parametrize(
    ("unit", "value", "codes"),
    [("cm", 230.0, {"DEMO-FS-20"}), ("mm", 2300.0, {"DEMO-FS-20"}), ("[ft_i]", 9.0, set())],
)
def test_readings_are_taken_in_the_unit_of_their_sensor(
    demo_conn: Connection, now: datetime, unit: str, value: float, codes: set[str]
) -> None:
    demo_conn.execute(
        "UPDATE core.sensor SET unit = %s WHERE id = (SELECT sensor_id FROM core.flood_gauge"
        " WHERE code = %s)",
        [unit, GAUGE],
    )
    _read(demo_conn, now + timedelta(seconds=1), value)
    assert set(_in_force(demo_conn, now)) == codes


def test_a_gauge_of_a_datum_that_cannot_be_compared_moves_nothing(
    demo_conn: Connection, now: datetime
) -> None:
    demo_conn.execute("UPDATE core.flood_gauge SET height_datum = '1985' WHERE code = %s", [GAUGE])
    _read(demo_conn, now + timedelta(seconds=1), 3.0)
    assert _in_force(demo_conn, now) == {}
