"""Rows of a layer -> what folium draws in the one-file map: shapes, classes, texts (pure)."""

from collections.abc import Hashable, Mapping
from dataclasses import dataclass
from datetime import datetime, tzinfo
from typing import Any

import folium
import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from folium.utilities import JsCode
from numpy.typing import NDArray

from geoservice.publish.catalog import Field, LayerDef
from geoservice.publish.escaping import escaped
from geoservice.publish.permit import Sight
from geoservice.publish.report_symbols import looks_of, path_options

MOST_FEATURES = 3000
_MOST_LABELS = 200
# More than this are drawn with thin lines.
_MANY = 500
# folium's own tooltip writes on one feature only; the text is escaped before. Far out the texts
# would cover one another, so they wait for the zoom that the layer's style gives them.
_WRITE_LABEL = """
(feature, layer) => {
  layer.bindTooltip(feature.properties.l,
    {permanent: true, direction: "center", className: "map-label"});
  layer.on("add", () => {
    const map = layer._map;
    const fit = () => map.getZoom() < %d ? layer.closeTooltip() : layer.openTooltip();
    map.on("zoomend", fit);
    map.whenReady(fit);
  });
}
"""
# Marks the class of a row that is drawn by its outline only.
_OUTLINED = "o"
# In the popup of a feature only what tells it apart; the file is not an export.
_UNTOLD = ("is_demo", "town_code")
# About a metre: a tenth of a millimetre on a printed sheet of the whole district.
_TOLERANCE_DEG, _DIGITS = 0.00001, 6


@dataclass(frozen=True)
class DrawnLayer:
    """A layer on the map: the rows that are drawn, and how many there were of each sort.

    ``levels`` are the secrecy levels of the drawn rows; instants are told in ``zone``.
    """

    layer: LayerDef
    fields: tuple[Field, ...]
    rows: gpd.GeoDataFrame
    total: int
    placeless: int
    levels: frozenset[str]
    zone: tzinfo

    @property
    def left_out(self) -> int:
        """How many have a place and are not drawn."""
        return self.total - self.placeless - len(self.rows)

    @property
    def layer_has_demo(self) -> bool:
        """Whether any row is of the demonstration district."""
        return bool(len(self.rows)) and bool(self.rows["is_demo"].any())

    def has_class(self, value: str | None) -> bool:
        """Return whether a row of this class of the legend is drawn; None: of no class."""
        field = self.layer.legend.field
        if field is None:
            return bool(len(self.rows))
        known = self.layer.codes[field]
        there = {_code(one) for one in self.rows[field]}
        return value in there if value is not None else bool(there - known.keys())


def drawn_layer(sight: Sight, frame: gpd.GeoDataFrame, zone: tzinfo) -> DrawnLayer:
    """Return what is drawn of a layer: rows with a place, the first classes of the legend first.

    Parameters
    ----------
    frame
        The rows the caller sees, with `secrecy`.
    zone
        In which instants are told.
    """
    layer = sight.layer
    placed = frame[frame.geometry.notna()]
    rows = placed.head(MOST_FEATURES)
    if len(placed) > MOST_FEATURES and layer.legend.field is not None:
        field = layer.legend.field
        ranks = {value: rank for rank, value in enumerate(layer.codes[field])}
        rank = placed[field].map(_code).map(ranks).fillna(len(ranks))
        rows = placed.loc[rank.sort_values(kind="stable").index[:MOST_FEATURES]].sort_index()
    levels = frozenset(str(level) for level in rows["secrecy"])
    placeless = len(frame) - len(placed)
    return DrawnLayer(layer, sight.fields, rows, len(frame), placeless, levels, zone)


@dataclass(frozen=True)
class _Label:
    """The field written on areas, and from which zoom of Leaflet on."""

    field: str
    least_zoom: int


