"""Where each register is kept: the two queries of its table."""

from dataclasses import dataclass
from typing import Any

from geoservice.db import Query
from geoservice.registry import records
from geoservice.registry.records import Record


@dataclass(frozen=True)
class Written:
    """A record that was written; version 1 is a new one."""

    code: str
    version: int


@dataclass(frozen=True)
class Kept:
    """How records are found and written."""

    standing: Query[Any]
    store: Query[Written]


def _standing(register: str, record: type[Record]) -> Query[Any]:
    return Query("registry", f"{register}_standing", record)


def _store(register: str) -> Query[Written]:
    return Query("registry", f"{register}_store", Written)


TOWNS = _standing("towns", records.Town)
TOWNS_STORE = _store("towns")
WATER_BODIES = _standing("water_bodies", records.WaterBody)
WATER_BODIES_STORE = _store("water_bodies")
HAZARD_SOURCES = _standing("hazard_sources", records.HazardSource)
HAZARD_SOURCES_STORE = _store("hazard_sources")
RESCUE_TEAMS = _standing("rescue_teams", records.RescueTeam)
RESCUE_TEAMS_STORE = _store("rescue_teams")
DEPOTS = _standing("depots", records.Depot)
DEPOTS_STORE = _store("depots")
STOCK_LOTS = _standing("stock_lots", records.StockLot)
STOCK_LOTS_STORE = _store("stock_lots")
DANGEROUS_SECTIONS = _standing("dangerous_sections", records.DangerousSection)
DANGEROUS_SECTIONS_STORE = _store("dangerous_sections")
MINES = _standing("mines", records.Mine)
MINES_STORE = _store("mines")
ROAD_CLOSURES = _standing("road_closures", records.RoadClosure)
ROAD_CLOSURES_STORE = _store("road_closures")

KEPT: dict[str, Kept] = {
    "towns": Kept(TOWNS, TOWNS_STORE),
    "water_bodies": Kept(WATER_BODIES, WATER_BODIES_STORE),
    "hazard_sources": Kept(HAZARD_SOURCES, HAZARD_SOURCES_STORE),
    "rescue_teams": Kept(RESCUE_TEAMS, RESCUE_TEAMS_STORE),
    "depots": Kept(DEPOTS, DEPOTS_STORE),
    "stock_lots": Kept(STOCK_LOTS, STOCK_LOTS_STORE),
    "dangerous_sections": Kept(DANGEROUS_SECTIONS, DANGEROUS_SECTIONS_STORE),
    "mines": Kept(MINES, MINES_STORE),
    "road_closures": Kept(ROAD_CLOSURES, ROAD_CLOSURES_STORE),
}
