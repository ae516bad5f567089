"""Who is cut off by water: no way leads to them, or from them, any more."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from geoservice.coverage.answers import Stranded
from geoservice.coverage.cut_off import cut_off_settlements, stranded
from geoservice.coverage.reading import SETTLEMENTS
from geoservice.coverage.records import Living
from geoservice.db import Connection
from geoservice.dispatch.answers import NearestQuestion
from geoservice.dispatch.kinds import read_resources
from geoservice.dispatch.reasons import not_there_yet
from geoservice.dispatch.records import Resource
from geoservice.floods.answers import CutOff, LayerInWater, SheltersLeft
from geoservice.network.current import RoadsNow

_LAYERS = {
    "depot": "depots", "rescue_team": "rescue_teams", "fire_station": "fire_stations",
    "town_station": "town_stations", "shelter": "shelters",
}  # fmt: skip


@dataclass(frozen=True)
class Standing:
    """What stands where in the caller's towns: resources by kind, and who lives where."""

    resources: dict[str, list[Resource]]
    settlements: list[Living]


def read_standing(conn: Connection, towns: Collection[str] | None) -> Standing:
    """Return everything that might be cut off; what is only planned is not."""
    scope = None if towns is None else sorted(towns)
    found = {}
    for kind in _LAYERS:
        rows = read_resources(conn, NearestQuestion(0, 0, kind), scope)
        found[kind] = [it for it in rows if it.is_in_scope and not_there_yet(it) is None]
    living = [it for it in SETTLEMENTS.all(conn, towns=scope) if it.is_in_scope]
    return Standing(found, living)


def cut_off(
    conn: Connection, standing: Standing, *, before: RoadsNow, under: RoadsNow
) -> tuple[CutOff, ...]:
    """Return who is cut off under the water, and whether they were without it.

    Parameters
    ----------
    before, under
        The roads as they are without this water, and with it.

    Raises
    ------
    BusyError
        The roads were replaced since they were read.
    """
    were = _lost(conn, standing, before)
    return tuple(
        CutOff(layer, it.code, it.name, it.population, it.reason, (layer, it.code) in were)
        for (layer, _), it in _lost(conn, standing, under).items()
    )


def _lost(conn: Connection, standing: Standing, roads: RoadsNow) -> dict[tuple[str, str], Stranded]:
    living, depots = standing.settlements, standing.resources["depot"]
    found = {
        ("settlements", it.code): it for it in cut_off_settlements(conn, roads, depots, living)
    }
    for kind, layer in _LAYERS.items():
        rows = standing.resources[kind]
        lost = stranded(conn, roads, rows, kind=kind, settlements=living)
        found |= {(layer, it.code): it for it in lost}
    return found


def shelters_left(
    shelters: Sequence[Resource], layers: Sequence[LayerInWater], lost: Sequence[CutOff]
) -> SheltersLeft:
    """Return what is left of the shelters for the people who live in the water (pure)."""
    inside = {it.layer: it for it in layers}
    gone = {it.code for it in inside["shelters"].items}
    gone |= {it.code for it in lost if it.layer == "shelters"}
    left = [it for it in shelters if it.code not in gone]
    people = int(inside["settlements"].amount or 0)
    capacity = sum(it.capacity or 0 for it in left)
    return SheltersLeft(
        shelters=len(left),
        capacity=capacity,
        without_capacity=sum(it.capacity is None for it in left),
        people_in_water=people,
        places_short=max(people - capacity, 0),
    )
