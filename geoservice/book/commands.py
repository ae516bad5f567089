"""`geoservice dispatch book`: write it now; the last one where the database is away."""

from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import psycopg
import typer
from rich.console import Console
from rich.markup import escape

from geoservice.book import kept
from geoservice.book.actions import read_book
from geoservice.book.layout import age_of
from geoservice.book.records import Book
from geoservice.book.writing import rendered, write_book
from geoservice.errors import GeoServiceError, NotFoundError, SetupError, UnavailableError
from geoservice.exports.snapshots import snapshot
from geoservice.publish.catalog import load_layers
from geoservice.settings import Settings
from geoservice.terminal import at_work, dispatch_group, say, say_json
from geoservice.whole_files import write_whole


class Form(StrEnum):
    """What it can be written as."""

    html = "html"
    pdf = "pdf"
    csv = "csv"


@dataclass(frozen=True)
class _Found:
    """The book, its folder, and why it is not of now or has no PDF."""

    book: Book
    folder: Path
    away: Exception | None
    trouble: Exception | None = None


def add_to(app: typer.Typer) -> None:
    """Add the command."""
    dispatch_group(app).command("book")(_book)


def _book(
    form: Annotated[Form | None, typer.Option("--format", help="html | pdf | csv")] = None,
    out: Annotated[Path | None, typer.Option(help="另存为 · a file to write it to")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="输出 JSON · for machines")] = False,
) -> None:
    """生成调度手册；数据库不可用时给出最后一份 · write the dispatch book, or give the last one."""
    home, now = Settings.from_environment().home, datetime.now(UTC)
    found = _found(home, now)
    if out is not None:
        ending = form or Form(out.suffix[1:] if out.suffix[1:] in {*Form} else Form.html)
        shown_at = None if found.away is None else now
        content = rendered(found.book, ending, layers=load_layers(), shown_at=shown_at)
        write_whole(out, content, is_private=True)
    if as_json:
        say_json(_told(found, now, out))
    else:
        _show(found, now, out, form)


def _found(home: Path, now: datetime) -> _Found:
    """Return the book of now, written to the state folder, or the last one."""
    folder = kept.book_folder(home) / kept.CURRENT
    try:
        with at_work() as work:
            work.conn.commit()
            with snapshot(work.conn):
                book = read_book(work.conn, at=now)
            with kept.held(home, wait=True):
                _, trouble = write_book(home, book)
        return _Found(book, folder, None, trouble)
    except (SetupError, UnavailableError, psycopg.OperationalError) as error:
        try:
            return _Found(kept.last_book(home), folder, error)
        except NotFoundError as none:
            said = error.zh if isinstance(error, GeoServiceError) else str(error)
            raise UnavailableError(f"{error}\n{none.message}", zh=f"{said}\n  {none.zh}") from error


def _files(found: _Found) -> list[Path]:
    return [it for it in sorted(found.folder.iterdir()) if it.suffix != ".json"]


def _told(found: _Found, now: datetime, out: Path | None) -> dict[str, object]:
    return {
        "is_fresh": found.away is None,
        "as_of": found.book.as_of.isoformat(timespec="seconds"),
        "age_s": int((now - found.book.as_of).total_seconds()),
        "folder": found.folder,
        "files": _files(found),
        "out": out,
        "graph_version": found.book.head.graph_version,
        "rows": len(found.book.rows),
        "stale": sum(it.is_stale for it in found.book.rows),
        "why_last": None if found.away is None else str(found.away),
        "why_no_pdf": None if found.trouble is None else str(found.trouble),
    }


def _show(found: _Found, now: datetime, out: Path | None, form: Form | None) -> None:
    console = Console(stderr=True, soft_wrap=True, highlight=False)
    if found.away is not None:
        age = age_of(found.book.as_of, now)
        console.print(
            f"[bold yellow]! 数据库不可用，这是最后一份手册，写于 {age.zh}[/]\n"
            f"  the database cannot be used: this is the last book, written {age.en}\n"
            f"  [dim]{escape(str(found.away))}[/]"
        )
    if isinstance(found.trouble, GeoServiceError):
        console.print(f"[yellow]! {escape(found.trouble.zh)}[/]\n  {escape(str(found.trouble))}")
    wanted = [it for it in _files(found) if form is None or it.suffix == f".{form}"]
    for path in [out] if out is not None else wanted:
        say(str(path))
