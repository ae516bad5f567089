"""What is known of an incident: rows of the database, and what a caller says of one."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

# The kinds of hazard that command posts answer for (core.command_post.hazard_types).
KINDS = (
    "coal_mine", "other_mine", "tailings", "dump", "hazchem", "metal_gas", "city_risk",
    "geological", "other", "earthquake", "forest_fire", "flood", "weather", "work_safety",
    "traffic", "tourism", "school", "construction", "special_equipment", "environment",
    "public_health", "market", "animal_epidemic", "social_security",
)  # fmt: skip


@dataclass(frozen=True)
class Report:
    """An incident as it is put down.

    Parameters
    ----------
    level
        1 (the gravest) to 4.
    lon, lat
        Degrees, CGCS2000.
    is_drill
        Nothing real is ever booked for it.
    reported_at, town_code
        None: now; the town in whose area it lies.
    needs
        Goods (``item_code, quantity, unit, deadline_at, weight``) or teams (``skill, number,
        type_no, deadline_at, weight``), as JSON values.
    """

    name: str
    kind: str
    level: int
    lon: float
    lat: float
    is_drill: bool = False
    reported_at: datetime | None = None
    reporter: str | None = None
    phone: str | None = None
    description: str | None = None
    town_code: str | None = None
    needs: tuple[Mapping[str, Any], ...] = ()


@dataclass(frozen=True)
class Incident:
    """An incident as it is kept; ``command_post`` is who must confirm what is ordered for it."""

    id: int
    code: str
    name: str
    kind: str
    level: int
    is_drill: bool
    state: str
    reported_at: datetime
    reporter: str | None
    phone: str | None
    description: str | None
    town_code: str | None
    secrecy: str
    lon: float
    lat: float
    command_post: dict[str, Any] | None
    needs: list[dict[str, Any]]
    version: int
    created_by: str
    updated_by: str
    updated_at: datetime
    closed_at: datetime | None
    closed_by: str | None
    is_demo: bool

    @property
    def etag(self) -> str:
        """The mark of this version, as `ETag` and `If-Match` have it."""
        return f'"{self.id}-{self.version}"'


@dataclass(frozen=True)
class HeldIncident:
    """An incident, locked."""

    id: int
    version: int
    state: str
    town_code: str | None
    secrecy: str
