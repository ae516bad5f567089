"""Hollows filled to where they spill. Pure.

The rim of the raster and every cell beside a void are outlets: a void inside a valley is taken for
a drain. Fill voids first where they are not (`geoservice load dem --fill-voids`), or ask
`directions.lost_in_voids` what came to end in one.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from geoservice.compiled import compiled
from geoservice.errors import InputError

Heights = NDArray[np.float32]
Bytes = NDArray[np.uint8]

KERNEL = "geoservice.terrain.kernel"
OUT, VOID = 8, 9
_MOST_CELLS = 2**32 - 1  # a cell's number has four bytes, and one number means none


@dataclass(frozen=True, eq=False)
class Filled:
    """Terrain without hollows.

    ``heights`` are metres, NaN in voids; ``came_from`` is the neighbour by which filling came to
    each cell (0 north-west, 1 north ... 7 south-east), `OUT` at an outlet, `VOID` in a void.
    """

    heights: Heights
    came_from: Bytes


def fill_hollows(heights: Heights) -> Filled:
    """Return the terrain with every hollow raised to where it spills.

    Parameters
    ----------
    heights
        Metres, NaN where there is none, shape ``(rows, cols)``; not changed. A raster of one row
        or column is all rim: nothing is filled. No cells give none.

    Raises
    ------
    InputError
        There are more cells than can be numbered.
    """
    check_size(heights.shape)
    filled = np.array(heights, np.float32, order="C")
    came_from = np.empty(filled.shape, np.uint8)
    if filled.size:
        flat = filled.ravel()
        compiled(KERNEL).fill(flat, flat.view(np.uint32), came_from.ravel(), filled.shape[1])
    return Filled(filled, came_from)


def ponding_m(heights: Heights, filled: Filled) -> Heights:
    """Return how deep water would stand where it cannot run off (waterlogging); NaN in voids."""
    return filled.heights - heights


def check_size(shape: tuple[int, ...]) -> None:
    """Refuse a raster whose cells cannot be numbered.

    Raises
    ------
    InputError
        It has 2**32 cells or more.
    """
    if shape[0] * shape[1] >= _MOST_CELLS:
        raise InputError(
            f"{shape[0]} x {shape[1]} cells are too many to be filled at once",
            zh=f"{shape[0]} x {shape[1]} 个格网过多，无法一次填洼",
        )
