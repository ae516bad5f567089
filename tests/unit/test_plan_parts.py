"""What can be made, when somebody is there, and what is ordered already."""

from decimal import Decimal

import pytest

from geoservice.dispatch.eta import Timing, timing
from geoservice.plans.makers import makeable, ready_h
from geoservice.plans.ordered import Ordered
from geoservice.plans.records import OrderedRow
from geoservice.plans.wants import Want


def test_worked_vector_of_a_capability_reserve() -> None:
    assert makeable(50, 6, 24) == 37


@pytest.mark.parametrize(
    ("per_day", "lead_h", "within_h", "made"),
    [
        (50, 6, 6, 0),
        (50, 6, 5, 0),
        (50, 0, 24, 50),
        (24, 0, 0.99, 0),
        (24, 0, 1, 1),
        (2.4, 0, 10, 1),
    ],
)
def test_only_whole_units_made_by_then_count(
    per_day: float, lead_h: float, within_h: float, made: int
) -> None:
    assert makeable(per_day, lead_h, within_h) == made


def test_what_is_made_is_ready_by_the_time_it_was_reckoned_for() -> None:
    for within_h in (7.0, 12.5, 24.0, 71.9):
        assert ready_h(50, 6, makeable(50, 6, within_h)) <= within_h + 1 / 60


def test_an_eta_is_preparing_and_driving_with_a_spread_of_the_driving() -> None:
    known, unknown = timing(10, 600, assumed_min=20), timing(None, 600, assumed_min=20)
    assert (known.eta_s, known.earliest_s, known.latest_s) == (1200, 1140, 1410)
    assert (unknown.eta_s, unknown.is_assumed) == (1800, True)
    assert not timing(10, float("inf"), assumed_min=20).comes
    assert Timing(0, 0, is_assumed=False).eta_s == 0


def want(code: str, item_code: str, quantity: int) -> Want:
    return Want(code, 0, 1, item_code, Decimal(quantity), None, float("inf"), 1.0, 4)


def test_what_is_ordered_is_taken_off_the_narrow_want_first_and_once() -> None:
    ordered = Ordered([[OrderedRow(7, "2010101", None, Decimal(8))]])
    wide, narrow = want("a", "2", 5), want("b", "2010101", 5)
    found = ordered.goods([wide, narrow])
    assert [(it.quantity, it.ordered) for it in found] == [(2, 3), (0, 5)]
    assert ordered.goods([wide]) == [wide]
