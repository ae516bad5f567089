"""A street with three depots of pumps at its western end: the worked vector of the domain notes.

A --- B --- C --- D   every stretch 898 m at 10 m a second; the depots load for 12, 15 and 25 min.
"""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

from pydantic import TypeAdapter

from geoservice.db import Connection
from geoservice.orders.actions import place_order
from geoservice.orders.bodies import OrderBody
from geoservice.plans.actions import make_plan
from geoservice.plans.answers import Alternative, Order, PlanAnswer
from geoservice.plans.questions import Item, PlanQuestion

NOW = datetime.now(UTC).replace(microsecond=0)
PUMP = "2010101"
STREET = Path(__file__).parent / "dispatch_street.sql"
DISTRICT = """
INSERT INTO core.district (code, name, source_doc, geom, envelope)
SELECT '999999', '试验区', 'test', ST_Multi(b), ST_Envelope(ST_Expand(b, 0.2))
  FROM (SELECT ST_MakeEnvelope(112.9, 36.2, 113.3, 36.5, 4490) AS b) s"""
DEPOT = """
INSERT INTO core.depot (code, name, source_doc, owner, tier, load_min, surveyed_on, geom)
VALUES (%s, '库' || %s, 'test', 'government', 'town', %s, current_date, ST_Point(%s, 36.3, 4490))"""
LOT = """
INSERT INTO core.stock_lot (code, name, source_doc, depot_id, item_code, quantity, unit,
                            expires_on, surveyed_on)
SELECT %s, '水泵', 'test', d.id, %s, %s, '台', %s, current_date
  FROM core.depot d WHERE d.code = %s"""
TEAM = """
INSERT INTO core.rescue_team (code, name, source_doc, tier, status, mobilise_min, surveyed_on, geom)
VALUES (%s, '队' || %s, 'test', %s, %s, %s, current_date, ST_Point(%s, 36.3, 4490))"""
SKILL = """
INSERT INTO core.team_capability (code, name, source_doc, team_id, skill, type_no)
SELECT 'K' || t.code, '能力', 'test', t.id, '排水', %s FROM core.rescue_team t WHERE t.code = %s"""
CLOSURE = """
INSERT INTO core.road_closure (code, name, source_doc, cause, period, factor, geom)
VALUES ('C' || %s, '洪水' || %s, 'test', 'flood', '[2020-01-01,)', 0,
        ST_Expand(ST_Point(%s, %s, 4490), 0.001))"""
INCIDENT = """
INSERT INTO core.incident (name, kind, level, is_drill, source_doc, geom)
VALUES ('内涝', 'flood', %s, %s, 'test', ST_Point(113.0, 36.3, 4490)) RETURNING id"""
NEED = (
    "INSERT INTO core.incident_need (incident_id, no, item_code, quantity) VALUES (%s, %s, %s, %s)"
)


def settle(conn: Connection, *, has_roads: bool = True) -> Connection:
    """Lay the street and the three depots."""
    conn.execute(DISTRICT)
    conn.execute("SELECT core.guard_all_geometry()")
    if has_roads:
        conn.execute(STREET.read_text("utf-8"))
    for code, quantity, load_min in (("A", 40, 12), ("B", 30, 15), ("C", 100, 25)):
        add_depot(conn, code, load_min=load_min)
        add_lot(conn, f"L{code}", code, quantity)
    return conn


def add_depot(conn: Connection, code: str, *, load_min: float | None, lon: float = 113.0) -> None:
    """Add a depot on the street."""
    conn.execute(DEPOT, (code, code, load_min, lon))


def add_lot(
    conn: Connection,
    code: str,
    depot: str,
    quantity: float,
    *,
    item: str = PUMP,
    expires_on: date | None = None,
) -> None:
    """Add a lot to a depot."""
    conn.execute(LOT, (code, item, quantity, expires_on, depot))


def add_team(
    conn: Connection, code: str, tier: str, status: str, minutes: float, type_no: int, lon: float
) -> None:
    """Add a team that pumps."""
    conn.execute(TEAM, (code, code, tier, status, minutes, lon))
    conn.execute(SKILL, (type_no, code))


def close(conn: Connection, code: str, lon: float, lat: float = 36.3) -> None:
    """Close the road round a point."""
    conn.execute(CLOSURE, (code, code, lon, lat))


def add_incident(
    conn: Connection, *, level: int, needs: tuple[tuple[str, float], ...], is_drill: bool = False
) -> int:
    """Put an incident down at the western end."""
    row = conn.execute(INCIDENT, (level, is_drill)).fetchone()
    assert row is not None
    for no, (code, quantity) in enumerate(needs, 1):
        conn.execute(NEED, (row[0], no, code, quantity))
    return int(row[0])


def place(conn: Connection, order: Order) -> None:
    """Post an order as the plan gave it."""
    body = OrderBody.model_validate_json(TypeAdapter(Order).dump_json(order))
    key = f"{order.incident_id}-{len(order.lines)}-{order.alternative}"
    place_order(conn, body.said(), key=key, hold=timedelta(minutes=30))


def ask(conn: Connection, wanted: float = 100, **more: Any) -> PlanAnswer:
    """Ask for so many pumps at the western end."""
    item = {"deadline_at": more.pop("deadline_at", None), "unit": more.pop("unit", None)}
    code = more.pop("code", PUMP)
    asked: dict[str, Any] = {
        "lon": 113.0, "lat": 36.3, "items": (Item(1, code, Decimal(wanted), **item),), **more,
    }  # fmt: skip
    return make_plan(conn, PlanQuestion(**asked), at=NOW)


def best(answer: PlanAnswer, name: str = "fewest_depots") -> Alternative:
    """Return the alternative of a name."""
    return next(it for it in answer.alternatives if name in it.names)


def sent(answer: PlanAnswer, name: str = "fewest_depots") -> dict[str, float]:
    """Return what each depot sends."""
    return {it.depot_code: it.quantity for it in best(answer, name).lines}


def mends(answer: PlanAnswer) -> str:
    """Return what would mend the shortages, in English."""
    return " | ".join(text.en for it in best(answer).shortages for text in it.fixes)
