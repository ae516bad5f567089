"""What a derivation gives: zones, the cells they consist of, and why (pure)."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from shapely import MultiPolygon, Polygon
from shapely.geometry.base import BaseGeometry

from geoservice.minewater.inputs import Domain, Zone
from geoservice.texts import Text

Hazard = Literal["SW", "RW", "FW", "GW", "FT", "CC", "BH"]
Value = float | str | tuple[float, ...]


class StoppedError(Exception):
    """Somebody asked the derivation to stop."""


@dataclass(frozen=True)
class Evidence:
    """Why a place may or may not be mined.

    Parameters
    ----------
    rule
        Code of the rule: S1 to M1, CLEARANCE or NO_EVIDENCE.
    domain
        The threat it speaks of; None for a planner's word (M1).
    geom
        Metres; a safety buffer may reach beyond the mine.
    reason
        One sentence with the numbers.
    inputs
        What it rests on: ``kind:code`` of shapes, ``raster:kind``, ``document:...``.
    parameters
        Those of the rule set that it used, by name.
    """

    rule: str
    zone: Zone
    domain: Domain | None
    geom: MultiPolygon
    reason: Text
    hazard: Hazard | None = None
    inputs: tuple[str, ...] = ()
    parameters: Mapping[str, Value] = field(default_factory=dict)


@dataclass(frozen=True)
class Note:
    """Something to look at: ``is_flag`` when somebody has to act, else only told."""

    code: str
    text: Text
    is_flag: bool = True
    where: BaseGeometry | None = None


@dataclass(frozen=True)
class Cell:
    """One of the smallest areas that the mine and all evidence cut out.

    Parameters
    ----------
    evidence
        Places in `Derivation.evidence` of all that covers it, ascending.
    hazards
        Of the evidence that decides its zone.
    """

    geom: Polygon
    zone: Zone
    rules: tuple[str, ...]
    evidence: tuple[int, ...]
    hazards: tuple[Hazard, ...]


@dataclass(frozen=True)
class ZoneArea:
    """One zone: all its cells dissolved."""

    zone: Zone
    geom: MultiPolygon
    area_m2: float
    water_hazards: tuple[Hazard, ...]


@dataclass(frozen=True)
class Derivation:
    """The three zones of one seam; a zone without area is not among ``zones``.

    Parameters
    ----------
    geom_hash
        SHA-256 of the normalised WKB of the zones: holds for one ``geos_version``, across versions
        compare by symmetric difference.
    """

    cells: tuple[Cell, ...]
    zones: tuple[ZoneArea, ...]
    evidence: tuple[Evidence, ...]
    notes: tuple[Note, ...]
    inputs_hash: str
    geom_hash: str
    geos_version: str
    code_version: str
