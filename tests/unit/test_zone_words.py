"""Words over derived zones: raised, lowered by a conversion only, never a gap between them."""

import random

import numpy as np
import pytest
import shapely
from shapely import Polygon, box
from shapely.geometry.base import BaseGeometry

from geoservice.zoning import overlay
from geoservice.zoning.comparing import transitions
from geoservice.zoning.drawn import Drawn, differences
from geoservice.zoning.overlay import array_of, dissolved
from geoservice.zoning.words import RANK, Lowering, Pieces, Word, spoken

WORKABLE, SLOW, NO = RANK["workable"], RANK["slow_mining"], RANK["no_mining"]
EAST, NORTH = 517_000.123456, 4_020_000.654321


def at(x0: float, y0: float, x1: float, y1: float) -> BaseGeometry:
    """A box in metres from the mine's own corner."""
    return box(EAST + x0, NORTH + y0, EAST + x1, NORTH + y1)


# A mine of 300 m x 100 m: three strips of 100 m, workable, slow, no mining.
STRIPS = Pieces(
    array_of([at(100 * i, 0, 100 * i + 100, 100) for i in range(3)]), np.arange(3), np.arange(3)
)


def by_zone(pieces: Pieces) -> list[float]:
    area = shapely.area(pieces.geoms)
    return [round(float(area[pieces.ranks == rank].sum()), 3) for rank in range(3)]


def test_without_words_the_cells_come_back() -> None:
    pieces, faults = spoken(STRIPS, [])
    assert pieces is STRIPS
    assert faults == []


def test_a_word_raises_what_is_lower_and_leaves_what_is_worse_to_a_conversion() -> None:
    pieces, faults = spoken(STRIPS, [Word(SLOW, at(50, 0, 250, 50))])
    # 50 x 50 of the workable strip are slow; 50 x 50 of the no-mining strip may not be.
    assert by_zone(pieces) == [7500, 12500, 10000]
    assert [it.what for it in faults] == ["lowering"]
    assert faults[0].area_m2 == pytest.approx(2500, abs=0.01)
    assert at(200, 0, 250, 50).covers(faults[0].at)
    assert "禁采区有 2500.00 m²" in faults[0].text.zh


def test_a_conversion_lowers_where_it_lies_from_what_it_names_to_what_it_names() -> None:
    of_all = Lowering(NO, WORKABLE, at(200, 0, 250, 100))
    pieces, faults = spoken(STRIPS, [Word(WORKABLE, at(200, 0, 300, 100), of_all)])
    assert by_zone(pieces) == [15000, 10000, 5000]
    assert [round(it.area_m2) for it in faults] == [5000]
    for_slow = Lowering(SLOW, WORKABLE, at(0, 0, 300, 100))  # says nothing of no mining
    pieces, faults = spoken(STRIPS, [Word(WORKABLE, at(100, 0, 300, 100), for_slow)])
    assert by_zone(pieces) == [20000, 0, 10000]
    assert [round(it.area_m2) for it in faults] == [10000]
    to_slow = Lowering(NO, SLOW, at(0, 0, 300, 100))
    pieces, faults = spoken(STRIPS, [Word(WORKABLE, at(200, 0, 300, 100), to_slow)])
    assert by_zone(pieces) == [10000, 10000, 10000]
    pieces, faults = spoken(STRIPS, [Word(SLOW, at(200, 0, 300, 100), to_slow)])
    assert (by_zone(pieces), faults) == ([10000, 20000, 0], [])


def test_words_are_said_one_after_another() -> None:
    everywhere = at(0, 0, 300, 100)
    down = Word(WORKABLE, everywhere, Lowering(NO, WORKABLE, everywhere))
    up = Word(SLOW, at(250, 0, 300, 100))
    assert by_zone(spoken(STRIPS, [down, up])[0]) == [25000, 5000, 0]
    pieces, faults = spoken(STRIPS, [up])  # without the first the second would lower
    assert by_zone(pieces) == [10000, 10000, 10000]
    assert len(faults) == 1


def test_a_word_that_reaches_beyond_the_mine_adds_nothing_to_it() -> None:
    pieces, faults = spoken(STRIPS, [Word(NO, at(-500, -500, 50, 50))])
    assert (by_zone(pieces), faults) == ([7500, 10000, 12500], [])


@pytest.mark.parametrize("seed", range(8))
def test_random_words_leave_an_exact_coverage_of_the_mine(seed: int) -> None:
    dice = random.Random(seed)  # noqa: S311  # of a test
    words = []
    for _ in range(25):
        x, y = dice.uniform(-50, 300), dice.uniform(-50, 100)
        ring = shapely.Point(EAST + x, NORTH + y).buffer(dice.uniform(5, 80), quad_segs=4)
        words.append(Word(NO, shapely.affinity.rotate(ring, dice.uniform(0, 90))))
    pieces, faults = spoken(STRIPS, words)
    assert faults == []
    zones = array_of([dissolved(pieces.geoms[pieces.ranks == rank]) for rank in range(3)])
    assert shapely.is_valid(zones).all()
    assert shapely.coverage_is_valid(zones)
    whole = shapely.union_all(STRIPS.geoms)
    off = shapely.symmetric_difference(shapely.union_all(zones), whole)
    assert off.area < 1e-4
    shuffled = dice.sample(words, len(words))
    again = spoken(STRIPS, shuffled)[0]
    assert by_zone(again) == by_zone(pieces)


