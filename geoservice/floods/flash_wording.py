"""A change of a village's level -> the CAP message that says so, in both languages (pure)."""

from typing import Any

from geoservice.alerts.message import Message
from geoservice.alerts.ours import Sending, enveloped
from geoservice.floods.flash import Verdict, VillageGauge
from geoservice.sensors.rain import EXAMPLE_SOURCE

_LEVELS = {
    "blue": ("蓝色", "Minor", "Monitor", ("请关注雨情", "Watch the rain.")),
    "yellow": ("黄色", "Moderate", "Monitor", ("请加密巡查，检查转移准备",
               "Patrol more often; check that people can leave.")),
    "orange": ("橙色", "Severe", "Prepare", ("准备转移", "Get ready to leave.")),
    "red": ("红色", "Extreme", "Evacuate", ("立即转移", "Leave at once.")),
}  # fmt: skip


def village_message(village: VillageGauge, verdict: Verdict | None, sending: Sending) -> Message:
    """Return the message of a change of level: Alert, Update, or Cancel when it is normal."""
    return enveloped(
        sending, village, is_over=verdict is None, previous=village.reference,
        info=[_info(village, verdict, sending, n) for n in (0, 1)],
    )  # fmt: skip


def _info(village: VillageGauge, verdict: Verdict | None, told: Sending, n: int) -> dict[str, Any]:
    level = None if verdict is None else _LEVELS[verdict.level]
    info: dict[str, Any] = {
        "language": ("zh-CN", "en-US")[n],
        "category": ["Met"],
        "event": ("山洪预警", "flash-flood warning")[n],
        "responseType": [level[2] if level else "AllClear"],
        "urgency": "Immediate" if level else "Past",
        "severity": level[1] if level else "Unknown",
        "certainty": "Likely" if level else "Observed",
        "onset": told.time(),
        "senderName": told.sender_name,
        "headline": _headline(village, verdict, n),
        "description": _description(village, verdict, n),
        "parameter": [{"valueName": "level", "value": verdict.level if verdict else "normal"}],
        "area": [{"areaDesc": f"{village.name} ({village.code})",
                  "circle": [f"{village.lat:.7f},{village.lon:.7f} 0"]}],
    }  # fmt: skip
    if level:
        info["instruction"] = level[3][n]
    return info


def _headline(village: VillageGauge, verdict: Verdict | None, n: int) -> str:
    if verdict is None:
        return (f"{village.name}：山洪预警解除", f"{village.code}: flash-flood warning over")[n]
    zh, _, _, do = _LEVELS[verdict.level]
    return (
        f"{village.name}：山洪{zh}预警，{do[0]}",
        f"{village.code}: flash flood, level {verdict.level}. {do[1]}",
    )[n]


def _description(village: VillageGauge, verdict: Verdict | None, n: int) -> str:
    if verdict is None:
        return ("雨量、水位均已低于预警指标。", "Rain and stage are below every threshold.")[n]
    gauge = verdict.gauge
    what = _measured(verdict, n)
    source = village.source_doc if village.has_own else EXAMPLE_SOURCE
    checked = ("", "") if village.is_verified else ("指标未核实。", " Not verified.")
    people = "" if village.population is None else str(village.population)
    who = (f"涉及 {people} 人。", f" {people} people.")[n] if people else ""
    return (
        f"{gauge.sensor}（{gauge.sensor_code}）{what}。{who}指标来源：{source}。{checked[0]}",
        f"{gauge.sensor_code}: {what}.{who} Source of the threshold: {source}.{checked[1]}",
    )[n]


def _measured(verdict: Verdict, n: int) -> str:
    amount, limit = f"{verdict.amount:g}", f"{verdict.limit:g}"
    if verdict.span_min is None:
        return (f"水位读数 {amount} 米，达到指标 {limit} 米",
                f"stage {amount} m, at or above {limit} m")[n]  # fmt: skip
    hours = f"{verdict.span_min / 60:g}"
    return (f"{hours} 小时雨量 {amount} 毫米，达到指标 {limit} 毫米",
            f"{amount} mm in {hours} h, at or above {limit} mm")[n]  # fmt: skip