def feature_group(one: DrawnLayer) -> folium.FeatureGroup:
    """Return the layer as a group that can be switched on and off."""
    group = folium.FeatureGroup(name=escaped(one.layer.title.zh), show=one.layer.visible)
    if one.rows.empty:
        return group
    looks = looks_of(one.layer)
    keys = {str(number): value for number, value in enumerate(looks)}
    heavy = len(one.rows) <= _MANY
    label = _label_of(one.layer) if len(one.rows) <= _MOST_LABELS else None

    def style(feature: dict[str, Any]) -> dict[str, Any]:
        look = looks[keys[feature["properties"]["k"].removesuffix(_OUTLINED)]]
        options = path_options(look, feature["geometry"]["type"], 3 if heavy else 1)
        if feature["properties"]["k"].endswith(_OUTLINED):
            options |= {"fill": False, "dashArray": "2 5"}
        return options

    features = folium.GeoJson(
        _collection(one, {value: key for key, value in keys.items()}, label),
        name=escaped(one.layer.id),
        style_function=style,
        on_each_feature=JsCode(_WRITE_LABEL % label.least_zoom) if label else None,
        marker=folium.Marker(icon=folium.DivIcon(icon_size=(20, 20), icon_anchor=(10, 10))),
        popup=folium.GeoJsonPopup(fields=["p"], labels=False, max_width=360),
        smooth_factor=0,
    )
    features.add_to(group)
    return group


def _collection(
    one: DrawnLayer, keys: dict[str | None, str], label: _Label | None
) -> dict[str, Any]:
    """Return GeoJSON of the drawn rows: `p` their popup, `k` their class, `l` their label."""
    features = []
    records = one.rows.to_dict("records")
    for number, (row, shape) in enumerate(zip(records, _light(one.rows.geometry), strict=True)):
        value = _code(row.get(one.layer.legend.field or ""))
        key = keys.get(value, keys[None]) + ("" if _is_filled(one.layer, row) else _OUTLINED)
        text = {"p": _popup(one, row), "k": key}
        if label:
            text["l"] = escaped(row[label.field] or "")
        features.append(
            {
                "type": "Feature",
                "id": str(number),
                "properties": text,
                "geometry": shapely.geometry.mapping(shape),
            }
        )
    return {"type": "FeatureCollection", "features": features}


def _is_filled(layer: LayerDef, row: Mapping[Hashable, Any]) -> bool:
    """Return whether the style fills this row: a draft must not pass for what is in force."""
    wanted = layer.style.get("fill", {}).get("filter")
    if not wanted or wanted[1][0] != "get":
        return True
    equal = bool(row[wanted[1][1]] == wanted[2])
    return equal if wanted[0] == "==" else not equal


def _light(shapes: gpd.GeoSeries) -> NDArray[Any]:
    """Simplify to about a metre and round, so that the page stays small."""
    simple = shapely.simplify(np.asarray(shapes), _TOLERANCE_DEG, preserve_topology=True)
    return np.asarray(shapely.transform(simple, lambda xy: np.round(xy, _DIGITS)))


def _code(value: object) -> str | None:
    """Return a value as the codes of a layer file spell it."""
    if value is None or value is pd.NA:
        return None
    return str(value).lower() if isinstance(value, bool | np.bool_) else str(value)


def _label_of(layer: LayerDef) -> _Label | None:
    """Return what is written on areas; on points and lines texts would cover one another."""
    if layer.geometry != "polygon":
        return None
    for keys in layer.style.values():
        text = keys.get("text-field")
        if isinstance(text, list) and text[0] == "get":
            # MapLibre counts zooms by tiles of 512 pixels, Leaflet by 256.
            return _Label(str(text[1]), int(keys.get("minzoom", 0)) + 1)
    return None


def _popup(one: DrawnLayer, row: Mapping[Hashable, Any]) -> str:
    """Name and value of each field that has one, the values of codes in words."""
    lines = []
    for field in one.fields:
        value = row[field.name]
        if field.name in _UNTOLD or pd.isna(value) or value in ("", False):
            continue
        codes = one.layer.codes.get(field.name, {})
        code = codes.get(_code(value) or "")
        said = code.zh if code else _said(value, one.zone)
        lines.append(f"<b>{escaped(field.zh)}</b> {escaped(said)}")
    return "<br>".join(lines)


def _said(value: object, zone: tzinfo) -> object:
    if isinstance(value, pd.Timestamp):
        value = value.to_pydatetime(warn=False)  # pandas writes no year 10000, nor refuses it
    if isinstance(value, datetime):
        return _there(value, zone).isoformat(sep=" ", timespec="minutes")
    return "是" if value is True else value


def _there(at: datetime, zone: tzinfo) -> datetime:
    """Return the instant in the zone; the last hours of the year 9999 have no later zone."""
    try:
        return at.astimezone(zone)
    except OverflowError:
        return at
