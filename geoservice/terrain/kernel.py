"""Where water goes, compiled: no interpreter lock, explicit types, one pass where one is enough.

Rasters are flat, row after row. A direction is the place of the neighbour in the order of reading
(0 north-west, 1 north, ... 7 south-east), so the way back from `k` is `7 - k`. `OUT`: the water
leaves the raster or falls into a void; `VOID`: no height here.
"""

import numpy as np
from numba import njit, types

OUT, VOID, UNSEEN = 8, 9, 255
LOW, WET = 1, 2
_STEPS = np.array([[-1, -1], [-1, 0], [-1, 1], [0, -1], [0, 1], [1, -1], [1, 0], [1, 1]])
_ROW, _COL = _STEPS[:, 0].copy(), _STEPS[:, 1].copy()
# How a drop counts: a diagonal neighbour is sqrt(2) cells away.
_NEAR = np.where(_ROW * _COL == 0, 1.0, np.sqrt(0.5))
_NOWHERE = np.uint32(0xFFFFFFFF)

_F4, _U1, _U4 = types.float32[::1], types.uint8[::1], types.uint32[::1]
_READ_F4 = types.Array(types.float32, 1, "C", readonly=True)
_READ_U1 = types.Array(types.uint8, 1, "C", readonly=True)
_INT = types.int64


@njit(nogil=True, cache=True)
def _entry(bits, p):
    """Return what is sorted: the height's bits, in the order of heights, then the place."""
    b = np.uint64(bits[p])
    high = np.uint64(0xFFFFFFFF) - b if b >= np.uint64(0x80000000) else b + np.uint64(0x80000000)
    return (high << np.uint64(32)) | np.uint64(p)


@njit(nogil=True, cache=True)
def _push(heap, size, entry):
    """Add to the heap, which is made larger when it is full."""
    if size == heap.size:
        larger = np.empty(2 * size, np.uint64)
        larger[:size] = heap
        heap = larger
    at = size
    while at > 0:
        above = (at - 1) >> 1
        if heap[above] <= entry:
            break
        heap[at] = heap[above]
        at = above
    heap[at] = entry
    return heap


@njit(nogil=True, cache=True)
def _drop(heap, size):
    """Take the least off the heap."""
    size -= 1
    entry = heap[size]
    at = 0
    while True:
        below = 2 * at + 1
        if below >= size:
            break
        if below + 1 < size and heap[below + 1] < heap[below]:
            below += 1
        if heap[below] >= entry:
            break
        heap[at] = heap[below]
        at = below
    heap[at] = entry
    return size


@njit(nogil=True, cache=True)
def _longer(queue, first, count):
    """Return a full ring with twice the room, its first at 0."""
    larger = np.empty(2 * queue.size, np.uint32)
    for i in range(count):
        larger[i] = queue[(first + i) % queue.size]
    return larger


@njit(nogil=True, cache=True)
def _beside_voids(heights, way, cols):
    """Mark voids, and the cells beside them as outlets."""
    rows = heights.size // cols
    for p in range(heights.size):
        if not np.isnan(heights[p]):
            continue
        way[p] = VOID
        r, c = p // cols, p % cols
        for k in range(8):
            i, j = r + _ROW[k], c + _COL[k]
            if 0 <= i < rows and 0 <= j < cols and not np.isnan(heights[i * cols + j]):
                way[i * cols + j] = OUT


@njit(nogil=True, cache=True)
def _outlets(heights, bits, way, cols):
    """Mark voids and outlets; return the heap of outlets and its size."""
    way[:] = UNSEEN
    _beside_voids(heights, way, cols)
    heap, size = np.empty(1 << 16, np.uint64), 0
    for p in range(heights.size):
        at_rim = p < cols or p >= heights.size - cols or p % cols == 0 or (p + 1) % cols == 0
        if at_rim and way[p] == UNSEEN:
            way[p] = OUT
        if way[p] == OUT:
            heap = _push(heap, size, _entry(bits, p))
            size += 1
    return heap, size


@njit(types.void(_F4, _U4, _U1, _INT), nogil=True, cache=True)
def fill(heights, bits, way, cols):
    """Raise every hollow to where it spills, in place; ``way`` is where each cell was reached from.

    Priority-flood with a queue for what is raised (Barnes, Lehman, Mulla 2014). ``bits`` are the
    same memory as ``heights``.
    """
    rows = heights.size // cols
    heap, size = _outlets(heights, bits, way, cols)
    queue, first, waiting = np.empty(1 << 16, np.uint32), 0, 0
    while size > 0 or waiting > 0:
        if waiting > 0:
            p = np.int64(queue[first])
            first = (first + 1) % queue.size
            waiting -= 1
        else:
            p = np.int64(heap[0] & np.uint64(0xFFFFFFFF))
            size = _drop(heap, size)
        level, r, c = heights[p], p // cols, p % cols
        for k in range(8):
            i, j = r + _ROW[k], c + _COL[k]
            if i < 0 or i >= rows or j < 0 or j >= cols:
                continue
            q = i * cols + j
            if way[q] != UNSEEN:
                continue
            way[q] = 7 - k
            if heights[q] > level:
                heap = _push(heap, size, _entry(bits, q))
                size += 1
                continue
            heights[q] = level
            if waiting == queue.size:
                queue, first = _longer(queue, first, waiting), 0
            queue[(first + waiting) % queue.size] = q
            waiting += 1


