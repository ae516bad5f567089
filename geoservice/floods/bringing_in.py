"""Bring a model's result in: a file of a stranger -> a scenario, as a draft."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path
from typing import Any

import shapely
from shapely import MultiPolygon, Polygon

from geoservice.crs import CGCS2000, reproject, stored, to_metric
from geoservice.datum import to_wgs84
from geoservice.db import Connection
from geoservice.errors import InputError, NoDistrictError, RecordError
from geoservice.floods import wording
from geoservice.floods.actions import ENVELOPE, flood_rules, store_scenario
from geoservice.floods.answers import Scenario
from geoservice.floods.depth_files import is_raster, read_depths
from geoservice.floods.grades import FloodRules
from geoservice.floods.importing import ArrivalUnit, bands_from, columns_of, read_rows
from geoservice.floods.polygons import areas_only, bands_of_raster
from geoservice.floods.records import NewBand, NewScenario
from geoservice.registry.places import settle
from geoservice.registry.placing import locate
from geoservice.registry.reading import Asked, read_table
from geoservice.sandbox.limits import Limits

# A model's outline has more corners than a record of a register.
_VERTICES_EACH = 1_000_000
METHOD_VERSION = "import-1"


@dataclass(frozen=True)
class Brought:
    """What a person says of a model's result.

    ``official_doc`` makes it official; ``assumed_m`` is the depth of an extent that has none.
    """

    name: str
    height_datum: str
    source: str
    return_period_y: float | None = None
    level_m: float | None = None
    gauge_level_m: float | None = None
    family: str | None = None
    official_doc: str | None = None
    drawn_by: str | None = None
    datum: str | None = None
    encoding: str | None = None
    layer: str | None = None
    columns: Mapping[str, str] = field(default_factory=dict)
    arrival_unit: ArrivalUnit = "min"
    assumed_m: float | None = None


def bring_in(
    conn: Connection, path: Path, said: Brought, *, shown_as: str, at: datetime
) -> Scenario:
    """Store what a file holds as a scenario in draft; the file is read in a process of its own.

    Parameters
    ----------
    path
        Polygons (GeoPackage, Shapefile, GeoJSON, KML) or a GeoTIFF of depths, in metres.
    shown_as
        What its owner calls the file.

    Raises
    ------
    NoDistrictError
        No boundary is loaded.
    FileError, DatumError, UnknownNameError, RecordError
        The file cannot be used, or its datum or columns are not known; rows with what is wrong.
    InputError
        There is no water in it, or none of it lies in the district's envelope.
    """
    envelope = ENVELOPE.first(conn)
    if envelope is None:
        raise NoDistrictError("no district yet: load its boundary first", zh="尚未设定行政区")
    rules = flood_rules(conn)
    reads = _of_raster if is_raster(path) else _of_polygons
    bands = reads(path, said, rules, (shown_as, envelope))
    kept, left_m2 = _clipped(bands, envelope)
    if bands and not kept:
        raise InputError(
            "all of it lies outside the district's service envelope: is the datum right?",
            zh="全部位于本区服务范围之外：请核对坐标基准", where="file",
        )  # fmt: skip
    scenario = store_scenario(conn, _scenario(path, said, shown_as, left_m2), kept, at=at)
    if left_m2 < 1:
        return scenario
    return replace(scenario, notes=(*scenario.notes, wording.clipped(left_m2 / 1e4)))


def _scenario(path: Path, said: Brought, shown_as: str, left_m2: float) -> NewScenario:
    with path.open("rb") as stream:
        digest = hashlib.file_digest(stream, "sha256").hexdigest()
    told: dict[str, Any] = {
        "file": shown_as, "arrival_unit": said.arrival_unit, "columns": dict(said.columns),
        "assumed_depth_m": said.assumed_m, "outside_envelope_m2": round(left_m2, 1),
    }  # fmt: skip
    return NewScenario(
        name=said.name, method="imported", method_version=METHOD_VERSION,
        height_datum=said.height_datum, source_doc=said.source,
        return_period_y=said.return_period_y, level_m=said.level_m,
        gauge_level_m=said.gauge_level_m, family=said.family,
        parameters=told, inputs_hash=digest, drawn_by=said.drawn_by,
        is_official=said.official_doc is not None, official_doc=said.official_doc,
    )  # fmt: skip


def _of_polygons(
    path: Path, said: Brought, rules: FloodRules, how: tuple[str, Polygon]
) -> list[NewBand]:
    shown_as, envelope = how
    limits = replace(Limits.from_environment(), vertices_each=_VERTICES_EACH)
    asked = Asked(layer=said.layer, encoding=said.encoding, shown_as=shown_as)
    table = read_table(path, asked, limits=limits)
    located = locate("MultiPolygon", table, datum=said.datum, lon=envelope.centroid.x)
    wrongs = [InputError(en, zh=zh, where=f"row {row}") for row, (en, zh) in table.unread.items()]
    for index, error in located.placed.refused.items():
        row = f"row {table.numbers[index]}"
        wrongs.append(InputError(error.message, zh=error.zh, where=row))
    if wrongs:
        raise RecordError(wrongs[:20])
    columns = columns_of(table.headings, said.columns)
    rows = read_rows(
        table, located.placed.shapes.tolist(), columns, unit=said.arrival_unit,
        assumed_m=said.assumed_m,
    )  # fmt: skip
    return bands_from(rows, rules)


def _of_raster(
    path: Path, said: Brought, rules: FloodRules, how: tuple[str, Polygon]
) -> list[NewBand]:
    raster = read_depths(path, shown_as=how[0])
    placement = settle(raster.crs, said.datum)

    def to_store(geom: MultiPolygon) -> MultiPolygon:
        if placement.projected is not None:
            base = placement.projected.geodetic_crs or CGCS2000
            geom = reproject(geom, placement.projected, base)
        return areas_only(stored(to_wgs84(geom, placement.datum)))

    return bands_of_raster(raster.depth_m, raster.transform, rules, to_store)


def _clipped(bands: Sequence[NewBand], envelope: Polygon) -> tuple[list[NewBand], float]:
    """Return the bands inside the envelope, and how much of them (m2) lies outside."""
    kept: list[NewBand] = []
    left_m2 = 0.0
    for band in bands:
        inside = band
        if not shapely.contains_properly(envelope, band.geom):
            geom = areas_only(stored(band.geom.intersection(envelope)))
            area_m2 = 0.0 if geom.is_empty else to_metric(geom, geom.centroid.x).area
            inside = replace(band, geom=geom, area_m2=round(area_m2, 1))
            left_m2 += max(band.area_m2 - area_m2, 0.0)
        kept += [inside] if inside.area_m2 > 0 else []
    return kept, left_m2
