"""Which way water runs from each cell, and how much comes by. Pure.

The steepest of the eight neighbours on the filled terrain (D8), of equals the first in reading
order; on a flat, whence filling came, which leads to its spill. So no water runs in a circle.
"""

import numpy as np
from numpy.typing import NDArray

from geoservice.compiled import compiled
from geoservice.terrain.fill import KERNEL, OUT, VOID, Bytes, Filled

# The tie rule is a part of it: what rests on directions names this.
METHOD = "D8 1"


def flow_directions(filled: Filled) -> Bytes:
    """Return the neighbour that each cell's water runs to.

    Returns
    -------
    directions
        0 north-west, 1 north, 2 north-east, 3 west, 4 east, 5 south-west, 6 south, 7 south-east;
        `OUT` off the raster or into a void, `VOID` in one. Shape ``(rows, cols)``.
    """
    directions = filled.came_from.copy()
    if directions.size:
        heights = np.ascontiguousarray(filled.heights).ravel()
        compiled(KERNEL).descend(heights, directions.ravel(), directions.shape[1])
    return directions


def flow_cells(directions: Bytes) -> NDArray[np.uint32]:
    """Return of how many cells the water passes each cell, its own included; 0 in voids."""
    cells = np.zeros(directions.shape, np.uint32)
    if directions.size:
        way = np.ascontiguousarray(directions).ravel()
        compiled(KERNEL).accumulate(way, cells.ravel(), directions.shape[1])
    return cells


def lost_in_voids(directions: Bytes) -> NDArray[np.bool_]:
    """Return the cells whose water ends in a void inside the raster: where it goes is unknown.

    Voids themselves are not among them.
    """
    if not directions.size:
        return np.zeros(directions.shape, bool)
    rows, cols = directions.shape
    end = np.empty(directions.size, np.uint32)
    way = np.ascontiguousarray(directions).ravel()
    compiled(KERNEL).trace(way, np.zeros(way.size, np.uint8), end, cols)
    row, col = np.divmod(np.arange(way.size, dtype=np.uint32), np.uint32(cols))
    at_rim = (row == 0) | (row == rows - 1) | (col == 0) | (col == cols - 1)
    is_lost = (way == OUT) & ~at_rim
    return np.reshape(is_lost[end] & (way != VOID), directions.shape)
