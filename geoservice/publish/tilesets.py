"""Tile documents of OGC API - Tiles: the one tile matrix set, and a layer's tile set (pure)."""

from typing import Any

from geoservice.publish.described import Described
from geoservice.publish.documents import JSON, MVT, link
from geoservice.publish.drawing import ALL_FIELDS_FROM, extra_fields, words
from geoservice.publish.styles import MAX_TILE_ZOOM
from geoservice.publish.tile_grid import MERCATOR_HALF_M

TMS_ID = "WebMercatorQuad"
MAX_ZOOM = 22
_TMS_URI = f"http://www.opengis.net/def/tilematrixset/OGC/1.0/{TMS_ID}"
_CRS_URI = "http://www.opengis.net/def/crs/EPSG/0/3857"
_TILE_PX = 256
# OGC 17-083r4 takes a pixel of 0.28 mm for the scale denominator.
_PIXEL_M = 0.00028
_SHAPES = {"point": 0, "line": 1, "polygon": 2}
Json = dict[str, Any]


def matrix_sets(base: str) -> Json:
    """Return the list of tile matrix sets."""
    here = f"{base}/ogc/tileMatrixSets"
    one = {"id": TMS_ID, "title": "Google Maps Compatible", "uri": _TMS_URI, "crs": _CRS_URI}
    links = [link(f"{here}/{TMS_ID}", "self", JSON)]
    return {"tileMatrixSets": [{**one, "links": links}], "links": [link(here, "self", JSON)]}


def matrix_set() -> Json:
    """Return the definition of WebMercatorQuad, zoom 0 to 22."""
    return {
        "id": TMS_ID,
        "title": "Google Maps Compatible",
        "uri": _TMS_URI,
        "crs": _CRS_URI,
        "orderedAxes": ["E", "N"],
        "wellKnownScaleSet": "http://www.opengis.net/def/wkss/OGC/1.0/GoogleMapsCompatible",
        "tileMatrices": [_matrix(zoom) for zoom in range(MAX_ZOOM + 1)],
    }


def _matrix(zoom: int) -> Json:
    cell_m = 2 * MERCATOR_HALF_M / _TILE_PX / 2**zoom
    return {
        "id": str(zoom),
        "scaleDenominator": cell_m / _PIXEL_M,
        "cellSize": cell_m,
        "cornerOfOrigin": "topLeft",
        "pointOfOrigin": [-MERCATOR_HALF_M, MERCATOR_HALF_M],
        "tileWidth": _TILE_PX,
        "tileHeight": _TILE_PX,
        "matrixWidth": 2**zoom,
        "matrixHeight": 2**zoom,
    }


def tile_sets(base: str, one: Described) -> Json:
    """Return the list of a layer's tile sets: one."""
    here = f"{base}/ogc/collections/{one.sight.layer.id}/tiles"
    return {"tilesets": [tile_set(base, one)], "links": [link(here, "self", JSON)]}


def tile_set(base: str, one: Described) -> Json:
    """Return the metadata of a layer's tiles; the description says what is left out far out."""
    layer = one.sight.layer
    here = f"{base}/ogc/collections/{layer.id}/tiles/{TMS_ID}"
    template = f"{here}/{{tileMatrix}}/{{tileRow}}/{{tileCol}}"
    found: Json = {
        "title": layer.title.zh,
        "dataType": "vector",
        "crs": _CRS_URI,
        "tileMatrixSetURI": _TMS_URI,
        "tileMatrixSetId": TMS_ID,
        "layers": [{"id": layer.id, "dataType": "vector", **_dimension(layer.geometry)}],
        "links": [
            link(here, "self", JSON),
            link(f"{here}?f=tilejson", "describedby", JSON, "TileJSON"),
            link(f"{base}/ogc/tileMatrixSets/{TMS_ID}", _REL_SCHEME, JSON),
            {**link(template, "item", MVT), "templated": True},
        ],
    }
    said = words(layer)
    found["description"] = f"{said.zh} {said.en}"
    if one.bounds:
        west, south, east, north = one.bounds
        corners = {"lowerLeft": [west, south], "upperRight": [east, north]}
        found["boundingBox"] = {**corners, "crs": "http://www.opengis.net/def/crs/OGC/1.3/CRS84"}
    return found


_REL_SCHEME = "http://www.opengis.net/def/rel/ogc/1.0/tiling-scheme"


def _dimension(geometry: str) -> Json:
    return {"geometryDimension": _SHAPES[geometry]} if geometry in _SHAPES else {}


def tile_json(base: str, one: Described) -> Json:
    """Return the same as TileJSON 3.0, which QGIS and MapLibre read."""
    layer = one.sight.layer
    said = words(layer)
    found: Json = {
        "tilejson": "3.0.0",
        "name": layer.title.zh,
        "description": f"{said.zh} {said.en}",
        "tiles": [tiles_url(base, layer.id)],
        "minzoom": 0,
        "maxzoom": MAX_TILE_ZOOM,
        "vector_layers": [
            {"id": layer.id, "fields": _fields(one), "description": layer.description.zh}
        ],
    }
    return {**found, "bounds": list(one.bounds)} if one.bounds else found


def _fields(one: Described) -> Json:
    """Each field with its name for people, and from which zoom on it is there."""
    layer = one.sight.layer
    later = f"（{ALL_FIELDS_FROM} 级起）"
    fields = {
        field.name: field.zh if field.name in layer.map_fields else field.zh + later
        for field in one.sight.fields
    }
    return {**fields, **extra_fields(layer)}


def tiles_url(base: str, layer_id: str) -> str:
    """Return the template of a layer's tiles in the words of MapLibre."""
    return f"{base}/ogc/collections/{layer_id}/tiles/{TMS_ID}/{{z}}/{{y}}/{{x}}"
