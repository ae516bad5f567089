"""GeoJSON and CSV."""

import csv
import io
import json
from typing import Any

import shapely
from shapely.geometry import shape as shape_of
from shapely.geometry.base import BaseGeometry

from geoservice.errors import DatumError, FileError
from geoservice.registry.readers.encodings import decode
from geoservice.registry.readers.kml import read_kml
from geoservice.registry.readers.raw import Raw, refuse_many
from geoservice.registry.readers.tabular import Wanted, add_rows

_UNREADABLE = (ValueError, TypeError, KeyError, IndexError, AttributeError, shapely.GEOSException)
_CELL_BYTES = 20_000_000
_ANY = Wanted()
_LINES_LOOKED_AT = 10


def read_text(data: bytes, encoding: str | None = None, wanted: Wanted = _ANY) -> Raw:
    """Return the rows of a file that is text: GeoJSON, KML or delimited.

    Raises
    ------
    FileError
        It is neither, or not in the encoding said.
    """
    text, found = decode(data, encoding)
    first = text.lstrip()[:1]
    if first == "<":
        return read_kml(text, found)
    return read_geojson(text, found) if first in {"{", "["} else read_csv(text, found, wanted)


def read_geojson(text: str, encoding: str) -> Raw:
    """Return the features of GeoJSON text.

    Raises
    ------
    FileError
        It is no JSON, or no GeoJSON.
    """
    try:
        found = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise FileError(f"damaged JSON: {error}", zh=f"JSON 已损坏：{error}") from error
    features = _features(found)
    headings = list(dict.fromkeys(key for it in features for key in _properties(it)))
    raw = Raw("GeoJSON", encoding, headings, crs=_named_crs(found))
    for number, feature in enumerate(features, 1):
        properties = _properties(feature)
        raw.add(number, [properties.get(it) for it in headings], _geometry(raw, number, feature))
    return raw


def _features(found: Any) -> list[Any]:  # anything that JSON may be
    kind = found.get("type") if isinstance(found, dict) else None
    if kind == "Feature":
        return [found]
    if kind != "FeatureCollection" or not isinstance(found.get("features"), list):
        raise FileError(
            "JSON, but no GeoJSON feature or collection of features",
            zh="是 JSON，但不是 GeoJSON 要素或要素集",
        )
    features: list[Any] = found["features"]
    refuse_many(len(features))
    return features


def _properties(feature: Any) -> dict[str, Any]:
    found = feature.get("properties") if isinstance(feature, dict) else None
    return found if isinstance(found, dict) else {}


def _named_crs(found: dict[str, Any]) -> str | None:
    """Return the `crs` member of before RFC 7946, which files still have."""
    member = found.get("crs")
    if member is None:
        return None
    name = (member.get("properties") or {}).get("name") if isinstance(member, dict) else None
    if not isinstance(name, str):
        raise DatumError("its crs member names no CRS", zh="crs 成员未给出坐标系名称")
    return name


def _geometry(raw: Raw, number: int, feature: Any) -> BaseGeometry | None:
    try:
        given = feature["geometry"]
        return None if given is None else shape_of(given)
    except _UNREADABLE as error:
        raw.unread[number] = (f"its geometry cannot be read: {error}", f"几何无法读取：{error}")
        return None


def read_csv(text: str, encoding: str, wanted: Wanted = _ANY) -> Raw:
    """Return the rows of delimited text, below its heading.

    Raises
    ------
    FileError
        Two columns have one heading, or it is not plain which hold the place.
    """
    csv.field_size_limit(_CELL_BYTES)
    lines = text.lstrip().split("\n", _LINES_LOOKED_AT)[:_LINES_LOOKED_AT]
    delimiter = max(",;\t|", key=lambda it: max(line.count(it) for line in lines))
    rows = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    filled: list[tuple[int, list[Any]]] = []
    try:
        for number, row in enumerate(rows, 1):
            if any(it.strip() for it in row):
                filled.append((number, row))
                refuse_many(len(filled) - 1)  # without its heading
    except csv.Error as error:
        raise FileError(f"damaged CSV: {error}", zh=f"CSV 已损坏：{error}") from error
    return add_rows(Raw("CSV", encoding, []), filled, wanted)
