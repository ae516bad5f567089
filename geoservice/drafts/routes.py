"""`/registry/drafts`: records that are not in their register yet, with what is still wrong."""

from datetime import datetime
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Header, Path, Query, Request, Response
from pydantic import BaseModel, Field

from geoservice import db
from geoservice.auth import Actor, Conn, Who
from geoservice.drafts import actions
from geoservice.drafts.actions import Author
from geoservice.drafts.records import Draft, State
from geoservice.errors import VersionError
from geoservice.parameters import Body, NoQuery, Parameters
from geoservice.publish.layers import layers_of
from geoservice.registry.hands import reader, writer

router = APIRouter(prefix="/registry/drafts", tags=["drafts"])
Id = Annotated[int, Path(ge=1, lt=2**63)]
IfMatch = Annotated[str | None, Header(alias="If-Match", description="the draft's ETag; optional")]
Text = Annotated[str, Field(max_length=500)]


class NewDraft(Body):
    """A draft, however unfinished."""

    register_name: Text = Field(alias="register")
    record_id: int | None = Field(default=None, ge=1, lt=2**63, description="null: a new record")
    base_version: int | None = Field(default=None, ge=1, lt=2**31, description="of that record")
    values: dict[str, Any] = Field(default_factory=dict, description="fields by name")
    geometry: dict[str, Any] | None = Field(default=None, description="GeoJSON in CGCS2000")
    round_code: Text | None = Field(default=None, description="of the census round")
    reason: Text | None = None


class DraftChange(Body):
    """What is changed: `values` are merged, null empties a field; what is not named stays."""

    values: dict[str, Any] = Field(default_factory=dict)
    geometry: dict[str, Any] | None = None
    state: Literal["draft", "checked", "rejected"] | None = None
    base_version: int | None = Field(default=None, ge=1, lt=2**31)
    reason: Text | None = None


class DraftQuery(Parameters):
    """Which drafts."""

    register_name: str | None = Field(default=None, alias="register", max_length=100)
    state: State | None = None
    before: int = Field(default=2**63 - 1, ge=1, lt=2**63, description="id of the last one seen")
    limit: int = Field(default=100, ge=1, le=1000)


class Why(Parameters):
    """The query of a change; the reason is kept."""

    reason: str = Field(default="", max_length=500)


class DraftAnswer(BaseModel):
    """A draft, and what is still wrong with it."""

    id: int
    register_name: str = Field(serialization_alias="register")
    record_id: int | None
    base_version: int | None
    round_code: str | None
    values: dict[str, Any]
    geometry: dict[str, Any] | None
    town_code: str | None
    state: State
    reason: str | None
    job_id: str | None
    job_row: int | None
    version: int
    created_by: str
    created_at: datetime
    updated_by: str
    updated_at: datetime
    problems: list[dict[str, str | None]] | None = Field(
        description="where, why, why_zh; empty: it can be applied; null in a list"
    )


@router.post("", summary="新建草稿 · a draft", status_code=201, response_model=DraftAnswer)
def add(
    body: NewDraft, _: Annotated[NoQuery, Query()], request: Request, response: Response,
    who: Who, conn: Conn,
) -> DraftAnswer:  # fmt: skip
    """Keep a draft of a new record, or of a change of one."""
    reader(layers_of(request), body.register_name, who)
    record = None
    if body.record_id is not None:
        record = (body.record_id, body.base_version or 1)
    draft = actions.open_draft(
        conn, register=body.register_name, body=body.values, geometry=body.geometry,
        record=record, round_code=body.round_code, reason=body.reason,
    )  # fmt: skip
    response.headers["Location"] = f"/registry/drafts/{draft}"
    return _answer(
        conn, actions.find(conn, draft=draft, author=_author(who)), request, who, response
    )


