"""What a level of water covers: low enough, and joined to where the water comes from. Pure.

Corners join (8 neighbours). A void is never wet. Whole, or in blocks that give the same cells.
"""

from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import label
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from geoservice.compiled import compiled
from geoservice.terrain.blocks import Blocks, Reader, Writer
from geoservice.terrain.fill import KERNEL, Heights, check_size

Flags = NDArray[np.bool_]
Cells = NDArray[np.int64]
_CORNERS_TOO = np.ones((3, 3), int)
_WET = 2  # the kernel's mark


def is_low(heights: Heights, level_m: float | Heights) -> Flags:
    """Return which cells lie no higher than a level (one, or one for each cell); voids do not."""
    # The level as the heights are kept: 900.2 in four bytes is not <= 900.2 in eight.
    low: Flags = heights <= np.asarray(level_m, np.float32)
    return low


def joined(low: Flags, seeds: Cells) -> Flags:
    """Return the low cells that are joined to a seed by low cells.

    Parameters
    ----------
    low
        Shape ``(rows, cols)``; not changed.
    seeds
        Rows and columns, shape ``(k, 2)``; a seed that is not low, or outside, wets nothing.
    """
    check_size(low.shape)
    marks = np.array(low, np.uint8, order="C")
    rows, cols = low.shape
    inside = _inside(seeds, slice(0, rows), slice(0, cols))
    if marks.size:
        numbers = (inside[:, 0] * cols + inside[:, 1]).astype(np.uint32)
        compiled(KERNEL).spread(marks.ravel(), numbers, cols)
    wet: Flags = marks == _WET
    return wet


def level_depth_m(heights: Heights, is_wet: Flags, level_m: float | Heights) -> Heights:
    """Return the depth of water at a level; 0 where it is dry, NaN in voids."""
    below = np.asarray(level_m, np.float32) - heights
    return np.where(is_wet | np.isnan(below), below, np.float32(0))


def joined_in_blocks(low: Reader, blocks: Blocks, seeds: Cells, write: Writer) -> None:
    """Write the low cells that are joined to a seed, block by block; as `joined`.

    Parameters
    ----------
    low
        Gives the flags of rows and columns; asked twice for each block.
    blocks
        The raster, and how it is cut.
    seeds
        Rows and columns, shape ``(k, 2)``.
    write
        Is given the wet cells of each block.
    """
    is_wet, firsts = _wet_parts(low, blocks, seeds)
    for (rows, cols), first in zip(blocks, firsts, strict=True):
        marks, parts = label(low(rows, cols), _CORNERS_TOO)
        wet = np.zeros(parts + 1, bool)
        own = _inside(seeds, rows, cols) - (rows.start, cols.start)
        wet[marks[own[:, 0], own[:, 1]]] = True
        rim = _rim_parts(marks)
        wet[rim] |= is_wet[first : first + rim.size]
        wet[0] = False
        write(rows, cols, wet[marks])


def _wet_parts(low: Reader, blocks: Blocks, seeds: Cells) -> tuple[Flags, list[int]]:
    """Return which of the parts that touch a block's rim are wet, and where each block's begin.

    Only those are numbered: a part inside a block is joined to nothing beyond it.
    """
    above = np.zeros(blocks.cols + 2, np.int64)  # numbers from 1; a column more on either side
    below = np.zeros_like(above)
    firsts: list[int] = []
    pairs: list[Cells] = [np.empty((0, 2), np.int64)]
    seeded: list[Cells] = [np.empty(0, np.int64)]
    count, left = 0, np.empty(0, np.int64)
    for rows, cols in blocks:
        marks, parts = label(low(rows, cols), _CORNERS_TOO)
        rim = _rim_parts(marks)
        number = np.zeros(parts + 1, np.int64)
        number[rim] = count + 1 + np.arange(rim.size)
        firsts.append(count)
        count += rim.size
        if cols.start == 0:
            above, below = below, np.zeros_like(above)
        else:
            pairs.append(_touching(number[marks[:, 0]], np.pad(left, 1)))
        around = above[cols.start : cols.stop + 2]
        pairs.append(_touching(number[marks[0]], around))
        own = _inside(seeds, rows, cols) - (rows.start, cols.start)
        seeded.append(number[marks[own[:, 0], own[:, 1]]])
        left = number[marks[:, -1]]
        below[cols.start + 1 : cols.stop + 1] = number[marks[-1]]
    return _joined_to(count, np.concatenate(pairs), np.concatenate(seeded)), firsts


def _rim_parts(marks: NDArray[np.integer[Any]]) -> Cells:
    """Return the marks of the parts that touch the rim of a block, sorted."""
    found = np.unique(np.concatenate([marks[0], marks[-1], marks[:, 0], marks[:, -1]]))
    return found[found > 0].astype(np.int64)


def _touching(side: Cells, beyond: Cells) -> Cells:
    """Return the pairs of parts that touch across an edge; ``beyond`` has one more at each end."""
    count = side.size
    pairs = np.concatenate(
        [np.column_stack([side, beyond[shift : shift + count]]) for shift in range(3)]
    )
    return np.unique(pairs[(pairs > 0).all(axis=1)], axis=0)


def _joined_to(count: int, pairs: Cells, seeded: Cells) -> Flags:
    """Return which of so many parts are joined, by pairs, to one with a seed."""
    a, b = pairs.T - 1
    graph = coo_array((np.ones(a.size, np.int8), (a, b)), shape=(count, count))
    _, group = connected_components(graph, directed=False)
    found: Flags = np.isin(group, group[seeded[seeded > 0] - 1])
    return found


def _inside(seeds: Cells, rows: slice, cols: slice) -> Cells:
    """Return the seeds of a part of the raster, in rows and columns of the whole."""
    row, col = np.reshape(seeds, (-1, 2)).T
    here = (row >= rows.start) & (row < rows.stop) & (col >= cols.start) & (col < cols.stop)
    return np.column_stack([row[here], col[here]]).astype(np.int64)
