"""The API's description as OpenAPI 3.0, which older clients still ask for (pure).

OWSLib reads no newer one. The two differ in how a schema says null, a constant and a limit.
"""

from typing import Any

MEDIA_TYPE = "application/vnd.oai.openapi+json;version=3.0"
_MAPS = ("properties", "patternProperties")
_LISTS = ("anyOf", "oneOf", "allOf")
_ONE = ("items", "additionalProperties", "not")
_UNKNOWN = {"$schema", "$id", "$defs", "propertyNames", "patternProperties", "prefixItems",
            "contentMediaType", "contentEncoding", "unevaluatedProperties"}  # fmt: skip
Json = dict[str, Any]


def as_3_0(document: Json) -> Json:
    """Return the description with the same paths in the words of OpenAPI 3.0.3."""
    made: Json = _walked(document)
    made["openapi"] = "3.0.3"
    made.pop("webhooks", None)
    made.pop("jsonSchemaDialect", None)
    summary = made["info"].pop("summary", None)
    if summary:
        made["info"].setdefault("description", summary)
    for operations in made["paths"].values():
        for operation in operations.values():
            # Roles stand beside a scheme only since 3.1.
            schemes: list[Json] = [
                {name: [] for name in one} for one in operation.get("security", [])
            ]
            operation["security"] = [
                one for i, one in enumerate(schemes) if one not in schemes[:i]
            ]  # fmt: skip
    return made


def _walked(node: Any) -> Any:  # JSON
    if isinstance(node, list):
        return [_walked(one) for one in node]
    if not isinstance(node, dict):
        return node
    return {name: _part(name, value) for name, value in node.items()}


def _part(name: str, value: Any) -> Any:  # JSON
    if name in ("example", "examples", "default"):
        return value
    if name == "schema":
        return _schema(value)
    if name == "schemas":
        return {key: _schema(one) for key, one in value.items()}
    return _walked(value)


def _schema(schema: Any) -> Any:  # JSON; true and false are schemas too
    if not isinstance(schema, dict):
        return schema
    made: Json = {}
    for name, value in schema.items():
        if name in _MAPS:
            made[name] = {key: _schema(one) for key, one in value.items()}
        elif name in _LISTS:
            made[name] = [_schema(one) for one in value]
        elif name in _ONE:
            made[name] = _schema(value)
        else:
            made[name] = value
    if "prefixItems" in made:
        made.setdefault("items", {})
    if "contentMediaType" in made:
        made["format"] = "binary"
    return _limited(_nullable({key: made[key] for key in made if key not in _UNKNOWN}))


def _nullable(made: Json) -> Json:
    """Say null as 3.0 does: a mark beside the type."""
    kinds = made.get("type")
    if kinds == "null":
        del made["type"]
        made["nullable"] = True
    elif isinstance(kinds, list):
        rest = [kind for kind in kinds if kind != "null"]
        made["nullable"] = len(rest) < len(kinds)
        made.pop("type")
        made |= {"type": rest[0]} if len(rest) == 1 else {"anyOf": [{"type": k} for k in rest]}
    for name in ("anyOf", "oneOf"):
        choices = made.get(name, [])
        rest = [one for one in choices if one != {"nullable": True}]
        if len(rest) < len(choices):
            made["nullable"] = True
            made[name] = rest
            if len(rest) == 1 and "$ref" not in rest[0]:
                del made[name]
                made = rest[0] | made
    return made


def _limited(made: Json) -> Json:
    if "const" in made:
        made["enum"] = [made.pop("const")]
    for name, limit in (("exclusiveMinimum", "minimum"), ("exclusiveMaximum", "maximum")):
        value = made.get(name)
        if isinstance(value, int | float) and not isinstance(value, bool):
            made[limit], made[name] = value, True
    if isinstance(made.get("examples"), list):
        examples = made.pop("examples")
        made["example"] = examples[0] if examples else None
    return made
