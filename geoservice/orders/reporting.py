"""What an incident's report tells: the incident, its orders, every step, every lot and team."""

from dataclasses import dataclass
from datetime import datetime, tzinfo
from typing import Any

from shapely import LineString, Point

from geoservice.db import Connection, Query, district_zone
from geoservice.incidents.actions import read_incident
from geoservice.incidents.records import Incident
from geoservice.orders.actions import EVERYTHING, list_orders, timeline
from geoservice.orders.records import Event
from geoservice.registry.editing import Editor


@dataclass(frozen=True)
class Sent:
    """A lot or a team that was ordered; quantities in the lot's unit, None of a team."""

    id: int
    order: str
    order_state: str
    part: str
    no: int
    name: str
    origin: str
    quantity: float | None
    unit: str | None
    state: str
    drive_s: float | None
    distance_m: float | None
    eta_at: datetime | None
    departed_at: datetime | None
    arrived_at: datetime | None
    ended_at: datetime | None
    returned: float | None
    lost: float | None
    used: float | None
    geom: LineString | None
    base: Point

    @property
    def late_min(self) -> float | None:
        """Minutes later than expected (below 0: sooner); None while one of the two is not known."""
        if self.eta_at is None or self.arrived_at is None:
            return None
        return (self.arrived_at - self.eta_at).total_seconds() / 60


@dataclass(frozen=True)
class Told:
    """All that a report is made of; times are told in ``zone``, ``at`` is when it was read."""

    incident: Incident
    orders: list[dict[str, Any]]
    sent: list[Sent]
    events: list[Event]
    at: datetime
    zone: tzinfo


REPORT_PARTS = Query("orders", "report_parts", Sent)


def read_report(
    conn: Connection, incident_id: int, *, at: datetime, scope: Editor = EVERYTHING
) -> Told:
    """Return what the report of an incident tells.

    Raises
    ------
    NotFoundError
        There is no such incident in the caller's towns.
    """
    incident = read_incident(conn, incident_id, scope)
    zone = district_zone(conn)
    return Told(
        incident=incident,
        orders=list_orders(conn, scope, incident_id=incident_id, limit=1000)[::-1],
        sent=REPORT_PARTS.all(conn, incident_id=incident_id),
        events=timeline(conn, incident_id=incident_id),
        at=at.astimezone(zone),
        zone=zone,
    )
