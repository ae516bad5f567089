"""Invented bridge decks, and villages below flash floods."""

import numpy as np

from geoservice.demo.ground import Ground
from geoservice.demo.invented import invented
from geoservice.demo.roads import RoadPlan
from geoservice.demo.terrain import Terrain
from geoservice.demo.zones import BED_M, FAMILY
from geoservice.registry.records import BridgeDeck, FlashVillage, FloodGauge, Sensor, Settlement

_DECKS, _CLEAR_M = 6, 5.0
_VILLAGES = 6
_GRADES = (("extreme", 5.0), ("high", 10.0), ("high", 20.0), ("danger", 50.0), ("danger", 100.0))
_NOT_VERIFIED = "；指标为其他县公布的示例，未核实 · thresholds are another county's, not verified"


def bridge_decks(ground: Ground, terrain: Terrain, plan: RoadPlan) -> list[BridgeDeck]:
    """Return the decks of the first bridges, some metres above the invented ground."""
    spans = [line for line, tags in zip(plan.lines, plan.tags, strict=True) if tags.is_bridge]
    found = []
    for number, line in enumerate(spans[:_DECKS], 1):
        middle = ground.metres(line).interpolate(0.5, normalized=True)
        height_m = terrain.height_m(np.array([middle.x]), np.array([middle.y]))[0]
        common = invented(ground, "BD", number, zh=f"桥 {number:02d}", en=f"bridge {number:02d}")
        found.append(
            BridgeDeck(
                **common,
                deck_m=round(float(height_m) + _CLEAR_M, 2),
                height_datum="local",
                geom=ground.degrees(middle),
            )
        )
    return found


def flood_gauges(ground: Ground, instruments: list[Sensor]) -> list[FloodGauge]:
    """Return the invented river gauge; its readings are below where water leaves its bed."""
    river = [it for it in instruments if it.kind == "stage"][-1]
    common = invented(ground, "FG", 1, zh="河道水位站", en="river gauge", town_code=river.town_code)
    return [
        FloodGauge(
            **common, sensor_code=river.code, family=FAMILY, height_datum="local", zero_m=BED_M,
            from_m=BED_M + 2,
        )
    ]  # fmt: skip


def flash_villages(
    ground: Ground, terrain: Terrain, lived: list[Settlement], instruments: list[Sensor]
) -> list[FlashVillage]:
    """Return the villages that lie lowest above a river, with an example's thresholds."""
    villages = [it for it in lived if it.kind in {"village", "hamlet"}]
    places = [ground.metres(it.geom).centroid for it in villages]
    above_m = terrain.above_river_m(
        np.array([it.x for it in places]), np.array([it.y for it in places])
    )
    gauges = [it.code for it in instruments if it.kind == "rain"]
    found = []
    for number, index in enumerate(np.argsort(above_m, kind="stable")[:_VILLAGES].tolist(), 1):
        it = villages[index]
        grade, years = _GRADES[number % len(_GRADES)]
        common = invented(
            ground, "FV", number, zh=f"山洪村 {number:02d}", en=f"flash-flood village {number:02d}",
            town_code=it.town_code,
        )  # fmt: skip
        found.append(
            FlashVillage(
                **{**common, "source_doc": f"{ground.source_doc}{_NOT_VERIFIED}"},
                settlement_code=it.code,
                sensor_code=gauges[0] if number == 1 and gauges else None,
                grade=grade,
                return_period_y=years,
                prepare_1h_mm=60.0,
                prepare_3h_mm=100.0,
                prepare_6h_mm=120.0,
                prepare_24h_mm=160.0,
                transfer_1h_mm=80.0,
                transfer_3h_mm=120.0,
                transfer_6h_mm=150.0,
                transfer_24h_mm=200.0,
                contact=it.contact,
                phone=it.phone,
                geom=it.geom,
            )
        )
    return found