@router.get("", summary="草稿列表 · drafts", response_model=list[DraftAnswer])
def listed(query: Annotated[DraftQuery, Query()], who: Who, conn: Conn) -> list[DraftAnswer]:
    """Return drafts, newest first: yours, and those of your towns."""
    found = actions.listed(
        conn, author=_author(who), register=query.register_name, state=query.state,
        before=query.before, most=query.limit,
    )  # fmt: skip
    return [_told(it, None) for it in found]


@router.get("/counts", summary="草稿数 · how many drafts", response_model=dict[State, int])
def counts(_: Annotated[NoQuery, Query()], who: Who, conn: Conn) -> dict[State, int]:
    """Return how many drafts of each state you may see: yours, and those of your towns."""
    return actions.counted(conn, author=_author(who))


@router.get("/{draft}", summary="一份草稿 · a draft", response_model=DraftAnswer)
def one(
    draft: Id, _: Annotated[NoQuery, Query()], request: Request, response: Response, who: Who,
    conn: Conn,
) -> DraftAnswer:  # fmt: skip
    """Return a draft and what is still wrong with it."""
    found = actions.find(conn, draft=draft, author=_author(who))
    return _answer(conn, found, request, who, response)


@router.patch("/{draft}", summary="修改草稿 · change a draft", response_model=DraftAnswer)
def amend(
    draft: Id, body: DraftChange, request: Request, response: Response, who: Who, conn: Conn,
    if_match: IfMatch = None,
) -> DraftAnswer:  # fmt: skip
    """Change a draft; the answer says what is still wrong."""
    found = actions.find(conn, draft=draft, author=_author(who))
    if if_match is not None and if_match.strip() != found.etag:
        raise VersionError(
            f"the draft was changed by {found.updated_by}",
            zh=f"草稿已被 {found.updated_by} 修改",
            current=_told(found, None).model_dump(mode="json", by_alias=True),
        )
    change = body.model_dump(include=set(body.model_fields_set))
    return _answer(conn, actions.amend(conn, draft=found, change=change), request, who, response)


@router.delete("/{draft}", summary="驳回草稿 · reject a draft", status_code=204)
def reject(draft: Id, query: Annotated[Why, Query()], who: Who, conn: Conn) -> None:
    """Put a draft away; it is kept, with the reason."""
    found = actions.find(conn, draft=draft, author=_author(who))
    actions.reject(conn, draft=found, reason=query.reason)


@router.post("/{draft}/apply", summary="草稿入库 · apply a draft", response_model=DraftAnswer)
def apply(
    draft: Id, _: Annotated[Why, Query()], request: Request, response: Response, who: Who,
    conn: Conn,
) -> DraftAnswer:  # fmt: skip
    """Write a draft into its register; 409 with what changed where its record was changed since."""
    found = actions.find(conn, draft=draft, author=_author(who))
    editor = writer(layers_of(request), found.register, who)
    done = actions.apply(conn, draft=found, editor=editor)
    return _answer(conn, done, request, who, response)


def _author(who: Actor) -> Author:
    return Author(who.name, who.towns)


def _answer(
    conn: db.Connection, draft: Draft, request: Request, who: Actor, response: Response
) -> DraftAnswer:
    editor = reader(layers_of(request), draft.register, who)
    found = actions.wrongs(conn, draft=draft, editor=editor)
    response.headers["ETag"] = draft.etag
    return _told(draft, [{"where": it.where, "why": it.message, "why_zh": it.zh} for it in found])


def _told(draft: Draft, problems: list[dict[str, str | None]] | None) -> DraftAnswer:
    return DraftAnswer(
        register_name=draft.register, values=draft.body, problems=problems,
        **{name: getattr(draft, name) for name in _SAME},
    )  # fmt: skip


_SAME = (
    "id", "record_id", "base_version", "round_code", "geometry", "town_code", "state", "reason",
    "job_id", "job_row", "version", "created_by", "created_at", "updated_by", "updated_at",
)  # fmt: skip
