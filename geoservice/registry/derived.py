"""What a register works out before its records are written.

One function a register: it gets the records as they come (from files, forms or drafts), and gives
them as they are to be written, with the codes of those it has booked elsewhere already.
"""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from geoservice.db import Connection, Query
from geoservice.registry.records import Record

COUNT_LOTS = Query("stock", "count_lots", str)


@dataclass(frozen=True)
class Ready:
    """Records as they are to be written, and which of them are amended whatever the table says."""

    records: Sequence[Record]
    booked: tuple[str, ...] = ()


def prepare(conn: Connection, register: str, records: Sequence[Record]) -> Ready:
    """Return the records as they are to be written; most registers take them as they come."""
    work = _WORK.get(register)
    return work(conn, records) if work and records else Ready(records)


def _stock_lots(conn: Connection, records: Sequence[Record]) -> Ready:
    """Book a quantity that differs as a move of the ledger; a new lot opens with its own."""
    names = ("code", "quantity", "source_doc")
    said = [{name: getattr(it, name) for name in names} for it in records]
    return Ready(records, tuple(COUNT_LOTS.all(conn, rows=json.dumps(said))))


_WORK: Mapping[str, Callable[[Connection, Sequence[Record]], Ready]] = {
    "stock_lots": _stock_lots,
}
