"""Features -> files: GeoPackage, GeoJSON, Shapefile zip, CSV, FlatGeobuf, KML (pyogrio).

A file is written beside its place and then renamed, so that a reader never meets half of one.
"""

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import geopandas as gpd
import pandas as pd
import pyogrio

from geoservice.crs import CGCS2000
from geoservice.errors import FileError, InputError, UnknownNameError
from geoservice.publish.catalog import Field, LayerDef
from geoservice.publish.export_crs import target_crs
from geoservice.publish.shapefile import write_shapefile

DRIVERS = {"gpkg": "GPKG", "geojson": "GeoJSON", "fgb": "FlatGeobuf", "kml": "KML"}
SUFFIXES = {".gpkg": "gpkg", ".geojson": "geojson", ".json": "geojson", ".zip": "shp",
            ".shp": "shp", ".csv": "csv", ".fgb": "fgb", ".kml": "kml"}  # fmt: skip
MEDIA_TYPES = {
    "gpkg": "application/geopackage+sqlite3",
    "geojson": "application/geo+json",
    "shp": "application/zip",
    "csv": "text/csv",
    "fgb": "application/vnd.flatgeobuf",
    "kml": "application/vnd.google-earth.kml+xml",
}
ENCODINGS = {"utf-8": "UTF-8", "gbk": "GBK"}
_GDAL_FAILED = (
    pyogrio.errors.DataSourceError,
    pyogrio.errors.DataLayerError,
    pyogrio.errors.FeatureError,
)
# A spreadsheet takes a cell that starts so for a formula.
_FORMULA = ("=", "+", "-", "@", "\t")


@dataclass(frozen=True)
class Export:
    """What is written how: format, CRS ("4490", "4547", ..., "local") and text encoding."""

    format: str = "gpkg"
    crs: str | None = None
    encoding: str = "utf-8"


@dataclass(frozen=True)
class Report:
    """What was written: rows, the CRS's name, and what the format could not hold as it was."""

    rows: int
    crs: str
    notes: list[str] = field(default_factory=list)


def format_of(path: Path, given: str | None) -> str:
    """Return the format that is given, or the one of the file's suffix.

    Raises
    ------
    UnknownNameError
        Neither says one that is known.
    """
    found = given or SUFFIXES.get(path.suffix.lower())
    if found is None or found not in MEDIA_TYPES:
        raise UnknownNameError(
            f"{path.name}: no known format; the suffixes are {' '.join(SUFFIXES)}",
            zh=f"{path.name}：无法识别格式；可用后缀：{' '.join(SUFFIXES)}",
            where="format",
        )
    return found


def write_export(
    frame: gpd.GeoDataFrame, layer: LayerDef, fields: tuple[Field, ...], path: Path, export: Export
) -> Report:
    """Write the rows of one layer to ``path``.

    Parameters
    ----------
    frame
        ``id``, the columns named in ``fields`` and ``geom`` in the stored CRS; may be empty.
    layer
        Gives the name inside the file and the labels of its dictionary.

    Raises
    ------
    InputError
        The CRS is unknown, does not cover the features, or is not of this format; or a text
        cannot be written in the encoding.
    FileError
        The path cannot be written.
    """
    target = target_crs(frame, export.crs, export.format)
    moved = frame if target == CGCS2000 else frame.to_crs(target)
    with _replaced(path) as part:
        notes = _write(_typed(moved, fields), layer, fields, part, export)
    code = target.to_epsg()
    return Report(len(frame), f"{target.name} (EPSG:{code})" if code else target.name, notes)


def write_whole(path: Path, content: bytes) -> None:
    """Write a file at once: readers see the old one or the new one.

    Raises
    ------
    FileError
        The path cannot be written.
    """
    with _replaced(path) as part:
        part.write_bytes(content)


@contextmanager
def _replaced(path: Path) -> Iterator[Path]:
    """Give a place beside ``path`` to write to, and put what is there in its stead."""
    try:
        with tempfile.TemporaryDirectory(prefix=".export-", dir=path.parent) as folder:
            part = Path(folder) / path.name
            yield part
            part.replace(path)
    except (OSError, *_GDAL_FAILED) as error:
        why = getattr(error, "strerror", None) or str(error)
        raise FileError(
            f"{path}: cannot be written: {why}", zh=f"{path}：无法写入：{why}", where="file"
        ) from error


