"""One cell of a file -> one value of a field, or why it cannot be one (pure)."""

import math
import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, tzinfo
from typing import Any

from geoservice.errors import InputError
from geoservice.registry.fields import Field, plain, without_brackets
from geoservice.registry.named_values import named_values

# What a heading's bracket may say, and how much of the field's own unit that is. The unit of a
# field is the end of its name.
_UNITS: dict[str, dict[str, float]] = {
    "m": {"m": 1, "米": 1, "km": 1000, "公里": 1000, "千米": 1000},
    "min": {"min": 1, "分": 1, "分钟": 1, "h": 60, "小时": 60, "s": 1 / 60, "秒": 1 / 60},
    "km2": {
        "km2": 1,
        "平方公里": 1,
        "平方千米": 1,
        "ha": 0.01,
        "公顷": 0.01,
        "m2": 1e-6,
        "亩": 1 / 1500,
    },
    "mpa": {"mpa": 1, "兆帕": 1, "kpa": 0.001, "千帕": 0.001},
    "m3": {"m3": 1, "m³": 1, "立方米": 1, "方": 1, "万m3": 1e4, "万立方米": 1e4, "万方": 1e4},
    "mtpa": {"mtpa": 1, "mt/a": 1, "百万吨/年": 1, "万吨/年": 0.01, "t/a": 1e-6, "吨/年": 1e-6},
}
_NUMBER = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d{1,3})?", re.IGNORECASE)
_DECIMAL_COMMA = re.compile(r"[+-]?\d+,\d+")
_STAKE = re.compile(r"[a-z]?k(\d+)\+(\d{1,3}(?:\.\d+)?)", re.IGNORECASE)  # K12+300: 12 300 m
_DATE = re.compile(r"(\d{4})[-/.年]?(\d{1,2})[-/.月]?(\d{1,2})日?")
_LIST = re.compile(r"[、,，;；|/\n]+")
_TRUTHS = {"true": True, "t": True, "yes": True, "y": True, "1": True, "是": True} | {
    "false": False, "f": False, "no": False, "n": False, "0": False, "否": False,
}  # fmt: skip
_MOST_BYTES = 4096
_CONTROLS = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff]")  # C0, surrogates


@dataclass(frozen=True)
class Habits:
    """What a file does not say of itself."""

    has_decimal_comma: bool = False
    zone: tzinfo | None = None


def unit_factor(field: Field, heading: str) -> float:
    """Return by what a number under this heading is multiplied to be in the field's unit.

    Raises
    ------
    InputError
        The heading names a unit that this field cannot be in.
    """
    units = _UNITS.get(field.name.rpartition("_")[2], {})
    said = without_brackets(heading)[1].casefold().replace(" ", "")
    if not units or not said or plain(heading) in field.names:
        return 1.0
    if said not in units:
        raise InputError(
            f"column {heading!r} is in {said!r}: one of {', '.join(units)} is needed",
            zh=f"列“{heading}”的单位“{said}”无法识别：须为 {'、'.join(units)} 之一",
            where=heading,
        )
    return units[said]


def value_of(
    field: Field, cell: Any, habits: Habits, factor: float = 1.0
) -> Any:  # JSON in, field type out
    """Return the cell as the field's type; None when it is empty.

    Raises
    ------
    InputError
        It is not such a value; the message says what would be.
    """
    if cell is None or cell == "" or (isinstance(cell, float) and math.isnan(cell)):
        return None
    if field.kind in {"list", "json"}:
        return _list(field, cell) if field.kind == "list" else named_values(cell)
    text = _text(cell)
    if not text:
        return None
    if field.codes:
        return _code(field, text)
    value = _READERS[field.kind](text, habits)
    if field.kind in {"number", "integer"}:
        return _within(field, value * factor if factor != 1.0 else value)
    if field.column.pattern and not re.fullmatch(field.column.pattern, text):
        raise InputError(
            f"not of the form {field.column.pattern}",
            zh=f"不符合格式 {field.column.pattern}",
        )
    return value


