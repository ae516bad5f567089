"""Write the book: now, or by the service every so many minutes."""

import logging
import threading
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

from psycopg_pool import ConnectionPool

from geoservice.accounts.last_known import remember_dispatchers
from geoservice.book import kept
from geoservice.book.actions import read_book
from geoservice.book.layout import volume_of
from geoservice.book.page import page_of
from geoservice.book.printing import printed
from geoservice.book.records import Book
from geoservice.book.table import csv_of
from geoservice.db import DISTRICT_IS_SET, Connection, pooled
from geoservice.errors import BusyError, NoPdfError, NotFoundError
from geoservice.exports.snapshots import snapshot
from geoservice.publish.catalog import LayerDef, load_layers
from geoservice.resources import folder

LOG = logging.getLogger("geoservice.book")
Layers = dict[str, LayerDef]


def css() -> str:
    """Return the sheet of styles that goes into the page."""
    return (folder("web") / "dispatch-book.css").read_text("utf-8")


def rendered(book: Book, ending: str, *, layers: Layers, shown_at: datetime | None = None) -> bytes:
    """Return the book as `html`, `pdf` or `csv`; ``shown_at`` as `volume_of` takes it.

    Raises
    ------
    NoPdfError, BusyError
        The PDF cannot be printed here, or not now.
    """
    if ending == "csv":
        return csv_of(book, layers).encode()
    volume = volume_of(book, layers, shown_at=shown_at)
    return page_of(volume, css=css()).encode() if ending == "html" else printed(volume)


def write_book(
    home: Path, book: Book, *, should_stop: Callable[[], bool] = lambda: False
) -> tuple[Path, Exception | None]:
    """Write the book to the state folder; return where, and why there is no PDF if there is none.

    The caller holds the folder. Without a PDF the page and the table are fresh all the same.
    """
    layers = load_layers()
    files = {ending: rendered(book, ending, layers=layers) for ending in ("html", "csv")}
    trouble: Exception | None = None
    try:
        files["pdf"] = printed(volume_of(book, layers), should_stop=should_stop)
    except (NoPdfError, BusyError) as error:
        trouble = error
    return kept.keep(home, book, files), trouble


class Writer:
    """What each worker asks again and again: is the book due? One of them writes it."""

    def __init__(self, home: Path, every_min: int) -> None:
        self._home, self._every = home, timedelta(minutes=every_min)
        self._stopped = threading.Event()
        self._told: str | None = None

    def __call__(self, pool: ConnectionPool[Connection]) -> None:
        """Note who the dispatchers are, and write the book if it is due."""
        with kept.held(self._home, wait=False) as is_ours:
            if not is_ours:
                return
            now = datetime.now(UTC)
            with pooled(pool) as conn:
                remember_dispatchers(conn, self._home, at=now)
                if not DISTRICT_IS_SET.one(conn):
                    return
            if self._is_due(now):
                with pooled(pool) as conn, snapshot(conn):
                    book = read_book(conn, at=now)
                self._tell(write_book(self._home, book, should_stop=self._stopped.is_set)[1])

    def stop(self) -> None:
        """Let what is being printed end."""
        self._stopped.set()

    def _is_due(self, now: datetime) -> bool:
        try:
            return now - kept.last_book(self._home).as_of >= self._every
        except NotFoundError:
            return True

    def _tell(self, trouble: Exception | None) -> None:
        """Log why there is no PDF; the same words once."""
        said = None if trouble is None or self._stopped.is_set() else str(trouble)
        if said is not None and said != self._told:
            LOG.warning("the dispatch book has no PDF: %s", said)
        self._told = said