def _write(
    frame: gpd.GeoDataFrame, layer: LayerDef, fields: tuple[Field, ...], path: Path, export: Export
) -> list[str]:
    if export.format == "csv":
        return _write_csv(frame, layer, path, ENCODINGS[export.encoding])
    if export.format == "shp":
        return write_shapefile(frame, layer, fields, path, ENCODINGS[export.encoding])
    pyogrio.write_dataframe(
        _content(frame, layer, export.format),
        path,
        layer=layer.id,
        driver=DRIVERS[export.format],
        **_shape_options(frame, layer, export.format),
        layer_options=_layer_options(frame, layer, export.format),
    )
    _read_back(path, len(frame))
    return []


def _content(frame: gpd.GeoDataFrame, layer: LayerDef, form: str) -> pd.DataFrame:
    """Leave the shapes out where a table is possible; other formats say that there are none."""
    is_table = form == "gpkg" and not layer.is_drawn
    return pd.DataFrame(frame.drop(columns="geom")) if is_table else frame


def _shape_options(frame: gpd.GeoDataFrame, layer: LayerDef, form: str) -> dict[str, Any]:
    if not layer.is_drawn and form == "gpkg":
        return {}
    if layer.geometry in {"mixed", "none"}:
        return {"geometry_type": "Unknown", "promote_to_multi": False}
    return {"geometry_type": "Unknown" if frame.empty else None}


def _read_back(path: Path, rows: int) -> None:
    """Count what was written: on a full disk GDAL's KML writer stops without a word."""
    there = pyogrio.read_info(path, force_feature_count=True)["features"]
    if there != rows:
        raise OSError(f"only {there} of {rows} features were written; is the disk full?")


def _layer_options(frame: gpd.GeoDataFrame, layer: LayerDef, form: str) -> dict[str, str]:
    if form == "geojson":
        return {"RFC7946": "YES", "ID_FIELD": "id"}
    if form == "gpkg":
        return {"IDENTIFIER": layer.title.zh, "DESCRIPTION": layer.description.zh}
    if form == "fgb" and bool(frame.geometry.isna().any()):
        return {"SPATIAL_INDEX": "NO"}  # it has no room for a feature without a place
    return {}


def _typed(frame: gpd.GeoDataFrame, fields: tuple[Field, ...]) -> gpd.GeoDataFrame:
    """Give every column its declared type, also where all of it is empty."""
    made = frame.copy()
    for one in fields:
        made[one.name] = _column(made[one.name], one.type)
    return made


def _column(values: "pd.Series[Any]", kind: str) -> "pd.Series[Any]":
    if kind == "date":
        return values.map(lambda day: day.isoformat() if day is not None else None).astype("object")
    if kind == "instant":
        return pd.to_datetime(values, utc=True)
    if kind == "text":
        return values.astype("object").where(values.notna(), None)
    # pandas' own types, which know an absent value.
    types = {"integer": pd.Int64Dtype(), "number": pd.Float64Dtype(), "boolean": pd.BooleanDtype()}
    typed: pd.Series[Any] = values.astype(types[kind])
    return typed


def _write_csv(frame: gpd.GeoDataFrame, layer: LayerDef, path: Path, encoding: str) -> list[str]:
    table = pd.DataFrame(frame.drop(columns="geom"))
    for name in table.columns:
        if table[name].dtype == object:
            table[name] = table[name].map(_harmless)
    if layer.is_drawn:
        table["wkt"] = frame.geometry.to_wkt(rounding_precision=-1)
    text = table.to_csv(index=False, lineterminator="\r\n")
    path.write_bytes(_encoded(text, encoding))
    return []


def _harmless(cell: object) -> object:
    return f"'{cell}" if isinstance(cell, str) and cell.startswith(_FORMULA) else cell


def _encoded(text: str, encoding: str) -> bytes:
    if encoding == "UTF-8":
        return text.encode("utf-8-sig")  # without the mark a spreadsheet shows Chinese as noise
    try:
        return text.encode(encoding)
    except UnicodeEncodeError as error:
        raise InputError(
            f"encoding: {text[error.start]!r} is not in {encoding}; use utf-8",
            zh=f"encoding：字符 {text[error.start]!r} 不在 {encoding} 中；请用 utf-8",
            where="encoding",
        ) from error
