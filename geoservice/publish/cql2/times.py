"""Dates and instants written in a filter (pure)."""

import datetime as dt
import re
from typing import NoReturn

from geoservice.errors import InputError

_DAY = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
_INSTANT = re.compile(
    r"\d{4}-\d{2}-\d{2}[Tt]\d{2}:\d{2}:\d{2}(\.\d{1,6})?([Zz]|[+-]\d{2}:\d{2})", re.ASCII
)


def is_day(text: object) -> bool:
    """Return whether it is written like a day."""
    return isinstance(text, str) and _DAY.fullmatch(text) is not None


def day_of(text: object) -> dt.date:
    """Return a day.

    Raises
    ------
    InputError
        It is none.
    """
    if not isinstance(text, str) or not _DAY.fullmatch(text):
        _refuse()
    try:
        return dt.date.fromisoformat(text)
    except ValueError:
        _refuse()


def moment_of(text: object) -> tuple[dt.datetime, dt.datetime]:
    """Return the first and the last microsecond, in UTC, that an instant so written stands for.

    Raises
    ------
    InputError
        It is none, or without a zone.
    """
    found = _INSTANT.fullmatch(text) if isinstance(text, str) else None
    if found is None:
        _refuse()
    decimals = len(found[1] or ".") - 1
    try:
        first = dt.datetime.fromisoformat(found[0].upper()).astimezone(dt.UTC)
        return first, first + dt.timedelta(microseconds=10 ** (6 - decimals) - 1)
    except (ValueError, OverflowError):  # overflow: the first or last day of the calendar
        _refuse()


def _refuse() -> NoReturn:
    raise InputError(
        "filter: a day is written 2026-01-31, an instant 2026-01-31T08:00:00Z",
        zh="filter：日期写作 2026-01-31，时刻写作 2026-01-31T08:00:00Z",
        where="filter",
    )
