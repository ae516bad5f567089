"""A register as it was at an instant: for whoever must answer for what was known then."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from geoservice.db import Connection, Query
from geoservice.registry.editing import Editor, Kept, kept_of
from geoservice.registry.registers import register_named

RECORDS_AS_OF: Query[Any] = Query("registry", "records_as_of", dict)


@dataclass(frozen=True)
class Page:
    """Records by id, and after which id the next page begins (None: there is none)."""

    records: tuple[Kept, ...]
    next_after: int | None


def records_as_of(
    conn: Connection, *, register: str, at: datetime, after: int, most: int, editor: Editor
) -> Page:
    """Return a page of the records that stood at an instant, as they were then.

    What the caller may read is told by the rows as they were.
    """
    it = register_named(register)
    towns = None if editor.towns is None else list(editor.towns)
    found = RECORDS_AS_OF.all(
        conn, register=it.table, at=at, after=after, most=most + 1,
        secrecies=list(editor.secrecies), towns=towns, open_to=list(editor.open_to),
    )  # fmt: skip
    shown = tuple(kept_of(it, row) for row in found[:most])
    return Page(shown, shown[-1].id if len(found) > most else None)
