"""`/registry/imports`: a file sent, looked at, decided on, applied; and templates to fill in."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Query, Request, Response
from starlette.datastructures import FormData, UploadFile

from geoservice import db
from geoservice.auth import Actor, Conn, Who, pool_of, settings_of
from geoservice.errors import FileError
from geoservice.imports import actions, jobs, reports
from geoservice.imports.actions import Owner
from geoservice.imports.bodies import (
    Apply,
    Change,
    JobAnswer,
    JobQuery,
    ReportQuery,
    RowAnswer,
    RowsQuery,
    Said,
    row_answer,
)
from geoservice.imports.forms import form_of, said_in
from geoservice.imports.gate import file_name, through_gate
from geoservice.imports.records import ROWS, Options
from geoservice.imports.templates import template
from geoservice.parameters import NoQuery
from geoservice.publish.layers import layers_of
from geoservice.registry.hands import reader, writer
from geoservice.registry.registers import register_named

router = APIRouter(prefix="/registry", tags=["imports"])
_WAIT_S = 3.0
_MOST_ROWS = 2**31 - 1
_WORKBOOK = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_TABLE = "text/csv; charset=utf-8"


def _files(*kinds: str) -> dict[int | str, dict[str, Any]]:
    """Say that the answer is a file of one of these kinds."""
    schema = {"schema": {"type": "string", "format": "binary"}}
    return {200: {"description": "文件 · a file", "content": dict.fromkeys(kinds, schema)}}


_FORM = form_of(
    ["register"],
    {
        "register": {"type": "string"},
        "columns": {"type": "string", "description": "JSON: field -> heading"},
        **{name: {"type": "string"} for name in ("datum", "encoding", "layer", "source", "zone")},
        "decimal_comma": {"type": "boolean"},
        "swap_axes": {"type": "boolean"},
    },
)


@router.post(
    "/imports", summary="上传文件 · send a file", status_code=201, openapi_extra=_FORM,
    response_model=JobAnswer,
)  # fmt: skip
async def send(
    request: Request, response: Response, who: Who, _: Annotated[NoQuery, Query()]
) -> JobAnswer:
    """Take a file and check its rows: nothing is written to the register before it is applied.

    Excel, CSV, GeoJSON, KML, GeoPackage or a zipped Shapefile, told by its content. After three
    seconds the answer comes in the state `reading`: ask for the job until it is `staged`.
    """
    answer = await through_gate(request, who, lambda form: _take(request, who, form))
    response.headers["Location"] = f"/registry/imports/{answer.id}"
    return answer


@router.get("/imports", summary="导入列表 · imports", response_model=list[JobAnswer])
def newest(conn: Conn, who: Who, _: Annotated[NoQuery, Query()]) -> list[JobAnswer]:
    """Return the newest imports, yours; with all towns everybody's."""
    return actions.newest(conn, owner=_owner(who), most=50)


@router.get("/imports/{job}", summary="一次导入 · an import", response_model=JobAnswer)
def one(job: UUID, conn: Conn, who: Who, query: Annotated[JobQuery, Query()]) -> JobAnswer:
    """Return how far an import is, what its file is, counts of its rows, and a map of them."""
    found = actions.find(conn, job=str(job), owner=_owner(who))
    return actions.tell(conn, found, with_preview=query.preview)


@router.patch("/imports/{job}", summary="修改选项或决定 · change it", response_model=JobAnswer)
def change(
    job: UUID, body: Change, request: Request, who: Who, _: Annotated[NoQuery, Query()]
) -> JobAnswer:
    """Say something else of the file, which is checked again, or decide on rows."""
    options = body.model_dump(include=body.model_fields_set - {"decisions"})
    with db.pooled(pool_of(request)) as conn:
        db.set_actor(conn, who.name)
        found = actions.find(conn, job=str(job), owner=_owner(who))
        editor = writer(layers_of(request), found.register, who)
        is_read_anew = actions.change(
            conn, job=found, options=options, decisions=dict(body.decisions)
        )
    if is_read_anew:
        jobs.check(_work(request, who, found.id, editor.towns), wait_s=_WAIT_S)
    return _told(request, who, found.id)