def _text(cell: object) -> str:
    if isinstance(cell, dict | list):
        raise InputError("a nested value where text is needed", zh="此处须为文字，而不是嵌套结构")
    if isinstance(cell, float) and cell.is_integer():
        cell = int(cell)
    text = str(cell).strip()
    if 4 * len(text) > _MOST_BYTES < len(text.encode("utf-8", "replace")):
        raise InputError(f"text over {_MOST_BYTES} bytes", zh=f"文字超过 {_MOST_BYTES} 字节")
    if _CONTROLS.search(text):
        raise InputError("text with control characters", zh="文字含控制字符")
    return text


def _list(field: Field, cell: object) -> tuple[str, ...]:
    parts = cell if isinstance(cell, list) else _LIST.split(_text(cell))
    texts = [text for text in map(_text, parts) if text]
    # Said twice means said once.
    return tuple(dict.fromkeys(_code(field, text) if field.codes else text for text in texts))


def _code(field: Field, text: str) -> str:
    found = field.words.get(plain(text))
    if found is None:
        zh = "、".join(f"{label.zh}（{code}）" for code, label in field.codes.items())
        raise InputError(f"none of {', '.join(field.codes)}", zh=f"不在代码表中：{zh}")
    return found


def _within(field: Field, value: float) -> float:
    least, below = field.column.least, field.column.below
    if least is not None and value < least:
        raise InputError(f"less than {least:g}", zh=f"小于 {least:g}")
    if below is not None and value >= below:
        raise InputError(f"not below {below:g}", zh=f"须小于 {below:g}")
    return value


def number(text: str, habits: Habits) -> float:
    """Return a plain decimal number, or a road stake like ``K12+300`` in metres.

    Raises
    ------
    InputError
        It is no number, or its comma may mean either of two things.
    """
    stake = _STAKE.fullmatch(text)
    if stake:
        return int(stake[1]) * 1000 + float(stake[2])
    if _DECIMAL_COMMA.fullmatch(text):
        if not habits.has_decimal_comma:
            raise InputError(
                "it has a comma: if that is a decimal comma, say so; "
                "else write the number without it",
                zh="含逗号：若为小数逗号，请说明“小数用逗号”；否则请去掉千分位逗号",
            )
        text = text.replace(",", ".")
    if not _NUMBER.fullmatch(text) or not math.isfinite(float(text)):
        raise InputError("not a number", zh="不是数字")
    return float(text)


def _integer(text: str, habits: Habits) -> int:
    value = number(text, habits)
    if not value.is_integer() or abs(value) >= 2**31:
        raise InputError("not a whole number", zh="不是整数")
    return int(value)


def _date(text: str, _: Habits) -> date:
    found = _DATE.fullmatch(text.split("T")[0].split(" ")[0])
    try:
        if found:
            return date(int(found[1]), int(found[2]), int(found[3]))
    except ValueError:
        pass
    raise InputError("not a date like 2026-11-23", zh="不是日期，应如 2026-11-23")


def _instant(text: str, habits: Habits) -> datetime:
    try:
        at = datetime.fromisoformat(text.replace("/", "-"))
    except ValueError:
        raise InputError(
            "not a time like 2026-11-23T08:00+08:00",
            zh="不是时间，应如 2026-11-23T08:00+08:00",
        ) from None
    if at.tzinfo is None and habits.zone is None:
        raise InputError(
            "it has no time zone: write +08:00 after it, or say the time zone (Asia/Shanghai)",
            zh="未注明时区：请写成 …+08:00，或说明时区（如 Asia/Shanghai）",
        )
    return at if at.tzinfo else at.replace(tzinfo=habits.zone)


def _truth(text: str, _: Habits) -> bool:
    if plain(text) not in _TRUTHS:
        raise InputError("neither yes nor no", zh="须为 是 或 否")
    return _TRUTHS[plain(text)]


_READERS: dict[str, Callable[[str, Habits], Any]] = {
    "text": lambda text, _: text,
    "integer": _integer,
    "number": number,
    "date": _date,
    "instant": _instant,
    "truth": _truth,
}
