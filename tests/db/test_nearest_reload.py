"""Roads that are replaced by another process while a question is being answered."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from geoservice.db import Connection
from geoservice.errors import BusyError
from geoservice.network.current import open_roads
from geoservice.network.records import Place
from geoservice.network.routing import find_nearest
from geoservice.network.snapping import snap_places
from geoservice.network.ways import drive_ways

NOW = datetime(2026, 11, 23, 8, tzinfo=UTC)
STREET = Path(__file__).parents[1] / "data" / "dispatch_street.sql"
DISTRICT = """
INSERT INTO core.district (code, name, source_doc, geom, envelope)
SELECT '999999', '试验区', 'test', ST_Multi(b), ST_Envelope(ST_Expand(b, 0.2))
  FROM (SELECT ST_MakeEnvelope(112.9, 36.2, 113.3, 36.5, 4490) AS b) s"""


def test_roads_gone_before_the_way_is_drawn_are_busy_not_a_fault(conn: Connection) -> None:
    conn.execute(DISTRICT)
    conn.execute("SELECT core.guard_all_geometry()")
    conn.execute(STREET.read_text("utf-8"))
    roads = open_roads(conn, profile="car", at=NOW)
    incident, depot = (
        snap_places(conn, roads, [Place(lon, 36.3)], limit_m=2000).landings
        for lon in (113.0125, 113.0)
    )
    arrived = find_nearest(roads.weights, incident, depot, 1, wanted=1)
    # READ COMMITTED: what another process committed is seen by the next statement.
    conn.execute("SELECT core.retire_roads()")
    with pytest.raises(BusyError, match="just replaced"):
        drive_ways(conn, roads, incident, arrived, [0])