@router.delete("/imports/{job}", summary="放弃导入 · drop it", status_code=204)
def drop(job: UUID, request: Request, conn: Conn, who: Who, _: Annotated[NoQuery, Query()]) -> None:
    """Forget the file and its rows; what was applied stays."""
    found = actions.find(conn, job=str(job), owner=_owner(who))
    actions.drop(conn, home=settings_of(request).home, job=found)


@router.get("/imports/{job}/rows", summary="逐行结果 · its rows", response_model=list[RowAnswer])
def rows(job: UUID, conn: Conn, who: Who, query: Annotated[RowsQuery, Query()]) -> list[RowAnswer]:
    """Return rows with their state, reasons and what they may be the same as."""
    found = actions.find(conn, job=str(job), owner=_owner(who))
    some = ROWS.all(conn, job=found.id, after=query.after, state=query.state, most=query.limit)
    return [row_answer(found, it) for it in some]


@router.get("/imports/{job}/report", summary="报告文件 · the report as a file",
            response_class=Response, responses=_files(_WORKBOOK, _TABLE))  # fmt: skip
def report(job: UUID, conn: Conn, who: Who, query: Annotated[ReportQuery, Query()]) -> Response:
    """Return every row as it came with its state and reasons: correct it and send it again."""
    found = actions.find(conn, job=str(job), owner=_owner(who))
    some = ROWS.all(conn, job=found.id, after=-1, state=None, most=_MOST_ROWS)
    name = f"import-{found.register}-{found.id[:8]}.{query.format}"
    if query.format == "csv":
        return _file(reports.as_csv(found, some), name, _TABLE)
    return _file(reports.as_workbook(found, some), name, _WORKBOOK)


@router.post("/imports/{job}/apply", summary="写入 · apply it", response_model=JobAnswer)
def apply(
    job: UUID, body: Apply, request: Request, who: Who, _: Annotated[NoQuery, Query()]
) -> JobAnswer:
    """Write the rows in one transaction, once: a repeated post answers the same.

    Rows without a place become drafts; rows whose record was changed meanwhile are conflicts.
    """
    with db.pooled(pool_of(request)) as conn:
        found = actions.find(conn, job=str(job), owner=_owner(who))
    editor = writer(layers_of(request), found.register, who)
    work = _work(request, who, found.id, editor.towns)
    jobs.apply_now(work, skips_bad=body.skip_bad)
    return _told(request, who, found.id)


@router.get("/{register}/template", summary="填报模板 · a template to fill in",
            response_class=Response, responses=_files(_WORKBOOK))  # fmt: skip
def template_of(
    register: str, request: Request, who: Who, _: Annotated[NoQuery, Query()]
) -> Response:
    """Return an .xlsx with headings, drop-downs of codes, and an example row that is skipped."""
    reader(layers_of(request), register, who)
    return _file(template(register_named(register)), f"{register}.xlsx", _WORKBOOK)


def _take(request: Request, who: Actor, form: FormData) -> JobAnswer:
    upload, register = form.get("file"), form.get("register")
    if not isinstance(upload, UploadFile) or not isinstance(register, str):
        raise FileError(
            "`file` and `register` are needed", zh="须有 file 与 register", where="file"
        )
    said = _said(form)
    editor = writer(layers_of(request), register, who)
    with db.pooled(pool_of(request)) as conn:
        db.set_actor(conn, who.name)
        job = actions.open_job(
            conn, home=settings_of(request).home, register=register,
            name=file_name(upload.filename), source=upload.file, options=said,
        )  # fmt: skip
    jobs.check(_work(request, who, job, editor.towns), wait_s=_WAIT_S)
    return _told(request, who, job)


def _said(form: FormData) -> Options:
    options = Options(**said_in(form, Said, aside=("file", "register")).model_dump())
    _ = options.habits  # a zone that does not exist is refused at once
    return options


def _owner(who: Actor) -> Owner:
    return Owner(who.name, who.towns is None)


def _work(request: Request, who: Actor, job: str, towns: frozenset[str] | None) -> jobs.Work:
    return jobs.Work(request.app.state.url, settings_of(request).home, job, who.name, towns)


def _told(request: Request, who: Actor, job: str) -> JobAnswer:
    with db.pooled(pool_of(request)) as conn:
        found = actions.find(conn, job=job, owner=_owner(who))
        return actions.tell(conn, found, with_preview=True)


def _file(content: bytes, name: str, kind: str) -> Response:
    where = {"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "no-store"}
    return Response(content, media_type=kind, headers=where)
