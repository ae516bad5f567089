"""A publish job, and one run of it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, time
from typing import Literal

from geoservice.exports.jobs.destinations import Destination

Cause = Literal["schedule", "asked"]
Result = Literal["running", "done", "failed", "cut_short"]


@dataclass(frozen=True)
class Schedule:
    """When a job runs: every so many minutes, daily at a time of the district, or when asked."""

    every_min: int | None = None
    daily_at: time | None = None


@dataclass(frozen=True)
class NewJob:
    """A job to be; ``layers`` None are all, ``partner`` takes what is granted to that one."""

    name: str
    to: Destination
    layers: Sequence[str] | None = None
    partner: str | None = None
    schedule: Schedule = Schedule()
    is_enabled: bool = True


@dataclass(frozen=True)
class Job:
    """A job as it is kept, with its last run; ``secret_name`` is the file of its password."""

    id: int
    name: str
    target: str
    schema_name: str | None
    layers: list[str] | None
    format: str | None
    crs: str | None
    encoding: str
    partner: str | None
    secret_name: str | None
    every_min: int | None
    daily_at: time | None
    is_enabled: bool
    next_at: datetime | None
    asked_by: str | None
    failures: int
    created_by: str
    created_at: datetime
    last_at: datetime | None
    last_result: Result | None
    last_rows: int | None
    error_zh: str | None
    error_en: str | None

    @property
    def schedule(self) -> Schedule:
        """When it runs."""
        return Schedule(self.every_min, self.daily_at)

    @property
    def to(self) -> Destination:
        """Where it publishes to."""
        return Destination(self.target, self.schema_name, self.format, self.crs, self.encoding)


@dataclass(frozen=True)
class Run:
    """One run of a job, over or not."""

    id: int
    cause: Cause
    started_by: str
    due_at: datetime | None
    started_at: datetime
    ended_at: datetime | None
    result: Result
    layers: int | None
    row_count: int | None
    manifest_sha256: str | None
    error_zh: str | None
    error_en: str | None


@dataclass(frozen=True)
class Outcome:
    """What came of a run; ``counts`` are layers and rows."""

    result: Result
    counts: tuple[int, int] | None = None
    manifest_sha256: str | None = None
    error_zh: str | None = None
    error_en: str | None = None


@dataclass(frozen=True)
class Troubled:
    """A job whose last runs failed, or that nobody ran though it was due."""

    name: str
    failures: int
    is_late: bool | None
