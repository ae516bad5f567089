"""Who the dispatchers were when the database last answered, for what is read while it is away.

A file of the state folder, 0600, with the SHA-256 of their sessions' and tokens' secrets, as the
database keeps them. While the database is away nobody can be signed out or have a token revoked
either; nothing but reading the dispatch book rests on it.
"""

import json
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from geoservice.accounts.sessions import ABSOLUTE, IDLE, digest
from geoservice.db import Connection, Query
from geoservice.whole_files import write_whole


@dataclass(frozen=True)
class Known:
    """A dispatcher's session or token; ``towns`` None is all of them."""

    sha256: str
    name: str
    towns: list[str] | None
    until: datetime


DISPATCHERS = Query("accounts", "dispatchers_known", Known)


def last_known_file(home: Path) -> Path:
    """Return where it is kept."""
    return home / "book" / "dispatchers.json"


def remember_dispatchers(conn: Connection, home: Path, *, at: datetime) -> None:
    """Write down who may dispatch now: sessions until they end, tokens for as long as a session.

    Raises
    ------
    FileError
        It cannot be written.
    """
    found = DISPATCHERS.all(conn, at=at, idle_since=at - IDLE, token_until=at + ABSOLUTE)
    rows = [asdict(it) | {"until": it.until.isoformat()} for it in found]
    said = json.dumps(rows, ensure_ascii=False).encode()
    write_whole(last_known_file(home), said, is_private=True)


def last_known(home: Path, secret: str, *, at: datetime) -> Known | None:
    """Return whose secret this was when the database last answered; None: no dispatcher's."""
    try:
        rows: list[dict[str, Any]] = json.loads(last_known_file(home).read_text("utf-8"))
        sought = digest(secret).hex()
        for row in rows:
            until = datetime.fromisoformat(row["until"])
            if row["sha256"] == sought and until > at:
                return Known(sought, row["name"], row["towns"], until)
    except (OSError, ValueError, KeyError, TypeError):
        return None  # none was written, or it cannot be read: nobody is known
    return None
