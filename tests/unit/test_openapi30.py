"""The description in the words of OpenAPI 3.0: nothing in it that only 3.1 knows."""

from typing import Any

from geoservice.openapi30 import as_3_0


def _of(schema: Any) -> Any:
    document = {
        "openapi": "3.1.0", "info": {"title": "x", "version": "1", "summary": "s"},
        "paths": {"/x": {"get": {
            "parameters": [{"name": "a", "in": "query", "schema": schema}],
            "responses": {"200": {"description": "x"}},
            "security": [{"token": ["viewer"]}, {"token": ["admin"]}, {}],
        }}},
    }  # fmt: skip
    made = as_3_0(document)
    assert made["openapi"] == "3.0.3"
    assert "summary" not in made["info"]
    assert made["paths"]["/x"]["get"]["security"] == [{"token": []}, {}]
    assert document["openapi"] == "3.1.0"
    return made["paths"]["/x"]["get"]["parameters"][0]["schema"]


def test_null_is_a_mark_beside_the_type() -> None:
    either = {"anyOf": [{"type": "string", "maxLength": 5}, {"type": "null"}], "title": "A"}
    assert _of(either) == {"type": "string", "maxLength": 5, "nullable": True, "title": "A"}
    assert _of({"type": ["integer", "null"]}) == {"type": "integer", "nullable": True}
    reference = {"$ref": "#/components/schemas/X"}
    assert _of({"anyOf": [reference, {"type": "null"}]}) == {
        "anyOf": [reference], "nullable": True,
    }  # fmt: skip


def test_limits_constants_and_examples() -> None:
    assert _of({"type": "number", "exclusiveMinimum": 0}) == {
        "type": "number", "minimum": 0, "exclusiveMinimum": True,
    }  # fmt: skip
    assert _of({"const": "json"}) == {"enum": ["json"]}
    assert _of({"type": "string", "examples": ["a", "b"]}) == {"type": "string", "example": "a"}
    assert _of({"type": "string", "contentMediaType": "image/png"}) == {
        "type": "string", "format": "binary",
    }  # fmt: skip


def test_what_is_inside_is_changed_too_and_a_property_may_have_any_name() -> None:
    inner = {"properties": {"const": {"type": ["string", "null"]}, "items": {"const": 1}}}
    assert _of({"type": "array", "items": inner}) == {
        "type": "array",
        "items": {
            "properties": {"const": {"type": "string", "nullable": True}, "items": {"enum": [1]}}
        },
    }
