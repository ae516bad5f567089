"""Options that the commands of dispatch share."""

from datetime import UTC, datetime
from typing import Annotated

import typer

from geoservice.errors import InputError

AtOption = Annotated[
    str | None,
    typer.Option("--at", help="时刻，默认现在 · 2026-11-25T08:00+08:00, now if not given"),
]
JsonOption = Annotated[bool, typer.Option("--json", help="JSON，供程序使用 · for machines")]
ProfileOption = Annotated[str, typer.Option(help="车型 · a code of vehicle_profiles")]


def instant(text: str | None) -> datetime:
    """Return the instant that is meant: now where none is given; without an offset, local time.

    Raises
    ------
    InputError
        It is no date and time.
    """
    if text is None:
        return datetime.now(UTC)
    try:
        found = datetime.fromisoformat(text)
    except ValueError as error:
        raise InputError(
            f"{text!r}: a time like 2026-11-25T08:00+08:00 is needed",
            zh=f"{text!r}：须为 2026-11-25T08:00+08:00 样式的时刻",
            where="at",
        ) from error
    return found.astimezone() if found.tzinfo is None else found
