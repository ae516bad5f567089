"""Load files: a boundary, or the rows of a register."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

import shapely
from shapely.geometry.base import BaseGeometry

from geoservice.crs import stored
from geoservice.db import Connection, Query, district_zone
from geoservice.errors import FileError, GeometryError
from geoservice.registry import boundary
from geoservice.registry.actions import (
    ChosenZone,
    Stored,
    choose_zone,
    set_district,
    standing,
    store,
)
from geoservice.registry.fields import Label, Register
from geoservice.registry.importing import (
    Refusal,
    Row,
    Setting,
    code_text,
    codes_of,
    read_records,
)
from geoservice.registry.mapping import Mapped, map_columns
from geoservice.registry.notes import note_of_zone, notes_of_file
from geoservice.registry.places import Placed
from geoservice.registry.placing import locate
from geoservice.registry.reading import Table
from geoservice.registry.records import District, Record, StockLot
from geoservice.registry.registers import register_named
from geoservice.registry.values import Habits
from geoservice.roads.actions import CLOSURES_WITHOUT_ROAD

ENVELOPE_NOW = Query("registry", "envelope_now", BaseGeometry)
DEPOT_CODES = Query("registry", "depot_codes", str)


@dataclass(frozen=True)
class Request:
    """What the user says of a file.

    Parameters
    ----------
    datum
        Of its coordinates; None where the file settles it.
    columns
        Field name -> heading, where the heading does not tell.
    source
        Where the rows come from, as said; else the file's name.
    file_name
        Of the file.
    skips_bad
        Load the rows that are right although others are refused.
    habits
        How the file writes numbers and times.
    """

    file_name: str
    datum: str | None = None
    columns: Mapping[str, str] = field(default_factory=dict)
    source: str | None = None
    skips_bad: bool = False
    habits: Habits = field(default_factory=Habits)


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
    stored: Stored
    refused: tuple[Refusal, ...]
    columns_left: tuple[str, ...]
    notes: tuple[Label, ...]


@dataclass(frozen=True)
class BoundaryReport:
    """The district that a file gave."""

    code: str
    name: str
    file: str
    form: str
    datum: str
    area_km2: float
    time_zone: ChosenZone
    envelope: tuple[float, float, float, float]
    is_changed: bool


def load_register(conn: Connection, *, register: str, table: Table, request: Request) -> LoadReport:
    """Load a file's rows into a register: all of them, or none unless the bad may be skipped.

    Raises
    ------
    NoDistrictError
        There is no boundary yet.
    DatumError
        The datum is missing, unknown, or contradicts the file.
    InputError, UnknownNameError
        Its columns cannot be told.
    """
    zone = district_zone(conn)
    it = register_named(register)
    mapped = map_columns(it, table.headings, request.columns)
    envelope = ENVELOPE_NOW.one(conn)
    located = locate(it, table, datum=request.datum, lon=envelope.centroid.x)
    placed, datum = located.placed, located.datum
    rows = _rows(table, placed)
    habits = replace(request.habits, zone=request.habits.zone or zone)
    records, refused = _records(conn, it, rows, mapped, replace(request, habits=habits))
    wrong = [*_unread(table, placed), *refused]
    if it.name == "stock_lots":
        records, lost = _known_depots(conn, records, _numbers(rows, mapped))
        wrong += lost
    loads = bool(records) and (not wrong or request.skips_bad)
    done = store(conn, register, records) if loads else Stored()
    return LoadReport(
        register=it.name,
        label=it.label,
        file=request.file_name,
        form=table.form,
        encoding=table.encoding,
        datum=datum,
        rows=len(table.numbers),
        is_loaded=loads,
        stored=done,
        refused=tuple(sorted(wrong, key=lambda refusal: refusal.row)),
        columns_left=mapped.left,
        notes=(
            *located.notes,
            *notes_of_file(it, table, mapped, placed),
            *note_of_zone(rows, mapped, habits),
            *_without_road(conn, it, done),
        ),
    )


def load_boundary(  # each is one thing the user may say
    conn: Connection, *, table: Table, request: Request,
    code: str | None = None, name: str | None = None, unite: bool = False, zone: str | None = None,
) -> BoundaryReport:  # fmt: skip
    """Make a file's outline the district.

    Raises
    ------
    FileError, InputError
        It has no outline, or it is not plain which; the message lists the choices. Or there is
        no time zone ``zone``; without one ``choose_zone`` takes it.
    DatumError, GeometryError
        The datum is not settled, or the outline is not valid.
    ConflictError
        Rows that are there already lie outside the new envelope.
    """
    it = register_named("district")
    mapped = map_columns(it, table.headings, request.columns)
    if not table.has_shapes:
        raise FileError("the file has no shapes: no outline", zh="文件没有几何，无法作为边界")
    located = locate(it, table, datum=request.datum)
    placed, datum = located.placed, located.datum
    said = {taken.field.name: taken.heading for taken in mapped.taken}
    found = [
        boundary.Outline(row, _said(row, said.get("code")), _said(row, said.get("name")))
        for row in _rows(table, placed, keeps_refused=True)
    ]
    chosen = boundary.choose_outlines(found, code=code, name=name, unite=unite)
    for wrong in _unread(table, placed):
        if any(wrong.row == outline.row.number for outline in chosen):
            given = f" ({wrong.given})" if wrong.given else ""
            raise GeometryError(
                f"row {wrong.row}: {wrong.en}{given}", zh=f"第 {wrong.row} 行：{wrong.zh}{given}"
            )
    geom, code, name = boundary.join_outlines(chosen, code=code, name=name)
    chosen_zone = choose_zone(conn, code=code, geom=geom, said=zone)
    district = District(
        code=code, name=name, source_doc=request.source or request.file_name,
        time_zone=chosen_zone.name, geom=stored(geom),
    )  # fmt: skip
    changed = set_district(conn, district)
    return BoundaryReport(
        code=code,
        name=name,
        file=request.file_name,
        form=table.form,
        datum=datum or "",
        area_km2=boundary.area_km2(geom),
        time_zone=chosen_zone,
        envelope=boundary.service_envelope(geom).bounds,
        is_changed=changed,
    )


def _rows(table: Table, placed: Placed, *, keeps_refused: bool = False) -> list[Row]:
    """Return the rows whose shape and text could be read."""
    return [
        Row(number, dict(zip(table.headings, cells, strict=True)), placed.shapes[index])
        for index, (number, cells) in enumerate(zip(table.numbers, table.cells, strict=True))
        if keeps_refused or (index not in placed.refused and number not in table.unread)
    ]


def _unread(table: Table, placed: Placed) -> Iterator[Refusal]:
    for number, (en, zh) in table.unread.items():
        yield Refusal(number, None, en, zh)
    for index, error in placed.refused.items():
        yield Refusal.of(table.numbers[index], None, error, error.where or "")


def _records(
    conn: Connection, register: Register, rows: Sequence[Row], mapped: Mapped, request: Request
) -> tuple[list[Record], list[Refusal]]:
    envelope = ENVELOPE_NOW.one(conn)
    shapely.prepare(envelope)
    setting = Setting(
        source=request.source or request.file_name,
        current=standing(conn, register.name, codes_of(rows, mapped)),
        envelope=envelope,
        habits=request.habits,
        is_source_said=request.source is not None,
    )
    return read_records(register, rows, mapped, setting)


def _known_depots(
    conn: Connection, records: Sequence[Record], numbers: Mapping[str, int]
) -> tuple[list[Record], list[Refusal]]:
    """Stock lots whose depot is there, and refusals of the others."""
    lots = [it for it in records if isinstance(it, StockLot)]
    known = set(DEPOT_CODES.all(conn, codes=sorted({it.depot_code for it in lots})))
    lost = [
        Refusal(
            numbers[it.code], "depot_code",
            f"there is no depot {it.depot_code}", f"没有编号为 {it.depot_code} 的储备点",
        )
        for it in lots if it.depot_code not in known
    ]  # fmt: skip
    return [it for it in lots if it.depot_code in known], lost


def _numbers(rows: Sequence[Row], mapped: Mapped) -> dict[str, int]:
    heading = next((it.heading for it in mapped.taken if it.field.name == "code"), None)
    return {_said(row, heading): row.number for row in rows}


def _without_road(conn: Connection, register: Register, done: Stored) -> Iterator[Label]:
    """Name the closures written now that shut nothing, which their author cannot have meant."""
    if register.name == "road_closures":
        for code in CLOSURES_WITHOUT_ROAD.all(conn):
            if code in done.inserted or code in done.amended:
                yield Label(f"封闭 {code} 未命中任何道路", f"closure {code} meets no road")


def _said(row: Row, heading: str | None) -> str:
    cell = row.cells.get(heading) if heading else None
    return code_text(cell) if isinstance(cell, str | int | float) else ""
