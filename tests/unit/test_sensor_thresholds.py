"""Thresholds: hold, hysteresis, windows of rain, late readings; values worked out by hand."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

import pytest
import shapely

from geoservice.registry.records import Sensor
from geoservice.sensors.judging import Judged, begin_at, judge, reach_back
from geoservice.sensors.rain import EXAMPLE_MM, rain_level, rain_thresholds
from geoservice.sensors.thresholds import LEVELS, Limit, Mark, Standing, Standings

T0 = datetime(2026, 11, 24, tzinfo=UTC)
YELLOW = Limit(1, "yellow", "above", 1.0, clear_margin=0.2, clear_hold_s=120)
RED = Limit(2, "red", "above", 1.5, hold_s=60, clear_margin=0.2, clear_hold_s=60)
COLD = Limit(3, "blue", "below", 5.0, clear_hold_s=0)


def _at(minutes: float) -> datetime:
    return T0 + timedelta(minutes=minutes)


def _marks(*values: tuple[float, float]) -> list[Mark]:
    return [Mark(_at(minutes), value) for minutes, value in values]


def _told(
    limits: Sequence[Limit],
    marks: Sequence[Mark],
    *,
    kept: Standings | None = None,
    told: dict[str, str | None] | None = None,
    last: float | None = None,
    fresh: Sequence[float] | None = None,
) -> tuple[list[tuple[float, str | None]], Judged]:
    judged = judge(
        limits,
        marks,
        kept or {},
        told=told or {},
        last_at=None if last is None else _at(last),
        fresh={_at(m) for m in fresh} if fresh is not None else {mark.at for mark in marks},
    )
    return [((s.at - T0).total_seconds() / 60, s.level) for s in judged.steps], judged


def test_the_limit_itself_counts() -> None:
    assert _told([YELLOW], _marks((0, 0.99), (1, 1.0)))[0] == [(1, "yellow")]
    assert _told([COLD], _marks((0, 5.01), (1, 5.0), (2, 5.1)))[0] == [(1, "blue"), (2, None)]


def test_a_level_is_raised_escalated_and_cleared_once_each() -> None:
    marks = _marks(
        (0, 1.1), (1, 1.6), (2, 1.6), (3, 1.7), (4, 1.2), (5, 1.2), (6, 0.7), (7, 0.7), (8, 0.7)
    )
    steps, judged = _told([YELLOW, RED], marks)
    # Red holds from minute 1, so it is on at 2; it is back, below 1.3, from 4, so off at 5.
    # Yellow is back, below 0.8, from 6, so off at 8.
    assert steps == [(0, "yellow"), (2, "red"), (5, "yellow"), (8, None)]
    assert judged.repeats == {"above": 5}
    assert judged.standing == {
        1: Standing(is_on=False, since=_at(6)), 2: Standing(is_on=False, since=_at(4))
    }  # fmt: skip


def test_a_value_that_trembles_about_a_limit_is_one_warning() -> None:
    trembling = _marks(*[(n / 2, 1.01 if n % 2 else 0.99) for n in range(200)])
    assert _told([YELLOW], trembling)[0] == [(0.5, "yellow")]


def test_a_peak_shorter_than_the_hold_raises_nothing() -> None:
    assert _told([RED], _marks((0, 2.0), (0.5, 2.0), (0.8, 1.0), (1, 2.0), (1.5, 2.0)))[0] == []


def test_where_it_stood_is_kept_between_posts() -> None:
    first = _told([RED], _marks((0, 2.0)))[1]
    assert first.standing[2] == Standing(turning_at=_at(0))
    steps, second = _told([RED], _marks((1, 2.0)), kept=first.standing, last=0)
    assert steps == [(1, "red")]
    assert second.standing[2] == Standing(is_on=True, since=_at(0))
    again = _told([RED], _marks((2, 2.0)), kept=second.standing, told={"above": "red"}, last=1)
    assert (again[0], again[1].repeats) == ([], {"above": 1})


def test_a_limit_that_is_taken_away_ends_its_warning() -> None:
    assert _told([], _marks((5, 9.0)), told={"above": "red"}, last=4)[0] == [(5, None)]
    steps, _ = _told([YELLOW], _marks((5, 0.1)), told={"above": "red"}, last=4)
    assert steps == [(5, None)]


def test_a_late_peak_is_told_and_then_how_it_stands() -> None:
    kept = {1: Standing()}
    steps, _ = _told([YELLOW], _marks((3, 1.4), (6, 0.1), (9, 0.1)), kept=kept, last=9, fresh=[3])
    assert steps == [(3, "yellow"), (9, None)]
    # The next late one beside it shows nothing that was not told.
    marks = _marks((2, 0.3), (3, 1.4), (6, 0.1), (9, 0.1))
    assert _told([YELLOW], marks, kept=kept, last=9, fresh=[2])[0] == []


def test_late_readings_do_not_end_a_warning_that_stands() -> None:
    kept = {1: Standing(is_on=True, since=_at(0))}
    # 0.9 is between clearing (0.8) and raising: only that it is on since minute 0 keeps it on.
    steps, judged = _told(
        [YELLOW], _marks((5, 0.9), (9, 0.9)), kept=kept, told={"above": "yellow"}, last=9, fresh=[5]
    )
    assert steps == []
    assert judged.standing[1].is_on


def test_late_and_new_readings_of_one_post_are_judged_in_their_order() -> None:
    marks = _marks((1, 0.2), (2, 1.2), (3, 0.2), (4, 1.6), (6, 1.6))
    steps, _ = _told([YELLOW, RED], marks, last=3, fresh=[2, 4, 6])
    assert steps == [(2, "yellow"), (6, "red")]


def test_a_day_late_is_kept_and_not_judged() -> None:
    assert begin_at([_at(-24 * 60 - 1)], _at(0)) == begin_at([], None) is None
    assert begin_at([_at(-24 * 60 + 1), _at(5)], _at(0)) == _at(-24 * 60 + 1)
    marks = _marks((-3000, 9.9), (0, 0.1))
    assert _told([YELLOW], marks, last=0, fresh=[-3000])[0] == []


def test_nothing_comes_of_nothing() -> None:
    assert _told([YELLOW], [])[1] == Judged({1: Standing()}, (), {})
    assert reach_back([]) == reach_back([YELLOW]) == timedelta(0)


@pytest.mark.parametrize(
    ("fallen_mm", "level"),
    [
        ({1: 62}, "orange"),
        ({3: 120}, "red"),
        ({1: 34.9, 3: 54.9, 6: 69.9, 24: 99.9}, None),
        ({1: 35}, "blue"),
        ({1: 10, 24: 130}, "yellow"),
        ({1: 40, 3: 100, 6: 149, 24: 199}, "orange"),
        ({}, None),
        ({2: 500}, None),
    ],
)
def test_any_one_accumulation_triggers(fallen_mm: dict[int, float], level: str | None) -> None:
    assert rain_level(fallen_mm) == level


def _gauge_limits() -> list[Limit]:
    gauge = Sensor(
        code="R", name="雨量站", source_doc="试验", kind="rain", unit="mm", interval_s=600,
        geom=shapely.Point(113, 36),
    )  # fmt: skip
    made = rain_thresholds(gauge)
    assert len(made) == len(LEVELS) * len(EXAMPLE_MM["red"])
    assert not any(one.is_verified for one in made)
    return [
        Limit(n, one.level, one.comparison, one.value, one.window_min) for n, one in enumerate(made)
    ]


@pytest.mark.parametrize(
    ("falls_mm", "level"),
    [
        ([62 / 6] * 6, "orange"),  # an hour of 62 mm
        ([0.0] * 3 + [120 / 18] * 18, "red"),  # 3 h of 120 mm, 40 mm in each hour
        ([62 / 12] * 12, "blue"),  # 62 mm in two hours: 31 in the hour, but 62 in three
        ([0.1] * 143 + [34.8], "blue"),  # 35.3 mm in the last hour
        ([0.1] * 143 + [34.4], None),  # 34.9 mm in the hour, 48.7 in the day
    ],
)
def test_a_gauge_warns_by_what_fell_in_its_windows(
    falls_mm: list[float], level: str | None
) -> None:
    limits = _gauge_limits()
    marks = _marks(*[(10 * n, mm) for n, mm in enumerate(falls_mm)])
    steps, _ = _told(limits, marks)
    assert (steps[-1][1] if steps else None) == level
    assert reach_back(limits) == timedelta(hours=24)
