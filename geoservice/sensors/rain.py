"""Flash floods: rain over 1, 3, 6 and 24 hours, any one of which triggers a level (pure)."""

from collections.abc import Mapping

from geoservice.registry.records import Sensor, SensorThreshold
from geoservice.sensors.thresholds import LEVELS, rank

# Millimetres by hours of accumulation. Another county's published table, which is nobody's rule
# here: source S20 of the design, fymate.net 15988, seen as an excerpt only.
EXAMPLE_MM: Mapping[str, Mapping[int, float]] = {
    "blue": {1: 35, 3: 55, 6: 70, 24: 100},
    "yellow": {1: 45, 3: 75, 6: 95, 24: 130},
    "orange": {1: 60, 3: 100, 6: 120, 24: 160},
    "red": {1: 80, 3: 120, 6: 150, 24: 200},
}
EXAMPLE_SOURCE = (
    "山洪雨量预警指标示例表（其他县公布，未核实） · another county's published table, not verified"
)
_LABELS = {"blue": "蓝色", "yellow": "黄色", "orange": "橙色", "red": "红色"}


def rain_level(
    fallen_mm: Mapping[int, float], table: Mapping[str, Mapping[int, float]] = EXAMPLE_MM
) -> str | None:
    """Return the level of rain fallen in the last hours; None: below every one.

    Parameters
    ----------
    fallen_mm
        Millimetres by hours of accumulation; those the table does not know trigger nothing.
    table
        From how many millimetres on, by level and hours; the value itself counts.
    """
    met = [
        level
        for level, limits in table.items()
        if any(fallen_mm.get(hours, 0.0) >= mm for hours, mm in limits.items())
    ]
    return max(met, key=rank, default=None)


def rain_thresholds(gauge: Sensor) -> list[SensorThreshold]:
    """Return the thresholds of the example table for one rain gauge, marked as not verified."""
    return [
        SensorThreshold(
            code=f"{gauge.code}-{hours}h-{level}",
            name=f"{gauge.name} {hours} 小时{_LABELS[level]}",
            name_en=f"{gauge.name_en or gauge.code} {hours} h {level}",
            town_code=gauge.town_code,
            secrecy=gauge.secrecy,
            source_doc=EXAMPLE_SOURCE,
            is_demo=gauge.is_demo,
            sensor_code=gauge.code,
            level=level,
            value=EXAMPLE_MM[level][hours],
            window_min=60 * hours,
        )
        for level in LEVELS
        for hours in EXAMPLE_MM[level]
    ]