# ---- zones as drawn ------------------------------------------------------------------------------

AS_DERIVED = [Drawn(Word(rank, geom)) for rank, geom in enumerate(STRIPS.geoms)]


def test_what_was_derived_drawn_again_says_nothing() -> None:
    found = differences(STRIPS, [], AS_DERIVED)
    assert (found.words, found.faults) == ((), ())


def test_corners_rounded_to_centimetres_are_no_difference() -> None:
    rounded = [
        Drawn(Word(rank, shapely.transform(geom, lambda xy: np.round(xy, 2))))
        for rank, geom in enumerate(STRIPS.geoms)
    ]
    found = differences(STRIPS, [], rounded)
    assert (found.words, found.faults) == ((), ())


def test_a_moved_edge_is_a_word_with_its_reason() -> None:
    moved = [
        Drawn(Word(WORKABLE, at(0, 0, 80, 100))),
        Drawn(Word(SLOW, at(80, 0, 200, 100)), "新发现裂隙"),
        AS_DERIVED[2],
    ]
    found = differences(STRIPS, [], moved)
    assert found.faults == ()
    (word,) = found.words
    assert (word.reason, word.word.rank) == ("新发现裂隙", SLOW)
    assert word.word.geom.area == pytest.approx(2000, abs=0.01)
    pieces, faults = spoken(STRIPS, [word.word])
    assert (by_zone(pieces), faults) == ([8000, 12000, 10000], [])


def test_without_a_reason_the_place_is_named() -> None:
    moved = [
        Drawn(Word(WORKABLE, at(0, 0, 80, 100))),
        Drawn(Word(SLOW, at(80, 0, 200, 100))),
        AS_DERIVED[2],
    ]
    (fault,) = differences(STRIPS, [], moved).faults
    assert (fault.what, fault.feature) == ("no_reason", 1)
    assert at(80, 0, 100, 100).covers(fault.at)


def test_lowering_by_drawing_needs_a_conversion() -> None:
    without = [AS_DERIVED[0], Drawn(Word(SLOW, at(100, 0, 300, 100)), "已治理")]
    (fault,) = differences(STRIPS, [], without).faults
    assert (fault.what, round(fault.area_m2)) == ("lowering", 10000)
    allowed = Lowering(NO, SLOW, at(200, 0, 300, 100))
    by_report = [AS_DERIVED[0], Drawn(Word(SLOW, at(100, 0, 300, 100), allowed), "已治理", 7)]
    found = differences(STRIPS, [], by_report)
    assert found.faults == ()
    assert [it.conversion_id for it in found.words] == [7]


def test_gaps_overlaps_and_what_lies_outside_are_refused_with_the_place() -> None:
    drawn = [
        Drawn(Word(WORKABLE, at(-10, 0, 90, 100))),
        Drawn(Word(SLOW, at(100, 0, 220, 100)), "x"),
        AS_DERIVED[2],
    ]
    found = {it.what: it for it in differences(STRIPS, [], drawn).faults}
    assert {what: round(it.area_m2) for what, it in found.items()} == {
        "outside": 1000, "gap": 1000, "overlap": 2000,
    }  # fmt: skip
    assert at(90, 0, 100, 100).covers(found["gap"].at)
    assert at(200, 0, 220, 100).covers(found["overlap"].at)


def test_what_a_drawing_leaves_keeps_its_reason() -> None:
    before = Drawn(Word(NO, at(0, 0, 50, 100)), "保留煤柱")
    drawn = [
        Drawn(Word(NO, at(0, 0, 30, 100))),
        Drawn(Word(WORKABLE, at(30, 0, 100, 100))),
        *AS_DERIVED[1:],
    ]
    found = differences(STRIPS, [before], drawn)
    assert found.faults == ()
    (word,) = found.words
    assert word.reason == "保留煤柱"
    assert word.word.geom.area == pytest.approx(3000, abs=0.01)


# ---- two versions --------------------------------------------------------------------------------


def test_transitions_are_areas_by_pair_and_what_stayed_comes_last() -> None:
    before = {"workable": at(0, 0, 100, 100), "slow_mining": at(100, 0, 300, 100)}
    after = {"workable": at(0, 0, 60, 100), "slow_mining": at(60, 0, 200, 100),
             "no_mining": at(200, 0, 310, 100)}  # fmt: skip
    found = transitions(before, after)
    assert [(it.before, it.after, round(it.area_m2, 2)) for it in found] == [
        ("slow_mining", "no_mining", 10000.0),
        ("workable", "slow_mining", 4000.0),
        (None, "no_mining", 1000.0),
        ("slow_mining", "slow_mining", 10000.0),
        ("workable", "workable", 6000.0),
    ]
    assert all(it.geom.is_valid for it in found)


def test_a_version_beside_itself_changed_nothing() -> None:
    zones = {"workable": at(0, 0, 100, 100), "no_mining": at(100, 0, 300, 100)}
    assert all(it.before == it.after for it in transitions(zones, zones))


def test_no_shapes_give_no_pieces() -> None:
    assert len(overlay.pieces_of([])) == 0
    assert overlay.first_covering(array_of([]), [Polygon()]).size == 0
    assert dissolved(array_of([])).is_empty
