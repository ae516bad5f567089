"""The rows of the plans' queries."""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from geoservice.network.records import Stand


@dataclass(frozen=True)
class DepotRow:
    """A depot, and whether it is in the caller's towns."""

    id: int
    version: int
    code: str
    name: str
    phone: str | None
    load_min: float | None
    lon: float
    lat: float
    is_stale: bool
    is_in_scope: bool

    def stand(self) -> Stand:
        """Return where it stands."""
        return Stand("depot", self.id, self.version, self.lon, self.lat)


@dataclass(frozen=True)
class LotRow:
    """A lot of stock; ``is_stale`` where it or its depot was not verified lately."""

    id: int
    code: str
    name: str
    depot_id: int
    item_code: str
    quantity: Decimal
    reserved: Decimal
    min_reserve: Decimal
    unit: str
    expires_on: date | None
    is_expired: bool
    surveyed_on: date | None
    is_stale: bool


@dataclass(frozen=True)
class MakerRow:
    """Who can make what: an organisation, or a depot's own works. Without a place, lon is None."""

    id: int
    code: str
    name: str
    item_code: str
    per_day: float
    unit: str
    lead_h: float
    maker: str
    kind: str
    place_id: int
    place_version: int
    load_min: float | None
    lon: float | None
    lat: float | None
    is_in_scope: bool

    def stand(self) -> Stand | None:
        """Return where it stands, if that is known."""
        if self.lon is None or self.lat is None:
            return None
        return Stand(self.kind, self.place_id, self.place_version, self.lon, self.lat)


@dataclass(frozen=True)
class TeamRow:
    """A team with what it can do: skill, type and headcount that this needs.

    ``vehicle`` is the code of the profile that it drives by, where its class is one.
    """

    id: int
    version: int
    code: str
    name: str
    tier: str
    status: str
    phone: str | None
    mobilise_min: float | None
    on_duty: int | None
    lon: float
    lat: float
    surveyed_on: date | None
    is_stale: bool
    is_in_scope: bool
    last_sent_at: datetime | None
    can: list[dict[str, Any]]
    vehicle: str | None = None

    def stand(self) -> Stand:
        """Return where it stands."""
        return Stand("rescue_team", self.id, self.version, self.lon, self.lat)


@dataclass(frozen=True)
class GoodsRow:
    """What a code is called."""

    code: str
    name: str
    name_en: str | None
    unit: str | None


@dataclass(frozen=True)
class SubstituteRow:
    """What may be sent instead of what; ``ratio`` units of it for one."""

    for_code: str
    by_code: str
    ratio: float
    name: str


@dataclass(frozen=True)
class KitRow:
    """So much of a part in each kit."""

    kit_code: str
    part_code: str
    quantity: Decimal


@dataclass(frozen=True)
class AgreementRow:
    """What an enterprise has agreed to supply, today."""

    item_code: str
    quantity: Decimal
    unit: str
    organisation: str
    phone: str | None


@dataclass(frozen=True)
class OrderedRow:
    """What orders have on the way to an incident: goods by code, or teams by skill."""

    incident_id: int
    code: str | None
    skill: str | None
    quantity: Decimal
