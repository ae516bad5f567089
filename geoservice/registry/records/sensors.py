"""What is measured where, and from which value on it is a warning."""

from dataclasses import dataclass
from typing import Annotated

from shapely.geometry.base import BaseGeometry

from geoservice.registry.records.record import Column, Record

_LEVEL_WORDS = {
    "red": ("红色预警", "Ⅰ级", "I", "1级"),
    "orange": ("橙色预警", "Ⅱ级", "II", "2级"),
    "yellow": ("黄色预警", "Ⅲ级", "III", "3级"),
    "blue": ("蓝色预警", "Ⅳ级", "IV", "4级"),
}
_KIND_WORDS = {"methane": ("瓦斯", "CH4"), "carbon_monoxide": ("CO",)}


@dataclass(frozen=True, kw_only=True)
class Sensor(Record):
    """One instrument: what it measures, in which unit (UCUM), and how often it reports."""

    kind: Annotated[str, Column(("类型", "监测参数"), words=_KIND_WORDS)]
    unit: Annotated[str, Column(("计量单位",))]
    site_code: Annotated[str | None, Column(("危险源编号", "矿井编号"))] = None
    interval_s: Annotated[int, Column(("上报周期",), least=1)]
    silent_after: Annotated[
        int, Column((), "无读数判定（间隔数）", "Silent after (intervals)", least=1)
    ] = 3
    geom: BaseGeometry


@dataclass(frozen=True, kw_only=True)
class SensorThreshold(Record):
    """A value from which on a sensor's readings, or their sum over a window, are a warning."""

    sensor_code: Annotated[str, Column(("传感器编码",))]
    level: Annotated[str, Column(("级别",), words=_LEVEL_WORDS)]
    comparison: Annotated[str, Column()] = "above"
    value: Annotated[float, Column(("阈值", "报警值"))]
    window_min: Annotated[int | None, Column(least=1)] = None
    hold_s: Annotated[int, Column(least=0)] = 0
    clear_margin: Annotated[float, Column(least=0)] = 0.0
    clear_hold_s: Annotated[int, Column(least=0)] = 600
    is_verified: Annotated[bool, Column()] = False
