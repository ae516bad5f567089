"""A file into a register in one go: staged and applied in one transaction."""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Literal

from geoservice.db import Connection
from geoservice.imports.applying import apply
from geoservice.imports.records import (
    DECIDE,
    DROP_JOB,
    JOB,
    OPEN_JOB,
    ROWS,
    TALLY,
    Job,
    Options,
    StagedRow,
)
from geoservice.imports.staging import File, stage
from geoservice.jobs.telling import Progress
from geoservice.registry.actions import Stored
from geoservice.registry.fields import Label, Register
from geoservice.registry.importing import Refusal
from geoservice.registry.reading import Table
from geoservice.registry.registers import register_named
from geoservice.roads.actions import CLOSURES_WITHOUT_ROAD

_MOST = 2**31 - 1
Duplicates = Literal["ask", "merge", "new", "skip"]


@dataclass(frozen=True)
class Request:
    """What the user says of a file, and what is to be done with it.

    Parameters
    ----------
    skips_bad
        Load the rows that are right although others are refused.
    duplicates
        What becomes of rows that are like a record near by; ``ask``: they stop the load.
    is_dry
        Only say what would be done.
    wants_rows
        Every row is wanted, for a report file.
    """

    file_name: str
    options: Options = field(default_factory=Options)
    skips_bad: bool = False
    duplicates: Duplicates = "ask"
    is_dry: bool = False
    wants_rows: bool = False


@dataclass(frozen=True)
class LoadReport:
    """What was loaded from a file, and all that was not."""

    register: str
    label: Label
    file: str
    form: str
    encoding: str
    datum: str | None
    rows: int
    is_loaded: bool
    is_dry: bool
    stored: Stored
    refused: tuple[Refusal, ...]
    aside: tuple[int, ...]
    columns_left: tuple[str, ...]
    notes: tuple[Label, ...]


@dataclass(frozen=True)
class Loaded:
    """The report, and the job with its rows for a report file."""

    report: LoadReport
    job: Job
    rows: Sequence[StagedRow]


def load_register(
    conn: Connection,
    *,
    register: str,
    table: Table,
    request: Request,
    progress: Progress | None = None,
) -> Loaded:
    """Load a file's rows into a register: all of them, or none unless the bad may be skipped.

    Raises
    ------
    NoDistrictError, DatumError, InputError, UnknownNameError
        As of `staging.stage`.
    ConflictError
        A record was changed by somebody else at this moment.
    """
    it = register_named(register)
    options = json.dumps(request.options.as_json())
    job = OPEN_JOB.one(
        conn, register=register, file_name=request.file_name, file_bytes=0, spool=None,
        options=options,
    )  # fmt: skip
    file = File(table, request.file_name, request.options)
    found = stage(conn, job=job, register=it, file=file, progress=progress)
    _decide(conn, job, request)
    bad = [*_rows(conn, job, "refused"), *filter(_is_open, _rows(conn, job, "duplicate"))]
    is_any = len(bad) < sum(it.rows for it in TALLY.all(conn, job=job))
    loads = is_any and (not bad or request.skips_bad) and not request.is_dry
    done = Stored()
    if loads:
        done = apply(conn, job=job, skips_bad=request.skips_bad, progress=progress).stored
        bad += _rows(conn, job, "conflict")
    aside = tuple(row.row for row in _rows(conn, job, "aside"))
    rows = _rows(conn, job, None) if request.wants_rows else []
    kept = JOB.one(conn, job=job)
    if not loads:
        DROP_JOB.run(conn, job=job)
    report = LoadReport(
        register=it.name, label=it.label, file=request.file_name, form=found.form,
        encoding=found.encoding, datum=found.datum, rows=found.rows, is_loaded=loads,
        is_dry=request.is_dry, stored=done, refused=tuple(_refusals(bad)), aside=aside,
        columns_left=found.columns_left, notes=(*found.notes, *_without_road(conn, it, done)),
    )  # fmt: skip
    return Loaded(report, kept, rows)


def _decide(conn: Connection, job: str, request: Request) -> None:
    if request.duplicates != "ask":
        alike = _rows(conn, job, "duplicate")
        decisions = [{"row": row.row, "decision": request.duplicates} for row in alike]
        DECIDE.run(conn, job=job, decisions=json.dumps(decisions))


def _rows(conn: Connection, job: str, state: str | None) -> list[StagedRow]:
    return ROWS.all(conn, job=job, after=-1, state=state, most=_MOST)


def _is_open(row: StagedRow) -> bool:
    return row.state == "duplicate" and row.decision is None


def _refusals(bad: Sequence[StagedRow]) -> Iterator[Refusal]:
    for row in sorted(bad, key=lambda it: it.row):
        for why in row.reasons:
            yield Refusal(row.row, why["column"], why["en"], why["zh"], why["given"])


def _without_road(conn: Connection, register: Register, done: Stored) -> Iterator[Label]:
    """Name the closures written now that shut nothing, which their author cannot have meant."""
    if register.name == "road_closures":
        for code in CLOSURES_WITHOUT_ROAD.all(conn):
            if code in done.inserted or code in done.amended:
                yield Label(f"封闭 {code} 未命中任何道路", f"closure {code} meets no road")
