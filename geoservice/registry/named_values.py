"""Values by name: a JSON object, or the text ``L=3, E=6, C=15`` (pure)."""

import json
import math
import re
from typing import Any, NoReturn

from geoservice.errors import InputError

_BETWEEN = re.compile(r"[、,，;；\n]+")
_PAIR = re.compile(r"\s*([^=＝:：\s]+)\s*[=＝:：]\s*(.+?)\s*")  # noqa: RUF001  # as people type it
_MOST = 4096
_DEEPEST = 3


def named_values(cell: object) -> dict[str, Any]:
    """Return the values by their names; numbers are numbers.

    Raises
    ------
    InputError
        It is neither an object nor such text, too long or too deep, or a number is not finite.
    """
    found = cell if isinstance(cell, dict) else _of_text(str(cell).strip())
    _check(found, 0)
    if len(json.dumps(found, ensure_ascii=False).encode()) > _MOST:
        raise InputError(f"over {_MOST} bytes", zh=f"超过 {_MOST} 字节")
    return found


def _of_text(text: str) -> dict[str, Any]:
    if text.startswith("{"):
        try:
            found = json.loads(text, parse_constant=_refuse)
        except (ValueError, RecursionError):
            raise _unread() from None
        if isinstance(found, dict):
            return found
        raise _unread()
    pairs = [_PAIR.fullmatch(part) for part in _BETWEEN.split(text) if part.strip()]
    if not pairs or None in pairs:
        raise _unread()
    return {pair[1]: _number(pair[2]) for pair in pairs if pair}


def _number(text: str) -> float | str:
    try:
        value = float(text)
    except ValueError:
        return text
    return int(value) if value.is_integer() and abs(value) < 2**53 else value


def _check(value: object, depth: int) -> None:
    if depth > _DEEPEST:
        raise InputError(f"nested over {_DEEPEST} deep", zh=f"嵌套超过 {_DEEPEST} 层")
    if isinstance(value, float) and not math.isfinite(value):
        raise InputError("a number that is not finite", zh="数值不是有限数")
    if isinstance(value, str) and any(ord(c) < 32 or 0xD800 <= ord(c) < 0xE000 for c in value):
        raise InputError("text with control characters", zh="文字含控制字符")
    inner: list[Any] = value if isinstance(value, list) else []
    if isinstance(value, dict):
        inner = [*value, *value.values()]
    for one in inner:
        _check(one, depth + 1)


def _refuse(_: str) -> NoReturn:
    raise ValueError


def _unread() -> InputError:
    return InputError(
        "neither a JSON object nor values like L=3, E=6, C=15",
        zh="既不是 JSON 对象，也不是 L=3，E=6，C=15 这样的取值",
    )
