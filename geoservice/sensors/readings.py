"""Items of a post -> readings, and those that cannot be taken, each with the reason (pure)."""

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

QUALITIES = ("good", "suspect", "bad", "calibration")
AHEAD = timedelta(minutes=5)  # so far may an instrument's clock be before the database's
BACK = timedelta(days=400)
_NAMES = {"sensor", "observed_at", "value", "quality", "id"}
_LONGEST = 100
_UNSTORABLE = re.compile("[\x00-\x1f\ud800-\udfff]")
_NUMBER = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d{1,3})?", re.ASCII | re.IGNORECASE)


@dataclass(frozen=True)
class Reading:
    """One value at one instant; ``no`` is its place in the post, from 0."""

    no: int
    sensor: str
    observed_at: datetime
    value: float
    quality: str | None = None
    source_id: str | None = None


@dataclass(frozen=True)
class Refused:
    """An item that was not taken, and why."""

    no: int
    sensor: str | None
    reason: str
    why: str
    why_zh: str


@dataclass(frozen=True)
class Checked:
    """The readings of a post; ``repeated`` are the same reading once more in the same post."""

    readings: tuple[Reading, ...]
    refused: tuple[Refused, ...]
    repeated: int


class _NotTakenError(Exception):
    def __init__(self, reason: str, why: str, why_zh: str) -> None:
        super().__init__(why)
        self.parts = (reason, why, why_zh)


def check_items(items: Sequence[Any], now: datetime) -> Checked:
    """Return what can be taken of the items of a post.

    Parameters
    ----------
    items
        As `bodies.items_of` gives them.
    now
        The database's clock, with its zone.

    Returns
    -------
    checked
        Readings by sensor and instant, each instant of a sensor once. No items give none.
    """
    taken: dict[tuple[str, datetime], Reading] = {}
    refused: list[Refused] = []
    repeated = 0
    for no, item in enumerate(items):
        try:
            reading = _reading(no, item, now)
            first = taken.setdefault((reading.sensor, reading.observed_at), reading)
            if first is not reading:
                _check_same(first, reading)
                repeated += 1
        except _NotTakenError as error:
            refused.append(Refused(no, _named(item), *error.parts))
    ordered = sorted(taken.values(), key=lambda one: (one.sensor, one.observed_at))
    return Checked(tuple(ordered), tuple(refused), repeated)


def conflicting(no: int, sensor: str, value: float, quality: str | None) -> Refused:
    """Return the refusal of a reading whose instant has another value or quality already."""
    known = f"{value!r} ({quality})" if quality else f"{value!r}"
    return Refused(
        no, sensor, "conflict",
        f"this instant of the sensor is known already, with {known}; readings are never changed",
        f"该传感器此刻已有读数 {known}；读数不可更改",
    )  # fmt: skip


def unknown_sensor(reading: Reading) -> Refused:
    """Return the refusal of a reading whose sensor is not there, or not in the caller's towns."""
    return Refused(
        reading.no, reading.sensor, "unknown_sensor",
        "there is no sensor of this code, or it is not in your towns",
        "没有这个编号的传感器，或不在您的乡镇范围内",
    )  # fmt: skip


def _reading(no: int, item: Any, now: datetime) -> Reading:
    if not isinstance(item, dict):
        raise _NotTakenError("form", "an object is needed", "须为对象")
    extra = item.keys() - _NAMES
    if extra:
        known = ", ".join(sorted(_NAMES))
        raise _NotTakenError("form", f"a member other than {known}", f"含有 {known} 以外的成员")
    sensor = _label(item.get("sensor"), "sensor")
    if sensor is None:
        raise _NotTakenError("form", "sensor is missing", "缺少 sensor")
    quality = item.get("quality")
    if quality is not None and quality not in QUALITIES:
        raise _NotTakenError("quality", f"quality: one of {', '.join(QUALITIES)}",
                        f"quality 须为 {'、'.join(QUALITIES)} 之一")  # fmt: skip
    return Reading(
        no=no,
        sensor=sensor,
        observed_at=_instant(item.get("observed_at"), now),
        value=_number(item.get("value")),
        quality=quality,
        source_id=_label(item.get("id"), "id"),
    )


def _label(value: Any, name: str) -> str | None:
    if value is None:
        return None
    if isinstance(value, int) and not isinstance(value, bool):
        value = str(value)
    if not isinstance(value, str) or not 0 < len(value) <= _LONGEST or _UNSTORABLE.search(value):
        raise _NotTakenError("form", f"{name}: a text of 1 to {_LONGEST} characters",
                        f"{name} 须为 1 到 {_LONGEST} 个字符的文字")  # fmt: skip
    return value


def _instant(value: Any, now: datetime) -> datetime:
    try:
        instant = datetime.fromisoformat(value)
        is_told = instant.utcoffset() is not None
    except (TypeError, ValueError):
        is_told = False
    if not is_told:
        raise _NotTakenError("time", "observed_at: an instant with its zone is needed, such as "
                        "2026-11-23T08:00:00+08:00", "observed_at 须为带时区的时间，"
                        "如 2026-11-23T08:00:00+08:00")  # fmt: skip
    try:
        ahead = instant - now
    except OverflowError:
        ahead = timedelta.max if instant.year > now.year else timedelta.min
    if ahead > AHEAD:
        seconds, most = f"{ahead.total_seconds():.0f}", f"{AHEAD.total_seconds():.0f}"
        raise _NotTakenError(
            "future",
            f"observed_at is {seconds} s ahead of this service's clock; at most {most}",
            f"observed_at 比服务时钟超前 {seconds} 秒，最多 {most}",
        )
    if ahead < -BACK:
        raise _NotTakenError("too_old", f"observed_at is over {BACK.days} days ago",
                        f"observed_at 早于 {BACK.days} 天前")  # fmt: skip
    return instant


def _number(value: Any) -> float:
    if isinstance(value, str) and _NUMBER.fullmatch(value.strip()):
        value = float(value)
    try:
        is_number = isinstance(value, int | float) and not isinstance(value, bool)
        if is_number and math.isfinite(float(value)):
            return float(value)
    except OverflowError:
        pass
    raise _NotTakenError("value", "value: a finite number is needed", "value 须为有限的数字")


def _check_same(first: Reading, again: Reading) -> None:
    if replace(again, no=first.no, source_id=first.source_id) != first:
        known = conflicting(again.no, again.sensor, first.value, first.quality)
        raise _NotTakenError(known.reason, known.why, known.why_zh)


def _named(item: Any) -> str | None:
    sensor = item.get("sensor") if isinstance(item, dict) else None
    return sensor[:_LONGEST] if isinstance(sensor, str) else None
