"""How far one gets from stations, on the street of tests/data/dispatch_street.sql."""

from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pytest

from geoservice.db import Connection
from geoservice.network.current import open_roads
from geoservice.network.records import Stand
from geoservice.network.spread import Spread, spread

NOW = datetime(2026, 11, 23, 8, tzinfo=UTC)
STREET = Path(__file__).parents[1] / "data" / "dispatch_street.sql"
STRETCH_S = 89.81
DISTRICT = """
INSERT INTO core.district (code, name, source_doc, geom, envelope)
SELECT '999999', '试验区', 'test', ST_Multi(b), ST_Envelope(ST_Expand(b, 0.2))
  FROM (SELECT ST_MakeEnvelope(112.9, 36.2, 113.3, 36.5, 4490) AS b) s"""


@pytest.fixture
def street(conn: Connection) -> Connection:
    conn.execute(DISTRICT)
    conn.execute("SELECT core.guard_all_geometry()")
    conn.execute(STREET.read_text("utf-8"))
    return conn


def station(number: int, lon: float, lat: float = 36.3) -> Stand:
    return Stand("fire_station", number, 1, lon, lat)


def spread_from(
    conn: Connection, *origins: Stand, within_s: float, places: tuple[Stand, ...] = ()
) -> Spread:
    roads = open_roads(conn, profile="car", at=NOW)
    return spread(conn, roads, origins, within_s=within_s, snap_limit_m=2000, places=places)


def test_parts_of_arcs_end_where_the_time_is_up(street: Connection) -> None:
    reached = spread_from(street, station(1, 113.005), within_s=60)
    # Half a stretch each way takes 45 s; 15 s remain beyond B, where two roads go on.
    assert reached.end_s.max() == pytest.approx(60)
    lengths_s = reached.end_s - reached.start_s
    first = reached.start > 0
    assert lengths_s[first].tolist() == pytest.approx([STRETCH_S / 2] * 2, abs=0.05)
    beyond = (reached.start == 0) & (reached.end < 1)
    assert reached.end[beyond].max() <= 15 / STRETCH_S + 0.01
    assert set(reached.origin.tolist()) == {0}


def test_each_place_is_told_its_soonest_station(street: Connection) -> None:
    places = (station(7, 113.0025), station(8, 113.0275), station(9, 113.1, 36.4))
    reached = spread_from(
        street, station(1, 113.0), station(2, 113.03), within_s=600, places=places
    )
    assert reached.time_s[:2].tolist() == pytest.approx([STRETCH_S / 4] * 2, abs=0.05)
    assert reached.time_s[2] == np.inf
    assert reached.soonest.tolist() == [0, 1, -1]


def test_times_outwards_are_those_of_the_way_back_turned_round(street: Connection) -> None:
    there = spread_from(
        street, station(1, 113.005), within_s=900, places=(station(2, 113.015, 36.3099),)
    )
    # East to B, half a stretch, then left up the northern road: 4 s for the turn.
    road_m = float(np.hypot(449.05, 1109.7))
    assert there.time_s[0] == pytest.approx(STRETCH_S / 2 + 4 + 0.99 * road_m / 10, abs=1)


def test_nobody_and_nowhere_spread_nowhere(street: Connection) -> None:
    assert spread_from(street, within_s=600).arc_id.size == 0
    afar = spread_from(street, station(1, 113.1, 36.4), within_s=600, places=(station(2, 113.0),))
    assert (afar.arc_id.size, afar.time_s.tolist(), afar.soonest.tolist()) == (0, [np.inf], [-1])
