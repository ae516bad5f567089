"""A raster that is worked through in blocks, by whoever can read and write parts of it. Pure."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from numpy.typing import NDArray

Reader = Callable[[slice, slice], NDArray[Any]]
Writer = Callable[[slice, slice, NDArray[Any]], None]
SIZE = 1024


@dataclass(frozen=True)
class Blocks:
    """How a raster of so many rows and columns is cut; the last blocks may be smaller."""

    rows: int
    cols: int
    size: int = SIZE

    def __iter__(self) -> Iterator[tuple[slice, slice]]:
        """Give rows and columns of each block, block row by block row."""
        for row in range(0, self.rows, self.size):
            for col in range(0, self.cols, self.size):
                yield (
                    slice(row, min(row + self.size, self.rows)),
                    slice(col, min(col + self.size, self.cols)),
                )
