"""KML and KMZ: placemarks with their data; nothing that a file links to is fetched."""

import io
import re
from collections.abc import Iterator
from pathlib import Path, PurePosixPath
from typing import Any
from xml.etree.ElementTree import Element, ParseError

import shapely
from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import iterparse
from shapely.geometry.base import BaseGeometry

from geoservice.errors import FileError
from geoservice.registry.readers.archives import inflate, one_of, opened
from geoservice.registry.readers.encodings import decode
from geoservice.registry.readers.raw import Raw, refuse_many

_DECLARATION = re.compile(r"^\s*<\?xml[^>]*\?>")
_WRONG = (ValueError, TypeError, IndexError, shapely.GEOSException)


def read_kml(text: str, encoding: str) -> Raw:
    """Return the placemarks of KML text, which is WGS 84 by its standard.

    Raises
    ------
    FileError
        It is damaged, other XML than KML, or has a DTD or entities.
    """
    rows: list[tuple[dict[str, str], BaseGeometry | None, str]] = []
    # The text is decoded already, whatever its declaration says; the parser knows few encodings.
    source = io.BytesIO(_DECLARATION.sub("", text).encode("utf-8"))
    try:
        for placemark, folder in _placemarks(source):
            shape, why = _shape_of(placemark)
            rows.append((_data(placemark) | ({"folder": folder} if folder else {}), shape, why))
            refuse_many(len(rows))
    except DefusedXmlException as error:
        raise FileError(
            "KML with a DTD or entities, which could read other files: refused",
            zh="KML 含 DTD 或实体（可能读取其他文件），拒绝读取",
        ) from error
    except (ParseError, RecursionError) as error:
        raise FileError(f"damaged XML: {error}", zh=f"XML 已损坏：{error}") from error
    headings = list(dict.fromkeys(name for data, _, _ in rows for name in data))
    raw = Raw("KML", encoding, headings, crs="EPSG:4326")
    for number, (data, shape, why) in enumerate(rows, 1):
        if why:
            raw.unread[number] = (f"its shape cannot be read: {why}", f"几何无法读取：{why}")
        raw.add(number, [data.get(name) for name in headings], shape)
    return raw


def read_kmz(path: Path, layer: str) -> Raw:
    """Return the placemarks of the KML file in a KMZ.

    Raises
    ------
    FileError, UnknownNameError
        As of `read_kml`; or it holds several KML files and ``layer`` is none of them.
    """
    with opened(path) as archive:
        entries = {
            PurePosixPath(it.filename).stem: it
            for it in archive.infolist()
            if it.filename.lower().endswith(".kml")
        }
        # doc.kml is the one that a viewer opens (KML 2.3, section 17).
        name = "doc" if "doc" in entries and not layer else one_of(list(entries), layer)
        target = path.parent / "doc.kml"
        inflate(archive, entries[name], target, 0)
    return read_kml(*decode(target.read_bytes()))


def _placemarks(source: io.BytesIO) -> Iterator[tuple[Element, str]]:
    """Give each placemark with the name of its folder, and let go of it."""
    depth, folders = 0, [""]
    for event, element in iterparse(source, events=("start", "end"), forbid_dtd=True):
        name = _local(element)
        if event == "start":
            _refuse_other_xml(name, depth)
            depth += 1
            if name == "Folder":
                folders.append("")
            continue
        depth -= 1
        if name == "name" and len(folders) > 1 and not folders[-1]:
            folders[-1] = (element.text or "").strip()
        elif name == "Folder":
            folders.pop()
        elif name == "Placemark":
            yield element, folders[-1]
            element.clear()


def _refuse_other_xml(name: str, depth: int) -> None:
    if depth == 0 and name != "kml":
        raise FileError(
            f"XML of the kind {name[:40]!r} is not read, only KML",
            zh=f"不读取此类 XML（{name[:40]}），只读取 KML",
        )


def _data(placemark: Element) -> dict[str, str]:
    data = {}
    for it in placemark.iter():
        name, text = _local(it), (it.text or "").strip()
        if name in {"name", "description"} and text and name not in data:
            data[name] = text
        elif name == "SimpleData":
            data[it.get("name", "")] = text
        elif name == "Data":
            value = next((child for child in it if _local(child) == "value"), None)
            data[it.get("name", "")] = ((value.text if value is not None else "") or "").strip()
    return data


def _shape_of(placemark: Element) -> tuple[BaseGeometry | None, str]:
    for child in placemark:
        if _local(child) in _SHAPES or _local(child) == "MultiGeometry":
            try:
                return _shape(child), ""
            except _WRONG as error:
                return None, str(error) or "no coordinates"
    return None, ""


def _shape(element: Element) -> BaseGeometry:
    name = _local(element)
    if name == "MultiGeometry":
        parts = [_shape(it) for it in element if _local(it) in _SHAPES]
        kinds = {it.geom_type for it in parts}
        if len(kinds) == 1 and (kind := kinds.pop()) in _MULTI:
            return _MULTI[kind](parts)  # type: ignore[call-arg]  # each takes its parts
        return shapely.GeometryCollection(parts)
    if name == "Polygon":
        rings: dict[str, list[Any]] = {"outerBoundaryIs": [], "innerBoundaryIs": []}
        for side in element:
            if _local(side) in rings:
                rings[_local(side)] += [_coordinates(ring) for ring in side]
        return shapely.Polygon(rings["outerBoundaryIs"][0], rings["innerBoundaryIs"])
    points = _coordinates(element)
    return shapely.Point(points[0]) if name == "Point" else shapely.LineString(points)


def _coordinates(element: Element) -> list[tuple[float, float]]:
    text = next((it.text or "" for it in element.iter() if _local(it) == "coordinates"), "")
    tuples = [it.split(",") for it in re.sub(r"\s*,\s*", ",", text).split()]
    return [(float(it[0]), float(it[1])) for it in tuples]


def _local(element: Element) -> str:
    return element.tag.rpartition("}")[2] if isinstance(element.tag, str) else ""


_SHAPES = {"Point", "LineString", "LinearRing", "Polygon"}
_MULTI: dict[str, type[BaseGeometry]] = {
    "Point": shapely.MultiPoint,
    "LineString": shapely.MultiLineString,
    "Polygon": shapely.MultiPolygon,
}
