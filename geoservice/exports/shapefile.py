"""Shapefile zip: what the format cannot hold is said in it, never cut in silence.

Field names have ten bytes, so the layer file gives short ASCII ones and the archive a dictionary;
texts have 254 bytes (three a Chinese character), so a longer one stands whole in a file beside.
One geometry type a file, so a mixed layer becomes several; its rows without a place stand in the
first of them, and a layer without places is a table.
"""

import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pyarrow as pa

from geoservice.exports.gdal_files import crs_text, stream_into
from geoservice.exports.rows import SHAPE
from geoservice.exports.short_texts import ShortTexts
from geoservice.exports.source import Source
from geoservice.exports.tables import write_table
from geoservice.publish.catalog import Field, LayerDef

_KINDS = {0: "point", 1: "line", 2: "polygon"}
_OGR_TYPES = {"point": "MultiPoint", "line": "MultiLineString", "polygon": "MultiPolygon"}
_DIMENSIONS = {"point": 0, "line": 1, "polygon": 2}


def write_shapefile(source: Source, path: Path) -> list[str]:
    """Write a zip of .shp, .shx, .dbf, .prj, .cpg, the field dictionary, and texts too long.

    Returns
    -------
    notes
        A sentence for each thing that is not in the Shapefile as it was.

    Raises
    ------
    InputError
        A text has a character that the encoding has not.
    FileError
        It cannot be written, or is over the two gigabytes that the format holds.
    """
    folder = path.parent / "parts"
    folder.mkdir()
    fields, encoding = source.sight.fields, source.export.encoding
    schema = _schema(source.schema, fields)
    with ShortTexts(folder / "long_texts.csv", fields, encoding) as short:
        for name, dimension in _parts(source):
            _write_part(source, dimension, short, schema, folder / name)
        notes = short.notes
    write_table(
        folder / "fields.csv",
        ["field", "name", "zh", "en", "codes"],
        dictionary(source.layer, fields),
    )
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for member in sorted(folder.iterdir()):
            archive.write(member, member.name)
    return notes


def _parts(source: Source) -> list[tuple[str, int | None]]:
    """Return each file with the dimension of its shapes; None: rows of a table."""
    layer = source.layer
    if not source.has_places:
        return [(f"{layer.id}.dbf", None)]
    if layer.geometry != "mixed":
        return [(f"{layer.id}.shp", None)]
    # An empty layer is still a file with its fields.
    found = source.survey.dimensions or (2,)
    return [(f"{layer.id}_{_KINDS[one]}.shp", one) for one in found]


def _write_part(
    source: Source, dimension: int | None, short: ShortTexts, schema: pa.Schema, path: Path
) -> None:
    kind = _KINDS[dimension] if dimension is not None else source.layer.geometry
    # Points are single unless the layer itself holds groups of them.
    is_multi = kind != "point" or any(one.startswith("MULTI") for one in source.survey.types)
    place: dict[str, Any] = {}
    if source.has_places:
        place = {
            "geometry_name": SHAPE,
            "geometry_type": _OGR_TYPES[kind] if is_multi else "Point",
            "crs": crs_text(source.target),
        }
    is_first = dimension in source.survey.dimensions[:1] or not source.survey.dimensions
    batches = source.batches(dimension, takes_placeless=is_first, is_multi=is_multi)
    stream_into(
        _fitted(batches, short, schema), schema, path, driver="ESRI Shapefile",
        encoding=source.export.encoding, layer_options={"2GB_LIMIT": "YES"}, **place,
    )  # fmt: skip


def _schema(schema: pa.Schema, fields: tuple[Field, ...]) -> pa.Schema:
    """Short names; instants as text and booleans as numbers, which is what the format has."""
    names = {"id": "ID", SHAPE: SHAPE, **{one.name: one.export for one in fields}}
    kinds = {pa.bool_(): pa.int32(), pa.timestamp("us", tz="UTC"): pa.string()}
    return pa.schema([pa.field(names[one.name], kinds.get(one.type, one.type)) for one in schema])


def _fitted(
    batches: Iterator[pa.RecordBatch], short: ShortTexts, schema: pa.Schema
) -> Iterator[pa.RecordBatch]:
    for batch in batches:
        columns = short.fit(batch)
        cast = [_cast(one, of.type) for one, of in zip(columns, schema, strict=True)]
        yield pa.RecordBatch.from_arrays(cast, schema=schema)


def _cast(column: pa.Array, kind: pa.DataType) -> pa.Array:
    if pa.types.is_timestamp(column.type):
        return pa.array([at and at.isoformat() for at in column.to_pylist()], kind)
    return column.cast(kind)


def dictionary(layer: LayerDef, fields: tuple[Field, ...]) -> list[list[object]]:
    """Return a row for each field: short name, name, both labels, and its codes with labels."""
    rows: list[list[object]] = [["ID", "id", "标识", "Identifier", ""]]
    for field in fields:
        codes = layer.codes.get(field.name, {})
        said = "; ".join(f"{value}={code.zh}/{code.en}" for value, code in codes.items())
        rows.append([field.export, field.name, field.zh, field.en, said])
    return rows
