"""Dangerous sections out of crash points: windows that share a crash are one."""

from datetime import date

import pytest

from geoservice.errors import InputError
from geoservice.registry.sections import Crash, Proposal, WindowRule, propose_sections, years_before

UNTIL = date(2026, 6, 30)
THREE_IN_500 = WindowRule(window_m=500, years=3, crashes=3)


def crashes(*at_m: float, road: str = "G207", deaths: int = 0) -> list[Crash]:
    day = date(2025, 1, 1)
    return [Crash(f"{road}-{n}", road, m, day, deaths) for n, m in enumerate(at_m)]


def stretches(found: list[Proposal]) -> list[tuple[str, float, float]]:
    return [(it.road_code, it.from_m, it.to_m) for it in found]


def test_worked_vector() -> None:
    found = propose_sections(crashes(100, 350, 580, 2000), THREE_IN_500, until=UNTIL)
    assert stretches(found) == [("G207", 100, 580)]
    assert [it.at_m for it in found[0].crashes] == [100, 350, 580]


def test_a_window_holds_both_its_ends() -> None:
    assert stretches(propose_sections(crashes(0, 250, 500), THREE_IN_500, until=UNTIL)) == [
        ("G207", 0, 500)
    ]
    assert propose_sections(crashes(0, 250, 500.1), THREE_IN_500, until=UNTIL) == []


def test_windows_that_share_a_crash_are_one_and_others_are_not() -> None:
    long = propose_sections(crashes(0, 300, 500, 700, 1000), THREE_IN_500, until=UNTIL)
    assert stretches(long) == [("G207", 0, 1000)]
    apart = crashes(0, 100, 200, 600, 700, 800)
    near = WindowRule(window_m=250, years=3, crashes=3)
    assert stretches(propose_sections(apart, near, until=UNTIL)) == [
        ("G207", 0, 200),
        ("G207", 600, 800),
    ]


def test_each_road_on_its_own_in_any_order() -> None:
    mixed = [*crashes(580, 100), *crashes(350, road="S327"), *crashes(300, 0, 150, road="S327")]
    found = propose_sections(reversed(mixed), THREE_IN_500, until=UNTIL)
    assert stretches(found) == [("S327", 0, 350)]


def test_deaths_flag_a_window_too() -> None:
    rule = WindowRule(window_m=500, years=3, crashes=None, deaths=3)
    found = propose_sections(crashes(100, 400, 3000, deaths=2), rule, until=UNTIL)
    assert [(it.from_m, it.to_m, it.deaths) for it in found] == [(100, 400, 4)]


def test_crashes_at_one_stake_are_widened_to_a_window() -> None:
    found = propose_sections(crashes(1000, 1000, 1000), THREE_IN_500, until=UNTIL)
    assert [(it.from_m, it.to_m, it.is_widened) for it in found] == [(750, 1250, True)]
    at_start = propose_sections(crashes(100, 100, 100), THREE_IN_500, until=UNTIL)
    assert stretches(at_start) == [("G207", 0, 350)]


def test_years_are_counted_back_from_the_last_day() -> None:
    days = [date(2023, 6, 30), date(2023, 7, 1), date(2026, 6, 30), date(2026, 7, 1)]
    some = [Crash(str(day), "G207", 100 + n, day) for n, day in enumerate(days)]
    two = WindowRule(window_m=500, years=3, crashes=2)
    found = propose_sections(some, two, until=UNTIL)
    assert [it.code for it in found[0].crashes] == ["2023-07-01", "2026-06-30"]
    assert years_before(date(2024, 2, 29), 1) == date(2023, 2, 28)
    assert years_before(date(2024, 2, 29), 3000) == date.min


@pytest.mark.parametrize(
    ("given", "where"),
    [
        ({"window_m": 0.0}, "window_m"),
        ({"window_m": float("inf")}, "window_m"),
        ({"years": 0}, "years"),
        ({"crashes": 0}, "crashes"),
        ({"deaths": 0}, "deaths"),
        ({"crashes": None}, "crashes"),
    ],
)
def test_a_rule_that_flags_all_or_nothing_is_refused(given: dict[str, object], where: str) -> None:
    with pytest.raises(InputError) as error:
        WindowRule(**{"window_m": 500.0, "years": 3, "crashes": 3, **given})  # type: ignore[arg-type]
    assert error.value.where == where


def test_no_crashes_no_sections() -> None:
    assert propose_sections([], THREE_IN_500, until=UNTIL) == []
