"""A file's table -> the rows of a job, each checked against the register that stands."""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from geoservice.bulk import copy_rows
from geoservice.db import Connection, Query, district_zone
from geoservice.errors import InputError
from geoservice.imports.duplicates import find_matches
from geoservice.imports.kept import Kept, Standing, headings_as_they_came
from geoservice.imports.records import (
    COPY_ROWS,
    DROP_ROWS,
    PLACES_OF,
    REMEMBERED_COLUMNS,
    STAGED,
    STANDING_NOW,
    Options,
    Place,
)
from geoservice.jobs.telling import Progress
from geoservice.registry.actions import MISSING_REFERENCES, Missing
from geoservice.registry.derived import faults
from geoservice.registry.fields import Label, Register, plain
from geoservice.registry.importing import (
    Checked,
    Refusal,
    Row,
    Setting,
    check_rows,
    codes_of,
    is_example,
)
from geoservice.registry.mapping import Mapped, map_columns
from geoservice.registry.notes import note_of_zone, notes_of_file
from geoservice.registry.places import Placed
from geoservice.registry.placing import locate
from geoservice.registry.reading import Table
from geoservice.registry.rows import to_record

ENVELOPE_NOW = Query("registry", "envelope_now", BaseGeometry)
_AT_ONCE = 5000


@dataclass(frozen=True)
class File:
    """A file to be staged: its table, its name, what is said of it, whose towns it may touch."""

    table: Table
    name: str
    options: Options
    towns: frozenset[str] | None = None


@dataclass(frozen=True)
class Found:
    """What a staged file is, for the job and the report."""

    form: str
    encoding: str
    datum: str | None
    headings: tuple[str, ...]
    place_headings: tuple[str, ...]
    extent: tuple[float, ...] | None
    key: str
    columns: Mapping[str, str]
    columns_left: tuple[str, ...]
    notes: tuple[Label, ...]
    rows: int

    def as_json(self) -> dict[str, Any]:
        """Return itself as JSON values."""
        return {
            **{name: getattr(self, name) for name in ("form", "encoding", "datum", "rows", "key")},
            "headings": list(self.headings),
            "place_headings": list(self.place_headings),
            "extent": None if self.extent is None else list(self.extent),
            "columns": dict(self.columns),
            "columns_left": list(self.columns_left),
            "notes": [{"zh": note.zh, "en": note.en} for note in self.notes],
        }


def stage(
    conn: Connection, *, job: str, register: Register, file: File, progress: Progress | None = None
) -> Found:
    """Check every row of a file and keep it with the job; what was kept before goes.

    Raises
    ------
    NoDistrictError
        There is no boundary yet.
    DatumError
        The datum is missing, unknown, or contradicts the file.
    InputError, UnknownNameError
        Its columns cannot be told.
    """
    tell = progress or (lambda _step, _done, _total: None)
    table, options = file.table, file.options
    zone = district_zone(conn)
    mapped = _mapped(conn, register, table, options)
    envelope = ENVELOPE_NOW.one(conn)
    located = locate(
        register.shape, table, datum=options.datum, is_swapped=options.swap_axes,
        lon=envelope.centroid.x,
    )  # fmt: skip
    rows, examples = _rows(table, located.placed, mapped)
    habits = replace(options.habits, zone=options.habits.zone or zone)
    current = _current(conn, register, codes_of(rows, mapped))
    setting = Setting(
        source=options.source or file.name,
        current={code: to_record(register, row) for code, row in current.items()},
        envelope=envelope, habits=habits, is_source_said=options.source is not None,
        towns=file.towns,
    )  # fmt: skip
    shapely.prepare(envelope)
    checked = check_rows(register, _telling(rows, tell), mapped, setting)
    checked = _without_faults(conn, register, _without_missing(conn, register, checked))
    kept = Kept(job, register, table, current, _matches(conn, register, checked))
    DROP_ROWS.run(conn, job=job)
    copy_rows(conn, COPY_ROWS, kept.rows(checked, tuple(_unread(table, located.placed))))
    notes = (
        *located.notes, *notes_of_file(register, table, mapped, located.placed),
        *note_of_zone(rows, mapped, habits), *_note_of_examples(examples),
    )  # fmt: skip
    found = Found(
        form=table.form, encoding=table.encoding, datum=located.datum,
        headings=tuple(headings_as_they_came(table)),
        place_headings=tuple(headings_as_they_came(table)[len(table.headings) :]),
        extent=_extent(located.placed), key=headings_key(table.headings),
        columns={it.field.name: it.heading for it in mapped.taken}, columns_left=mapped.left,
        notes=notes, rows=len(table.numbers) - len(examples),
    )  # fmt: skip
    STAGED.run(conn, job=job, found=json.dumps(found.as_json()))
    return found


def _extent(placed: Placed) -> tuple[float, ...] | None:
    """Return the box of the shapes: west, south, east, north."""
    box = shapely.total_bounds(placed.shapes)
    return tuple(box.tolist()) if np.isfinite(box).all() else None


