"""What the reader process found in a file, before anything is known of its meaning."""

from dataclasses import dataclass, field
from typing import Any

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from geoservice.errors import FileError
from geoservice.sandbox.limits import Limits

# How files of GIS begin: told here, for only what reads one needs GDAL, which is slow to start.
SHAPE_MAGIC = b"\x00\x00\x27\x0a"
GEOPACKAGE_IDS = {b"GPKG", b"GP10", b"GP11"}
LIMITS = Limits()  # of this process, set once by its main


def refuse_many(rows: int, vertices: int = 0) -> None:
    """Refuse a file that has more than any register.

    Raises
    ------
    FileError
        It does.
    """
    if rows > LIMITS.rows or vertices > LIMITS.vertices:
        raise FileError(
            f"more than {LIMITS.rows} rows or {LIMITS.vertices} vertices",
            zh=f"超过 {LIMITS.rows} 行或 {LIMITS.vertices} 个顶点",
        )


@dataclass
class Raw:
    """Rows as they are filled in; see `reading.Table` for the meaning."""

    form: str
    encoding: str
    headings: list[str]
    crs: str | None = None
    has_shapes: bool = True
    numbers: list[int] = field(default_factory=list)
    cells: list[list[Any]] = field(default_factory=list)
    shapes: list[BaseGeometry | None] = field(default_factory=list)
    unread: dict[int, tuple[str, str]] = field(default_factory=dict)
    notes: list[tuple[str, str]] = field(default_factory=list)
    place_headings: list[str] = field(default_factory=list)
    places: list[list[Any]] = field(default_factory=list)
    vertices: int = 0

    def add(self, number: int, cells: list[Any], shape: BaseGeometry | None) -> None:
        """Append one row.

        Raises
        ------
        FileError
            The file has more rows or vertices than a register has.
        """
        count = int(shapely.get_num_coordinates(shape)) if shape is not None else 0
        self.vertices += count
        refuse_many(len(self.cells) + 1, self.vertices)
        if count > LIMITS.vertices_each:
            self.unread[number] = (
                f"a shape of {count} vertices: {LIMITS.vertices_each} at most",
                f"几何有 {count} 个顶点，最多 {LIMITS.vertices_each} 个",
            )
            shape = None
        self.numbers.append(number)
        self.cells.append(cells)
        self.shapes.append(shape)

    def checked(self) -> "Raw":
        """Return itself.

        Raises
        ------
        FileError
            It has no rows, or too many columns.
        """
        if not self.cells:
            raise FileError("the file has no rows", zh="文件中没有数据行")
        if len(self.headings) > LIMITS.columns:
            raise FileError(
                f"{len(self.headings)} columns: {LIMITS.columns} at most",
                zh=f"有 {len(self.headings)} 列，最多 {LIMITS.columns} 列",
            )
        self._refuse_invalid()
        return self

    def _refuse_invalid(self) -> None:
        """Take away shapes that are not valid: what they do to GEOS, they do to this process."""
        shapes = np.array([None, *self.shapes], dtype=object)[1:]
        for index in np.flatnonzero(~shapely.is_valid(shapes) & ~shapely.is_missing(shapes)):
            if np.isfinite(shapely.get_coordinates(shapes[index])).all():
                why = shapely.is_valid_reason(shapes[index])
                self.unread[self.numbers[index]] = (
                    f"the shape is not valid, and not repaired here: {why}",
                    f"几何无效；系统不会自动修复，请修正后再导入：{why}",
                )
                self.shapes[index] = None
