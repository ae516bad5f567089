"""A planner's words over what was derived: higher for a reason, lower by a conversion (pure)."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely import Point
from shapely.geometry.base import BaseGeometry

from geoservice.texts import Text
from geoservice.zoning import overlay
from geoservice.zoning.overlay import Ints, Shapes

ZONES = ("workable", "slow_mining", "no_mining")  # the worse the later
RANK = {zone: rank for rank, zone in enumerate(ZONES)}
ZH = {"workable": "可采区", "slow_mining": "缓采区", "no_mining": "禁采区"}
EN = {"workable": "workable", "slow_mining": "slow mining", "no_mining": "no mining"}


@dataclass(frozen=True)
class Lowering:
    """What an approved conversion allows: where, from which rank at most, down to which."""

    from_rank: int
    to_rank: int
    geom: BaseGeometry


@dataclass(frozen=True)
class Word:
    """That a place is to be of a zone (its rank); metres."""

    rank: int
    geom: BaseGeometry
    lowering: Lowering | None = None


@dataclass(frozen=True)
class Fault:
    """What is wrong with zones as drawn, and where.

    Parameters
    ----------
    at
        A point of it, metres.
    what
        ``gap``, ``overlap``, ``outside``, ``lowering``, ``no_reason``, ``invalid``.
    feature
        The place of the drawn zone in the request, from 0; None: of none alone.
    """

    what: str
    text: Text
    at: Point
    area_m2: float
    feature: int | None = None


@dataclass(frozen=True, eq=False)
class Pieces:
    """Areas of one coverage, metres, with the rank of each and the cell that it is of."""

    geoms: Shapes
    ranks: Ints
    cells: Ints


def spoken(cells: Pieces, words: Sequence[Word]) -> tuple[Pieces, list[Fault]]:
    """Return the cells with all words said, one after another, and where one may not be said.

    A place that a word may not lower stays as it is. Without words the cells come back.
    """
    if not words:
        return cells, []
    lowerings = [word.lowering.geom for word in words if word.lowering is not None]
    cut = overlay.pieces_of([*cells.geoms, *(word.geom for word in words), *lowerings])
    points = overlay.points_in(cut)
    cell = overlay.first_covering(points, cells.geoms)
    cut, points, cell = cut[cell >= 0], points[cell >= 0], cell[cell >= 0]
    ranks = cells.ranks[cell].copy()
    faults: list[Fault] = []
    for number, word in enumerate(words):
        said = overlay.inside(points, word.geom)
        refused = said & (word.rank < ranks) & ~may_lower(points, ranks, word)
        faults += lowered(cut[refused], ranks[refused], word.rank, number)
        ranks[said & ~refused] = word.rank
    return Pieces(cut, ranks, cell), faults


def may_lower(points: Shapes, ranks: Ints, word: Word) -> NDArray[np.bool_]:
    """Return at which points, of these ranks, the word's conversion lets it lower."""
    it = word.lowering
    if it is None or word.rank < it.to_rank:
        return np.zeros(len(points), np.bool_)
    return np.asarray(overlay.inside(points, it.geom) & (ranks <= it.from_rank), np.bool_)


def lowered(pieces: Shapes, ranks: Ints, to_rank: int, number: int) -> list[Fault]:
    """Return that these pieces may not be lowered: one fault a zone they are lowered from."""
    faults = []
    for rank in np.unique(ranks):
        some = pieces[ranks == rank]
        some = some[~overlay.is_thin(some)]
        area_m2 = float(shapely.area(some).sum())
        if area_m2 > overlay.NOTHING_M2:
            was, becomes = ZONES[rank], ZONES[to_rank]
            text = Text(
                zh=f"{ZH[was]}有 {area_m2:.2f} m² 要降为{ZH[becomes]}："
                "须附已批准、覆盖此处的转换报告",
                en=f"{area_m2:.2f} m2 of {EN[was]} would become {EN[becomes]}: that needs an "
                "approved conversion report that covers the place",
            )
            faults.append(fault("lowering", text, some, area_m2, number))
    return faults


def fault(
    what: str, text: Text, pieces: Shapes, area_m2: float, feature: int | None = None
) -> Fault:
    """Return a fault at a point inside the largest of the pieces."""
    largest = max(pieces, key=lambda piece: piece.area)
    return Fault(what, text, largest.point_on_surface(), area_m2, feature)
