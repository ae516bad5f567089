"""OGC API - Features Part 4: create, replace, update and delete features of a register's layer.

A feature is a record by another name: the same checks, the same history.
"""

from collections.abc import Mapping
from dataclasses import replace
from typing import Annotated, Any

from fastapi import APIRouter, Path, Query, Request, Response

from geoservice.auth import Actor, Conn, Who
from geoservice.errors import InputError, RecordError
from geoservice.parameters import NoQuery
from geoservice.publish.layers import OF_A_LAYER, PROBLEM, Base, SightHere, layers_of
from geoservice.publish.permit import Sight
from geoservice.registry import editing
from geoservice.registry.editing import Editor
from geoservice.registry.hands import editors_of, writer
from geoservice.registry.preconditions import IfMatch, version_of
from geoservice.registry.registers import LOADABLE, register_named
from geoservice.registry.routes import Why

router = APIRouter(prefix="/ogc/collections/{layer_id}/items", tags=["ogc"])
Feature = dict[str, Any]
FeatureId = Annotated[int, Path(ge=1, lt=2**63)]
Reason = Annotated[Why, Query()]
_CHANGES: dict[int | str, dict[str, Any]] = {
    **OF_A_LAYER,
    409: {"description": "与现状冲突 · conflict", "content": PROBLEM},
    412: {"description": "记录已被他人修改 · changed meanwhile", "content": PROBLEM},
    428: {"description": "缺少 If-Match · If-Match is missing", "content": PROBLEM},
}
_CREATED: dict[int | str, dict[str, Any]] = {
    **OF_A_LAYER,
    201: {
        "description": "已新增 · created",
        "headers": {"Location": {"schema": {"type": "string"}}},
    },
    409: _CHANGES[409],
}


@router.post("", summary="新增要素 · create a feature", status_code=201, responses=_CREATED,
             response_class=Response)  # fmt: skip
def create(  # who adds what where, and why
    layer_id: str, feature: Feature, _: Reason, base: Base, request: Request, who: Who, conn: Conn
) -> Response:
    """Add a feature: properties by name, geometry in CGCS2000 (longitude, latitude)."""
    editor = writer(layers_of(request), layer_id, who)
    kept = editing.add(conn, register=layer_id, body=_body(feature), editor=editor)
    where = f"{base}/ogc/collections/{layer_id}/items/{kept.id}"
    return Response(status_code=201, headers={"Location": where, "ETag": kept.etag})


@router.put("/{feature_id}", summary="替换要素 · replace a feature", status_code=204,
            responses=_CHANGES, response_class=Response)  # fmt: skip
def put(  # which, by what, on which version, who and why
    layer_id: str, feature_id: FeatureId, feature: Feature, _: Reason, request: Request, who: Who,
    conn: Conn, if_match: IfMatch = None,
) -> Response:  # fmt: skip
    """Replace a feature; what the layer does not show of it stays as it is."""
    editor = writer(layers_of(request), layer_id, who)
    kept = editing.amend(
        conn, register=layer_id, record_id=feature_id, body=_body(feature), is_whole=True,
        version=version_of(if_match, feature_id), editor=_unshown_stays(editor, request, layer_id),
    )  # fmt: skip
    return Response(status_code=204, headers={"ETag": kept.etag})


@router.patch("/{feature_id}", summary="修改要素 · update a feature", status_code=204,
              responses=_CHANGES, response_class=Response)  # fmt: skip
def update(  # which, by what, on which version, who and why
    layer_id: str, feature_id: FeatureId, feature: Feature, _: Reason, request: Request, who: Who,
    conn: Conn, if_match: IfMatch = None,
) -> Response:  # fmt: skip
    """Change the properties that are named, and the geometry where there is one."""
    editor = writer(layers_of(request), layer_id, who)
    kept = editing.amend(
        conn, register=layer_id, record_id=feature_id, body=_body(feature),
        version=version_of(if_match, feature_id), editor=editor,
    )  # fmt: skip
    return Response(status_code=204, headers={"ETag": kept.etag})


@router.delete("/{feature_id}", summary="注销要素 · delete a feature", status_code=204,
               responses=_CHANGES, response_class=Response)  # fmt: skip
def delete(
    layer_id: str, feature_id: FeatureId, _: Reason, request: Request, who: Who, conn: Conn,
    if_match: IfMatch = None,
) -> Response:  # fmt: skip
    """Retire a feature: its record is kept, with its history."""
    editor = writer(layers_of(request), layer_id, who)
    version = version_of(if_match, feature_id)
    editing.retire(conn, register=layer_id, record_id=feature_id, version=version, editor=editor)
    return Response(status_code=204)


@router.options("", summary="可用方法 · methods", status_code=204, responses=OF_A_LAYER)
def methods(_: Annotated[NoQuery, Query()], sight: SightHere, who: Who) -> Response:
    """Say which methods the caller may use here."""
    return _allowed(sight, who, "GET, HEAD", "POST")


@router.options("/{feature_id}", summary="可用方法 · methods", status_code=204,
                responses=OF_A_LAYER)  # fmt: skip
def methods_of_one(
    feature_id: FeatureId,  # noqa: ARG001  # any may be asked for
    _: Annotated[NoQuery, Query()], sight: SightHere, who: Who,
) -> Response:  # fmt: skip
    """Say which methods the caller may use on a feature."""
    return _allowed(sight, who, "GET, HEAD", "PUT, PATCH, DELETE")


def _allowed(sight: Sight, who: Actor, always: str, for_editors: str) -> Response:
    name = sight.layer.id
    may = name in LOADABLE and bool(editors_of(name) & who.roles)
    allow = f"{always}, OPTIONS" + (f", {for_editors}" if may else "")
    return Response(status_code=204, headers={"Allow": allow})


def _body(feature: Mapping[str, Any]) -> dict[str, Any]:
    """Return a feature as the body of a record."""
    properties = feature.get("properties")
    if feature.get("type") != "Feature" or not isinstance(properties, dict | None):
        raise RecordError(
            [InputError("not a GeoJSON Feature", zh="不是 GeoJSON Feature", where="type")]
        )
    shape = {"geometry": feature["geometry"]} if "geometry" in feature else {}
    return {**(properties or {}), **shape}


def _unshown_stays(editor: Editor, request: Request, layer_id: str) -> Editor:
    """Keep what no feature of this layer can say: fields that it has not."""
    shown = {field.name for field in layers_of(request)[layer_id].fields}
    unshown = {it.name for it in register_named(layer_id).fields if it.name not in shown}
    return replace(editor, hidden=editor.hidden | unshown)
