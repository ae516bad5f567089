"""Seal the audit, verify the chain, read events."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from geoservice.db import Connection, Query


@dataclass(frozen=True)
class Event:
    """Who did what, when, from where and why; ``change`` is ``{field: [before, after]}``."""

    id: int
    at: datetime
    actor: str
    action: str
    table_name: str | None
    row_id: int | None
    code: str | None
    change: Mapping[str, Any] | None
    result: str
    reason: str | None
    request_id: str | None
    source_ip: str | None


@dataclass(frozen=True)
class Head:
    """The last seal: written down elsewhere, it shows a chain that was made anew."""

    n: int
    sha256: str
    sealed_at: datetime


@dataclass(frozen=True)
class Broken:
    """A seal that does not fit its events any more."""

    n: int
    events: int
    events_there: int
    sealed_at: datetime


@dataclass(frozen=True)
class Tally:
    """So many seals, events, and events that are sealed."""

    seals: int
    events: int
    sealed: int


@dataclass(frozen=True)
class Verdict:
    """What a verification found; ``expected`` is a head written down before, if one was given."""

    tally: Tally
    head: Head | None
    broken: tuple[Broken, ...]
    is_head_known: bool = True

    @property
    def is_sound(self) -> bool:
        """Whether nothing was changed, removed or added since it was sealed."""
        return not self.broken and self.is_head_known and self.tally.sealed == self.tally.events


SEAL = Query("audit", "seal", int)
NOTE_EVENT = Query("audit", "note_event", int)
EVENTS = Query("audit", "events", Event)
HEAD = Query("audit", "head", Head)
BROKEN_SEALS = Query("audit", "broken_seals", Broken)
TALLY = Query("audit", "tally", Tally)
SEAL_IS_THERE = Query("audit", "seal_is_there", bool)


def seal(conn: Connection) -> None:
    """Seal the events of all transactions that have ended; nothing new makes no seal."""
    SEAL.first(conn)


def note(
    conn: Connection,
    action: str,
    *,
    object_name: str | None = None,
    change: Mapping[str, Any] | None = None,
    result: str = "done",
) -> None:
    """Write down an event that is not the change of a row: an export, a refusal."""
    said = None if change is None else json.dumps(change, ensure_ascii=False, default=str)
    NOTE_EVENT.one(
        conn, action=action, table_name=object_name, row_id=None, code=None, change=said,
        result=result,
    )  # fmt: skip


def verify(conn: Connection, *, known_head: str | None = None) -> Verdict:
    """Walk the chain from its beginning.

    Parameters
    ----------
    known_head
        The digest of a seal that was written down elsewhere: it must be in the chain.
    """
    return Verdict(
        tally=TALLY.one(conn),
        head=HEAD.first(conn),
        broken=tuple(BROKEN_SEALS.all(conn)),
        is_head_known=known_head is None or SEAL_IS_THERE.one(conn, sha256=known_head),
    )
