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


def instant_of(text: object) -> dt.datetime:
    """Return an instant, in UTC.

    Raises
    ------
    InputError
        It is none, or without a zone.
    """
    if not isinstance(text, str) or not _INSTANT.fullmatch(text):
        _refuse()
    try:
        return dt.datetime.fromisoformat(text.upper()).astimezone(dt.UTC)
    except (ValueError, OverflowError):  # overflow: the first or last day of the calendar
        _refuse()


def _refuse() -> NoReturn:
    raise InputError(
        "filter: a day is written 2026-01-31, an instant 2026-01-31T08:00:00Z",
        zh="filter：日期写作 2026-01-31，时刻写作 2026-01-31T08:00:00Z",
        where="filter",
    )
