"""Which zone a level at a gauge asks for, rising and falling."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from geoservice.floods.gauging import Rung, pick

RUNGS = [Rung(30, 905.0), Rung(10, 902.0), Rung(20, 903.0)]


def _pick(level_m: float, now: int | None = None) -> tuple[int | None, bool]:
    found = pick(level_m, RUNGS, from_m=901.0, margin_m=0.1, now=now)
    return found.scenario_id, found.is_above_all


@pytest.mark.parametrize(
    ("level_m", "found"),
    [
        (900.99, (None, False)),
        (901.0, (10, False)),
        (902.0, (10, False)),  # a zone holds up to its own level
        (902.01, (20, False)),  # never a zone that is below the water
        (904.0, (30, False)),
        (905.0, (30, False)),
        (905.01, (30, True)),  # higher than any: the highest, and it is said
    ],
)
def test_the_lowest_zone_that_is_not_below_the_water(
    level_m: float, found: tuple[int | None, bool]
) -> None:
    assert _pick(level_m) == found


@pytest.mark.parametrize(
    ("level_m", "now", "found"),
    [
        (902.01, 10, 20),  # rising counts at once
        (901.95, 20, 20),  # falling only when it is a margin below
        (901.90, 20, 10),
        (900.95, 10, 10),
        (900.89, 10, None),
        (900.0, 30, None),
        (901.95, 30, 20),  # no zone higher than the margin asks for
    ],
)
def test_falling_water_keeps_its_zone_a_little(level_m: float, now: int, found: int | None) -> None:
    assert _pick(level_m, now)[0] == found


def test_a_family_without_zones_has_none() -> None:
    assert pick(999.0, [], from_m=1.0, margin_m=0.1, now=None).scenario_id is None


@given(st.floats(895, 910), st.sampled_from([None, 10, 20, 30]))
def test_what_is_in_force_is_never_below_the_water_while_there_is_a_higher_zone(
    level_m: float, now: int | None
) -> None:
    found, is_above = _pick(level_m, now)
    levels = {it.scenario_id: it.level_m for it in RUNGS}
    if level_m >= 901.0:
        assert found is not None
        assert levels[found] >= level_m or is_above
