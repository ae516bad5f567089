"""Options that the commands of dispatch share."""

import json
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Any

import typer

from geoservice.dispatch.bodies import SupposedBody
from geoservice.errors import FileError, InputError
from geoservice.incidents.said import checked

AtOption = Annotated[
    str | None,
    typer.Option("--at", help="时刻，默认现在 · 2026-11-25T08:00+08:00, now if not given"),
]
JsonOption = Annotated[bool, typer.Option("--json", help="JSON，供程序使用 · for machines")]
WhatIfOption = Annotated[
    list[Path] | None,
    typer.Option("--what-if", help="GeoJSON：假设再封闭的地方，可多个 · closures supposed"),
]
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


def supposed(files: Sequence[Path] | None) -> tuple[SupposedBody, ...]:
    """Return the closures that GeoJSON files suppose; no files give none.

    Geometries are shut; the properties of features may say what a closure says (``factor``...).

    Raises
    ------
    FileError
        A file cannot be read.
    RecordError
        Something in it is not what a closure may say.
    """
    return tuple(
        checked(SupposedBody, **said) for file in files or () for said in _features(_read(file))
    )


def _read(file: Path) -> dict[str, Any]:
    try:
        found: dict[str, Any] = dict(json.loads(file.read_text("utf-8")))
    except (OSError, ValueError, TypeError) as error:
        raise FileError(
            f"{file}: not readable as GeoJSON: {error}", zh=f"{file}：无法读取 GeoJSON"
        ) from error
    return found


def _features(found: dict[str, Any]) -> list[dict[str, Any]]:
    features = found.get("features", [found])
    return [
        {"geometry": it.get("geometry"), **(it.get("properties") or {})}
        if it.get("type") == "Feature"
        else {"geometry": it}
        for it in features
    ]
