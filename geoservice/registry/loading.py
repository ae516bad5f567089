"""Set the district by a file's outline."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from geoservice.crs import stored
from geoservice.db import Connection
from geoservice.errors import FileError, GeometryError
from geoservice.registry import boundary
from geoservice.registry.actions import ChosenZone, choose_zone, set_district
from geoservice.registry.importing import Refusal, Row, code_text
from geoservice.registry.mapping import map_columns
from geoservice.registry.places import Placed
from geoservice.registry.placing import locate
from geoservice.registry.reading import Table
from geoservice.registry.records import District
from geoservice.registry.registers import register_named


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
    """

    file_name: str
    datum: str | None = None
    columns: Mapping[str, str] = field(default_factory=dict)
    source: str | None = None


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
    located = locate(it.shape, table, datum=request.datum)
    placed, datum = located.placed, located.datum
    said = {taken.field.name: taken.heading for taken in mapped.taken}
    found = [
        boundary.Outline(row, _said(row, said.get("code")), _said(row, said.get("name")))
        for row in _rows(table, placed)
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


def _rows(table: Table, placed: Placed) -> list[Row]:
    """Return every row, also those whose shape could not be used: one may be chosen."""
    return [
        Row(number, dict(zip(table.headings, cells, strict=True)), placed.shapes[index])
        for index, (number, cells) in enumerate(zip(table.numbers, table.cells, strict=True))
    ]


def _unread(table: Table, placed: Placed) -> Iterator[Refusal]:
    for number, (en, zh) in table.unread.items():
        yield Refusal(number, None, en, zh)
    for index, error in placed.refused.items():
        yield Refusal.of(table.numbers[index], None, error, error.where or "")


def _said(row: Row, heading: str | None) -> str:
    cell = row.cells.get(heading) if heading else None
    return code_text(cell) if isinstance(cell, str | int | float) else ""
