"""What an incident's report tells: the incident, its orders, every step, every lot and team."""

from dataclasses import dataclass
from datetime import datetime, tzinfo
from functools import cache
from typing import Any

import shapely
from shapely import LineString, Point
from shapely.geometry.base import BaseGeometry

from geoservice.db import Connection, Query, district_zone
from geoservice.incidents.actions import read_incident
from geoservice.incidents.records import Incident
from geoservice.orders.actions import EVERYTHING, list_orders, timeline
from geoservice.orders.records import Event
from geoservice.publish.catalog import load_layers
from geoservice.registry.editing import Editor

_MOST_ROADS = 1500
_MARGIN_DEG = 0.02


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
    """All that a report is made of.

    ``kind`` is the kind of hazard in words, ``roads`` lie around what is drawn; times are told in
    ``zone``, ``at`` is when it was read.
    """

    incident: Incident
    kind: str
    roads: list[BaseGeometry]
    orders: list[dict[str, Any]]
    sent: list[Sent]
    events: list[Event]
    at: datetime
    zone: tzinfo


REPORT_ROADS = Query("orders", "report_roads", BaseGeometry)
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
    sent = REPORT_PARTS.all(conn, incident_id=incident_id)
    return Told(
        incident=incident,
        kind=_in_words(incident.kind),
        roads=REPORT_ROADS.all(conn, **_around(incident, sent), limit=_MOST_ROADS),
        orders=list_orders(conn, scope, incident_id=incident_id, limit=1000)[::-1],
        sent=sent,
        events=timeline(conn, incident_id=incident_id),
        at=at.astimezone(zone),
        zone=zone,
    )


@cache
def _in_words(kind: str) -> str:
    """Say a kind of hazard as the layer does, which has the words."""
    label = load_layers()["incidents"].codes["kind"][kind]
    return f"{label.zh} {label.en}"


def _around(incident: Incident, sent: list[Sent]) -> dict[str, float]:
    drawn: list[BaseGeometry] = [Point(incident.lon, incident.lat), *(it.base for it in sent)]
    drawn += [it.geom for it in sent if it.geom is not None]
    west, south, east, north = shapely.total_bounds(drawn).tolist()
    return {
        "west": west - _MARGIN_DEG, "south": south - _MARGIN_DEG,
        "east": east + _MARGIN_DEG, "north": north + _MARGIN_DEG,
    }  # fmt: skip
