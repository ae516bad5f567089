"""What the three zones of one seam are derived from (pure).

Shapes are in metres of the district's Gauss-Krüger zone, east first; heights and levels in metres
of one height datum, pressures in MPa. What is not known is None and never guessed: a rule that
needs it takes the place for the worse.
"""

import re
from dataclasses import dataclass
from typing import Literal

import pyproj
from shapely import MultiPolygon
from shapely.geometry.base import BaseGeometry

Zone = Literal["workable", "slow_mining", "no_mining"]
Domain = Literal["surface", "roof", "floor", "goaf"]
RoofClass = Literal["hard", "medium", "soft", "very_soft"]
Yield = Literal["weak", "medium", "strong", "very_strong"]
Edge = Literal["sure", "inferred", "drawings", "suspected"]
HydroType = Literal["simple", "medium", "complex", "very_complex"]
Method = Literal["layered", "thick_cut"]
PressureDatum = Literal["aquiclude_base", "floor"]

_CAPITAL = re.compile(r"(?<!^)(?=[A-Z])")

ZONES: tuple[Zone, ...] = ("workable", "slow_mining", "no_mining")  # the worse the later
DOMAINS: tuple[Domain, ...] = ("surface", "roof", "floor", "goaf")


@dataclass(frozen=True)
class Seam:
    """The seam and how it is worked.

    Parameters
    ----------
    mining_height_m
        Sum of what is taken, all slices together.
    mining_method
        ``layered``: slices of 1 to 3 m; ``thick_cut``: one thick cut or top-coal caving, for
        which the formulas of the fracture zone under-predict.
    stage_height_m
        Vertical height of a stage, for steep seams.
    fracture_height_m, floor_damage_m
        Measured in this seam; they take the place of a formula.
    coal_tensile_mpa, movement_deg
        Tensile strength of the coal, movement angle of the rock; the rule set's where None.
    """

    code: str
    thickness_m: float
    mining_height_m: float
    dip_deg: float
    roof_class: RoofClass
    slices: int = 1
    mining_method: Method = "layered"
    stage_height_m: float | None = None
    fracture_height_m: float | None = None
    floor_damage_m: float | None = None
    coal_tensile_mpa: float | None = None
    movement_deg: float | None = None


@dataclass(frozen=True)
class InputShape:
    """Something on the map that a rule reads; ``code`` tells it from others of its class."""

    code: str
    geom: BaseGeometry

    @property
    def kind(self) -> str:
        """Its class as evidence names it: ``surface_water`` of `SurfaceWater`."""
        return _CAPITAL.sub("_", type(self).__name__).casefold()


@dataclass(frozen=True)
class Goaf(InputShape):
    """Old workings that hold water, or may.

    Parameters
    ----------
    edge
        ``sure``: surveyed; ``inferred``: from other data; ``drawings``: an old mine with drawings;
        ``suspected``: without, and the shape is the suspected area.
    floor_m
        Lowest floor of it; with ``level_m`` it gives the pressure where none is given.
    is_drained
        Drained, and the draining verified.
    """

    edge: Edge = "suspected"
    level_m: float | None = None
    height_datum: str | None = None
    floor_m: float | None = None
    volume_m3: float | None = None
    pressure_mpa: float | None = None
    is_drained: bool = False


@dataclass(frozen=True)
class Fault(InputShape):
    """A fault: its trace in this seam, or the belt that it has broken.

    Parameters
    ----------
    conducts
        Whether it leads water; None is unknown and taken for yes.
    is_against_aquifer
        It sets the seam against a strong aquifer, or covers it with one.
    """

    dip_deg: float | None = None
    throw_m: float | None = None
    conducts: bool | None = None
    head_mpa: float | None = None
    is_against_aquifer: bool = False


@dataclass(frozen=True)
class Column(InputShape):
    """A collapse column, its outline at the level of this seam."""

    conducts: bool | None = None
    head_mpa: float | None = None


