"""What is kept of zonings: the rows of `sql/queries/zoning.sql`."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from shapely import MultiPolygon, Polygon

from geoservice.db import Query
from geoservice.zoning.words import RANK, Lowering


@dataclass(frozen=True)
class Mine:
    """A mine with its seams, each with its version in force and how many versions there are."""

    id: int
    code: str
    name: str
    name_en: str | None
    company: str | None
    status: str | None
    town_code: str | None
    secrecy: str
    is_demo: bool
    licence_no: str | None
    licence_area_km2: float | None
    hydro_type: str | None
    has_licence: bool
    seams: list[dict[str, Any]]


@dataclass(frozen=True)
class SeamOf:
    """A seam and its mine."""

    id: int
    code: str
    seam: str
    mine_id: int
    mine_code: str
    mine: str
    town_code: str | None
    secrecy: str


@dataclass(frozen=True)
class Version:
    """A version of the zones of one seam, and all that says where it comes from and who moved it.

    Parameters
    ----------
    parameters
        Of the rule set as used: value, unit, source, ``is_verified``, both titles.
    geom_hash, zones_hash
        Of the zones as derived, in metres; of the zones as stored, words included, in degrees.
    version
        Of the row: what `If-Match` names.
    """

    id: int
    code: str
    name: str
    no: int
    state: str
    mine_id: int
    mine_code: str
    mine: str
    mine_seam_id: int
    seam_code: str
    seam: str
    ruleset_id: int
    ruleset: str
    ruleset_no: int
    ruleset_name: str
    ruleset_name_en: str | None
    ruleset_source: str
    zoned_on: date
    parameters: dict[str, Any]
    inputs: list[Any]
    notes: list[Any]
    inputs_hash: str | None
    geom_hash: str | None
    zones_hash: str | None
    code_version: str | None
    geos_version: str | None
    mine_area_m2: float | None
    drawn_by: list[str]
    submitted_by: str | None
    submitted_at: datetime | None
    return_reason: str | None
    checked_by: str | None
    checked_at: datetime | None
    approved_by: str | None
    approved_at: datetime | None
    approval_doc: str | None
    approval_signer: str | None
    approval_on: date | None
    approval_sha256: str | None
    filed_by: str | None
    filed_at: datetime | None
    enforced_by: str | None
    enforced_at: datetime | None
    ended_by: str | None
    ended_at: datetime | None
    end_reason: str | None
    effective_from: datetime | None
    effective_to: datetime | None
    areas: list[dict[str, Any]]
    overrides: int
    town_code: str | None
    secrecy: str
    version: int
    is_demo: bool
    created_by: str
    created_at: datetime
    updated_by: str
    updated_at: datetime

    @property
    def etag(self) -> str:
        """The mark of this version, as `ETag` and `If-Match` have it."""
        return f'"{self.id}-{self.version}"'

    @property
    def unverified(self) -> list[str]:
        """Names of the parameters whose source was not seen."""
        return sorted(name for name, it in self.parameters.items() if not it.get("is_verified"))


@dataclass(frozen=True)
class HeldVersion:
    """A version, locked."""

    id: int
    code: str
    no: int
    version: int
    state: str
    drawn_by: list[str]
    mine_id: int
    mine_seam_id: int
    mine: str
    seam: str
    town_code: str | None
    secrecy: str
    zoned_on: date
    source_doc: str
    is_demo: bool


@dataclass(frozen=True)
class ZoneRow:
    """One zone of a version."""

    id: int
    zone: str
    water_hazards: list[str]
    area_m2: float
    geom: MultiPolygon


@dataclass(frozen=True)
class CellRow:
    """One cell of a version as derived; ``evidence`` are numbers."""

    no: int
    zone: str
    rules: list[str]
    evidence: list[int]
    water_hazards: list[str]
    area_m2: float
    geom: Polygon


@dataclass(frozen=True)
class EvidenceRow:
    """One piece of evidence of a version."""

    id: int
    no: int
    rule: str
    zone: str
    domain: str | None
    reason_zh: str
    reason_en: str
    inputs: Any
    parameters: Any
    geom: MultiPolygon


@dataclass(frozen=True)
class OverrideRow:
    """A planner's word on a version, and the conversion it leans on."""

    id: int
    zone: str
    reason: str
    conversion_id: int | None
    conversion_doc: str | None
    from_zone: str | None
    to_zone: str | None
    conversion_geom: MultiPolygon | None
    created_by: str
    created_at: datetime
    geom: MultiPolygon

    @property
    def lowering(self) -> Lowering | None:
        """What its conversion allows, degrees."""
        if self.conversion_geom is None or self.from_zone is None or self.to_zone is None:
            return None
        return Lowering(RANK[self.from_zone], RANK[self.to_zone], self.conversion_geom)


MINES = Query("zoning", "mines", Mine)
SEAM_OF = Query("zoning", "seam_of", SeamOf)
VERSIONS = Query("zoning", "versions", Version)
HOLD_VERSION = Query("zoning", "hold_version", HeldVersion)
ZONES_OF = Query("zoning", "zones", ZoneRow)
CELLS = Query("zoning", "cells", CellRow)
EVIDENCE = Query("zoning", "evidence", EvidenceRow)
OVERRIDES = Query("zoning", "overrides", OverrideRow)
HOLD_SEAM = Query("zoning", "hold_seam", datetime)
SUBMIT = Query("zoning", "submit", str)
SEND_BACK = Query("zoning", "send_back", str)
CHECK = Query("zoning", "check", str)
APPROVE = Query("zoning", "approve", str)
FILE = Query("zoning", "file", str)
SUPERSEDE = Query("zoning", "supersede", int)
ENFORCE = Query("zoning", "enforce", str)
REVOKE = Query("zoning", "revoke", str)
REDRAWN = Query("zoning", "redrawn", str)
STORE_ZONES = Query("zoning", "store_zones", int)
RETIRE_ZONES = Query("zoning", "retire_zones", str)
ADD_OVERRIDE = Query("zoning", "add_override", int)
RETIRE_OVERRIDES = Query("zoning", "retire_overrides", int)
