"""Invented crashes on the dangerous sections, and what the invented mine does against water."""

from datetime import UTC, date, datetime, timedelta

import shapely
from shapely import LineString

from geoservice.demo.ground import Ground, pick
from geoservice.demo.invented import invented
from geoservice.registry.records import (
    CrashPoint,
    DangerousSection,
    HeadingProbe,
    WaterControl,
    WaterWithdrawal,
)

_CRASHES_OF_EACH = 3
_DEATHS = (0, 0, 0, 1, 0, 2)
_FIRST_CRASH_ON = date(2024, 1, 15)
# heading, geophysics, drilling, result: the third has one probe of the two
_HEADINGS = (
    ("3101 运输巷", date(2026, 5, 6), date(2026, 5, 9), "clear"),
    ("3101 回风巷", date(2026, 5, 20), date(2026, 5, 24), "anomaly"),
    ("3102 切眼", date(2026, 6, 2), None, None),
)


def crash_points(ground: Ground, sections: list[DangerousSection]) -> list[CrashPoint]:
    """Return crashes along every third dangerous section, by its road and stakes."""
    rng = ground.random("crashes")
    found: list[CrashPoint] = []
    for section in sections[::3]:
        line_m = ground.metres(LineString(shapely.get_parts(section.geom)[0]))
        for _ in range(_CRASHES_OF_EACH):
            along_m = 5 * int(line_m.length * rng.random() / 5)
            number = len(found) + 1
            common = invented(
                ground, "CS", number, zh=f"事故 {number:02d}", en=f"crash {number:02d}",
                town_code=section.town_code,
            )  # fmt: skip
            found.append(
                CrashPoint(
                    **common,
                    occurred_on=_FIRST_CRASH_ON + timedelta(days=int(rng.random() * 900)),
                    deaths=pick(rng, _DEATHS),
                    injured=int(rng.random() * 4),
                    road_code=section.road_code,
                    at_m=float((section.from_m or 0.0) + along_m),
                    geom=ground.degrees(line_m.interpolate(along_m)),
                )
            )
    return found


def water_controls(ground: Ground, mine: str) -> list[WaterControl]:
    """Return the three specials of the invented mine."""
    return [
        WaterControl(
            **invented(ground, "WC", 1, zh="煤矿防治水机构", en="mine's water control"),
            mine_code=mine, technicians=2, team_headcount=24, rigs=4,
        )
    ]  # fmt: skip


def heading_probes(ground: Ground, mine: str) -> list[HeadingProbe]:
    """Return the probes of three headings, one of which lacks its drilling."""
    return [
        HeadingProbe(
            **invented(ground, "HP", number, zh=f"两探 {number}", en=f"probes {number}"),
            mine_code=mine, heading=heading, mine_heading_code=f"DEMO-HD-{number:03d}",
            geophysics_on=seen, drilling_on=drilled, result=result,
        )
        for number, (heading, seen, drilled, result) in enumerate(_HEADINGS, 1)
    ]  # fmt: skip


def water_withdrawals(ground: Ground, mine: str) -> list[WaterWithdrawal]:
    """Return one withdrawal, over the same day."""
    left_at = datetime(2026, 7, 14, 3, 20, tzinfo=UTC)
    return [
        WaterWithdrawal(
            **invented(ground, "WW", 1, zh="透水撤人", en="withdrawal"),
            mine_code=mine, withdrawn_at=left_at, sign="煤壁挂汗、水叫", place="3101 回风巷",
            people=31, resumed_at=left_at + timedelta(hours=9),
        )
    ]  # fmt: skip
