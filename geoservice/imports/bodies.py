"""What the import routes take and answer, as OpenAPI describes it."""

from datetime import datetime
from typing import Annotated, Any, Literal

from pydantic import BaseModel, Field

from geoservice.datum import Datum
from geoservice.imports.records import Decision, Job, StagedRow
from geoservice.parameters import Body, Parameters

Text = Annotated[str, Field(max_length=200)]


class Said(Body):
    """What may be said of a file; nothing said, the file tells."""

    datum: Datum | None = Field(default=None, description="gcj02, wgs84, cgcs2000, bd09")
    encoding: Text | None = Field(default=None, description="utf-8, gb18030, ...")
    layer: Text | None = Field(default=None, description="layer or sheet, of a file with several")
    columns: dict[Text, Text] = Field(
        default_factory=dict, description="field name -> heading, where the heading does not tell"
    )
    source: Text | None = Field(default=None, description="where the rows come from")
    zone: Text | None = Field(default=None, description="IANA zone of times without one")
    decimal_comma: bool = Field(default=False, description="numbers are written 1,5")
    swap_axes: bool = Field(default=False, description="latitude (north) comes first")


class Change(Body):
    """What is changed of a job: what is not named stays. Any but decisions checks the file anew."""

    datum: Datum | None = None
    encoding: Text | None = None
    layer: Text | None = None
    columns: dict[Text, Text] = Field(default_factory=dict)
    source: Text | None = None
    zone: Text | None = None
    decimal_comma: bool = False
    swap_axes: bool = False
    decisions: dict[int, Decision | Literal[""]] = Field(
        default_factory=dict,
        max_length=100_000,
        description="row -> merge (into the record that stands), new, skip, or nothing again; "
        "merge and new of duplicates only",
    )


class Apply(Body):
    """How a job is applied."""

    skip_bad: bool = Field(
        default=False, description="apply the other rows although some are refused or undecided"
    )


class JobQuery(Parameters):
    """The query of one job."""

    preview: bool = Field(default=True, description="with the shapes of up to 500 rows")


class RowsQuery(Parameters):
    """Which rows of a job."""

    state: (
        Literal[
            "ok", "amend", "unchanged", "refused", "aside", "duplicate", "inserted", "amended",
            "skipped", "drafted", "conflict",
        ]
        | None
    ) = None  # fmt: skip
    after: int = Field(default=-1, ge=-1, lt=2**31, description="the last row of the page before")
    limit: int = Field(default=100, ge=1, le=1000)


class ReportQuery(Parameters):
    """In which form a report comes."""

    format: Literal["xlsx", "csv"] = "xlsx"


class JobAnswer(BaseModel):
    """A staged import. `counts` are of `ok` (new), amend, unchanged, refused, aside, duplicate."""

    id: str
    register_name: str = Field(serialization_alias="register")
    file_name: str
    file_bytes: int
    state: Literal["reading", "staged", "failed", "applied"]
    options: dict[str, Any]
    found: dict[str, Any] = Field(
        description="form, encoding, datum, rows, headings, columns (field -> heading), "
        "columns_left, notes"
    )
    counts: dict[str, int]
    undecided: int = Field(description="proposed duplicates without a decision")
    outcomes: dict[str, int] = Field(description="once applied: inserted, amended, ...")
    extent: list[float] | None = Field(description="west, south, east, north; CGCS2000")
    preview: dict[str, Any] | None = Field(description="GeoJSON, rows that need a look first")
    problem: dict[str, Any] | None = Field(description="why it failed: en, zh")
    progress: dict[str, Any] | None = Field(description="step, done, total, while it is under way")
    created_by: str
    created_at: datetime
    applied_by: str | None
    applied_at: datetime | None


class RowAnswer(BaseModel):
    """One row: as it came, as it was read, and what is to become of it."""

    row: int
    state: str
    code: str | None
    cells: dict[str, Any]
    values: dict[str, Any]
    reasons: list[dict[str, Any]] = Field(description="column, en, zh, given")
    match: dict[str, Any] | None = Field(description="code, version, distance_m of what stands")
    decision: str | None
    outcome: str | None


def row_answer(job: Job, it: StagedRow) -> RowAnswer:
    """Return a row for a person."""
    match = {"code": it.match_code, "version": it.match_version, "distance_m": it.match_m}
    return RowAnswer(
        row=it.row, state=it.state, code=it.code,
        cells=dict(zip(job.found["headings"], it.cells, strict=False)),
        values={name: value for name, value in it.record.items() if name != "geom"},
        reasons=it.reasons, match=match if it.match_code else None,
        decision=it.decision, outcome=it.outcome,
    )  # fmt: skip
