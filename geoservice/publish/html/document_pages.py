"""Landing page, conformance, collections, one collection and its fields, to be browsed (pure)."""

from collections.abc import Sequence

from geoservice.publish.catalog import Field, LayerDef
from geoservice.publish.described import Described, Place
from geoservice.publish.documents import CONFORMANCE
from geoservice.publish.escaping import escaped
from geoservice.publish.html.frame import COLLECTIONS, OGC, address, both, page, pairs, table
from geoservice.publish.permit import Sight

_KINDS = {
    "text": ("文字", "text"), "integer": ("整数", "integer"), "number": ("数字", "number"),
    "boolean": ("是否", "true or false"), "date": ("日期", "date"), "instant": ("时刻", "instant"),
}  # fmt: skip
_JSON = {"f": "json"}


def landing(place: Place) -> str:
    """Return the landing page."""
    entries = [
        ("/ogc/collections", "图层", "Collections"),
        ("/ogc/conformance", "遵循的标准", "Conformance"),
        ("/docs", "接口说明", "API"),
        ("/openapi.json", "OpenAPI", "OpenAPI document"),
    ]
    links = "".join(f'<li><a href="{href}">{both(zh, en)}</a></li>' for href, zh, en in entries)
    said = both("危险源、救援力量、道路与分区。", "Hazards, rescue, roads and zones.")
    body = f'<p>{said}</p><ul class="list">{links}</ul>'
    title = f"{place.name or '应急指挥'}数据服务 · Data service"
    return page(title, [], body, {"JSON": address("/ogc", _JSON)})


def conformance() -> str:
    """Return the list of conformance classes."""
    classes = "".join(f"<li><code>{escaped(one)}</code></li>" for one in CONFORMANCE)
    other = {"JSON": address("/ogc/conformance", _JSON)}
    return page("遵循的标准 · Conformance", [OGC], f"<ul>{classes}</ul>", other)


def collections(layers: Sequence[Described]) -> str:
    """Return the layers that the caller may read, by groups."""
    groups: dict[str, list[Described]] = {}
    for one in reversed(layers):  # the highest drawn first, as in the layer tree
        groups.setdefault(one.sight.layer.group.id, []).append(one)
    body = ""
    for members in groups.values():
        group = members[0].sight.layer.group
        heads = [both("图层", "Collection"), both("条数", "Count"), both("说明", "Description")]
        body += f"<h2>{both(group.zh, group.en)}</h2>" + table(heads, map(_row, members))
    other = {"JSON": address("/ogc/collections", _JSON)}
    return page("图层 · Collections", [OGC], body, other)


def _row(one: Described) -> list[str]:
    layer = one.sight.layer
    name = f'<a href="/ogc/collections/{layer.id}">{both(layer.title.zh, layer.title.en)}</a>'
    return [name, f"{one.count}", both(layer.description.zh, layer.description.en)]


def collection(one: Described, place: Place) -> str:
    """Return one layer: what, how much, where, when, and where its data are."""
    layer = one.sight.layer
    here = f"/ogc/collections/{layer.id}"
    facts = [(both("条数", "Count"), f"{one.count}")]
    if one.bounds:
        west, south, east, north = (f"{bound:.5f}" for bound in one.bounds)
        facts.append((both("范围", "Extent"), f"{west}, {south} … {east}, {north}"))
    if one.first_day:
        facts.append((both("调查日期", "Surveyed"), f"{one.first_day} … {one.last_day}"))
    if one.sources:
        facts.append((both("来源", "Sources"), escaped("；".join(sorted(one.sources)))))
    facts.append((both("坐标系", "CRS"), "<br>".join(escaped(crs.uri) for crs in place.offered)))
    body = (
        f"<p>{both(layer.description.zh, layer.description.en)}</p>"
        f'<p class="actions"><a class="button primary" href="{here}/items">'
        f"{both('浏览要素', 'Browse')}</a> {_files(layer)}</p>"
        f"{pairs(facts)}<h2>{both('字段', 'Fields')}</h2>{_fields(one.sight)}"
    )
    crumbs = [OGC, COLLECTIONS]
    return page(_title(layer), crumbs, body, {"JSON": address(here, _JSON)})


def _files(layer: LayerDef) -> str:
    return " ".join(
        f'<a class="button" href="/exports/{layer.id}?format={form}">{words}</a>'
        for form, words in (("gpkg", "GeoPackage"), ("shp", "Shapefile"), ("csv", "CSV"))
    )


def fields(sight: Sight, name: str) -> str:
    """Return what a layer's features hold (``schema``) or what may be asked (``queryables``)."""
    layer = sight.layer
    here = f"/ogc/collections/{layer.id}"
    words = {"schema": "字段 · Schema", "queryables": "可筛选字段 · Queryables"}[name]
    crumbs = [OGC, COLLECTIONS, (here, _title(layer))]
    return page(words, crumbs, _fields(sight), {"JSON": address(f"{here}/{name}", _JSON)})


def _fields(sight: Sight) -> str:
    words = (("名称", "Title"), ("字段", "Name"), ("类型", "Type"), ("代码", "Codes"))
    heads = [both(zh, en) for zh, en in words]
    return table(heads, (_field(sight.layer, field) for field in sight.fields))


def _field(layer: LayerDef, field: Field) -> list[str]:
    codes = "，".join(
        f"<code>{escaped(value)}</code> {escaped(code.zh)}"
        for value, code in layer.codes.get(field.name, {}).items()
    )
    kind = both(*_KINDS[field.type])
    return [both(field.zh, field.en), f"<code>{escaped(field.name)}</code>", kind, codes]


def _title(layer: LayerDef) -> str:
    return f"{layer.title.zh} · {layer.title.en}"
