"""The books on disk, for when the database is away: a folder each, the last one named.

`GEOSERVICE_HOME/book/current` leads to the last one whole; a new one is written beside it and
named at once, so that whatever goes wrong leaves the old one.
"""

import fcntl
import os
import shutil
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

from pydantic import TypeAdapter, ValidationError

from geoservice.book.records import Book
from geoservice.errors import NotFoundError

NAME = "dispatch-book"
DATA = f"{NAME}.json"
_BOOK = TypeAdapter(Book)
CURRENT = "current"  # leads to the last one
_PART, _LOCK = ".part-", "lock"
_STAMP, _KEPT = "%Y%m%dT%H%M%S%fZ", 2


def book_folder(home: Path) -> Path:
    """Return where the books are."""
    return home / "book"


@contextmanager
def held(home: Path, *, wait: bool) -> Iterator[bool]:
    """Hold the books' folder as the one who writes there; without ``wait`` it may not be had.

    A lock of the file system and not of the database: each machine needs its own copy.
    """
    folder = book_folder(home)
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    lock = os.open(folder / _LOCK, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        _give(home, folder, folder / _LOCK)
        try:
            fcntl.flock(lock, fcntl.LOCK_EX if wait else fcntl.LOCK_EX | fcntl.LOCK_NB)
            is_ours = True
        except BlockingIOError:
            is_ours = False
        yield is_ours
    finally:
        os.close(lock)


def keep(home: Path, book: Book, files: Mapping[str, bytes]) -> Path:
    """Keep a book with its files, by their endings; return its folder. The caller holds the lock.

    The one before is kept beside it, older ones go.
    """
    folder = book_folder(home)
    part = Path(tempfile.mkdtemp(prefix=_PART, dir=folder))  # 0700
    try:
        for ending, content in {**files, "json": _BOOK.dump_json(book)}.items():
            _write(part / f"{NAME}.{ending}", content)
        place = folder / datetime.now(UTC).strftime(_STAMP)
        part.rename(place)
    except BaseException:
        shutil.rmtree(part, ignore_errors=True)
        raise
    _give(home, place, *place.iterdir())
    _name(folder, place.name)
    for old in sorted(it for it in folder.iterdir() if it.is_dir() and not it.is_symlink())[
        :-_KEPT
    ]:
        shutil.rmtree(old, ignore_errors=True)
    return place


def last_folder(home: Path) -> Path:
    """Return the folder of the last book.

    Raises
    ------
    NotFoundError
        None was written yet.
    """
    folder = book_folder(home) / CURRENT
    if not (folder / DATA).is_file():
        raise NotFoundError(
            f"no dispatch book was written yet: {folder}", zh=f"尚未生成过调度手册：{folder}"
        )
    return folder.resolve()


def written_at(home: Path) -> datetime:
    """Return when the last book was written: its folder is named so.

    Raises
    ------
    NotFoundError
        None was written yet.
    """
    return datetime.strptime(last_folder(home).name, _STAMP).replace(tzinfo=UTC)


def last_book(home: Path) -> Book:
    """Return the last book that was written.

    Raises
    ------
    NotFoundError
        There is none, or not one that this program can read.
    """
    path = last_folder(home) / DATA
    try:
        return _BOOK.validate_json(path.read_bytes())
    except (OSError, ValidationError) as error:
        raise NotFoundError(
            f"{path}: this is no dispatch book of this version of the program",
            zh=f"{path}：不是本版本程序的调度手册",
        ) from error


def _write(path: Path, content: bytes) -> None:
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())


def _name(folder: Path, name: str) -> None:
    """Make `current` lead to a folder, at once."""
    new = folder / f"{_PART}{CURRENT}"
    new.unlink(missing_ok=True)
    new.symlink_to(name)
    new.replace(folder / CURRENT)


def _give(home: Path, *paths: Path) -> None:
    """Give what root wrote to whose folder it is: the service may be another user."""
    if os.geteuid() == 0:
        whose = home.stat()
        for path in paths:
            os.chown(path, whose.st_uid, whose.st_gid)
