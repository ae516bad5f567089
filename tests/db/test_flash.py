"""Rain comes in, villages are warned in the same transaction; it goes out of the sums, and ends."""

from datetime import datetime, timedelta
from typing import Any

import pytest

from geoservice.db import Connection
from geoservice.floods.flash_warnings import review_villages
from geoservice.sensors.actions import record_observations
from geoservice.sensors.warnings import CLOCK, Warned

OWN = "DEMO-FV-001"  # its rain gauge is named; others take those within 10 km


def _gauge(conn: Connection) -> str:
    row = conn.execute(
        "SELECT s.code FROM core.flash_village v JOIN core.sensor s ON s.id = v.sensor_id"
        " WHERE v.code = %s",
        [OWN],
    ).fetchone()
    assert row is not None
    return str(row[0])


def _post(conn: Connection, *readings: tuple[datetime, float]) -> list[Warned]:
    items = [
        {"sensor": _gauge(conn), "observed_at": at.isoformat(), "value": value}
        for at, value in readings
    ]
    taken = record_observations(conn, items=items, towns=None)
    assert taken.accepted == len(items)
    return [it for it in taken.alerts if it.level is None or it.alert_id in _villages(conn)]


def _villages(conn: Connection) -> dict[int, str]:
    rows = conn.execute("SELECT id, headline FROM core.alert WHERE event = '山洪预警'")
    return dict(rows.fetchall())


def _level(conn: Connection, code: str = OWN) -> str:
    row = conn.execute("SELECT level FROM published.flash_villages WHERE code = %s", [code])
    (level,) = row.fetchone() or (None,)
    return str(level)


def _active(conn: Connection) -> list[Any]:
    rows = conn.execute(
        "SELECT level, town_code FROM core.alert WHERE event = '山洪预警' AND state = 'active'"
        " AND headline LIKE (SELECT name || '%%' FROM core.flash_village WHERE code = %s)",
        [OWN],
    )
    return rows.fetchall()


@pytest.fixture
def now(demo_conn: Connection) -> datetime:
    return CLOCK.one(demo_conn)


def test_an_hour_of_62_mm_lets_a_village_get_ready_and_three_of_120_lets_it_go(
    demo_conn: Connection, now: datetime
) -> None:
    assert _level(demo_conn) == "normal"
    _post(demo_conn, (now - timedelta(minutes=31), 62.0))
    assert _level(demo_conn) == "orange"
    assert [level for level, _ in _active(demo_conn)] == ["orange"]
    _post(demo_conn, (now - timedelta(minutes=1), 0.1))
    assert len(_active(demo_conn)) == 1  # nothing is told twice
    _post(demo_conn, (now - timedelta(minutes=121), 60.0))
    assert _level(demo_conn) == "red"
    (standing,) = _active(demo_conn)  # the first was updated
    assert standing[0] == "red"
    assert standing[1] is not None


def test_below_every_threshold_nobody_is_told(demo_conn: Connection, now: datetime) -> None:
    _post(demo_conn, (now - timedelta(minutes=31), 30.0))
    assert _level(demo_conn) == "normal"
    assert _active(demo_conn) == []


def test_rain_that_fell_long_ago_ends_a_warning(demo_conn: Connection, now: datetime) -> None:
    _post(demo_conn, (now - timedelta(minutes=31), 62.0))
    # The clock cannot be moved: a threshold that is higher now does the same.
    demo_conn.execute("UPDATE core.flash_village SET prepare_1h_mm = 500 WHERE code = %s", [OWN])
    demo_conn.execute("UPDATE core.flash_village SET prepare_3h_mm = 500 WHERE code = %s", [OWN])
    ended = [it for it in review_villages(demo_conn) if it.level is None]
    assert [it.msg_type for it in ended] == ["Cancel"]
    assert _level(demo_conn) == "normal"
    assert _active(demo_conn) == []
    assert review_villages(demo_conn) == [] or _level(demo_conn) == "normal"


def test_villages_beyond_the_radius_are_not_warned(demo_conn: Connection, now: datetime) -> None:
    demo_conn.execute(
        "UPDATE core.risk_parameter SET value = '{\"within_m\": 1}' WHERE code = 'flash_radius'"
    )
    _post(demo_conn, (now - timedelta(minutes=31), 62.0))
    warned = {headline.split("：")[0] for headline in _villages(demo_conn).values()}
    row = demo_conn.execute("SELECT name FROM core.flash_village WHERE code = %s", [OWN]).fetchone()
    assert row is not None
    assert warned == {row[0]}  # only the one that names the gauge as its own
