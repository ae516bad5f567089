"""The JSON Schemas of a layer: what its features hold, and what may be asked of them (pure)."""

from typing import Any

from geoservice.publish.catalog import Field, LayerDef
from geoservice.publish.permit import Sight

ID, GEOM = "id", "geom"
_SCHEMA_TYPES = {
    "text": {"type": "string"},
    "integer": {"type": "integer"},
    "number": {"type": "number"},
    "boolean": {"type": "boolean"},
    "date": {"type": "string", "format": "date"},
    "instant": {"type": "string", "format": "date-time"},
}
_SHAPES = {
    "point": "geometry-point",
    "line": "geometry-linestring-or-multilinestring",
    "polygon": "geometry-polygon-or-multipolygon",
    "mixed": "geometry-any",
}
Json = dict[str, Any]


def schema(base: str, sight: Sight) -> Json:
    """Return the JSON Schema of a layer's features, titled in Chinese, for the caller's fields."""
    return _document(f"{base}/ogc/collections/{sight.layer.id}/schema", sight)


def queryables(base: str, sight: Sight) -> Json:
    """Return what filters may name: the caller's fields, the identifier and the geometry."""
    return _document(f"{base}/ogc/collections/{sight.layer.id}/queryables", sight)


def queryable_kinds(sight: Sight) -> dict[str, str]:
    """Return the same as names with their types."""
    kinds: dict[str, str] = {ID: "integer"}
    if sight.layer.is_drawn:
        kinds[GEOM] = "geometry"
    return kinds | {field.name: field.type for field in sight.fields}


def _document(here: str, sight: Sight) -> Json:
    layer = sight.layer
    properties: Json = {
        ID: {"type": "integer", "x-ogc-role": "id", "title": "标识", "readOnly": True}
    }
    if layer.is_drawn:
        properties[GEOM] = {
            "format": _SHAPES[layer.geometry],
            "x-ogc-role": "primary-geometry",
            "title": "图形",
        }
    for field in sight.fields:
        properties[field.name] = {
            "title": field.zh,
            "description": field.en,
            **_SCHEMA_TYPES[field.type],
            **_values(layer, field),
        }
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": here,
        "type": "object",
        "title": layer.title.zh,
        "description": layer.description.en,
        "properties": properties,
        "additionalProperties": False,
    }


def _values(layer: LayerDef, field: Field) -> Json:
    codes = layer.codes.get(field.name)
    if not codes or field.type != "text" or field.is_list:
        return {}
    return {"oneOf": [{"const": value, "title": code.zh} for value, code in codes.items()]}
