"""When a publish job runs next: the district's clock, missed runs, waits after failures."""

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from geoservice.exports.jobs.records import Schedule
from geoservice.exports.jobs.schedule import after_failure, next_run, wait_after

CHINA, ANDORRA = ZoneInfo("Asia/Shanghai"), ZoneInfo("Europe/Andorra")
NOON = datetime(2026, 11, 25, 4, 0, tzinfo=UTC)  # 12:00 in China
AT_TWO = Schedule(daily_at=time(2, 30))


def test_a_daily_time_is_of_the_districts_clock() -> None:
    assert next_run(AT_TWO, after=NOON, zone=CHINA) == datetime(2026, 11, 25, 18, 30, tzinfo=UTC)
    assert next_run(AT_TWO, after=NOON, zone=ANDORRA) == datetime(2026, 11, 26, 1, 30, tzinfo=UTC)
    exactly = datetime(2026, 11, 25, 18, 30, tzinfo=UTC)
    assert next_run(AT_TWO, after=exactly, zone=CHINA) == exactly + timedelta(days=1)


@pytest.mark.parametrize(
    ("day", "runs"),
    [
        ((2026, 3, 29), datetime(2026, 3, 29, 1, 30, tzinfo=UTC)),  # 02:30 is not: 03:30 summer
        ((2026, 10, 25), datetime(2026, 10, 25, 0, 30, tzinfo=UTC)),  # 02:30 twice: the first
    ],
)
def test_a_day_on_which_the_clock_is_changed_has_one_run(
    day: tuple[int, int, int], runs: datetime
) -> None:
    midnight = datetime(*day, tzinfo=ANDORRA).astimezone(UTC)
    first = next_run(AT_TWO, after=midnight, zone=ANDORRA)
    assert first == runs
    assert first is not None
    second = next_run(AT_TWO, after=first, zone=ANDORRA)
    assert second is not None
    assert second.astimezone(ANDORRA).date() == first.astimezone(ANDORRA).date() + timedelta(days=1)


def test_however_many_runs_were_missed_the_next_keeps_its_minutes() -> None:
    every = Schedule(every_min=10)
    due = NOON - timedelta(days=3, minutes=7)
    assert next_run(every, after=NOON, zone=CHINA, due=due) == NOON + timedelta(minutes=3)
    assert next_run(every, after=NOON, zone=CHINA) == NOON + timedelta(minutes=10)
    later = NOON + timedelta(hours=1)  # the clock was set back
    assert next_run(every, after=NOON, zone=CHINA, due=later) == NOON + timedelta(minutes=10)


def test_a_job_that_is_only_asked_for_has_no_next_run() -> None:
    assert next_run(Schedule(), after=NOON, zone=CHINA) is None
    assert after_failure(Schedule(), after=NOON, zone=CHINA, failures=3) is None


def test_the_wait_doubles_and_ends_where_the_schedule_says_so() -> None:
    waits = [wait_after(n).total_seconds() / 60 for n in (1, 2, 3, 6, 7, 500)]
    assert waits == [1, 2, 4, 32, 60, 60]
    again = after_failure(AT_TWO, after=NOON, zone=CHINA, failures=3)
    assert again == NOON + timedelta(minutes=4)
    soon = after_failure(Schedule(every_min=5), after=NOON, zone=CHINA, failures=500)
    assert soon == NOON + timedelta(minutes=5)