def headings_key(headings: Sequence[str]) -> str:
    """Return by what a set of headings is remembered: their plain names, in any order."""
    return "\n".join(sorted(plain(it) for it in headings))


def _mapped(conn: Connection, register: Register, table: Table, options: Options) -> Mapped:
    """Map the columns: as said, else as said before for these headings, else by their names."""
    key = headings_key(table.headings)
    known = REMEMBERED_COLUMNS.first(conn, register=register.name, headings=key) or {}
    by_plain = {plain(it): it for it in table.headings}
    remembered = {
        name: by_plain[plain(heading)]
        for name, heading in known.items()
        if plain(heading) in by_plain and register.field(name) is not None
    }
    return map_columns(register, table.headings, remembered | dict(options.columns))


def _rows(table: Table, placed: Placed, mapped: Mapped) -> tuple[list[Row], list[int]]:
    """Return the rows whose shape and text could be read, and the numbers of the examples."""
    rows, examples = [], []
    for index, (number, cells) in enumerate(zip(table.numbers, table.cells, strict=True)):
        if index in placed.refused or number in table.unread:
            continue
        row = Row(number, dict(zip(table.headings, cells, strict=True)), placed.shapes[index])
        if is_example(row, mapped):
            examples.append(number)
        else:
            rows.append(row)
    return rows, examples


def _unread(table: Table, placed: Placed) -> Iterator[Refusal]:
    for number, (en, zh) in table.unread.items():
        yield Refusal(number, None, en, zh)
    for index, error in placed.refused.items():
        yield Refusal.of(table.numbers[index], None, error, error.where or "")


def _telling(rows: Sequence[Row], tell: Progress) -> Iterator[Row]:
    for index, row in enumerate(rows):
        if index % _AT_ONCE == 0:
            tell("checking", index, len(rows))
        yield row
    tell("checking", len(rows), len(rows))


def _current(conn: Connection, register: Register, codes: Sequence[str]) -> dict[str, Any]:
    found = STANDING_NOW.all(conn, register=register.table, codes=list(codes))
    return {row["code"]: row for row in found}


def _without_missing(
    conn: Connection, register: Register, checked: Sequence[Checked]
) -> list[Checked]:
    """Refuse rows that refer to a record that is not there: a lot of an unknown depot."""
    links = [it.name for it in register.fields if it.name.endswith("_code")]
    rows = [
        {"code": it.record.code} | {name: getattr(it.record, name) for name in links}
        for it in checked if it.record is not None
    ]  # fmt: skip
    missing = MISSING_REFERENCES.all(conn, register=register.table, rows=json.dumps(rows))
    of = {it.code: it for it in missing}
    return [
        it if it.record is None or it.record.code not in of
        else replace(it, record=None, wrong=(_lost(it.row.number, of[it.record.code]),))
        for it in checked
    ]  # fmt: skip


def _without_faults(
    conn: Connection, register: Register, checked: Sequence[Checked]
) -> list[Checked]:
    """Refuse rows that say what does not follow from their inputs: a grade that is another."""
    wrong = faults(conn, register.name, [it.record for it in checked if it.record is not None])
    return [
        it if it.record is None or it.record.code not in wrong
        else replace(it, record=None, wrong=(_fault(it.row.number, wrong[it.record.code]),))
        for it in checked
    ]  # fmt: skip


def _fault(row: int, error: InputError) -> Refusal:
    return Refusal.of(row, error.where, error)


def _lost(row: int, missing: Missing) -> Refusal:
    kind = missing.field.removesuffix("_code").replace("_", " ")
    return Refusal(
        row, missing.field, f"there is no {kind} {missing.given}",
        f"没有编号为 {missing.given} 的记录（{missing.field}）", missing.given,
    )  # fmt: skip


def _matches(
    conn: Connection, register: Register, checked: Sequence[Checked]
) -> dict[int, Standing]:
    """Find for new records the one near by that has a similar name, by row number."""
    new = [it for it in checked if it.record is not None and it.standing is None]
    new = [it for it in new if getattr(it.record, "geom", None) is not None]
    # What happens at a time (a road is closed) happens there again.
    if register.shape is None or not new or register.field("starts_at") is not None:
        return {}
    own = {it.record.code for it in checked if it.record is not None}
    places: list[Place] = [
        it for it in PLACES_OF.all(conn, register=register.table) if it.code not in own
    ]
    found = find_matches(
        [it.record.name for it in new if it.record is not None],
        shapely.get_coordinates(shapely.centroid([it.row.geom for it in new])),
        [it.name for it in places],
        np.array([(it.lon, it.lat) for it in places]).reshape(-1, 2),
    )
    return {
        new[it.given].row.number: Standing(at.code, at.name, at.version, it.distance_m)
        for it in found
        for at in [places[it.standing]]
    }


def _note_of_examples(examples: Sequence[int]) -> Iterator[Label]:
    if examples:
        listed = ", ".join(map(str, examples[:10]))
        yield Label(f"示例行 {listed} 已跳过", f"example rows {listed} are skipped")
