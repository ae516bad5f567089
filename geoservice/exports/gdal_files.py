"""GeoPackage, GeoJSON, FlatGeobuf and KML: Arrow batches straight into GDAL's drivers."""

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import pyogrio
import pyproj

from geoservice.errors import FileError
from geoservice.exports.rows import SHAPE
from geoservice.exports.source import Source
from geoservice.publish.catalog import LayerDef

# A column of one type: lines and areas are stored as multiple ones, so that no row ever differs.
OGR_TYPES = {"point": "Point", "line": "MultiLineString", "polygon": "MultiPolygon",
             "mixed": "Unknown"}  # fmt: skip
_NEEDS_ONE_TYPE = {"GPKG", "FlatGeobuf"}
# Decimals of a degree: a tenth of a millimetre, as the items have.
_DIGITS = "9"
# What a whole file ends with: on a full disk GDAL's KML writer stops without a word.
_LAST = {"KML": b"</kml>", "GeoJSON": b"}"}


def write_gdal(source: Source, path: Path) -> list[str]:
    """Write one layer with the driver of its format.

    Raises
    ------
    FileError
        GDAL cannot write it all.
    """
    driver = source.export.format.driver or ""
    is_multi = driver in _NEEDS_ONE_TYPE and source.layer.geometry in ("line", "polygon")
    batches, schema = source.batches(is_multi=is_multi), source.schema
    if driver == "FlatGeobuf":  # it has instants, but no days
        batches, schema = _days_as_text(batches, schema)
    if driver == "GeoJSON" and not source.has_places:  # a feature has a geometry, if only null
        batches, schema = _with_null_shapes(batches, schema)
    place = _place(source, driver)
    options = _options(source, driver)
    stream_into(batches, schema, path, driver=driver, layer=source.layer.id,
                layer_options=options, **place)  # fmt: skip
    _refuse_torn(path, driver)
    return []


def stream_into(
    batches: Iterable[pa.RecordBatch], schema: pa.Schema, path: Path, **how: Any
) -> None:
    """Write batches to one layer of a file; what stops the reading is raised as it was.

    Raises
    ------
    FileError
        GDAL cannot write it.
    """
    stopped: list[BaseException] = []

    def watched() -> Iterator[pa.RecordBatch]:
        try:
            yield from batches
        except BaseException as error:
            stopped.append(error)  # GDAL tells of it in words of its own
            raise

    reader = pa.RecordBatchReader.from_batches(schema, watched())
    try:
        pyogrio.write_arrow(reader, path, **how)
    except (RuntimeError, ValueError) as error:  # pyogrio's own are RuntimeErrors
        if stopped:
            raise stopped[0] from None
        raise FileError(
            f"{path.name}: cannot be written: {error}", zh=f"{path.name}：无法写入：{error}",
            where="file",
        ) from error  # fmt: skip


def crs_text(crs: pyproj.CRS) -> str:
    """Return the CRS as GDAL takes it: its code, or its whole text where it has none."""
    code = crs.to_epsg()
    return f"EPSG:{code}" if code else crs.to_wkt()


def _place(source: Source, driver: str) -> dict[str, Any]:
    if not source.has_places and driver != "GeoJSON":
        return {}
    one_type = OGR_TYPES[source.layer.geometry] if driver in _NEEDS_ONE_TYPE else "Unknown"
    return {
        "geometry_name": SHAPE,
        "geometry_type": one_type,
        "crs": crs_text(source.target),
    }


def _options(source: Source, driver: str) -> dict[str, str]:
    layer: LayerDef = source.layer
    if driver == "GeoJSON":
        # Or GDAL takes a text that looks like JSON for an object.
        as_text = {"AUTODETECT_JSON_STRINGS": "NO"}
        return {"RFC7946": "YES", "ID_FIELD": "id", "COORDINATE_PRECISION": _DIGITS, **as_text}
    if driver == "GPKG":
        described = {"IDENTIFIER": layer.title.zh, "DESCRIPTION": layer.description.zh}
        named = {"GEOMETRY_NAME": "geom"} if source.has_places else {}
        return {"FID": "id", **described, **named}
    survey = source.survey
    if driver == "FlatGeobuf" and (survey.placed < survey.rows or not survey.rows):
        return {"SPATIAL_INDEX": "NO"}  # it has no room for a feature without a place
    return {}


def _days_as_text(
    batches: Iterable[pa.RecordBatch], schema: pa.Schema
) -> tuple[Iterator[pa.RecordBatch], pa.Schema]:
    texts = pa.schema(
        [one.with_type(pa.string()) if pa.types.is_date32(one.type) else one for one in schema]
    )

    def said() -> Iterator[pa.RecordBatch]:
        for batch in batches:
            columns = [pc.cast(one, of.type) for one, of in zip(batch.columns, texts, strict=True)]
            yield pa.RecordBatch.from_arrays(columns, schema=texts)

    return said(), texts


def _with_null_shapes(
    batches: Iterable[pa.RecordBatch], schema: pa.Schema
) -> tuple[Iterator[pa.RecordBatch], pa.Schema]:
    shape = pa.field(SHAPE, pa.binary())
    nulls = (one.append_column(shape, pa.nulls(len(one), shape.type)) for one in batches)
    return nulls, schema.append(shape)


def _refuse_torn(path: Path, driver: str) -> None:
    if driver in _LAST:
        with path.open("rb") as stream:
            stream.seek(-min(path.stat().st_size, 64), 2)
            if not stream.read().rstrip().endswith(_LAST[driver]):
                raise OSError("it ends in the middle; is the disk full?")
