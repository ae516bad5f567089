"""Reaching several incidents, and whatever stands beside the road: what other areas build on."""

from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pytest

from geoservice.db import Connection
from geoservice.errors import OutsideDistrictError, UnknownNameError
from geoservice.network.current import open_roads
from geoservice.network.reach import Reach, reach, reach_many, soonest
from geoservice.network.records import Place, Stand

NOW = datetime(2026, 11, 23, 8, tzinfo=UTC)
STREET = Path(__file__).parents[1] / "data" / "dispatch_street.sql"
DISTRICT = """
INSERT INTO core.district (code, name, source_doc, geom, envelope)
SELECT '999999', '试验区', 'test', ST_Multi(b), ST_Envelope(ST_Expand(b, 0.2))
  FROM (SELECT ST_MakeEnvelope(112.9, 36.2, 113.3, 36.5, 4490) AS b) s"""
WEST, EAST, AFAR = (
    Stand("shelter", 1, 1, 113.0, 36.3),
    Stand("shelter", 2, 1, 113.03, 36.3),
    Stand("shelter", 3, 1, 113.1, 36.4),
)
MIDDLE = Place(113.0125, 36.3)


@pytest.fixture
def street(conn: Connection) -> Connection:
    conn.execute(DISTRICT)
    conn.execute("SELECT core.guard_all_geometry()")
    conn.execute(STREET.read_text("utf-8"))
    return conn


def reached(conn: Connection, *stands: Stand, to: Place = MIDDLE) -> Reach:
    roads = open_roads(conn, profile="car", at=NOW)
    return reach(conn, roads, to, stands, wanted=None, within_s=None, snap_limit_m=2000)


def test_order_of_places_does_not_matter(street: Connection) -> None:
    there, back = reached(street, WEST, EAST, AFAR), reached(street, AFAR, EAST, WEST)
    assert there.time_s.tolist() == back.time_s[::-1].tolist()
    assert soonest(there, ["w", "e", "a"]) == [0, 1]
    assert list(there.not_reached) == [2]
    assert there.why(2) == back.why(0)


def test_the_same_place_twice_is_told_twice(street: Connection) -> None:
    first, second = reached(street, WEST, WEST).time_s.tolist()
    assert first == second == pytest.approx(112.26, abs=0.05)


def test_several_incidents_are_each_reached_as_alone(street: Connection) -> None:
    roads = open_roads(street, profile="car", at=NOW)
    incidents = [Place(113.001, 36.3), MIDDLE]
    many = reach_many(
        street, roads, incidents, [WEST, EAST], wanted=None, within_s=None, snap_limit_m=2000
    )
    alone = [reached(street, WEST, EAST, to=place) for place in incidents]
    assert [one.time_s.tolist() for one in many] == [one.time_s.tolist() for one in alone]
    way = many[1].ways([1])[0]
    assert way.distance_m == pytest.approx(10 * way.drive_s, abs=0.01)


def test_nobody_to_come_is_an_empty_answer(street: Connection) -> None:
    nobody = reached(street)
    assert (nobody.time_s.shape, nobody.not_reached, nobody.ways([])) == ((0,), {}, [])


def test_with_everything_closed_nobody_comes_and_the_reason_is_said(street: Connection) -> None:
    street.execute(
        "INSERT INTO core.road_closure (code, name, source_doc, cause, period, geom) VALUES"
        " ('C-all', '全封', 'test', 'control', '[2026-11-01,)',"
        " ST_MakeEnvelope(112.9, 36.2, 113.3, 36.5, 4490))"
    )
    nobody = reached(street, WEST, EAST)
    assert np.isinf(nobody.time_s).all()
    assert (nobody.incident_row.snap_m, nobody.incident_row.gap_m) == (None, None)
    assert [one.name for one in nobody.roads.closures] == ["全封"]
    assert nobody.why(0).en == "no open road within 2000 m of the incident"


def test_a_vehicle_or_a_place_that_is_not_to_be_had_is_refused(street: Connection) -> None:
    with pytest.raises(UnknownNameError, match="there are: car"):
        open_roads(street, profile="hovercraft", at=NOW)
    with pytest.raises(OutsideDistrictError, match="outside the district"):
        reached(street, WEST, to=Place(114.0, 36.3))
    assert np.isfinite(reached(street, WEST).time_s).all()
