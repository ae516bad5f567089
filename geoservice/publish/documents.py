"""The documents of OGC API: landing page, collections, styles (pure)."""

from collections.abc import Iterable, Sequence
from typing import Any

from geoservice.publish.catalog import Field, LayerDef
from geoservice.publish.coordinates import CRS84, STORED
from geoservice.publish.described import Described, Place
from geoservice.publish.drawing import words
from geoservice.publish.styles import legend_of

JSON, GEOJSON, HTML = "application/json", "application/geo+json", "text/html"
MVT, STYLE = "application/vnd.mapbox-vector-tile", "application/vnd.mapbox.style+json"
SLD_1_0, SLD_1_1 = (f"application/vnd.ogc.sld+xml;version={one}" for one in ("1.0", "1.1"))
SCHEMA = "application/schema+json"
OPENAPI = "application/vnd.oai.openapi+json;version=3.1"
OPENAPI_3_0 = "application/vnd.oai.openapi+json;version=3.0"
REL = "http://www.opengis.net/def/rel/ogc/1.0/"
_GREGORIAN = "http://www.opengis.net/def/uom/ISO-8601/0/Gregorian"
_PART_1, _PART_2, _PART_3 = (f"ogcapi-features-{part}" for part in (1, 2, 3))
_SPEC = "http://www.opengis.net/spec"
_CQL2 = (
    "cql2-text", "cql2-json", "basic-cql2", "advanced-comparison-operators",
    "case-insensitive-comparison", "accent-insensitive-comparison", "basic-spatial-functions",
    "basic-spatial-functions-plus", "spatial-functions", "temporal-functions",
    "property-property", "arithmetic",
)  # fmt: skip
_PART_4 = f"{_SPEC}/ogcapi-features-4/1.0/conf"
CONFORMANCE = [
    f"{_PART_4}/create-replace-delete",
    f"{_PART_4}/update",
    f"{_PART_4}/features",
    f"{_PART_4}/optimistic-locking",
    f"{_SPEC}/ogcapi-common-1/1.0/conf/core",
    f"{_SPEC}/ogcapi-common-2/1.0/conf/collections",
    f"{_SPEC}/{_PART_1}/1.0/conf/core",
    f"{_SPEC}/{_PART_1}/1.0/conf/geojson",
    f"{_SPEC}/{_PART_1}/1.0/conf/html",
    f"{_SPEC}/{_PART_1}/1.1/conf/oas31",
    f"{_SPEC}/{_PART_2}/1.0/conf/crs",
    *(
        f"{_SPEC}/{_PART_3}/1.0/conf/{name}"
        for name in ("queryables", "queryables-query-parameters", "filter", "features-filter")
    ),
    *(f"{_SPEC}/cql2/1.0/conf/{name}" for name in _CQL2),
    f"{_SPEC}/ogcapi-tiles-1/1.0/conf/core",
    f"{_SPEC}/ogcapi-tiles-1/1.0/conf/tileset",
    f"{_SPEC}/ogcapi-tiles-1/1.0/conf/tilesets-list",
    f"{_SPEC}/ogcapi-tiles-1/1.0/conf/geodata-tilesets",
    f"{_SPEC}/ogcapi-tiles-1/1.0/conf/mvt",
    f"{_SPEC}/ogcapi-styles-1/1.0/conf/core",
]
Json = dict[str, Any]


def link(href: str, rel: str, kind: str, title: str | None = None) -> Json:
    """Return one link, with the media type that answers there."""
    made = {"href": href, "rel": rel, "type": kind}
    return {**made, "title": title} if title else made


def landing(base: str, place: Place) -> Json:
    """Return the landing page; ``base`` is the service's address without a trailing slash."""
    ogc = f"{base}/ogc"
    return {
        "title": f"{place.name or '应急指挥'}地图服务",
        "description": "危险源、救援力量、道路与分区 · hazards, rescue, roads and zones",
        "links": [
            link(ogc, "self", JSON),
            link(f"{ogc}?f=html", "alternate", HTML),
            link(f"{base}/openapi.json", "service-desc", OPENAPI),
            link(f"{base}/openapi-3.0.json", "service-desc", OPENAPI_3_0),
            link(f"{base}/docs", "service-doc", "text/html"),
            link(f"{ogc}/conformance", "conformance", JSON),
            link(f"{ogc}/conformance", f"{REL}conformance", JSON),
            link(f"{ogc}/collections", "data", JSON),
            link(f"{ogc}/collections", f"{REL}data", JSON),
            link(f"{ogc}/tileMatrixSets", f"{REL}tiling-schemes", JSON),
            link(f"{ogc}/styles", f"{REL}styles", JSON),
        ],
    }


