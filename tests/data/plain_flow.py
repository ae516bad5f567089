"""Where water goes, the plain way: loops over cells, as the definitions say it; for small rasters.

And made terrain for the larger ones: hills, noise, voids, ties.
"""

import numpy as np

NEAR = [(-1, -1), (-1, 0), (-1, 1), (0, -1), (0, 1), (1, -1), (1, 0), (1, 1)]
OUT, VOID = 8, 9


def hills(rows: int, cols: int, seed: int, *, voids: int = 0, step: float = 0.0) -> np.ndarray:
    """Hills with hollows; ``step`` makes terraces, and so flats and ties."""
    rng = np.random.default_rng(seed)
    y, x = np.mgrid[0:rows, 0:cols] / 17.0
    found = 40 * np.sin(x + np.cos(y)) * np.cos(1.3 * y) + 2 * x + rng.random((rows, cols)) * 6
    if step:
        found = np.round(found / step) * step
    for _ in range(voids):
        r, c, size = rng.integers(0, rows), rng.integers(0, cols), rng.integers(1, 7)
        found[r : r + size, c : c + size] = np.nan
    return found.astype(np.float32)


def neighbours(shape: tuple[int, int], r: int, c: int) -> list[tuple[int, int, int]]:
    """Return number, row and column of the neighbours inside."""
    return [
        (k, r + i, c + j)
        for k, (i, j) in enumerate(NEAR)
        if 0 <= r + i < shape[0] and 0 <= c + j < shape[1]
    ]


def outlets(heights: np.ndarray) -> np.ndarray:
    """Return the cells on the rim and those beside a void."""
    found = np.zeros(heights.shape, bool)
    for r, c in np.argwhere(~np.isnan(heights)):
        beside = neighbours(heights.shape, r, c)
        found[r, c] = len(beside) < 8 or any(np.isnan(heights[i, j]) for _, i, j in beside)
    return found


def filled(heights: np.ndarray) -> np.ndarray:
    """Lower from infinity until every cell is as low as its lowest way out lets it be."""
    out = outlets(heights)
    found = np.where(np.isnan(heights), np.nan, np.where(out, heights, np.inf))
    while True:
        before = found.copy()
        for r, c in np.argwhere(~out & ~np.isnan(heights)):
            lowest = min(found[i, j] for _, i, j in neighbours(found.shape, r, c))
            found[r, c] = max(heights[r, c], lowest)
        if np.array_equal(before, found, equal_nan=True):
            return found


def steepest(heights: np.ndarray) -> np.ndarray:
    """Return the steepest lower neighbour, the first of equals; -1 where none is lower."""
    found = np.full(heights.shape, -1)
    for r, c in np.argwhere(~np.isnan(heights)):
        most = 0.0
        for k, i, j in neighbours(heights.shape, r, c):
            drop = float(heights[r, c]) - float(heights[i, j])
            slope = drop * (1.0 if NEAR[k][0] * NEAR[k][1] == 0 else np.sqrt(0.5))
            if slope > most:
                most, found[r, c] = slope, k
    return found


def path(directions: np.ndarray, r: int, c: int) -> list[tuple[int, int]]:
    """Return the cells that a cell's water comes through, itself first; never too many."""
    found = [(int(r), int(c))]
    while directions[r, c] < OUT:
        i, j = NEAR[directions[r, c]]
        r, c = r + i, c + j
        found.append((int(r), int(c)))
        assert len(found) <= directions.size, "water runs in a circle"
    return found


def above_drainage(
    heights: np.ndarray, directions: np.ndarray, is_drainage: np.ndarray
) -> np.ndarray:
    """Follow each cell's water to the first drainage."""
    found = np.full(heights.shape, np.nan, np.float32)
    for r, c in np.argwhere(~np.isnan(heights)):
        for place in path(directions, r, c):
            if is_drainage[place]:
                found[r, c] = heights[r, c] - heights[place]
                break
    return found
