"""Zones as a planner drew them -> what they say beyond what was derived (pure).

The drawing must cover the mine without a gap and without an overlap. What is narrower than two
centimetres is rounding: there it is never lowered, and of two drawn zones the worse holds.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import shapely
from shapely import MultiPolygon

from geoservice.texts import Text
from geoservice.zoning import overlay
from geoservice.zoning.overlay import Ints, Shapes
from geoservice.zoning.words import EN, ZH, ZONES, Fault, Pieces, Word, fault, lowered, may_lower


@dataclass(frozen=True)
class Drawn:
    """One drawn area: a word, with the planner's reason and the conversion it leans on."""

    word: Word
    reason: str | None = None
    conversion_id: int | None = None


@dataclass(frozen=True)
class Differences:
    """What a drawing says beyond the derived zones, and what is wrong with it."""

    words: tuple[Drawn, ...]
    faults: tuple[Fault, ...]


@dataclass(frozen=True, eq=False)
class _Laid:
    """The drawing laid over the cells: pieces, a point in each, their derived and drawn ranks."""

    pieces: Shapes
    points: Shapes
    derived: Ints
    wanted: Ints
    feature: Ints


def differences(cells: Pieces, standing: Sequence[Drawn], drawn: Sequence[Drawn]) -> Differences:
    """Return the words that make the derived cells what was drawn.

    Parameters
    ----------
    cells
        As derived, without any word.
    standing
        The words of before: what a drawing leaves as one of them says, keeps its reason.
    drawn
        Zones that are to cover the mine.
    """
    laid, faults = _laid(cells, standing, drawn)
    broad = ~overlay.is_thin(laid.pieces)
    changed = ((laid.wanted != laid.derived) & broad) | (laid.wanted > laid.derived)
    owner = np.where(changed, len(standing) + laid.feature, -1)
    for number, it in enumerate(standing):
        said = overlay.inside(laid.points, it.word.geom)
        owner[changed & said & (laid.wanted == it.word.rank)] = number
    words = []
    for number in np.unique(owner[changed & broad]):
        it = [*standing, *drawn][number]
        mine = owner == number
        words.append(_word(laid, mine, it))
        faults += _unsaid(laid, mine, it, int(number) - len(standing))
    return Differences(tuple(words), tuple(faults))


def _laid(
    cells: Pieces, standing: Sequence[Drawn], drawn: Sequence[Drawn]
) -> tuple[_Laid, list[Fault]]:
    every = [*standing, *drawn]
    lowerings = [it.word.lowering.geom for it in every if it.word.lowering is not None]
    pieces = overlay.pieces_of([*cells.geoms, *(it.word.geom for it in every), *lowerings])
    points = overlay.points_in(pieces)
    cell = overlay.first_covering(points, cells.geoms)
    which, feature = overlay.covering(points, [it.word.geom for it in drawn])
    times = np.bincount(which, minlength=len(pieces))
    broad = ~overlay.is_thin(pieces)
    ranks = np.array([it.word.rank for it in drawn], np.int64)
    derived = np.where(cell >= 0, cells.ranks[cell], -1)
    worst, by = np.full(len(pieces), -1, np.int64), np.full(len(pieces), -1, np.int64)
    np.maximum.at(worst, which, ranks[feature])
    deciding = ranks[feature] == worst[which]
    by[which[deciding]] = feature[deciding]
    wrong = [
        ("outside", (cell < 0) & (times > 0)),
        ("gap", (cell >= 0) & (times == 0)),
        ("overlap", (cell >= 0) & (times > 1)),
    ]
    faults = [it for what, mask in wrong for it in _misfit(what, pieces[mask & broad])]
    mine = cell >= 0
    wanted = np.where(times == 0, derived, worst)
    return _Laid(pieces[mine], points[mine], derived[mine], wanted[mine], by[mine]), faults


_MISFITS = {
    "outside": Text(zh="绘制的分区超出矿区 {:.2f} m²", en="{:.2f} m2 are drawn outside the mine"),
    "gap": Text(zh="矿区内有 {:.2f} m² 未划入任何分区", en="{:.2f} m2 of the mine are in no zone"),
    "overlap": Text(zh="分区相互重叠 {:.2f} m²", en="zones overlap on {:.2f} m2"),
}


def _misfit(what: str, pieces: Shapes) -> list[Fault]:
    """Return one fault a piece, the largest first, the first twenty."""
    area_m2 = shapely.area(pieces)
    text = _MISFITS[what]
    found = []
    for at in np.argsort(-area_m2)[:20]:
        much = float(area_m2[at])
        said = Text(zh=text.zh.format(much), en=text.en.format(much))
        found.append(fault(what, said, pieces[at : at + 1], much))
    return found


def _word(laid: _Laid, mine: np.ndarray, it: Drawn) -> Drawn:
    geom: MultiPolygon = overlay.dissolved(laid.pieces[mine])
    rank = int(laid.wanted[mine][0])
    return replace(it, word=replace(it.word, rank=rank, geom=geom))


def _unsaid(laid: _Laid, mine: np.ndarray, it: Drawn, feature: int) -> list[Fault]:
    """Return what a word lacks: a reason, a conversion where it lowers."""
    if feature < 0:
        return []
    some = laid.pieces[mine]
    faults = []
    if not it.reason:
        area_m2 = float(shapely.area(some).sum())
        zone = ZONES[it.word.rank]
        text = Text(
            zh=f"有 {area_m2:.2f} m² 改为{ZH[zone]}：请说明理由",
            en=f"{area_m2:.2f} m2 become {EN[zone]}: say why",
        )
        faults.append(fault("no_reason", text, some, area_m2, feature))
    points, derived = laid.points[mine], laid.derived[mine]
    refused = (it.word.rank < derived) & ~may_lower(points, derived, it.word)
    return faults + lowered(some[refused], derived[refused], it.word.rank, feature)
