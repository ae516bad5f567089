"""A job, its rows, and what was said of its file: the rows of `sql/queries/imports.sql`."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from datetime import datetime
from typing import Any, Literal

from geoservice.db import Query
from geoservice.registry.values import Habits
from geoservice.timezones import zone_named

State = Literal["ok", "amend", "unchanged", "refused", "aside", "duplicate"]
Decision = Literal["merge", "new", "skip"]


@dataclass(frozen=True)
class Options:
    """What is said of a file.

    Parameters
    ----------
    datum, encoding, layer
        Of its coordinates and its text, and which layer or sheet; None where the file tells.
    columns
        Field name -> heading, where the heading does not tell.
    source
        Where the rows come from; else the file's name.
    zone
        IANA name of the zone of times without one; else the district's.
    decimal_comma
        Its numbers are written 1,5.
    swap_axes
        Its coordinates have latitude (north) first.
    """

    datum: str | None = None
    encoding: str | None = None
    layer: str | None = None
    columns: Mapping[str, str] = field(default_factory=dict)
    source: str | None = None
    zone: str | None = None
    decimal_comma: bool = False
    swap_axes: bool = False

    @property
    def habits(self) -> Habits:
        """How the file writes numbers and times."""
        return Habits(self.decimal_comma, None if self.zone is None else zone_named(self.zone))

    def as_json(self) -> dict[str, Any]:
        """Return itself as JSON values."""
        return asdict(self)


@dataclass(frozen=True)
class Job:
    """One file that was sent, and how far it is."""

    id: str
    register: str
    file_name: str
    file_bytes: int
    spool: str | None
    state: Literal["reading", "staged", "failed", "applied"]
    options: dict[str, Any]
    found: dict[str, Any]
    problem: dict[str, Any] | None
    result: dict[str, Any] | None
    created_by: str
    created_at: datetime
    applied_by: str | None
    applied_at: datetime | None
    step: str | None
    done: int | None
    total: int | None
    is_stuck: bool | None


@dataclass(frozen=True)
class StagedRow:
    """One row of a file, checked."""

    row: int
    state: State
    code: str | None
    cells: list[Any]
    record: dict[str, Any]
    given: list[str]
    reasons: list[dict[str, Any]]
    match_code: str | None
    match_version: int | None
    match_m: float | None
    decision: Decision | None
    outcome: str | None


@dataclass(frozen=True)
class Count:
    """How many rows have a state and an outcome, and how many of them are not decided."""

    state: State
    outcome: str | None
    rows: int
    undecided: int


@dataclass(frozen=True)
class Outcome:
    """What became of a row."""

    outcome: str
    code: str | None
    row: int


@dataclass(frozen=True)
class Sent:
    """What somebody has sent: bytes in a day, files in an hour; seconds until the next may come."""

    bytes_today: int
    files: int
    wait_s: int


@dataclass(frozen=True)
class Place:
    """Where a record that stands is."""

    code: str
    name: str
    version: int
    lon: float
    lat: float


@dataclass(frozen=True)
class Shown:
    """A row with its shape as GeoJSON, for a map."""

    row: int
    state: State
    code: str | None
    name: str | None
    geometry: dict[str, Any]


OPEN_JOB = Query("imports", "open_job", str)
JOB = Query("imports", "job", Job)
JOBS = Query("imports", "jobs", Job)
HOLD_JOB = Query("imports", "hold_job", str)
AWAIT_JOB = Query("imports", "await_job", str)
SENT_LATELY = Query("imports", "sent_lately", Sent)
NOTE_SENT = Query("imports", "note_sent", str)
REOPEN_JOB = Query("imports", "reopen_job", str)
STAGED = Query("imports", "staged", str)
FAILED = Query("imports", "failed", str)
APPLIED = Query("imports", "applied", str)
DROP_JOB = Query("imports", "drop_job", str)
DROP_OLD_JOBS = Query("imports", "drop_old_jobs", str)
DROP_ROWS = Query("imports", "drop_rows", str)
COPY_ROWS: Query[Any] = Query("imports", "copy_rows", str)
ROWS = Query("imports", "rows", StagedRow)
TALLY = Query("imports", "tally", Count)
PREVIEW = Query("imports", "preview", Shown)
DECIDE = Query("imports", "decide", int)
SETTLE = Query("imports", "settle", str)
AS_NEW = Query("imports", "as_new", str)
MERGED = Query("imports", "merged", str)
CONFLICTS = Query("imports", "conflicts", int)
LEAVE_CONFLICTS = Query("imports", "leave_conflicts", str)
NEXT_ROWS = Query("imports", "next_rows", int)
STORE_ROWS = Query("imports", "store_rows", int)
OVERTAKEN = Query("imports", "overtaken", str)
OUTCOMES = Query("imports", "outcomes", Outcome)
ASIDE_TO_DRAFTS = Query("imports", "aside_to_drafts", int)
DRAFTS_BROUGHT_IN = Query("imports", "drafts_brought_in", int)
STANDING_NOW: Query[Any] = Query("imports", "standing_now", dict)
PLACES_OF = Query("imports", "places_of", Place)
REMEMBERED_COLUMNS: Query[Any] = Query("imports", "remembered_columns", dict)
REMEMBER_COLUMNS = Query("imports", "remember_columns", str)
