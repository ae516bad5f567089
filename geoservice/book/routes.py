"""`/dispatch/book`: whom to ring and what lies where, also while the database is away."""

from datetime import UTC, datetime
from email.utils import format_datetime
from typing import Annotated, Literal

from fastapi import APIRouter, Query, Request, Response
from starlette.responses import HTMLResponse

from geoservice.auth import Actor, Who, pool_of, settings_of
from geoservice.book.actions import read_book
from geoservice.book.kept import NAME, last_book
from geoservice.book.records import Book
from geoservice.book.writing import rendered
from geoservice.db import pooled, set_actor
from geoservice.errors import NotFoundError, UnavailableError
from geoservice.exports.snapshots import snapshot
from geoservice.parameters import Parameters

router = APIRouter(tags=["dispatch"])

_MEDIA_TYPES = {
    "html": "text/html; charset=utf-8", "pdf": "application/pdf", "csv": "text/csv; charset=utf-8"
}  # fmt: skip


class BookQuery(Parameters):
    """In which form the book is wanted."""

    format: Literal["html", "pdf", "csv"] = "html"


@router.get(
    "/dispatch/book",
    summary="调度手册 · the dispatch book",
    response_class=HTMLResponse,
    responses={
        200: {
            "description": "The book. `Last-Modified` is the moment it tells of, `Age` how many "
            "seconds ago that was: more than a few where the database does not answer.",
            "content": {
                "application/pdf": {"schema": {"type": "string", "format": "binary"}},
                "text/csv": {"schema": {"type": "string"}},
            },
        }
    },
)
def get_book(request: Request, query: Annotated[BookQuery, Query()], who: Who) -> Response:
    """Return depots, stock, teams, stations, shelters, posts and telephones, by town.

    While the database does not answer it is the last one that was written, which says so and how
    old it is. Dispatchers of some towns get theirs and what is of no town.
    """
    now = datetime.now(UTC)
    book, is_fresh = _fresh_or_last(request, who, now)
    content = rendered(
        book.within(who.towns), query.format, layers=request.app.state.layers,
        shown_at=None if is_fresh else now,
    )  # fmt: skip
    name = f"{NAME}-{book.as_of:%Y%m%d-%H%M}Z.{query.format}"
    headers = {
        "Last-Modified": format_datetime(book.as_of, usegmt=True),
        "Age": str(int((now - book.as_of).total_seconds())),
        "Content-Disposition": f'inline; filename="{name}"',
    }
    return Response(content, media_type=_MEDIA_TYPES[query.format], headers=headers)


def _fresh_or_last(request: Request, who: Actor, now: datetime) -> tuple[Book, bool]:
    """Return the book and whether it is of now."""
    if not who.is_last_known:
        try:
            with pooled(pool_of(request)) as conn, snapshot(conn):
                set_actor(conn, who.name)
                return read_book(conn, at=now), True
        except UnavailableError:
            pass
    try:
        return last_book(settings_of(request).home), False
    except NotFoundError as error:
        raise UnavailableError(
            f"the database does not answer, and {error.message}", zh=f"数据库没有响应，且{error.zh}"
        ) from error
