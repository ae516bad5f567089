"""A draft as it is kept."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal, get_args

from geoservice.db import Query

State = Literal["draft", "checked", "merged", "rejected"]
STATES: tuple[State, ...] = get_args(State)


@dataclass(frozen=True)
class Draft:
    """A record before it is one; with ``record_id`` a change of one that stands."""

    id: int
    register: str
    record_id: int | None
    base_version: int | None
    round_code: str | None
    body: dict[str, Any]
    geometry: dict[str, Any] | None
    town_code: str | None
    state: State
    reason: str | None
    job_id: str | None
    job_row: int | None
    version: int
    created_by: str
    created_at: datetime
    updated_by: str
    updated_at: datetime

    @property
    def etag(self) -> str:
        """The mark of this version, as `ETag` and `If-Match` have it."""
        return f'"{self.id}-{self.version}"'

    @property
    def whole_body(self) -> dict[str, Any]:
        """What it says, as `/registry/{register}` takes it; an unsaid place of a change stays."""
        if self.geometry is None:
            return dict(self.body)
        return {**self.body, "geometry": self.geometry}


@dataclass(frozen=True)
class Count:
    """So many drafts of a state."""

    state: State
    number: int


OPEN_DRAFT = Query("drafts", "open_draft", int)
DRAFT = Query("drafts", "draft", Draft)
DRAFTS = Query("drafts", "drafts", Draft)
DRAFT_COUNTS = Query("drafts", "draft_counts", Count)
AMEND_DRAFT = Query("drafts", "amend_draft", str)
MERGE_DRAFT = Query("drafts", "merge_draft", str)
