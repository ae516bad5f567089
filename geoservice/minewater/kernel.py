"""The lines between unlike cells of a class raster, compiled: no interpreter lock.

Rasters are padded by one cell all round, so that no line meets the rim. A corner is named by the
cell to its lower right; its edges are 0 east, 1 south, 2 west, 3 north. `seen` marks the upper
(1) and the left (2) edge of each cell that was walked.
"""

import numpy as np
from numba import njit, types

_READ = types.uint8[:, ::1]
_INT = types.int64
_UPPER, _LEFT = 1, 2
_DOWN = np.array([0, 1, 0, -1])
_RIGHT = np.array([1, 0, -1, 0])


@njit([_INT(_READ)], cache=True, nogil=True)
def count(padded):
    """Count the edges."""
    rows, cols = padded.shape
    found = 0
    for row in range(1, rows):
        for col in range(1, cols):
            found += padded[row, col] != padded[row - 1, col]
            found += padded[row, col] != padded[row, col - 1]
    return found


@njit(cache=True, nogil=True)
def _is_edge(padded, row, col, way):
    """Tell whether a line leaves a corner that way."""
    if way == 0:
        return padded[row, col] != padded[row - 1, col]
    if way == 1:
        return padded[row, col] != padded[row, col - 1]
    if way == 2:
        return padded[row, col - 1] != padded[row - 1, col - 1]
    return padded[row - 1, col] != padded[row - 1, col - 1]


@njit(cache=True, nogil=True)
def _degree(padded, row, col):
    found = 0
    for way in range(4):
        found += _is_edge(padded, row, col, way)
    return found


@njit(cache=True, nogil=True)
def _take(seen, row, col, way):
    """Mark the edge that leaves a corner that way; tell whether it was not yet marked."""
    at_row, at_col = row - (way == 3), col - (way == 2)
    mark = _UPPER if way % 2 == 0 else _LEFT
    if seen[at_row, at_col] & mark:
        return False
    seen[at_row, at_col] |= mark
    return True


@njit(cache=True, nogil=True)
def _walk(padded, seen, row, col, way, corners, size):
    """Write the corners of a line from its first on, until it meets others or itself."""
    first_row, first_col = row, col
    corners[size, 0], corners[size, 1] = col - 1, row - 1
    size += 1
    while True:
        row, col = row + _DOWN[way], col + _RIGHT[way]
        is_end = _degree(padded, row, col) > 2 or (row == first_row and col == first_col)
        on = way
        if not is_end:
            for other in range(4):
                if other != (way + 2) % 4 and _is_edge(padded, row, col, other):
                    on = other
            _take(seen, row, col, on)
        if is_end or on != way:
            corners[size, 0], corners[size, 1] = col - 1, row - 1
            size += 1
        if is_end:
            return size
        way = on


@njit(
    [types.Tuple((types.int32[:, ::1], types.int64[::1]))(_READ, _INT)], cache=True, nogil=True
)  # fmt: skip
def trace(padded, edges):
    """Give the lines: columns and rows of their corners, and where each line begins.

    A line goes from where three or four meet to the next such corner; what meets nothing is a
    ring. Straight passes have no corner.
    """
    rows, cols = padded.shape
    seen = np.zeros(padded.shape, np.uint8)
    corners = np.empty((2 * edges, 2), np.int32)  # a line has one corner more than edges at most
    starts = np.empty(edges + 1, np.int64)
    size, lines = 0, 0
    for is_ring in (False, True):
        for row in range(1, rows):
            for col in range(1, cols):
                if not is_ring and _degree(padded, row, col) < 3:
                    continue
                for way in range(4 if not is_ring else 2):
                    if _is_edge(padded, row, col, way) and _take(seen, row, col, way):
                        starts[lines] = size
                        lines += 1
                        size = _walk(padded, seen, row, col, way, corners, size)
    starts[lines] = size
    return corners[:size].copy(), starts[: lines + 1].copy()


@njit(
    [types.Tuple((types.int32[::1], types.int64[::1], types.int64[::1]))(
        types.int32[::1], types.int32[::1], types.int32[::1], types.int64[::1], types.int64[::1],
    )],
    cache=True, nogil=True,
)  # fmt: skip
def rings(start, end, part, edges, first):
    """Walk directed edges into rings that pass no vertex twice.

    ``edges`` are those of the outline, by start; ``first[v]`` is the place of the first that
    leaves vertex v. ``part`` tells what hangs together: a ring stays in its part. Gives the
    vertices of the rings, where each ring begins, and its part.
    """
    size = edges.size
    used = np.zeros(size, np.uint8)
    place = np.full(first.size - 1, -1, np.int64)  # of a vertex on the path
    path = np.empty(size, np.int64)
    found = np.empty(size, np.int32)
    begins = np.empty(size + 1, np.int64)
    of_part = np.empty(size, np.int64)
    written, count, length = 0, 0, 0
    for seed in range(size):
        if used[seed]:
            continue
        at = seed
        place[start[edges[at]]] = 0
        length = 0
        while True:
            used[at] = 1
            path[length] = at
            length += 1
            vertex = end[edges[at]]
            back = place[vertex]
            if back >= 0:
                begins[count], of_part[count] = written, part[edges[at]]
                count += 1
                for step in range(back, length):
                    found[written] = start[edges[path[step]]]
                    written += 1
                    place[start[edges[path[step]]]] = -1
                length = back
                if back == 0:
                    break
            place[vertex] = length
            mine = part[edges[at]]
            at = first[vertex]
            while used[at] or part[edges[at]] != mine:
                at += 1
    begins[count] = written
    return found[:written].copy(), begins[: count + 1].copy(), of_part[:count].copy()