def collections(base: str, layers: Iterable[Described], place: Place) -> Json:
    """Return the list of the collections that the caller may read."""
    here = f"{base}/ogc/collections"
    return {
        "links": [link(here, "self", JSON), link(f"{here}?f=html", "alternate", HTML)],
        "collections": [collection(base, one, place) for one in layers],
    }


def collection(base: str, one: Described, place: Place) -> Json:
    """Return one collection, with what our own page needs under ``geoservice``."""
    layer = one.sight.layer
    return {
        "id": layer.id,
        "title": layer.title.zh,
        "description": _description(layer),
        "itemType": "feature",
        **({"attribution": "；".join(sorted(one.sources))} if one.sources else {}),
        **_extent(one),
        "crs": [crs.uri for crs in place.offered],
        "storageCrs": STORED.uri,
        "geoservice": _for_the_page(one),
        "links": _collection_links(base, layer),
    }


def _description(layer: LayerDef) -> str:
    parts = [layer.description.zh, layer.description.en]
    if layer.is_drawn:
        said = words(layer)
        parts += [said.zh, said.en]
    return " ".join(parts)


def _extent(one: Described) -> Json:
    """Leave out what there is nothing of: the standard has no empty extent."""
    extent: Json = {}
    if one.bounds:
        extent["spatial"] = {"bbox": [list(one.bounds)], "crs": CRS84.uri}
    if one.first_day and one.last_day:
        span = [f"{one.first_day}T00:00:00Z", f"{one.last_day}T00:00:00Z"]
        extent["temporal"] = {"interval": [span], "trs": _GREGORIAN}
    return {"extent": extent} if extent else {}


def _for_the_page(one: Described) -> Json:
    layer = one.sight.layer
    return {
        "title": layer.title.model_dump(),
        "group": layer.group.model_dump(),
        "geometry": layer.geometry,
        "order": layer.order,
        "visible": layer.visible,
        "count": one.count,
        "fields": [_field(layer, field) for field in one.sight.fields],
        "title_field": "name",
        "legend": legend_of(layer),
    }


def _field(layer: LayerDef, field: Field) -> Json:
    codes = layer.codes.get(field.name, {})
    labels = {value: {"zh": code.zh, "en": code.en} for value, code in codes.items()}
    return {
        "name": field.name, "zh": field.zh, "en": field.en, "type": field.type,
        "is_list": field.is_list, "codes": labels,
    }  # fmt: skip


def _collection_links(base: str, layer: LayerDef) -> list[Json]:
    here = f"{base}/ogc/collections/{layer.id}"
    return [
        link(here, "self", JSON),
        link(f"{here}?f=html", "alternate", HTML),
        link(f"{here}/items", "items", GEOJSON, layer.title.zh),
        link(f"{here}/items?f=html", "items", HTML, layer.title.zh),
        link(f"{here}/schema", f"{REL}schema", SCHEMA),
        link(f"{here}/queryables", f"{REL}queryables", SCHEMA),
        *(_drawing_links(base, layer) if layer.is_drawn else []),
        *(
            link(f"{base}/exports/{layer.id}?format={form}", "enclosure", kind, form)
            for form, kind in (("gpkg", "application/geopackage+sqlite3"), ("geojson", GEOJSON))
        ),
    ]


def _drawing_links(base: str, layer: LayerDef) -> list[Json]:
    tiles = f"{base}/ogc/collections/{layer.id}/tiles"
    return [
        link(tiles, f"{REL}tilesets-vector", JSON),
        *_stylesheets(f"{base}/ogc/styles/{layer.id}"),
    ]


def _stylesheets(here: str) -> list[Json]:
    return [
        link(here, "stylesheet", STYLE),
        link(f"{here}?f=sld11", "stylesheet", SLD_1_1, "SLD 1.1 (QGIS)"),
        link(f"{here}?f=sld10", "stylesheet", SLD_1_0, "SLD 1.0 (GeoServer)"),
    ]


def styles(base: str, layers: Sequence[LayerDef]) -> Json:
    """Return the list of styles: one for each drawn layer that the caller may read."""
    here = f"{base}/ogc/styles"
    return {
        "links": [link(here, "self", JSON)],
        "styles": [
            {
                "id": layer.id,
                "title": layer.title.zh,
                "links": _stylesheets(f"{here}/{layer.id}"),
            }
            for layer in layers
            if layer.is_drawn
        ],
    }
