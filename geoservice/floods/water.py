"""Heights, channel and level -> depths, and where nobody can know (pure).

Every method is a screening: level water or water by height above the channel, no hydraulics.
"""

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from geoservice.errors import InputError
from geoservice.floods.polygons import Depths
from geoservice.terrain.bathtub import is_low, joined, level_depth_m
from geoservice.terrain.directions import flow_cells, flow_directions, lost_in_voids
from geoservice.terrain.fill import fill_hollows, ponding_m
from geoservice.terrain.hand import height_above_drainage, stage_depth_m

DerivedMethod = Literal["bathtub", "hand", "fill"]
# A change of what a method gives is a new version of it.
METHOD_VERSIONS = {"bathtub": "bathtub-1", "hand": "hand-1", "fill": "fill-1"}
Flags = NDArray[np.bool_]


@dataclass(frozen=True, eq=False)
class Water:
    """Depths in metres (0 dry), and the cells of which nobody knows; shape ``(rows, cols)``."""

    depth_m: Depths
    is_unknown: Flags


def level_water(heights: Depths, channel: Flags, level_m: float) -> Water:
    """Return level water that is joined to a channel or reservoir, corners too.

    Parameters
    ----------
    heights
        Metres, NaN in voids.
    channel
        The cells that water comes from.
    level_m
        Of the heights' datum.

    Raises
    ------
    InputError
        No cell of the channel lies as low as the level.
    """
    low = is_low(heights, level_m)
    if not (low & channel).any():
        least = np.nanmin(heights[channel]) if np.isfinite(heights[channel]).any() else np.nan
        raise InputError(
            f"level {level_m:g} m is below the ground along the channel (lowest {least:.2f} m): "
            "nothing would be wet",
            zh=f"水位 {level_m:g} 米低于水源处地面（最低 {least:.2f} 米）：无处被淹",
            where="level_m",
        )
    wet = joined(low, np.argwhere(channel))
    depth = level_depth_m(heights, wet, level_m)
    # A place just at the level is wet by a hair: it has no depth, and is not told.
    return Water(_dry_where_nan(depth), np.isnan(heights))


def stage_water(heights: Depths, channel: Flags | None, stage_m: float, least_cells: int) -> Water:
    """Return water that stands ``stage_m`` above the nearest drainage (HAND).

    Parameters
    ----------
    channel
        Where drainage is; None: where water of ``least_cells`` cells or more runs.

    Raises
    ------
    InputError
        There is no drainage.
    """
    directions = flow_directions(fill_hollows(heights))
    drainage = flow_cells(directions) >= least_cells if channel is None else channel
    drainage = drainage & np.isfinite(heights)
    if not drainage.any():
        raise InputError(
            "no drainage in the area: give a channel, or let less water count",
            zh="范围内没有水系：请给出河道，或降低汇水面积", where="channel",
        )  # fmt: skip
    above = height_above_drainage(heights, directions, drainage)
    unknown = np.isnan(above) | lost_in_voids(directions)
    depth = stage_depth_m(above, stage_m)
    return Water(np.where(unknown, 0, _dry_where_nan(depth)).astype(np.float32), unknown)


def standing_water(heights: Depths, least_m: float) -> Water:
    """Return water that cannot run off, where it would be ``least_m`` deep or more."""
    filled = fill_hollows(heights)
    depth = _dry_where_nan(ponding_m(heights, filled))
    unknown = np.isnan(heights)
    return Water(np.where(depth >= np.float32(least_m), depth, 0).astype(np.float32), unknown)


def _dry_where_nan(depth: Depths) -> Depths:
    return np.where(np.isnan(depth), np.float32(0), depth).astype(np.float32)
