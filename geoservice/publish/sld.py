"""`LayerDef` -> SLD, from the same legend and style as the map (pure).

SLD 1.1 (Symbology Encoding) is in QGIS's dialect, SLD 1.0 in GeoServer's. They part where neither
knows the other's names: hatches, a diamond, a hexagon, and how a filter asks for the kind of a
shape. A width that grows with the zoom is the one at zoom 12; a label is its first field.
"""

import xml.etree.ElementTree as ET
from typing import Any

from geoservice.publish.catalog import LayerDef
from geoservice.publish.sld_symbols import (
    MARK_PX,
    OGC,
    SLD,
    Entry,
    Pen,
    Version,
    added,
    fill,
    line,
    point,
)
from geoservice.publish.styles import legend_of

_SCALE_OF_ZOOM_0 = 559082264.0287178  # WebMercatorQuad, OGC 17-083r4 annex D.1
_KINDS = {"point": ["Point"], "line": ["LineString"], "polygon": ["Polygon"],
          "mixed": ["Polygon", "LineString", "Point"]}  # fmt: skip


def sld_of(layer: LayerDef, version: Version) -> bytes:
    """Return the layer's style as an SLD document in UTF-8.

    One rule a class (a class and kind of shape where kinds are mixed), then the labels.
    """
    pen = Pen(version)
    root = ET.Element(f"{{{SLD}}}StyledLayerDescriptor", {"version": f"{version}.0"})
    named = added(root, f"{{{SLD}}}NamedLayer")
    pen.add(named, "Name", layer.id)
    style = added(named, f"{{{SLD}}}UserStyle")
    pen.titled(style, layer.id, _title(layer.title.zh, layer.title.en))
    drawn = pen.add(style, "FeatureTypeStyle")
    for minzoom in sorted({keys.get("minzoom", 0) for keys in _drawing(layer)}):
        for entry in legend_of(layer)["entries"] + _unnamed_rest(layer):
            for kind in _KINDS[layer.geometry]:
                _rule(pen, drawn, layer, entry, (kind, minzoom))
    _labels(pen, style, layer)
    made: bytes = ET.tostring(root, encoding="utf-8", xml_declaration=True)
    return made


def _title(zh: str, en: str) -> str:
    return f"{zh} · {en}"


def _drawing(layer: LayerDef) -> list[dict[str, Any]]:
    """Return the style's parts that are no label, each with its type."""
    parts = [{"type": name, **keys} for name, keys in layer.style.items()]
    return [keys for keys in parts if "text-field" not in keys]


def _unnamed_rest(layer: LayerDef) -> list[Entry]:
    """Return the look of what is in no class, where the legend has no words for it."""
    legend = layer.legend
    if legend.field is None or legend.other is not None:
        return []
    rest = {"value": None, "zh": "其他", "en": "Other"}
    return [{**rest, "colour": legend.colour, "symbol": legend.symbol}]


def _rule(
    pen: Pen, parent: ET.Element, layer: LayerDef, entry: Entry, where: tuple[str, float]
) -> None:
    kind, minzoom = where
    parts = [
        one
        for one in _drawing(layer)
        if one.get("minzoom", 0) == minzoom and _draws(one, layer, kind, entry)
    ]
    if not parts:
        return
    rule = pen.add(parent, "Rule")
    pen.titled(rule, entry["value"] or "other", _title(entry["zh"], entry["en"]))
    _filter(pen, rule, layer, entry["value"], kind)
    _scale(pen, rule, minzoom)
    if kind == "Point":
        point(pen, rule, parts, entry)
        return
    for part in parts:
        if part["type"] == "fill":
            fill(pen, rule, part, entry)
        else:
            line(pen, rule, part, entry)


def _draws(part: dict[str, Any], layer: LayerDef, kind: str, entry: Entry) -> bool:
    takes = {"fill": ("Polygon",), "line": ("Polygon", "LineString")}.get(part["type"], ("Point",))
    if kind not in takes:
        return False
    if "filter" not in part:
        return True
    operator, got, wanted = part["filter"]
    have = {"geometry-type": kind, layer.legend.field: entry["value"]}.get(got[-1])
    return bool((have == wanted) is (operator == "=="))


def _scale(pen: Pen, rule: ET.Element, minzoom: float) -> None:
    if minzoom:
        pen.add(rule, "MaxScaleDenominator", round(_SCALE_OF_ZOOM_0 / 2**minzoom))


