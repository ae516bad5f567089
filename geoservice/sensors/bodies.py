"""The body of a post of readings -> items: JSON, one JSON value a line, or CSV (pure)."""

import csv
import io
import json
from typing import Any

from geoservice.errors import FileError, InputError

MOST_READINGS = 10_000
JSON, LINES, CSV = "application/json", "application/x-ndjson", "text/csv"
MEDIA_TYPES = (JSON, LINES, CSV)
_COLUMNS = ("sensor", "observed_at", "value", "quality", "id")


def items_of(body: bytes, media_type: str) -> list[Any]:
    """Return what a body holds, one item a reading, not yet looked at.

    Parameters
    ----------
    media_type
        One of ``MEDIA_TYPES``. JSON is a list, or an object with the list `observations`.

    Raises
    ------
    FileError
        The body is not of that type.
    InputError
        It holds more than ``MOST_READINGS``, or none.
    """
    items = _READERS[media_type](_text(body))
    if not 0 < len(items) <= MOST_READINGS:
        raise InputError(
            f"{len(items)} readings: 1 to {MOST_READINGS} a request",
            zh=f"共 {len(items)} 条读数：每次须为 1 到 {MOST_READINGS} 条",
            where="observations",
        )
    return items


def _text(body: bytes) -> str:
    try:
        return body.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise FileError("the body is not UTF-8", zh="请求内容不是 UTF-8", where="body") from error


def _json(text: str) -> list[Any]:
    found = _value(text, "body")
    if isinstance(found, dict):
        extra = sorted(str(name) for name in found.keys() - {"observations"})
        if extra:
            raise InputError(
                f"there is no member {extra[0][:80]!r}: observations is the only one",
                zh=f"没有成员“{extra[0][:80]}”：只有 observations",
                where="body",
            )
        found = found.get("observations")
    if not isinstance(found, list):
        raise FileError(
            'a list of readings is needed, or {"observations": [...]}',
            zh='须为读数列表，或 {"observations": [...]}',
            where="observations",
        )
    return found


def _lines(text: str) -> list[Any]:
    lines = [(number, line) for number, line in enumerate(text.split("\n"), 1) if line.strip()]
    return [_value(line, f"line {number}") for number, line in lines[: MOST_READINGS + 1]]


def _csv(text: str) -> list[Any]:
    reader = csv.DictReader(io.StringIO(text, newline=""), strict=True)
    try:
        names = [name.strip() for name in reader.fieldnames or []]
        if not {"sensor", "observed_at", "value"} <= set(names) or set(names) - set(_COLUMNS):
            raise FileError(
                f"the first line names the columns: {', '.join(_COLUMNS)} (the last two may lack)",
                zh=f"首行须为列名：{'、'.join(_COLUMNS)}（后两列可缺）",
                where="line 1",
            )
        reader.fieldnames = names
        rows = [row for row, _ in zip(reader, range(MOST_READINGS + 1), strict=False)]
    except csv.Error as error:
        raise FileError(f"not CSV: {error}", zh="不是有效的 CSV", where="body") from error
    return [{name: cell or None for name, cell in row.items()} for row in rows]


def _value(text: str, where: str) -> Any:
    try:
        return json.loads(text)
    except (ValueError, RecursionError) as error:
        raise FileError(
            f"{where}: not JSON", zh=f"{where}：不是有效的 JSON", where=where
        ) from error


_READERS = {JSON: _json, LINES: _lines, CSV: _csv}
