"""When a job runs next (pure)."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from geoservice.exports.jobs.records import Schedule

FIRST_WAIT, LONGEST_WAIT = timedelta(minutes=1), timedelta(hours=1)


def next_run(
    schedule: Schedule, *, after: datetime, zone: ZoneInfo, due: datetime | None = None
) -> datetime | None:
    """Return the first instant after ``after`` at which a job is due; None: only when asked.

    However many were missed, the next one is one.

    Parameters
    ----------
    after
        An instant with its zone.
    zone
        The district's: a daily time is of its clock. A time that the clock leaps over in spring
        is met as much later; one that comes twice is met the first time.
    due
        When it was due before: a job every ten minutes keeps its minutes.
    """
    if schedule.every_min is not None:
        step = timedelta(minutes=schedule.every_min)
        start = after if due is None or due > after else due
        return start + step * ((after - start) // step + 1)
    if schedule.daily_at is None:
        return None
    day = after.astimezone(zone).date()
    while True:
        at = datetime.combine(day, schedule.daily_at, zone).astimezone(after.tzinfo)
        if at > after:
            return at
        day += timedelta(days=1)


def after_failure(
    schedule: Schedule, *, after: datetime, zone: ZoneInfo, failures: int
) -> datetime | None:
    """Return when a job is tried again after so many failures in a row.

    The wait doubles from a minute to an hour, and ends where the schedule says so anyway.
    """
    regular = next_run(schedule, after=after, zone=zone)
    if regular is None:
        return None
    return min(regular, after + wait_after(failures))


def wait_after(failures: int) -> timedelta:
    """Return how long to wait after so many failures in a row."""
    return min(FIRST_WAIT * (1 << min(max(failures, 1) - 1, 20)), LONGEST_WAIT)
