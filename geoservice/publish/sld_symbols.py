"""How a class of a layer is drawn in SLD: symbolizers of points, lines and polygons (pure)."""

import re
import xml.etree.ElementTree as ET
from dataclasses import dataclass
from itertools import pairwise
from typing import Any, Literal

Version = Literal["1.0", "1.1"]
Entry = dict[str, Any]
SLD, SE, OGC = (f"http://www.opengis.net/{name}" for name in ("sld", "se", "ogc"))
for _prefix, _uri in (("sld", SLD), ("se", SE), ("ogc", OGC)):
    ET.register_namespace(_prefix, _uri)
_NOT_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_WIDTHS_AT_ZOOM = 12
MARK_PX = 12
_STROKED = ("x", "cross")
_HEXAGON = (
    "wkt://POLYGON((-0.25 -0.43, 0.25 -0.43, 0.5 0, 0.25 0.43, -0.25 0.43, -0.5 0, -0.25 -0.43))"
)
# WellKnownName and rotation in degrees; our cross is an x, our plus an upright cross.
_MARKS = {"cross": ("x", 0), "plus": ("cross", 0)}
_MARKS_OF_GEOSERVER = {"diamond": ("square", 45), "hexagon": (_HEXAGON, 0)}
# QGIS reads no dots: there the plain fill and the outline remain.
_HATCHES = {
    "1.0": {
        "diagonal": [("shape://slash", 0)],
        "back": [("shape://backslash", 0)],
        "cross": [("shape://times", 0)],
        "dots": [("shape://dot", 0)],
        "horizontal": [("shape://horline", 0)],
    },
    "1.1": {
        "diagonal": [("horline", 45)],
        "back": [("horline", 135)],
        "cross": [("horline", 45), ("horline", 135)],
        "horizontal": [("horline", 0)],
    },
}


@dataclass(frozen=True)
class Pen:
    """Writes elements of one version."""

    version: Version

    def add(self, parent: ET.Element, name: str, text: object = None) -> ET.Element:
        """Append an element of the symbology's namespace."""
        space = SLD if self.version == "1.0" else SE
        return added(parent, f"{{{space}}}{name}", text)

    def titled(self, parent: ET.Element, name: str, title: str) -> None:
        """Append a name and a title, where this version wants them."""
        self.add(parent, "Name", name)
        holder = parent if self.version == "1.0" else self.add(parent, "Description")
        self.add(holder, "Title", title)

    def parameters(self, parent: ET.Element, **values: object) -> None:
        """Append parameters such as ``stroke_width``; None is left out."""
        name = "CssParameter" if self.version == "1.0" else "SvgParameter"
        for key, value in values.items():
            if value is not None:
                self.add(parent, name, value).set("name", key.replace("_", "-"))


def added(parent: ET.Element, tag: str, text: object = None) -> ET.Element:
    """Append an element, without the characters that XML cannot hold."""
    made = ET.SubElement(parent, tag)
    made.text = None if text is None else _NOT_XML.sub("\ufffd", str(text))
    return made


def _number(value: Any, otherwise: float) -> float:
    """Return a number of the style, or a linear interpolation's at the chosen zoom."""
    if value is None:
        return otherwise
    if not isinstance(value, list):
        return float(value)
    stops = list(zip(value[3::2], value[4::2], strict=True))
    zoom = min(max(_WIDTHS_AT_ZOOM, stops[0][0]), stops[-1][0])
    for (low, first), (high, last) in pairwise(stops):
        if zoom <= high:
            return float(round(first + (last - first) * (zoom - low) / (high - low), 2))
    return float(stops[-1][1])


def _colour(value: str, entry: Entry) -> str:
    return str(entry["colour"]) if value == "@colour" else value


def fill(pen: Pen, rule: ET.Element, part: dict[str, Any], entry: Entry) -> None:
    """Append a polygon's fill, plain or hatched."""
    pattern = part.get("fill-pattern")
    if pattern is None:
        inside = pen.add(pen.add(rule, "PolygonSymbolizer"), "Fill")
        colour = _colour(part["fill-color"], entry)
        pen.parameters(inside, fill=colour, fill_opacity=part.get("fill-opacity"))
        return
    if pattern == "@pattern":
        pattern = f"{entry['symbol']}:{entry['colour']}"
    symbol, _, colour = pattern.partition(":")
    for name, angle in _HATCHES[pen.version].get(symbol.removeprefix("hatch-"), []):
        inside = pen.add(pen.add(rule, "PolygonSymbolizer"), "Fill")
        graphic = pen.add(pen.add(inside, "GraphicFill"), "Graphic")
        mark = pen.add(graphic, "Mark")
        pen.add(mark, "WellKnownName", name)
        pen.parameters(pen.add(mark, "Stroke"), stroke=colour, stroke_width=1)
        pen.add(graphic, "Size", 8)
        if angle:
            pen.add(graphic, "Rotation", angle)


def line(pen: Pen, rule: ET.Element, part: dict[str, Any], entry: Entry) -> None:
    """Append a stroke; a class whose symbol is a dash has one."""
    width = _number(part.get("line-width"), 1)
    dash = [round(one * width, 2) for one in part.get("line-dasharray", ())]
    if not dash and entry["symbol"] == "line-dash" and part["line-color"] == "@colour":
        dash = [8, 5]
    pen.parameters(
        pen.add(pen.add(rule, "LineSymbolizer"), "Stroke"),
        stroke=_colour(part["line-color"], entry),
        stroke_width=width,
        stroke_linejoin=part.get("line-join"),
        # Round ends would close the gaps of a dash.
        stroke_linecap=None if dash else part.get("line-cap"),
        stroke_dasharray=" ".join(f"{one:g}" for one in dash) or None,
    )


def point(pen: Pen, rule: ET.Element, parts: list[dict[str, Any]], entry: Entry) -> None:
    """Append a mark: the class's symbol where the map has one, else a circle."""
    circle = next((one for one in parts if one["type"] == "circle"), {})
    name, angle, size = "circle", 0, 2 * _number(circle.get("circle-radius"), 5)
    if any("icon-image" in one for one in parts):
        shape, size = str(entry["symbol"]).removeprefix("marker-"), MARK_PX
        of_version = _MARKS_OF_GEOSERVER if pen.version == "1.0" else {}
        name, angle = (_MARKS | of_version).get(shape, (shape, 0))
    graphic = pen.add(pen.add(rule, "PointSymbolizer"), "Graphic")
    mark = pen.add(graphic, "Mark")
    pen.add(mark, "WellKnownName", name)
    inside = pen.add(mark, "Fill")
    pen.parameters(inside, fill=entry["colour"], fill_opacity=circle.get("circle-opacity"))
    # A cross is nothing but its stroke.
    edge = "@colour" if name in _STROKED else circle.get("circle-stroke-color", "#ffffff")
    width = 2 if name in _STROKED else circle.get("circle-stroke-width", 1)
    pen.parameters(pen.add(mark, "Stroke"), stroke=_colour(edge, entry), stroke_width=width)
    pen.add(graphic, "Size", f"{size:g}")
    if angle:
        pen.add(graphic, "Rotation", angle)
