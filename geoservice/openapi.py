"""What `/openapi.json` says beyond FastAPI's own: who may call what, and how refusals look."""

from typing import Any

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi

from geoservice import __version__
from geoservice.access import BY_LAYER, PUBLIC, ROUTES
from geoservice.problems import MEDIA_TYPE
from geoservice.registry.registers import LOADABLE

_TEXT = {"type": "string"}
PROBLEM = {
    "type": "object",
    "description": "RFC 9457, with the texts in English and Chinese.",
    "required": ["type", "status", "title", "title_zh", "detail", "detail_zh"],
    "properties": {
        "type": {"type": "string", "format": "uri-reference"},
        "status": {"type": "integer"},
        **dict.fromkeys(("title", "title_zh", "detail", "detail_zh", "incident"), _TEXT),
        "errors": {
            "type": "array",
            "maxItems": 20,
            "items": {
                "type": "object",
                "required": ["where", "why", "why_zh"],
                "properties": {"where": _TEXT, "why": _TEXT, "why_zh": _TEXT},
            },
        },
        "changes": {
            "type": "array",
            "description": "What is not as the request takes it to be (409).",
            "items": {
                "type": "object",
                "required": ["what", "why", "why_zh"],
                "properties": {"what": _TEXT, "why": _TEXT, "why_zh": _TEXT},
            },
        },
    },
}
_REFUSAL = {
    "description": "Refused, with the reason · 拒绝及原因",
    "content": {MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}},
}
_SCHEMES = {
    "token": {
        "type": "http",
        "scheme": "bearer",
        "description": "`geoservice token create --role ROLE`",
    },
    "password": {
        "type": "http",
        "scheme": "basic",
        "description": "A token as the password, with any name: for desktop GIS",
    },
    "session": {"type": "apiKey", "in": "cookie", "name": "sid", "description": "/sign-in"},
}


def describe(app: FastAPI) -> dict[str, Any]:
    """Return the OpenAPI 3.1 description of ``app``; made once."""
    if app.openapi_schema is None:
        document = get_openapi(
            title="geoservice",
            version=__version__,
            summary="区县应急指挥地图服务 · the map room of a district's emergency command centre",
            routes=app.routes,
            servers=[{"url": app.state.settings.public_url}],
        )
        _complete(document)
        _name_choices(document, {"layer_id": list(app.state.layers), "register": list(LOADABLE)})
        app.openapi_schema = document
    return app.openapi_schema


def _complete(document: dict[str, Any]) -> None:
    components = document.setdefault("components", {})
    components["securitySchemes"] = _SCHEMES
    schemas = components.setdefault("schemas", {})
    # FastAPI's own shape of a validation error is not what is sent.
    for unused in ("HTTPValidationError", "ValidationError"):
        schemas.pop(unused, None)
    schemas["Problem"] = PROBLEM
    for path, operations in document["paths"].items():
        for method, operation in operations.items():
            operation["responses"].pop("422", None)
            operation["responses"]["default"] = _REFUSAL
            operation["security"] = _security(method.upper(), path)


def _name_choices(document: dict[str, Any], names: dict[str, list[str]]) -> None:
    """Say in every path which layers and registers there are, for forms and generated clients."""
    for operations in document["paths"].values():
        for operation in operations.values():
            for one in operation.get("parameters", []):
                if one["in"] == "path" and one["name"] in names:
                    one["schema"]["enum"] = names[one["name"]]


def _security(method: str, path: str) -> list[dict[str, list[str]]]:
    """OpenAPI 3.1 lists the roles (any one is enough) beside the scheme; {} is anonymous."""
    rule = ROUTES.get((method, path), PUBLIC)
    if rule == PUBLIC:
        return [{}]
    if rule == BY_LAYER:
        by_scheme: list[dict[str, list[str]]] = [{scheme: []} for scheme in _SCHEMES]
        return [{}, *by_scheme]
    return [{scheme: [role]} for role in sorted(rule) for scheme in _SCHEMES]
