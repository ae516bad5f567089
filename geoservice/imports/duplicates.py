"""The same thing under another code: similar names near by (pure)."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.spatial import cKDTree

from geoservice.registry.fields import plain

NEAR_M = 200.0
_SIMILAR = 0.75
_DEGREE_M = 111_320.0
# What a firm's name has or lacks from file to file.
_LEGAL = re.compile(r"(有限责任公司|股份有限公司|有限公司|集团|公司|长治市|潞城[区市]?|山西省?)")
_MARKS = re.compile(r"[()\[\]<>,.:;、。，：；]")


@dataclass(frozen=True)
class Match:
    """Which of the given points is like which that stands, and how far from it."""

    given: int
    standing: int
    distance_m: float


def plain_name(name: str) -> str:
    """Return a name without what differs between two writings of it."""
    bare = _MARKS.sub("", plain(name))
    return _LEGAL.sub("", bare) or bare


def similarity(one: str, other: str) -> float:
    """Return how alike two plain names are, 0 to 1: what they share of what they have (Dice).

    Chinese names by character, for each says much; others by pairs of letters.
    """
    if one == other:
        return 1.0
    first, second = _parts(one), _parts(other)
    if not first or not second:
        return 0.0
    return 2 * len(first & second) / (len(first) + len(second))


def find_matches(
    names: Sequence[str],
    points: NDArray[np.float64],
    standing_names: Sequence[str],
    standing_points: NDArray[np.float64],
) -> list[Match]:
    """Return for each given point the most similar one within ``NEAR_M``, where there is any.

    Parameters
    ----------
    names, standing_names
        As people write them.
    points, standing_points
        Longitude and latitude in degrees, shape ``(n, 2)``; none give no match.
    """
    if not len(points) or not len(standing_points):
        return []
    scale = np.array([np.cos(np.radians(points[:, 1].mean())), 1.0]) * _DEGREE_M
    tree = cKDTree(standing_points * scale)
    plain_standing = [plain_name(name) for name in standing_names]
    found = []
    for index, point in enumerate(points * scale):
        near = list(tree.query_ball_point(point, NEAR_M))
        name = plain_name(names[index])
        scores = [similarity(name, plain_standing[it]) for it in near]
        if max(scores, default=0.0) >= _SIMILAR:
            best = near[scores.index(max(scores))]
            distance = np.linalg.norm((points[index] - standing_points[best]) * scale)
            found.append(Match(index, best, round(float(distance), 1)))
    return found


def _parts(text: str) -> set[str]:
    if not text.isascii():
        return set(text)
    return {text[at : at + 2] for at in range(len(text) - 1)}
