"""A change of a sensor's level -> the CAP message that says so, in both languages (pure)."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from geoservice.alerts.message import Message
from geoservice.alerts.ours import Sending, enveloped
from geoservice.sensors.records import Held, LimitRow
from geoservice.sensors.thresholds import Step

_KINDS = {
    "methane": ("甲烷", "methane"), "carbon_monoxide": ("一氧化碳", "carbon monoxide"),
    "toxic_gas": ("有毒气体", "toxic gas"), "oxygen": ("氧气", "oxygen"),
    "temperature": ("温度", "temperature"), "pressure": ("压力", "pressure"),
    "wind": ("风速", "wind speed"), "water_level": ("地下水位", "groundwater level"),
    "water_inflow": ("涌水量", "water inflow"), "stage": ("水位", "river stage"),
    "rain": ("降雨量", "rain"), "displacement": ("位移", "displacement"),
    "other": ("监测值", "reading"),
}  # fmt: skip
_CATEGORIES = {"rain": "Met", "wind": "Met", "stage": "Geo", "displacement": "Geo"}
_LEVELS = {"blue": ("蓝色", "Minor"), "yellow": ("黄色", "Moderate"),
           "orange": ("橙色", "Severe"), "red": ("红色", "Extreme")}  # fmt: skip


@dataclass(frozen=True)
class Telling:
    """What a message needs beside the change of level itself."""

    sensor: Held
    sending: Sending
    previous: str | None = None

    def time(self, at: datetime) -> str:
        """Return an instant as CAP writes it, in the district's zone."""
        return self.sending.time(at)


def message_about(step: Step, limit: LimitRow | None, telling: Telling) -> Message:
    """Return the message of one change of level: Alert, Update, or Cancel when it is normal.

    Parameters
    ----------
    limit
        The threshold that decides the level; None with a normal level.
    telling
        Its ``previous`` is the reference to the message that stands, if one does.
    """
    return enveloped(
        telling.sending, telling.sensor, is_over=step.level is None, previous=telling.previous,
        info=[_info(step, limit, telling, n) for n in (0, 1)],
    )  # fmt: skip


def _info(step: Step, limit: LimitRow | None, telling: Telling, n: int) -> dict[str, Any]:
    """Return one language's part: 0 Chinese, 1 English."""
    sensor = telling.sensor
    kind = _KINDS[sensor.kind][n]
    parameters = {"level": step.level or "normal", "value": f"{step.amount:g}", "unit": sensor.unit}
    if step.is_silence:
        parameters = {"level": "unknown"}
    if limit is not None:
        parameters |= {"limit": f"{limit.value:g}", "rule": limit.comparison}
    return {
        "language": ("zh-CN", "en-US")[n],
        "category": [_CATEGORIES.get(sensor.kind, "Safety")],
        "event": (f"{kind}预警", f"{kind} warning")[n],
        "responseType": ["Assess" if step.is_silence else "Monitor" if step.level else "AllClear"],
        "urgency": "Unknown" if step.is_silence else "Immediate" if step.level else "Past",
        "severity": _LEVELS[step.level][1] if step.level else "Unknown",
        "certainty": "Unknown" if step.is_silence else "Observed",
        "onset": telling.time(step.at),
        "senderName": telling.sending.sender_name,
        "headline": _headline(step, telling, kind, n),
        "description": _description(step, limit, telling, n),
        "parameter": [{"valueName": k, "value": v} for k, v in parameters.items()],
        "area": [
            {"areaDesc": f"{sensor.name} ({sensor.code})",
             "circle": [f"{sensor.lat:.7f},{sensor.lon:.7f} 0"]}
        ],
    }  # fmt: skip


def _headline(step: Step, telling: Telling, kind: str, n: int) -> str:
    name = telling.sensor.name
    if step.is_silence:
        return (f"{name}：{kind}预警结束，没有读数",
                f"{telling.sensor.code}: {kind} warning over, no readings")[n]  # fmt: skip
    if step.level is None:
        return (f"{name}：{kind}预警解除", f"{telling.sensor.code}: {kind} back to normal")[n]
    zh = _LEVELS[step.level][0]
    return (f"{name}：{kind}{zh}预警", f"{telling.sensor.code}: {kind}, level {step.level}")[n]


def _description(step: Step, limit: LimitRow | None, telling: Telling, n: int) -> str:
    unit, at = telling.sensor.unit, telling.time(step.at)
    if step.is_silence:
        return (f"自 {at} 起没有读数，累计值已无从得知，预警结束；现状不明，请核实。",
                f"No reading since {at}: the sum cannot be told any more and the warning ends; "
                "how it stands now is not known, go and see.")[n]  # fmt: skip
    if limit is None:
        return (f"{at} 读数 {step.amount:g} {unit}，已恢复正常。",
                f"At {at} {step.amount:g} {unit}: back to normal.")[n]  # fmt: skip
    over = (("读数", "the reading") if limit.window_min is None else
            (f"{limit.window_min} 分钟累计", f"the sum of {limit.window_min} min"))[n]  # fmt: skip
    side = {"above": ("达到或超过", "at or above"), "below": ("不高于", "at or below")}
    checked = (
        ("", "") if limit.is_verified
        else ("阈值未核实，仅为工作值。", " The threshold is a working value, not verified.")
    )[n]  # fmt: skip
    source = limit.source_doc
    return (
        f"{at} {over} {step.amount:g} {unit}，{side[limit.comparison][0]}阈值 {limit.value:g}。"
        f"阈值来源：{source}。{checked}",
        f"At {at} {over} was {step.amount:g} {unit}, {side[limit.comparison][1]} "
        f"{limit.value:g}. Source of the threshold: {source}.{checked}",
    )[n]
