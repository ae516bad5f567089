"""Rows of what a seam is zoned from, as the registers have them (`sql/queries/zone_inputs.sql`)."""

from dataclasses import dataclass

from shapely import MultiPolygon, Point
from shapely.geometry.base import BaseGeometry

from geoservice.db import Query


@dataclass(frozen=True)
class SeamRow:
    """A seam, its mine and licence; ``lon`` is the district's, None where there is none."""

    id: int
    code: str
    seam: str
    mine_id: int
    mine_code: str
    hydro_type: str | None
    licence_area_km2: float | None
    thickness_m: float | None
    mining_height_m: float | None
    dip_deg: float | None
    roof_class: str | None
    slices: int | None
    mining_method: str | None
    stage_height_m: float | None
    fracture_height_m: float | None
    floor_damage_m: float | None
    coal_tensile_mpa: float | None
    movement_deg: float | None
    pressure_datum: str | None
    licence_code: str | None
    zone_width_deg: int | None
    licence: MultiPolygon | None
    lon: float | None


@dataclass(frozen=True)
class Near:
    """Something near the mine, and of which seam it is on record; of every one if of none."""

    code: str
    geom: BaseGeometry
    mine_seam_id: int | None
    seam: str | None
    mine_id: int | None


@dataclass(frozen=True)
class WaterRow(Near):
    """A water body."""

    id: int
    kind: str
    edge: str | None
    level_m: float | None
    floor_m: float | None
    height_datum: str | None
    volume_m3: float | None
    pressure_mpa: float | None
    is_drained: bool


@dataclass(frozen=True)
class StructureRow(Near):
    """A fault or a collapse column."""

    kind: str
    dip_deg: float | None
    throw_m: float | None
    conducts: bool | None
    head_mpa: float | None
    is_against_aquifer: bool


@dataclass(frozen=True)
class BoreholeRow(Near):
    """A borehole."""

    geom: Point
    is_sealed: bool | None
    head_mpa: float | None
    head_m: float | None
    floor_m: float | None
    aquiclude_m: float | None
    seam_thickness_m: float | None
    overburden_m: float | None
    height_datum: str | None


@dataclass(frozen=True)
class AreaRow(Near):
    """An area with its document."""

    geom: MultiPolygon
    kind: str
    domains: list[str]
    document: str | None
    is_approved: bool
    is_probed_clean: bool
    inrush_mpa_per_m: float | None
    water_body_id: int | None
    yield_class: str | None
    is_loose: bool
    cover_m: float | None


@dataclass(frozen=True)
class ShaftRow:
    """A shaft collar or yard."""

    id: int
    code: str
    name: str
    kind: str
    geom: BaseGeometry
    collar_m: float | None
    height_datum: str | None
    flood_level_m: float | None
    flood_datum: str | None
    defence_doc: str | None


@dataclass(frozen=True)
class RasterRow:
    """A raster in use."""

    kind: str
    file: str
    sha256: str
    height_datum: str | None


SEAM = Query("zone_inputs", "seam", SeamRow)
WATERS = Query("zone_inputs", "waters", WaterRow)
STRUCTURES = Query("zone_inputs", "structures", StructureRow)
BOREHOLES = Query("zone_inputs", "boreholes", BoreholeRow)
AREAS = Query("zone_inputs", "areas", AreaRow)
SHAFTS = Query("zone_inputs", "shafts", ShaftRow)
RASTERS = Query("zone_inputs", "rasters", RasterRow)
