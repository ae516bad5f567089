"""Shapefile zip: what the format cannot hold is said in it, never cut in silence.

Field names have ten bytes, so the layer file gives short ASCII ones and the archive a dictionary;
texts have 254 bytes (three a Chinese character), so a longer one stands whole in a file beside.
One geometry type a file, so a mixed layer becomes several, and one without a place a .dbf alone.
"""

import csv
import io
import zipfile
from collections.abc import Iterable
from pathlib import Path

import geopandas as gpd
import pandas as pd
import pyogrio

from geoservice.errors import InputError
from geoservice.publish.catalog import Field, LayerDef

_MOST_BYTES = 254
_KINDS = {
    "point": ("Point", "MultiPoint"),
    "line": ("LineString", "MultiLineString"),
    "polygon": ("Polygon", "MultiPolygon"),
}
_OGR_TYPES = {"point": "Point", "line": "MultiLineString", "polygon": "MultiPolygon"}


def write_shapefile(
    frame: gpd.GeoDataFrame, layer: LayerDef, fields: tuple[Field, ...], path: Path, encoding: str
) -> list[str]:
    """Write a zip of .shp, .shx, .dbf, .prj, .cpg, the field dictionary, and texts too long.

    Returns
    -------
    notes
        A sentence for each thing that is not in the Shapefile as it was.

    Raises
    ------
    InputError
        A text has a character that the encoding has not.
    """
    folder = path.parent / "parts"
    folder.mkdir()
    plain, too_long = _fitted(frame, fields, encoding)
    for kind, part in _parts(plain, layer):
        name = layer.id if layer.geometry != "mixed" else f"{layer.id}_{kind}"
        _write_part(part, folder / f"{name}.shp", kind, encoding)
    heads = ["field", "name", "zh", "en", "codes"]
    _write_table(folder / "fields.csv", heads, _dictionary(layer, fields))
    notes = []
    if too_long:
        _write_table(folder / "long_texts.csv", ["id", "field", "name", "text"], too_long)
        notes.append(
            f"{len(too_long)} 个文本超过 {_MOST_BYTES} 字节，已截断，全文见 long_texts.csv · "
            f"texts cut at {_MOST_BYTES} bytes, in full in long_texts.csv"
        )
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for member in sorted(folder.iterdir()):
            archive.write(member, member.name)
    return notes


def _write_part(part: gpd.GeoDataFrame, path: Path, kind: str, encoding: str) -> None:
    asked = {"driver": "ESRI Shapefile", "encoding": encoding}
    if kind == "none":
        pyogrio.write_dataframe(pd.DataFrame(part.drop(columns="geom")), path, **asked)
    else:
        shape = {"geometry_type": _OGR_TYPES[kind], "promote_to_multi": kind != "point"}
        pyogrio.write_dataframe(part, path, **asked, **shape)


def _parts(frame: gpd.GeoDataFrame, layer: LayerDef) -> list[tuple[str, gpd.GeoDataFrame]]:
    if layer.geometry != "mixed":
        return [(layer.geometry, frame)]
    found = []
    for kind, types in _KINDS.items():
        part = frame[frame.geom_type.isin(types)]
        if len(part):
            found.append((kind, part))
    # An empty layer is still a file with its fields.
    return found or [("polygon", frame)]


def _fitted(
    frame: gpd.GeoDataFrame, fields: Iterable[Field], encoding: str
) -> tuple[gpd.GeoDataFrame, list[list[object]]]:
    """Short names; booleans and instants as the format has them; long texts cut and kept apart."""
    made = frame.copy()
    too_long: list[list[object]] = []
    for field in fields:
        values = made[field.name]
        if field.type == "instant":
            texts = values.map(lambda at: None if pd.isna(at) else at.isoformat())
            made[field.name] = texts.astype("object")
        elif field.type == "boolean":
            made[field.name] = values.astype("Int32")
        elif field.type == "text":
            for row, text in values.items():
                if text is not None and len(_bytes(text, field, encoding)) > _MOST_BYTES:
                    too_long.append([made.at[row, "id"], field.export, field.name, text])
                    made.at[row, field.name] = _cut(text, encoding)
    names = {field.name: field.export for field in fields}
    return made.rename(columns={**names, "id": "ID"}), too_long


def _bytes(text: str, field: Field, encoding: str) -> bytes:
    try:
        return text.encode(encoding)
    except UnicodeEncodeError as error:
        raise InputError(
            f"encoding: {text[error.start]!r} in {field.name} is not in {encoding}; use utf-8",
            zh=f"encoding：“{field.zh}”中的 {text[error.start]!r} 不在 {encoding} 中；请用 utf-8",
            where="encoding",
        ) from error


def _cut(text: str, encoding: str) -> str:
    """Return the longest start that fits, whole characters only."""
    return text.encode(encoding)[:_MOST_BYTES].decode(encoding, "ignore")


def _dictionary(layer: LayerDef, fields: Iterable[Field]) -> list[list[object]]:
    rows: list[list[object]] = [["ID", "id", "标识", "Identifier", ""]]
    for field in fields:
        codes = layer.codes.get(field.name, {})
        said = "; ".join(f"{value}={code.zh}/{code.en}" for value, code in codes.items())
        rows.append([field.export, field.name, field.zh, field.en, said])
    return rows


def _write_table(path: Path, heads: list[str], rows: list[list[object]]) -> None:
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(heads)
    writer.writerows(rows)
    path.write_bytes(text.getvalue().encode("utf-8-sig"))
