"""How steep roads are, from the heights along them. Pure.

Heights are those of the ground; bridges and tunnels go straight from end to end instead. A gradient
is the mean steepness along an arc, up is positive as the arc ends higher than it begins: over a
hill and down again counts as steep, though its ends are level.
"""

import numpy as np
import shapely
from numpy.typing import NDArray
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components
from scipy.sparse.linalg import spsolve

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

# Steps along a road over which a rise is believed: a surveyed height is wrong by metres, and a
# road cut into a slope lies beside its place in a coarse raster.
_STEP_CELLS, _LEAST_STEP_M = 4, 50.0
# Steeper roads than the steepest street there is (35 %) are errors of the terrain.
_MOST_PCT = 35.0
_LEAST_KNOWN = 0.5  # of an arc's steps
_LEAST_LENGTH_M = 0.1


def stations(lines_m: NDArray[np.object_], lengths_m: Floats, cell_m: float) -> tuple[Floats, Ints]:
    """Return places along lines, in equal steps from end to end, and each line's number of steps.

    Parameters
    ----------
    lines_m, lengths_m
        Lines in metres of the terrain's zone, and their lengths on the ground; shape ``(m,)``.
    cell_m
        The terrain's cell.

    Returns
    -------
    places_m, steps
        Shape ``(sum of steps + 1, 2)``, line after line; shape ``(m,)``.
    """
    step_m = max(_STEP_CELLS * cell_m, _LEAST_STEP_M)
    steps = np.maximum(np.round(lengths_m / step_m), 1).astype(np.int64)
    line, part = _numbered(steps)
    points = shapely.line_interpolate_point(lines_m[line], part, normalized=True)
    return shapely.get_coordinates(points), steps


def ground_gradients_pct(heights_m: Floats, steps: Ints, lengths_m: Floats) -> Floats:
    """Return the gradient of each line; NaN where less than half of its heights are known.

    Parameters
    ----------
    heights_m
        Of the `stations`.
    """
    line, part = _numbered(steps)
    rise = np.diff(heights_m, append=np.nan)
    rise[part == 1] = np.nan  # from the end of one to the beginning of the next
    known = np.isfinite(rise)
    count = np.bincount(line[known], minlength=steps.size)
    climbed = np.bincount(line[known], np.abs(rise[known]), minlength=steps.size)
    net = np.bincount(line[known], rise[known], minlength=steps.size)
    run = np.maximum(lengths_m * count / steps, _LEAST_LENGTH_M)
    pct = np.clip(np.where(net < 0, -1.0, 1.0) * climbed / run * 100, -_MOST_PCT, _MOST_PCT)
    return np.where(count >= _LEAST_KNOWN * steps, pct, np.nan)


def between_ends_m(ends: Ints, lengths_m: Floats, nodes: Ints, heights_m: Floats) -> Floats:
    """Return the heights of both ends of bridges and tunnels.

    Where several meet without touching the ground, as in the middle of a bridge cut in two or at a
    junction in a tunnel, each is as high as the straight lines between their ends on the ground.

    Parameters
    ----------
    ends
        Node ids of each, shape ``(m, 2)``.
    nodes, heights_m
        The nodes on the ground, ids sorted, and their heights (NaN: not known).

    Returns
    -------
    heights_m
        Shape ``(m, 2)``; NaN where no end on the ground is known.
    """
    ids, at = np.unique(ends, return_inverse=True)
    at = at.reshape(-1, 2)
    height = np.full(ids.size, np.nan)
    place = np.minimum(np.searchsorted(nodes, ids), max(nodes.size - 1, 0))
    if nodes.size:
        height = np.where(nodes[place] == ids, heights_m[place], np.nan)
    shape = (ids.size, ids.size)
    weight = 1 / np.maximum(lengths_m, _LEAST_LENGTH_M)
    joins = coo_array((np.tile(weight, 2), (at.T.ravel(), at[:, ::-1].T.ravel())), shape=shape)
    _, group = connected_components(joins, directed=False)
    is_held = np.isin(group, group[np.isfinite(height)])
    free = np.flatnonzero(is_held & ~np.isfinite(height))
    if free.size:
        held = np.flatnonzero(np.isfinite(height))
        rows = joins.tocsr()[free]
        total: Floats = np.asarray(rows.sum(axis=1)).ravel()
        inner = coo_array((total, (np.arange(free.size),) * 2)).tocsc() - rows[:, free].tocsc()
        height[free] = np.atleast_1d(spsolve(inner, rows[:, held] @ height[held]))
    found: Floats = height[at]
    return found


def straight_gradients_pct(ends_m: Floats, lengths_m: Floats) -> Floats:
    """Return the gradients between two heights each, shape ``(m, 2)``."""
    pct = (ends_m[:, 1] - ends_m[:, 0]) / np.maximum(lengths_m, _LEAST_LENGTH_M) * 100
    found: Floats = np.clip(pct, -_MOST_PCT, _MOST_PCT)
    return found


def _numbered(steps: Ints) -> tuple[Ints, Floats]:
    """Return of each place its line, and its part of the way along."""
    line = np.repeat(np.arange(steps.size), steps + 1)
    first = np.cumsum(steps + 1) - steps - 1
    return line, (np.arange(line.size) - first[line]) / steps[line]
