"""A page of features as a table, and one feature, to be browsed (pure)."""

from collections.abc import Mapping, Sequence
from datetime import datetime, tzinfo
from typing import Any

from geoservice.publish.catalog import Field, LayerDef
from geoservice.publish.escaping import escaped
from geoservice.publish.html.frame import (
    COLLECTIONS,
    OGC,
    Crumb,
    address,
    anchor,
    both,
    page,
    pairs,
    table,
)
from geoservice.publish.html.sketch import sketch
from geoservice.publish.permit import Sight

_FORMS = {"GeoJSON": "json", "CSV": "csv", "FlatGeobuf": "fgb"}
Feature = dict[str, Any]


def items(
    sight: Sight,
    features: Sequence[Feature],
    asked: Mapping[str, str],
    next_after: str | None,
    matched: int | None,
    zone: tzinfo,
) -> str:
    """Return a page of features, its instants by the clock of a zone.

    Parameters
    ----------
    features
        GeoJSON, in degrees with the longitude first where they are to be drawn.
    asked
        The query of this page.
    next_after
        Where the next one begins; None: there is none.
    """
    layer = sight.layer
    here = f"/ogc/collections/{layer.id}/items"
    others = {name: address(here, {**asked, "f": form}) for name, form in _FORMS.items()}
    shown = [field for field in sight.fields if not features or _has(features[0], field)]
    heads = [_head(here, asked, "id", both("标识", "Id"))]
    heads += [_head(here, asked, field.name, both(field.zh, field.en)) for field in shown]
    rows = (
        [_id(here, one), *(_cell(layer, one, field, zone) for field in shown)] for one in features
    )
    body = _count(len(features), matched) + _search(here, asked)
    body += table(heads, rows) if features else f"<p>{both('没有要素。', 'No features.')}</p>"
    body += _pager(here, asked, next_after) + _drawn(asked, features)
    return page(f"{layer.title.zh} · {layer.title.en}", _crumbs(layer), body, others)


def item(sight: Sight, feature: Feature, asked: Mapping[str, str], zone: tzinfo) -> str:
    """Return one feature with all its fields."""
    layer = sight.layer
    here = f"/ogc/collections/{layer.id}/items"
    entries = [(both("标识", "Id"), escaped(feature["id"]))]
    entries += [
        (both(field.zh, field.en), _cell(layer, feature, field, zone))
        for field in sight.fields
        if _has(feature, field)
    ]
    title = str(feature["properties"].get("name") or feature["id"])
    crumbs = [*_crumbs(layer), (here, f"{layer.title.zh} · {layer.title.en}")]
    other = {"GeoJSON": address(f"{here}/{feature['id']}", {**asked, "f": "json"})}
    return page(title, crumbs, pairs(entries) + _drawn(asked, [feature]), other)


def _crumbs(layer: LayerDef) -> list[Crumb]:
    return [OGC, COLLECTIONS, (f"/ogc/collections/{layer.id}", "图层说明 · About")]


def _has(feature: Feature, field: Field) -> bool:
    return field.name in feature["properties"]


def _head(here: str, asked: Mapping[str, str], name: str, words: str) -> str:
    """Return a column's head: it sorts by the column, and the other way when it does already."""
    now = asked.get("sortby", "")
    turned = f"-{name}" if now == name else name
    mark = {name: " ▲", f"-{name}": " ▼"}.get(now, "")
    query = {**_from_the_start(asked), "sortby": turned}
    return f'<a href="{escaped(address(here, query))}">{words}{mark}</a>'


def _from_the_start(asked: Mapping[str, str]) -> dict[str, str]:
    return {name: value for name, value in asked.items() if name != "after"}


def _id(here: str, feature: Feature) -> str:
    return anchor(f"{here}/{feature['id']}", feature["id"])


def _cell(layer: LayerDef, feature: Feature, field: Field, zone: tzinfo) -> str:
    value = feature["properties"].get(field.name)
    if value is None:
        return ""
    codes = layer.codes.get(field.name, {})
    known = value.split(", ") if field.is_list and isinstance(value, str) else [_code_of(value)]
    if codes and all(one in codes for one in known):
        return "，".join(both(codes[one].zh, codes[one].en) for one in known)
    if isinstance(value, bool):
        return both("是", "yes") if value else both("否", "no")
    if field.type == "instant":
        return escaped(_clock(str(value), zone))
    return escaped(value)


def _clock(value: str, zone: tzinfo) -> str:
    """Return an instant by the district's clock; one that is none or has no later zone as it is."""
    try:
        return f"{datetime.fromisoformat(value).astimezone(zone):%Y-%m-%d %H:%M %z}"
    except (ValueError, OverflowError):
        return value


def _code_of(value: object) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def _count(shown: int, matched: int | None) -> str:
    zh, en = f"本页 {shown} 条", f"{shown} on this page"
    if matched is not None:
        zh, en = f"{zh}，共 {matched} 条", f"{en}, {matched} in all"
    return f"<p>{both(zh, en)}</p>"


def _search(here: str, asked: Mapping[str, str]) -> str:
    kept = "".join(
        f'<input type="hidden" name="{escaped(name)}" value="{escaped(value)}">'
        for name, value in _from_the_start(asked).items()
        if name != "filter"
    )
    return (
        f'<form class="search" action="{here}">{kept}<label for="filter">{both("筛选", "Filter")}'
        f' <small>CQL2</small></label><input id="filter" name="filter" '
        f'value="{escaped(asked.get("filter", "true"))}">'
        f"<button>{both('查询', 'Apply')}</button> "
        f"{anchor(here.removesuffix('/items') + '/queryables', '可筛选字段 · queryables')}</form>"
    )


def _pager(here: str, asked: Mapping[str, str], next_after: str | None) -> str:
    links = ""
    if "after" in asked:
        first = escaped(address(here, _from_the_start(asked)))
        links += f'<a class="button" rel="first" href="{first}">{both("首页", "First page")}</a> '
    if next_after is not None:
        following = escaped(address(here, {**asked, "after": next_after}))
        links += f'<a class="button" rel="next" href="{following}">{both("下一页", "Next")}</a>'
    return f'<p class="actions">{links}</p>' if links else ""


def _drawn(asked: Mapping[str, str], features: Sequence[Feature]) -> str:
    if "crs" in asked:  # its axes may be the other way round
        return ""
    return sketch(feature.get("geometry") for feature in features)
