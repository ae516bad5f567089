"""GeoJSON and CSV; runs in the reader process."""

import csv
import io
import json
import re
from collections import Counter
from typing import Any

import shapely
from shapely.geometry import shape as shape_of
from shapely.geometry.base import BaseGeometry

from geoservice.errors import DatumError, FileError
from geoservice.registry.fields import plain
from geoservice.registry.readers.encodings import decode
from geoservice.registry.readers.raw import Raw, refuse_many

_LON = {"lon", "lng", "long", "longitude", "x", "经度", "东经"}
_LAT = {"lat", "latitude", "y", "纬度", "北纬"}
_WKT = {"wkt", "geom", "geometry", "thegeom", "几何"}
_DEGREES = re.compile(r"[+-]?\d+(?:[.,]\d+)?(?:e[+-]?\d{1,3})?", re.IGNORECASE)
_UNREADABLE = (ValueError, TypeError, KeyError, IndexError, AttributeError, shapely.GEOSException)
_CELL_BYTES = 20_000_000


def read_text(data: bytes, encoding: str | None = None) -> Raw:
    """Return the rows of a file that is text: GeoJSON or delimited.

    Raises
    ------
    FileError
        It is neither, or not in the encoding said.
    """
    text, found = decode(data, encoding)
    first = text.lstrip()[:1]
    if first == "<":
        raise FileError(
            "XML (KML, GML, VRT, ...) is not read", zh="不读取 XML（KML、GML、VRT 等）文件"
        )
    return read_geojson(text, found) if first in {"{", "["} else read_csv(text, found)


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


def read_csv(text: str, encoding: str) -> Raw:
    """Return the rows of delimited text; its first row is the heading.

    Raises
    ------
    FileError
        Two columns have one heading, or it is not plain which hold the place.
    """
    csv.field_size_limit(_CELL_BYTES)
    line = text.lstrip().partition("\n")[0]
    delimiter = max(",;\t|", key=line.count)
    try:
        rows = list(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True))
    except csv.Error as error:
        raise FileError(f"damaged CSV: {error}", zh=f"CSV 已损坏：{error}") from error
    filled = [(n, row) for n, row in enumerate(rows, 1) if any(cell.strip() for cell in row)]
    if not filled:
        return Raw("CSV", encoding, [])
    headings = _headings(filled[0][1])
    place = _place_columns(headings)
    raw = Raw("CSV", encoding, [h for h in headings if h not in place], has_shapes=bool(place))
    for number, row in filled[1:]:
        _add_row(raw, number, headings, row, place)
    return raw


def _headings(row: list[str]) -> list[str]:
    names = [cell.strip() or f"(column {n})" for n, cell in enumerate(row, 1)]
    repeated = [name for name, times in Counter(names).items() if times > 1]
    if repeated:
        raise FileError(
            f"the heading has {repeated[0]!r} more than once", zh=f"表头中“{repeated[0]}”重复"
        )
    return names


def _place_columns(headings: list[str]) -> list[str]:
    """Return the columns that hold the place: longitude and latitude, or one of WKT."""
    lon, lat, wkt = ([h for h in headings if plain(h) in names] for names in (_LON, _LAT, _WKT))
    if len(lon) > 1 or len(lat) > 1 or len(wkt) > 1 or len(lon) != len(lat) or (lon and wkt):
        raise FileError(
            f"which columns hold the place? There are {', '.join(lon + lat + wkt)}; needed are one "
            "of longitude and one of latitude, or one of WKT",
            zh=f"无法确定坐标列：现有 {'、'.join(lon + lat + wkt)}；"
            "须为一列经度加一列纬度，或一列 WKT",
        )
    return lon + lat + wkt


def _add_row(raw: Raw, number: int, headings: list[str], row: list[str], place: list[str]) -> None:
    if len(row) != len(headings) and any(cell.strip() for cell in row[len(headings) :]):
        raw.unread[number] = (
            f"the row has {len(row)} cells, the heading {len(headings)}",
            f"该行有 {len(row)} 格，表头有 {len(headings)} 格",
        )
    cells = dict(zip(headings, row + [""] * len(headings), strict=False))
    shape = _placed(raw, number, [cells.pop(name).strip() for name in place])
    raw.add(number, list(cells.values()), shape)


def _placed(raw: Raw, number: int, place: list[str]) -> BaseGeometry | None:
    if not any(place):
        return None
    if len(place) == 1:
        try:
            return shapely.from_wkt(place[0])
        except _UNREADABLE as error:
            raw.unread[number] = (f"its WKT cannot be read: {error}", f"WKT 无法读取：{error}")
            return None
    if not all(_DEGREES.fullmatch(text) for text in place):
        raw.unread[number] = (
            f"{' '.join(place)!r} is no longitude and latitude in decimal degrees",
            f"“{' '.join(place)}”不是十进制经纬度",
        )
        return None
    return shapely.Point(*(float(text.replace(",", ".")) for text in place))