@njit(types.void(_READ_F4, _U1, _INT), nogil=True, cache=True)
def descend(heights, way, cols):
    """Point every cell at its steepest lower neighbour, the first of equals, in place.

    On a flat there is none: there the way that filling came by stays, which leads to the spill.
    """
    rows = heights.size // cols
    for p in range(heights.size):
        if way[p] == VOID:
            continue
        r, c, steepest = p // cols, p % cols, 0.0
        for k in range(8):
            i, j = r + _ROW[k], c + _COL[k]
            if 0 <= i < rows and 0 <= j < cols:
                drop = (np.float64(heights[p]) - np.float64(heights[i * cols + j])) * _NEAR[k]
                if drop > steepest:
                    steepest, way[p] = drop, k


@njit(types.void(_READ_U1, _U4, _INT), nogil=True, cache=True)
def accumulate(way, cells, cols):
    """Count the cells whose water passes each cell, itself included; 0 in a void."""
    came = np.zeros(way.size, np.uint8)
    for p in range(way.size):
        cells[p] = 0 if way[p] == VOID else 1
        if way[p] < OUT:
            came[p + _ROW[way[p]] * cols + _COL[way[p]]] += 1
    for start in range(way.size):
        p = start
        while came[p] == 0:
            came[p] = UNSEEN  # passed on
            if way[p] >= OUT:
                break
            q = p + _ROW[way[p]] * cols + _COL[way[p]]
            cells[q] += cells[p]
            came[q] -= 1
            p = q


@njit(types.void(_READ_U1, _READ_U1, _U4, _INT), nogil=True, cache=True)
def trace(way, is_drained, end, cols):
    """Say where each cell's water comes to: drainage, or where it leaves these rows and columns."""
    rows = way.size // cols
    end[:] = _NOWHERE
    for start in range(way.size):
        p = start
        while end[p] == _NOWHERE:
            if is_drained[p] or way[p] >= OUT:
                end[p] = p
                break
            i, j = p // cols + _ROW[way[p]], p % cols + _COL[way[p]]
            if i < 0 or i >= rows or j < 0 or j >= cols:
                end[p] = p
                break
            p = i * cols + j
        last, p = end[p], start
        while end[p] == _NOWHERE:
            end[p] = last
            p += _ROW[way[p]] * cols + _COL[way[p]]


@njit(types.void(_READ_F4, _READ_U1, _READ_U1, _F4, _INT), nogil=True, cache=True)
def rise(heights, way, is_drained, above, cols):
    """Say how high each cell is above the drainage that its water comes to; NaN: to none."""
    above[:] = np.inf
    for start in range(heights.size):
        p = start
        while above[p] == np.inf:
            if way[p] == VOID:
                above[p] = np.nan
            elif is_drained[p]:
                above[p] = heights[p]
            elif way[p] == OUT:
                above[p] = np.nan
            else:
                p += _ROW[way[p]] * cols + _COL[way[p]]
        base, p = above[p], start
        while above[p] == np.inf:
            above[p] = base
            p += _ROW[way[p]] * cols + _COL[way[p]]
    for p in range(heights.size):
        found = heights[p] - above[p]
        above[p] = np.nan if np.isnan(found) else found  # there are many NaNs: always the same


@njit(types.void(_U1, _U4, _INT), nogil=True, cache=True)
def spread(is_low, seeds, cols):
    """Wet the low cells that are joined to a seed, by corners too; run by run along the rows."""
    rows = is_low.size // cols
    stack, size = np.empty(seeds.size + 1024, np.uint32), seeds.size
    stack[:size] = seeds
    while size > 0:
        size -= 1
        p = np.int64(stack[size])
        if is_low[p] != LOW:
            continue
        left = right = p
        while left % cols > 0 and is_low[left - 1] == LOW:
            left -= 1
        while (right + 1) % cols > 0 and is_low[right + 1] == LOW:
            right += 1
        is_low[left : right + 1] = WET
        r, west, east = p // cols, max(left % cols - 1, 0), min(right % cols + 1, cols - 1)
        for i in (r - 1, r + 1):
            if i < 0 or i >= rows:
                continue
            is_run = False
            for q in range(i * cols + west, i * cols + east + 1):
                if is_low[q] == LOW and not is_run:
                    if size == stack.size:
                        larger = np.empty(2 * size, np.uint32)
                        larger[:size] = stack
                        stack = larger
                    stack[size] = q
                    size += 1
                is_run = is_low[q] == LOW
