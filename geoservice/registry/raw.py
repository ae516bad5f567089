"""What the reader process found in a file, before anything is known of its meaning."""

from dataclasses import dataclass, field
from typing import Any

import shapely
from shapely.geometry.base import BaseGeometry

from geoservice.errors import FileError

MOST_ROWS = 200_000
MOST_COLUMNS = 200
MOST_VERTICES_EACH = 100_000
MOST_VERTICES = 2_000_000


def refuse_many(rows: int, vertices: int = 0) -> None:
    """Refuse a file that has more than any register.

    Raises
    ------
    FileError
        It does.
    """
    if rows > MOST_ROWS or vertices > MOST_VERTICES:
        raise FileError(
            f"more than {MOST_ROWS} rows or {MOST_VERTICES} vertices",
            zh=f"超过 {MOST_ROWS} 行或 {MOST_VERTICES} 个顶点",
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
        if count > MOST_VERTICES_EACH:
            self.unread[number] = (
                f"a shape of {count} vertices: {MOST_VERTICES_EACH} at most",
                f"几何有 {count} 个顶点，最多 {MOST_VERTICES_EACH} 个",
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
        if len(self.headings) > MOST_COLUMNS:
            raise FileError(
                f"{len(self.headings)} columns: {MOST_COLUMNS} at most",
                zh=f"有 {len(self.headings)} 列，最多 {MOST_COLUMNS} 列",
            )
        return self