@dataclass(frozen=True)
class Borehole(InputShape):
    """A borehole through the seam; not known to be well sealed counts as not sealed."""

    is_sealed: bool | None = None
    head_mpa: float | None = None


@dataclass(frozen=True)
class SurfaceWater(InputShape):
    """A river, reservoir or other water on the ground.

    Parameters
    ----------
    cover_m
        Least rock between it and the roof of the seam; the raster's where None.
    harmless_doc
        The document that shows it harmless, or made so.
    """

    cover_m: float | None = None
    harmless_doc: str | None = None


@dataclass(frozen=True)
class RoofAquifer(InputShape):
    """Water in the rock above the seam, where it lies.

    Parameters
    ----------
    yield_class
        By q of a 91 mm hole and 10 m drawdown; None is unknown and taken for strong.
    cover_m
        Least rock between it and the roof of the seam; the raster's where None.
    """

    yield_class: Yield | None = None
    is_loose: bool = False
    cover_m: float | None = None


@dataclass(frozen=True)
class Shaft(InputShape):
    """A shaft collar or yard and the highest flood level there."""

    collar_m: float | None = None
    flood_level_m: float | None = None
    height_datum: str | None = None
    defence_doc: str | None = None


@dataclass(frozen=True)
class Treatment(InputShape):
    """Where water was treated: grouting, drainage, fill mining. It counts with its document.

    Parameters
    ----------
    inrush_mpa_per_m
        Floor: the coefficient that the treatment has left, by its acceptance report.
    """

    domain: Domain = "floor"
    document: str | None = None
    inrush_mpa_per_m: float | None = None


@dataclass(frozen=True)
class Argument(InputShape):
    """Where mining was argued for and the argument passed review.

    Parameters
    ----------
    is_probed_clean
        The floor is intact there, or both probes show no anomaly.
    """

    domains: frozenset[Domain] = frozenset()
    document: str | None = None
    is_approved: bool = False
    is_probed_clean: bool = False


@dataclass(frozen=True)
class Clearance(InputShape):
    """Where a document shows that water of one domain is no threat."""

    domain: Domain = "surface"
    document: str | None = None


@dataclass(frozen=True)
class Pillar(InputShape):
    """A waterproof pillar that is kept, whatever for."""

    domain: Domain = "goaf"
    document: str | None = None


@dataclass(frozen=True)
class Conversion:
    """An approved conversion report: what it lowers, never what is worse than that."""

    document: str
    from_zone: Zone


@dataclass(frozen=True)
class Override(InputShape):
    """A planner's word on a place: raised for a reason, lowered by a conversion only."""

    zone: Zone = "no_mining"
    reason: str = ""
    conversion: Conversion | None = None


@dataclass(frozen=True)
class Rasters:
    """GeoTIFFs on one grid in the CRS of the shapes, metres; a path that is None is not known.

    Parameters
    ----------
    head_m
        Highest head of the floor aquifer.
    floor_m
        Floor of the seam.
    overburden_m
        Rock between the roof of the seam and the lowest water above it that has no figure of its
        own: the base of the loose bed, else the ground.
    vulnerability
        Vulnerability index, 0 to 1: advice.
    pressure_datum
        Whether P counts at the base of the aquiclude or at the floor of the seam: it changes zones.
    """

    pressure_datum: PressureDatum
    height_datum: str | None
    head_m: str | None = None
    floor_m: str | None = None
    aquiclude_m: str | None = None
    seam_thickness_m: str | None = None
    overburden_m: str | None = None
    vulnerability: str | None = None


@dataclass(frozen=True)
class MineInputs:
    """All that one seam of one mine is zoned from; ``crs`` is that of every shape and raster."""

    licence: MultiPolygon
    seam: Seam
    crs: pyproj.CRS | None
    shapes: tuple[InputShape, ...] = ()
    rasters: Rasters | None = None
    licence_area_m2: float | None = None
    hydro_type: HydroType | None = None
