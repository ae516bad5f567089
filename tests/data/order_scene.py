"""A small district with depots, lots and teams, an incident, and orders for it."""

from collections.abc import Iterable
from datetime import timedelta
from typing import Any
from uuid import uuid4

import shapely

from geoservice import db
from geoservice.incidents.actions import add_incident
from geoservice.incidents.records import Report
from geoservice.orders.actions import place_order
from geoservice.registry import actions, records

HOLD = timedelta(minutes=30)
_COMMON: dict[str, Any] = {"source_doc": "test", "town_code": "140406001"}
_PLACE = shapely.Point(113.2, 36.3)


def set_scene(conn: db.Connection, *, lots: int = 3, teams: int = 4, quantity: int = 100) -> None:
    """Make depots D1 and D2, lots L1... of a quantity, teams T1..., all ready."""
    area = shapely.box(113.0, 36.2, 113.4, 36.5)
    district = records.District(code="140406", name="测试区", source_doc="test", geom=area)
    actions.set_district(conn, district)
    depots = [
        records.Depot(code=f"D{n}", name=f"储备点 {n}", owner="government", tier="district",
                      geom=shapely.Point(113.1 + n / 100, 36.3), **_COMMON)
        for n in (1, 2)
    ]  # fmt: skip
    actions.store(conn, "depots", depots)
    stored = [
        records.StockLot(code=f"L{n}", name=f"帐篷 {n}", depot_code=f"D{1 + n % 2}",
                         item_code="1", quantity=quantity, unit="顶", **_COMMON)
        for n in range(1, lots + 1)
    ]  # fmt: skip
    actions.store(conn, "stock_lots", stored)
    crews = [
        records.RescueTeam(code=f"T{n}", name=f"救援队 {n}", tier="pro", geom=_PLACE, **_COMMON)
        for n in range(1, teams + 1)
    ]
    actions.store(conn, "rescue_teams", crews)


def incident(conn: db.Connection, **changes: Any) -> int:
    """Put an incident down and return its id."""
    said = {"name": "内涝", "kind": "flood", "level": 2, "lon": 113.21, "lat": 36.31,
            "town_code": "140406001"}  # fmt: skip
    return add_incident(conn, Report(**(said | changes))).id


def lot_id(conn: db.Connection, code: str) -> int:
    """Return the id of a lot."""
    return conn.execute("SELECT id FROM core.stock_lot WHERE code = %s", [code]).fetchone()[0]


def team_id(conn: db.Connection, code: str) -> int:
    """Return the id of a team."""
    return conn.execute("SELECT id FROM core.rescue_team WHERE code = %s", [code]).fetchone()[0]


def body(
    incident_id: int,
    lines: Iterable[tuple[int, float]] = (),
    teams: Iterable[int] = (),
    **more: Any,
) -> dict[str, Any]:
    """Return an order as it is sent: (lot, quantity) and teams, by id."""
    return {
        "incident_id": incident_id, "graph_version": None, "closure_ids": [],
        "accept_road_changes": False, "profile": "truck", "alternative": None, "note": None,
        "lines": [{"lot_id": lot, "quantity": much} for lot, much in lines],
        "teams": [{"team_id": team} for team in teams], "capability_lines": [], **more,
    }  # fmt: skip


def order(
    conn: db.Connection,
    incident_id: int,
    lines: Iterable[tuple[int, float]] = (),
    teams: Iterable[int] = (),
    *,
    key: str | None = None,
    hold: timedelta = HOLD,
    **more: Any,
) -> dict[str, Any]:
    """Place an order and return it as it was answered."""
    asked = body(incident_id, lines, teams, **more)
    return place_order(conn, asked, key=key or str(uuid4()), hold=hold).answer
