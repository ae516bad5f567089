"""`/registry/...`: the registers, and one record at a time."""

from datetime import UTC, datetime
from typing import Annotated, Any

from fastapi import APIRouter, Path, Query, Request, Response
from pydantic import AwareDatetime, Field
from starlette.responses import JSONResponse

from geoservice.auth import Conn, Who
from geoservice.parameters import NoQuery, Parameters
from geoservice.publish.layers import layers_of
from geoservice.registry import editing
from geoservice.registry.described import described
from geoservice.registry.editing import Editor, Kept
from geoservice.registry.hands import is_editable, reader, writer
from geoservice.registry.past import records_as_of
from geoservice.registry.preconditions import IfMatch, version_of
from geoservice.registry.registers import LOADABLE, register_named

router = APIRouter(prefix="/registry", tags=["registry"])
Id = Annotated[int, Path(ge=1, lt=2**63)]
Body = dict[str, Any]
MOST = 1000


class Why(Parameters):
    """The query of a change; the reason is kept in the audit (`auth.connection`)."""

    reason: Annotated[str, Field(max_length=500)] = ""


@router.get("", summary="登记簿目录 · registers")
def registers(_: Annotated[NoQuery, Query()], who: Who) -> list[dict[str, Any]]:
    """Return every register: labels, fields with kinds and codes, and whether you may edit it."""
    return [described(it, may_edit=is_editable(it, who)) for it in map(register_named, LOADABLE)]


class PastQuery(Parameters):
    """Which page of a register, as it was when."""

    as_of: Annotated[AwareDatetime | None, Field(description="an instant; now unless given")] = None
    after: Annotated[int, Field(ge=0, lt=2**63)] = 0
    limit: Annotated[int, Field(ge=1)] = 100


@router.get("/{register}", summary="某一时刻的登记簿 · a register as it was")
def as_it_was(
    register: str, query: Annotated[PastQuery, Query()], request: Request, who: Who, conn: Conn
) -> dict[str, Any]:
    """Return a register's records as they were at an instant, by id; `next_after` goes on."""
    editor = reader(layers_of(request), register, who)
    at = query.as_of or datetime.now(UTC)
    page = records_as_of(
        conn, register=register, at=at, after=query.after, most=min(query.limit, MOST),
        editor=editor,
    )  # fmt: skip
    return {
        "register": register,
        "as_of": at.isoformat(),
        "records": [kept.body(editor.hidden) for kept in page.records],
        "next_after": page.next_after,
    }


@router.post("/{register}", summary="新增记录 · add a record", status_code=201)
def add(
    register: str, body: Body, _: Annotated[Why, Query()], request: Request, who: Who, conn: Conn
) -> Response:
    """Add a record: fields by name, `geometry` as GeoJSON in CGCS2000 (longitude, latitude)."""
    editor = writer(layers_of(request), register, who)
    kept = editing.add(conn, register=register, body=body, editor=editor)
    where = f"/registry/{register}/{kept.id}"
    return _answer(kept, editor, 201, Location=where)


@router.get("/{register}/{record_id}", summary="一条记录 · a record")
def record(
    register: str, record_id: Id, _: Annotated[NoQuery, Query()], request: Request, who: Who,
    conn: Conn,
) -> Response:  # fmt: skip
    """Return one record with the ETag that a change of it must name."""
    editor = reader(layers_of(request), register, who)
    kept = editing.read(conn, register=register, record_id=record_id, editor=editor)
    return _answer(kept, editor)


@router.patch("/{register}/{record_id}", summary="修改记录 · amend a record")
def amend(  # what a change says: which, what, on which version, why
    register: str, record_id: Id, body: Body, _: Annotated[Why, Query()], request: Request,
    who: Who, conn: Conn, if_match: IfMatch = None,
) -> Response:  # fmt: skip
    """Change the fields that the body names; null empties one."""
    editor = writer(layers_of(request), register, who)
    version = version_of(if_match, record_id)
    kept = editing.amend(
        conn, register=register, record_id=record_id, body=body, version=version, editor=editor
    )
    return _answer(kept, editor)


@router.delete("/{register}/{record_id}", summary="注销记录 · retire a record", status_code=204)
def retire(
    register: str, record_id: Id, _: Annotated[Why, Query()], request: Request, who: Who,
    conn: Conn, if_match: IfMatch = None,
) -> Response:  # fmt: skip
    """Retire a record: it is kept, with its history, and no longer current."""
    editor = writer(layers_of(request), register, who)
    version = version_of(if_match, record_id)
    editing.retire(conn, register=register, record_id=record_id, version=version, editor=editor)
    return Response(status_code=204)


@router.get("/{register}/{record_id}/history", summary="历史 · history of a record")
def history(
    register: str, record_id: Id, _: Annotated[NoQuery, Query()], request: Request, who: Who,
    conn: Conn,
) -> list[dict[str, Any]]:  # fmt: skip
    """Return who changed what and when, newest first, each field before and after."""
    editor = reader(layers_of(request), register, who)
    return editing.history(conn, register=register, record_id=record_id, editor=editor)


def _answer(kept: Kept, editor: Editor, status: int = 200, **headers: str) -> Response:
    return JSONResponse(kept.body(editor.hidden), status, {"ETag": kept.etag, **headers})
