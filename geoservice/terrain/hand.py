"""Height above nearest drainage: how far water must rise in a channel to reach a cell. Pure.

Heights are those of the ground over directions of the filled terrain, so what lies in a filled
hollow can be below the drainage that its water comes to. Where no drainage is known it is NaN:
neither dry nor wet. Whole, or in blocks that give the same bytes.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from geoservice.compiled import compiled
from geoservice.terrain.blocks import Blocks, Reader, Writer
from geoservice.terrain.fill import KERNEL, OUT, Bytes, Heights

Flags = NDArray[np.bool_]
_STEPS = np.array([[-1, -1], [-1, 0], [-1, 1], [0, -1], [0, 1], [1, -1], [1, 0], [1, 1]])
_KNOWN = -1  # of a cell on a rim: its water leaves no block before drainage, or comes to none


def height_above_drainage(heights: Heights, directions: Bytes, is_drainage: Flags) -> Heights:
    """Return the height of each cell above the first drainage that its water comes to.

    Parameters
    ----------
    heights
        The ground (not filled), metres, NaN in voids; shape ``(rows, cols)``, as the others.
    directions
        Those of `flow_directions`.
    is_drainage
        Channels and waters.

    Returns
    -------
    above_m
        Metres; NaN in voids, and where water leaves the raster before it comes to drainage.
    """
    above = np.empty(heights.shape, np.float32)
    if above.size:
        compiled(KERNEL).rise(
            np.ascontiguousarray(heights, np.float32).ravel(),
            np.ascontiguousarray(directions).ravel(),
            np.ascontiguousarray(is_drainage).view(np.uint8).ravel(),
            above.ravel(),
            heights.shape[1],
        )
    return above


def stage_depth_m(above_m: Heights, stage_m: float) -> Heights:
    """Return the depth of water where the drainage rises by a stage; 0 is dry, NaN unknown.

    A hollow below its drainage fills from its own rain (`fill.ponding_m`), so it counts as level.
    """
    depth: Heights = np.maximum(np.float32(stage_m) - np.maximum(above_m, 0), 0)
    return depth


@dataclass(frozen=True, eq=False)
class Rasters:
    """What heights above drainage in blocks are made of; each read by rows and columns."""

    heights: Reader
    directions: Reader
    is_drainage: Reader


def height_above_drainage_in_blocks(rasters: Rasters, blocks: Blocks, write: Writer) -> None:
    """Write the height above drainage block by block; as `height_above_drainage`, byte for byte.

    First each block says of its rim where water goes on; that is followed through; then each block
    is worked through again. What is held is a block, and some 30 bytes a cell of the rims.
    """
    rim = _solved(*_rims(rasters, blocks))
    for rows, cols in blocks:
        block = _Block(rasters, blocks, rows, cols)
        base, onward = block.ends()
        leaves = onward != _KNOWN
        base[leaves] = rim[1][np.searchsorted(rim[0], onward[leaves])]
        above = block.heights - base[block.end].reshape(block.heights.shape)
        above[np.isnan(above)] = np.nan
        write(rows, cols, above)


class _Block:
    """One block: where the water of each of its cells ends, or leaves it."""

    def __init__(self, rasters: Rasters, blocks: Blocks, rows: slice, cols: slice) -> None:
        self.heights = np.ascontiguousarray(rasters.heights(rows, cols), np.float32)
        self._way = np.ascontiguousarray(rasters.directions(rows, cols)).ravel()
        self._drained = np.ascontiguousarray(rasters.is_drainage(rows, cols), bool).ravel()
        self._corner, self._wide = (rows.start, cols.start), blocks.cols
        self.end = np.empty(self._way.size, np.uint32)
        width = self.heights.shape[1]
        compiled(KERNEL).trace(self._way, self._drained.view(np.uint8), self.end, width)

    def ends(self) -> tuple[Heights, NDArray[np.int64]]:
        """Return for each cell, as an end: the base it gives, or the cell beyond it goes on to."""
        base = np.full(self._way.size, np.nan, np.float32)
        base[self._drained] = self.heights.ravel()[self._drained]
        onward = np.full(self._way.size, _KNOWN, np.int64)
        rim = self.rim()
        going = rim[~self._drained[rim] & (self._way[rim] < OUT)]
        row, col = np.divmod(going, self.heights.shape[1])
        step = _STEPS[self._way[going]]
        row, col = row + step[:, 0], col + step[:, 1]
        high, width = self.heights.shape
        outside = (row < 0) | (row >= high) | (col < 0) | (col >= width)
        onward[going[outside]] = self._numbered(row[outside], col[outside])
        return base, onward

    def rim(self) -> NDArray[np.int64]:
        """Return the outermost cells."""
        high, width = self.heights.shape
        cells = np.arange(high * width).reshape(high, width)
        sides = np.concatenate([cells[0], cells[-1], cells[:, 0], cells[:, -1]])
        return np.unique(sides)

    def numbers(self, cells: NDArray[np.int64]) -> NDArray[np.int64]:
        """Return the numbers in the whole raster of cells of this block."""
        row, col = np.divmod(cells, self.heights.shape[1])
        return self._numbered(row, col)

    def _numbered(self, row: NDArray[np.int64], col: NDArray[np.int64]) -> NDArray[np.int64]:
        found: NDArray[np.int64] = (self._corner[0] + row) * self._wide + self._corner[1] + col
        return found


_Rims = tuple[NDArray[np.int64], Heights, NDArray[np.int64]]


def _rims(rasters: Rasters, blocks: Blocks) -> _Rims:
    """Return of all blocks' rims: cells, the bases they come to, and where they go on to."""
    parts: list[_Rims] = []
    for rows, cols in blocks:
        block = _Block(rasters, blocks, rows, cols)
        base, onward = block.ends()
        rim = block.rim()
        end = block.end[rim]
        parts.append((block.numbers(rim), base[end], onward[end]))
    if not parts:
        return np.empty(0, np.int64), np.empty(0, np.float32), np.empty(0, np.int64)
    cell, base, onward = (np.concatenate(column) for column in zip(*parts, strict=True))
    order = np.argsort(cell)
    return cell[order], base[order], onward[order]


def _solved(
    cell: NDArray[np.int64], base: Heights, onward: NDArray[np.int64]
) -> tuple[NDArray[np.int64], Heights]:
    """Follow the rims through: each round goes twice as far as the one before."""
    here = np.arange(cell.size)
    to = np.where(onward == _KNOWN, here, np.searchsorted(cell, onward))
    while True:
        further = to[to]
        if np.array_equal(further, to):
            return cell, base[to]
        to = further
