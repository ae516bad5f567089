"""What a register works out of its records, before and after a job writes them."""

import json
from dataclasses import dataclass
from typing import Any

from geoservice.db import Connection, Query
from geoservice.registry.derived import Ready, is_worked_on, prepare
from geoservice.registry.fields import Register
from geoservice.registry.rows import to_record, to_row


@dataclass(frozen=True)
class Waiting:
    """A row that is to be written."""

    row: int
    record: dict[str, Any]


CODES_TO_WRITE = Query("imports", "codes_to_write", str)
TO_WRITE = Query("imports", "to_write", Waiting)
REWORKED = Query("imports", "reworked", str)


def prepare_rows(conn: Connection, job: str, register: Register) -> Ready:
    """Work on the rows that are to be written: grades of assessments, what a danger repeats.

    Raises
    ------
    RecordError
        What is typed no longer follows from the inputs; every record at fault is named.
    """
    if register.name == "hazard_sources":  # worked on once they are written
        return Ready((), sources=tuple(CODES_TO_WRITE.all(conn, job=job)))
    if register.name == "stock_lots" or not is_worked_on(register.name):
        return Ready(())  # lots are counted by the ledger, in the statement that writes them
    waiting = TO_WRITE.all(conn, job=job)
    ready = prepare(conn, register.name, [to_record(register, it.record) for it in waiting])
    new = [to_row(record) for record in ready.records]
    changed = [
        {"row": it.row, "record": record}
        for it, record in zip(waiting, new, strict=True) if record != it.record
    ]  # fmt: skip
    REWORKED.run(conn, job=job, rows=json.dumps(changed))
    return ready
