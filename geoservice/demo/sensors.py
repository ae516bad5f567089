"""Invented instruments beside invented hazards, working thresholds, and a day of readings."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import numpy as np
from shapely import Point

from geoservice.crs import stored
from geoservice.demo.ground import DECIMALS, Ground
from geoservice.registry.records import HazardSource, Sensor, SensorThreshold
from geoservice.sensors.rain import rain_thresholds

_ASIDE_DEG = (0.0006, 0.0004)  # so that an instrument does not lie under its hazard
_EVERY_MIN, _DAY = 10, 144
_WORKING = "演示工作值，未核实 · working value of the demonstration, not verified"


@dataclass(frozen=True)
class _Plan:
    """One instrument: where, what, its usual value and swing, limits by level, and its end."""

    beside: str
    kind: str
    label: str
    english: str
    unit: str
    usual: float
    swing: float
    limits: tuple[tuple[str, float], ...] = ()
    ends_at: float | None = None
    comparison: str = "above"
    is_silent: bool = False


_GAS = (("yellow", 0.8), ("orange", 1.0), ("red", 1.5))
_PLANS = (
    _Plan("coal_mine", "methane", "瓦斯", "methane", "%", 0.35, 0.1, _GAS),
    _Plan("coal_mine", "methane", "回风瓦斯", "return-air methane", "%", 0.45, 0.1, _GAS, 1.12),
    _Plan("coal_mine", "carbon_monoxide", "一氧化碳", "carbon monoxide", "[ppm]", 6, 2,
          (("yellow", 24), ("red", 50))),
    _Plan("coal_mine", "water_inflow", "涌水量", "water inflow", "m3/h", 42, 3, (("yellow", 80),)),
    _Plan("hazchem", "toxic_gas", "有毒气体", "toxic gas", "mg/m3", 0.4, 0.2, (("orange", 5),)),
    _Plan("hazchem", "temperature", "储罐温度", "tank temperature", "Cel", 21, 4,
          (("yellow", 40), ("red", 50))),
    _Plan("tailings", "stage", "库水位", "pond level", "m", 12.4, 0.05, (("orange", 13.5),),
          is_silent=True),
    _Plan("geological", "rain", "雨量", "rain gauge", "mm", 0.3, 0.3),
    _Plan("geological", "stage", "河道水位", "river stage", "m", 1.2, 0.1),
)  # fmt: skip


def sensors(ground: Ground, hazards: Sequence[HazardSource]) -> list[Sensor]:
    """Return the instruments, each beside a hazard source of its kind."""
    found: list[Sensor] = []
    for number, plan in enumerate(_PLANS, 1):
        beside = [one for one in hazards if one.kind == plan.beside and one.secrecy == "internal"]
        site = beside[number % len(beside)]
        place = [round(c + d, DECIMALS) for c, d in zip(_at(site), _ASIDE_DEG, strict=True)]
        found.append(
            Sensor(
                code=f"DEMO-SN-{number:03d}",
                name=f"演示{plan.label}监测 {number:02d}",
                name_en=f"Demonstration {plan.english} {number:02d}",
                town_code=site.town_code,
                source_doc=ground.source_doc,
                surveyed_on=site.surveyed_on,
                is_demo=True,
                org="演示监测系统",
                kind=plan.kind,
                unit=plan.unit,
                site_code=site.code,
                interval_s=60 * _EVERY_MIN,
                silent_after=3 if plan.is_silent else _DAY,
                geom=stored(Point(place)),
            )
        )
    return found


def thresholds(instruments: Sequence[Sensor]) -> list[SensorThreshold]:
    """Return their limits: working values, and the example table for the rain gauge."""
    found: list[SensorThreshold] = []
    for sensor, plan in zip(instruments, _PLANS, strict=True):
        found += rain_thresholds(sensor) if plan.kind == "rain" else []
        found += [
            SensorThreshold(
                code=f"{sensor.code}-{level}",
                name=f"{sensor.name} {level}",
                name_en=f"{sensor.name_en} {level}",
                town_code=sensor.town_code,
                source_doc=_WORKING,
                is_demo=True,
                sensor_code=sensor.code,
                level=level,
                value=value,
                clear_margin=round(value / 20, 6),
            )
            for level, value in plan.limits
        ]
    return found


def readings(ground: Ground, instruments: Sequence[Sensor], now: datetime) -> list[dict[str, Any]]:
    """Return a day of readings until ``now``, as a monitoring system would post them."""
    rng = ground.random("readings")
    return [
        {
            "sensor": sensor.code,
            "observed_at": (now - timedelta(minutes=_EVERY_MIN * before)).isoformat(),
            "value": _value(plan, before, rng),
        }
        for sensor, plan in zip(instruments, _PLANS, strict=True)
        for before in range(_DAY, 40 if plan.is_silent else -1, -1)
    ]


def _at(site: HazardSource) -> tuple[float, float]:
    return site.geom.centroid.x, site.geom.centroid.y


def _value(plan: _Plan, before: int, rng: np.random.Generator) -> float:
    """Return the value so many readings ago: a daily swing, noise, and the end it climbs to."""
    wave = math.sin(2 * math.pi * before / _DAY) * plan.swing / 2
    usual = plan.usual + wave + (rng.random() - 0.5) * plan.swing
    if plan.ends_at is not None and before < 3:
        usual = plan.ends_at - 0.1 * before
    return round(max(0.0, usual), 3)