def _filter(pen: Pen, rule: ET.Element, layer: LayerDef, value: str | None, kind: str) -> None:
    field, is_mixed = layer.legend.field, layer.geometry == "mixed"
    if value is None and field is not None and pen.version == "1.0" and not is_mixed:
        pen.add(rule, "ElseFilter")
        return
    if field is None and not is_mixed:
        return
    inside = added(rule, f"{{{OGC}}}Filter")
    if field and is_mixed:
        inside = added(inside, f"{{{OGC}}}And")
    if is_mixed:
        _of_kind(pen, inside, kind)
    if field and value is not None:
        _equals(inside, field, value)
    elif field:
        _rest(inside, field, list(layer.codes[field]))


def _equals(parent: ET.Element, field: str, value: str) -> None:
    made = added(parent, f"{{{OGC}}}PropertyIsEqualTo")
    added(made, f"{{{OGC}}}PropertyName", field)
    added(made, f"{{{OGC}}}Literal", value)


def _rest(parent: ET.Element, field: str, values: list[str]) -> None:
    """Ask for what has no class: QGIS 3.22 takes an ElseFilter for no filter at all."""
    either = added(parent, f"{{{OGC}}}Or")
    added(added(either, f"{{{OGC}}}PropertyIsNull"), f"{{{OGC}}}PropertyName", field)
    no = added(either, f"{{{OGC}}}Not")
    any_of = added(no, f"{{{OGC}}}Or") if len(values) > 1 else no
    for value in values:
        _equals(any_of, field, value)


def _of_kind(pen: Pen, parent: ET.Element, kind: str) -> None:
    made = added(parent, f"{{{OGC}}}PropertyIsEqualTo")
    call = added(made, f"{{{OGC}}}Function")
    if pen.version == "1.0":
        call.set("name", "dimension")
        added(call, f"{{{OGC}}}PropertyName", "geom")
        wanted = str(["Point", "LineString", "Polygon"].index(kind))
    else:
        call.set("name", "geometry_type")
        added(call, f"{{{OGC}}}Function").set("name", "$geometry")
        wanted = kind.removesuffix("String")
    added(made, f"{{{OGC}}}Literal", wanted)


def _labels(pen: Pen, style: ET.Element, layer: LayerDef) -> None:
    for keys in layer.style.values():
        if "text-field" in keys:
            rule = pen.add(pen.add(style, "FeatureTypeStyle"), "Rule")
            pen.titled(rule, "label", _title("标注", "Label"))
            _scale(pen, rule, keys.get("minzoom", 0))
            _text(pen, pen.add(rule, "TextSymbolizer"), keys, layer.geometry)


def _text(pen: Pen, text: ET.Element, keys: dict[str, Any], geometry: str) -> None:
    added(pen.add(text, "Label"), f"{{{OGC}}}PropertyName", _first_got(keys["text-field"]))
    size = keys.get("text-size", 12)
    pen.parameters(pen.add(text, "Font"), font_family="Noto Sans CJK SC", font_size=size)
    placement = pen.add(text, "LabelPlacement")
    if keys.get("symbol-placement") == "line":
        pen.add(placement, "LinePlacement")
    else:
        _beside(pen, pen.add(placement, "PointPlacement"), under=geometry == "point")
    halo = pen.add(text, "Halo")
    pen.add(halo, "Radius", keys.get("text-halo-width", 1))
    pen.parameters(pen.add(halo, "Fill"), fill=keys.get("text-halo-color", "#ffffff"))
    pen.parameters(pen.add(text, "Fill"), fill=keys.get("text-color", "#222222"))


def _beside(pen: Pen, place: ET.Element, *, under: bool) -> None:
    if pen.version == "1.0":
        anchor = pen.add(place, "AnchorPoint")
        pen.add(anchor, "AnchorPointX", 0.5)
        pen.add(anchor, "AnchorPointY", 1 if under else 0.5)
    if under:
        # QGIS forgets the displacement where there is an anchor (3.22), moves the middle, and reads
        # and writes y downwards, where the standard (SE 1.1, 11.3.2) and GeoServer have it upwards.
        moved = pen.add(place, "Displacement")
        pen.add(moved, "DisplacementX", 0)
        pen.add(moved, "DisplacementY", -MARK_PX / 2 if pen.version == "1.0" else 16)


def _first_got(expression: list[Any]) -> str:
    if expression[0] == "get":
        return str(expression[1])
    return next(_first_got(one) for one in expression[1:] if isinstance(one, list))
