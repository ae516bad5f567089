"""What a flood does, at once: on the roads, to those inside, to those cut off."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

import numpy as np
import shapely
from shapely import MultiPolygon
from shapely.geometry.base import BaseGeometry

from geoservice.crs import to_metric
from geoservice.db import Connection, Query, require_district
from geoservice.dispatch.roads import roads_or_none
from geoservice.floods import wording
from geoservice.floods.actions import BANDS, flood_rules, read_scenario
from geoservice.floods.answers import (
    Consequences,
    CutOff,
    LayerInWater,
    Scenario,
    ShaftInWater,
)
from geoservice.floods.extent import ThingRow, by_layer
from geoservice.floods.records import BandRow
from geoservice.floods.shafts import ShaftRow, shafts_in_water
from geoservice.floods.stranding import Standing, cut_off, read_standing, shelters_left
from geoservice.floods.wet_roads import (
    WetArc,
    bridges,
    by_vehicle,
    is_wet,
    obstacles_of,
    segments_of,
)
from geoservice.network.current import RoadsNow, lay_on
from geoservice.network.effects import laid, met_by
from geoservice.network.profiles import RoadRules
from geoservice.network.reading import RULES, VEHICLES
from geoservice.texts import Text

ARCS_IN_WATER = Query("floods", "arcs_in_water", WetArc)
THINGS_IN_WATER = Query("floods", "things_in_water", ThingRow)
SHAFTS_IN_WATER = Query("floods", "shafts_in_water", ShaftRow)
UNKNOWN = Query("floods", "unknown", MultiPolygon)
_HA = 1e4


@dataclass(frozen=True)
class Sighting:
    """Whose question it is: what secrecies and towns (None: all) the caller sees."""

    secrecies: Sequence[str]
    towns: Collection[str] | None


@dataclass(frozen=True)
class Drawn:
    """Water that somebody supposes, CGCS2000; its depth, and its level where that is known."""

    geom: BaseGeometry
    depth_m: float
    velocity_ms: float | None = None
    level_m: float | None = None
    height_datum: str = "1985"
    includes_structures: bool = False


@dataclass(frozen=True)
class _Water:
    """What is asked about: its bodies from the shallowest on, and how it is called."""

    bodies: list[BandRow]
    name: str
    scenario: Scenario | None
    unknown: MultiPolygon | None
    includes_structures: bool


def of_scenario(
    conn: Connection, scenario_id: int, *, profile: str, at: datetime, sighting: Sighting
) -> Consequences:
    """Return what a stored scenario does, in force or not.

    Parameters
    ----------
    profile
        The vehicle by which places are cut off.
    at
        Closures and other floods in force then count too.

    Raises
    ------
    NotFoundError
        There is no such scenario.
    UnknownNameError, NoDistrictError, BusyError
        As of `network.current.open_roads`.
    """
    scenario = read_scenario(conn, scenario_id, at=at)
    water = _Water(
        BANDS.all(conn, id=scenario_id), scenario.name, replace(scenario, of_depth=()),
        UNKNOWN.first(conn, id=scenario_id), scenario.includes_structures,
    )  # fmt: skip
    return _consequences(conn, water, profile=profile, at=at, sighting=sighting)


def of_shape(
    conn: Connection, drawn: Drawn, *, profile: str, at: datetime, sighting: Sighting
) -> Consequences:
    """Return what water of a depth under a drawn shape would do; as `of_scenario`."""
    require_district(conn)
    area_m2 = to_metric(drawn.geom, drawn.geom.centroid.x).area
    grade = flood_rules(conn).grades.of(drawn.depth_m, drawn.depth_m, drawn.velocity_ms or 0)
    geom = shapely.set_srid(MultiPolygon(list(shapely.get_parts(drawn.geom))), 4490)
    body = BandRow(
        0, "?1", drawn.depth_m, drawn.depth_m, drawn.velocity_ms, None, drawn.level_m,
        drawn.height_datum, grade, area_m2, geom,
    )  # fmt: skip
    water = _Water([body], "手绘范围 · drawn", None, None, drawn.includes_structures)
    return _consequences(conn, water, profile=profile, at=at, sighting=sighting)


def _consequences(
    conn: Connection, water: _Water, *, profile: str, at: datetime, sighting: Sighting
) -> Consequences:
    arcs = _arcs(conn, water)
    wet = [it for it in arcs if is_wet(it, includes_structures=water.includes_structures)]
    shapes = [it.geom.wkb_hex for it in water.bodies]
    layers, outside = _inside(conn, shapes, water.bodies, sighting)
    standing = read_standing(conn, sighting.towns)
    roads, lost = _lost(conn, water, wet, standing, (profile, at))
    obstacles = obstacles_of(water.bodies, water.name)
    vehicles = {it.code: it for it in VEHICLES.all(conn)}
    rules = RoadRules.from_values({it.code: it.value for it in RULES.all(conn)})
    effects, by_road = by_vehicle(segments_of(wet), obstacles, vehicles, rules)
    return Consequences(
        at=at,
        scenario=water.scenario,
        standing="drawn" if water.scenario is None else water.scenario.standing,
        profile=profile,
        graph_version=None if roads is None else roads.graph_version,
        area_ha=round(sum(it.area_m2 for it in water.bodies) / _HA, 2),
        vehicles=effects,
        roads=by_road,
        bridges=bridges(arcs),
        layers=layers,
        shafts=_shafts(conn, shapes, water.bodies, sighting),
        cut_off=lost,
        shelters_left=shelters_left(standing.resources["shelter"], layers, lost),
        in_unknown=_in_unknown(conn, water, sighting),
        outside_scope=outside,
        notes=_notes(water, arcs, layers, roads, profile),
    )


def _arcs(conn: Connection, water: _Water) -> list[WetArc]:
    return ARCS_IN_WATER.all(
        conn,
        shapes=[it.geom.wkb_hex for it in water.bodies],
        levels_m=[it.level_m for it in water.bodies],
        datums=[it.height_datum for it in water.bodies],
    )


def _inside(
    conn: Connection, shapes: list[str], bodies: Sequence[BandRow], sighting: Sighting
) -> tuple[tuple[LayerInWater, ...], int]:
    """Return what is inside by layer, and how much more in towns the caller may not see."""
    towns = None if sighting.towns is None else sorted(sighting.towns)
    rows = THINGS_IN_WATER.all(conn, shapes=shapes, secrecies=list(sighting.secrecies), towns=towns)
    within = [it for it in rows if it.is_in_scope]
    return by_layer(within, bodies), len(rows) - len(within)


def _in_unknown(conn: Connection, water: _Water, sighting: Sighting) -> tuple[LayerInWater, ...]:
    if water.unknown is None:
        return ()
    layers, _ = _inside(conn, [water.unknown.wkb_hex], (), sighting)
    return tuple(it for it in layers if it.count)


def _lost(
    conn: Connection, water: _Water, wet: Sequence[WetArc], standing: Standing,
    how: tuple[str, datetime],
) -> tuple[RoadsNow | None, tuple[CutOff, ...]]:  # fmt: skip
    """Return the roads without this water, and who is cut off with it; none without roads."""
    profile, at = how
    own = () if water.scenario is None else (water.scenario.id,)
    before = roads_or_none(conn, profile=profile, at=at, without_floods=own)
    if before is None:
        return None, ()
    obstacles = obstacles_of(water.bodies, water.name)
    arcs = before.network.find_arcs(np.array([it.arc_id for it in wet], np.int64))
    numbers = np.array([it.no for it in wet], np.int32)
    under = lay_on(before, laid(met_by(obstacles, before.profile, before.rules), numbers, arcs))
    return before, cut_off(conn, standing, before=before, under=under)


def _shafts(
    conn: Connection, shapes: list[str], bodies: Sequence[BandRow], sighting: Sighting
) -> tuple[ShaftInWater, ...]:
    towns = None if sighting.towns is None else sorted(sighting.towns)
    rows = SHAFTS_IN_WATER.all(conn, shapes=shapes, secrecies=list(sighting.secrecies), towns=towns)
    return shafts_in_water(rows, bodies)


def _notes(
    water: _Water, arcs: Sequence[WetArc], layers: Sequence[LayerInWater],
    roads: RoadsNow | None, profile: str,
) -> tuple[Text, ...]:  # fmt: skip
    notes = [wording.drawn(), wording.no_grade_table()]
    if water.scenario is not None:
        notes = list(water.scenario.notes)
    notes.append(wording.depth_is_of_the_band())
    notes.append(wording.no_roads() if roads is None else wording.cut_off_without(profile))
    spared = {it.segment for it in arcs if it.standing == "unknown"}
    if spared and not water.includes_structures:
        notes.append(wording.bridges_spared(len(spared)))
    people = next(it for it in layers if it.layer == "settlements")
    if uncounted := sum(it.amount is None for it in people.items):
        notes.append(wording.uncounted(uncounted))
    return tuple(notes)
