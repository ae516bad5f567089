"""What a load says of a whole file, beside its refused rows (pure)."""

import re
from collections.abc import Iterable, Iterator

import shapely

from geoservice.registry.fields import Label, Register
from geoservice.registry.importing import Row
from geoservice.registry.mapping import Mapped
from geoservice.registry.places import Placed
from geoservice.registry.reading import Table
from geoservice.registry.values import Habits

_HAS_ZONE = re.compile(r"[T ].*(Z|[+-]\d\d(:?\d\d)*)$", re.IGNORECASE)


def notes_of_file(
    register: Register, table: Table, mapped: Mapped, placed: Placed
) -> Iterator[Label]:
    """Give what was left out or is missing, or was told by something else than a column."""
    for en, zh in table.notes:
        yield Label(zh, en)
    if placed.heights_left_out:
        yield Label(
            f"{placed.heights_left_out} 个几何的高程未采用",
            f"heights of {placed.heights_left_out} shapes are left out"
        )  # fmt: skip
    if register.shape is None and shapely.is_geometry(table.shapes).any():
        yield Label(
            "本登记簿不含几何，文件中的几何未采用",
            "this register has no shapes: the file's are left out",
        )
    if register.needs_shape and register.shape and not table.has_shapes:
        yield Label(
            "文件中没有经纬度列或几何", "the file has no longitude and latitude, and no shapes"
        )
    for it in register.fields:
        if it.name in mapped.names or it.name == "source_doc":
            continue
        if it.is_required and not it.column.is_in_name:
            yield Label(
                f"没有“{it.label.zh}”列：可指定哪一列是它（{it.name}）",
                f"no column is {it.name}: say which column it is",
            )
        elif it.column.is_in_name:
            yield Label(
                f"“{it.label.zh}”由名称末尾判定", f"{it.name} is told by the ending of the name"
            )


def note_of_zone(rows: Iterable[Row], mapped: Mapped, habits: Habits) -> Iterator[Label]:
    """Give how times are read that do not say their zone, where the file has such."""
    headings = [it.heading for it in mapped.taken if it.field.kind == "instant"]
    cells = (str(row.cells.get(heading) or "") for row in rows for heading in headings)
    if any(cell and not _HAS_ZONE.search(cell.strip()) for cell in cells):
        yield Label(
            f"未注明时区的时间按 {habits.zone} 理解，可另行说明时区",
            f"times without a zone are taken as {habits.zone}; another zone may be said",
        )
