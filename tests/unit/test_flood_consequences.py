"""Water on roads by vehicle, bridges, what is inside by layer."""

import shapely

from geoservice.dispatch.reasons import detour
from geoservice.floods.extent import ThingRow, by_layer
from geoservice.floods.records import BandRow
from geoservice.floods.shafts import ShaftRow, shafts_in_water
from geoservice.floods.wet_roads import (
    WetArc,
    bridges,
    by_vehicle,
    is_wet,
    obstacles_of,
    segments_of,
)
from geoservice.network.effects import Met
from geoservice.network.profiles import RoadRules
from geoservice.network.reasons import no_way
from tests.unit.test_flood_grades import CAR, ENGINE, PARAMETERS

RULES = RoadRules.from_values(PARAMETERS)
BOX = shapely.MultiPolygon([shapely.box(113, 36, 114, 37)])


def _body(least: float, most: float | None, velocity: float | None = None) -> BandRow:
    return BandRow(1, "B", least, most, velocity, 30.0, 904.0, "1985", "blue", 1e4, BOX)


def _arc(no: int, ends: tuple[int, int], standing: str = "road", road_id: int = 7) -> WetArc:
    return WetArc(no, 10 * ends[0] + ends[1], standing, *ends, 100.0, road_id, "某路", "X1",
                  is_tunnel=False)  # fmt: skip


WATER = [_body(0.0, 0.25), _body(0.0, 0.25, 2.0), _body(0.5, 1.0)]


def test_a_road_both_ways_counts_once_and_each_vehicle_has_its_own_limit() -> None:
    # 1-2 in slow shallow water, 2-3 in fast shallow water (0.5 m2/s), 3-4 deep.
    arcs = [_arc(0, (1, 2)), _arc(0, (2, 1)), _arc(1, (2, 3)), _arc(2, (3, 4)), _arc(2, (4, 3))]
    vehicles = {it.code: it for it in (CAR, ENGINE)}
    effects, roads = by_vehicle(segments_of(arcs), obstacles_of(WATER, "水"), vehicles, RULES)
    car, engine = effects
    assert (car.closed_segments, car.closed_m, car.slowed_segments) == (2, 200.0, 1)
    assert (engine.closed_segments, engine.closed_m, engine.slowed_segments) == (1, 100.0, 2)
    (road,) = roads
    assert (road.segments, road.length_m, road.deepest_m) == (3, 300.0, 1.0)
    assert (road.closed_for, road.slowed_for) == (("car", "fire_engine"), ())


def test_a_road_in_two_bodies_is_as_bad_as_the_worse() -> None:
    segments = segments_of([_arc(0, (1, 2)), _arc(2, (2, 1))])
    assert [it.water for it in segments] == [frozenset({0, 2})]
    effects, _ = by_vehicle(segments, obstacles_of(WATER, "水"), {"car": CAR}, RULES)
    assert (effects[0].closed_segments, effects[0].slowed_segments) == (1, 0)


def test_no_water_on_roads_closes_nothing() -> None:
    effects, roads = by_vehicle([], [], {"car": CAR}, RULES)
    assert (effects[0].closed_segments, effects[0].closed_m, roads) == (0, 0, ())


def test_bridges_are_told_by_their_standing_and_only_those_under_are_wet() -> None:
    arcs = [_arc(0, (1, 2), "above"), _arc(2, (2, 1), "under"), _arc(0, (3, 4), "unknown"),
            _arc(0, (5, 6), "above"), _arc(0, (6, 7))]  # fmt: skip
    assert [it.standing for it in bridges(arcs)] == ["under", "unknown", "above"]
    assert [is_wet(it, includes_structures=False) for it in arcs] == [
        False, True, False, False, True,
    ]  # fmt: skip
    assert is_wet(arcs[2], includes_structures=True)
    assert not is_wet(arcs[0], includes_structures=True)


def test_things_are_told_by_layer_with_sums_and_layers_without_any_say_so() -> None:
    things = [
        ThingRow("settlements", "S1", "甲村", 320, "village", 2, is_in_scope=True),
        ThingRow("settlements", "S2", "乙村", None, "village", 0, is_in_scope=True),
        ThingRow("depots", "D1", "库", None, "town", 0, is_in_scope=True),
    ]
    layers = {it.layer: it for it in by_layer(things, WATER)}
    assert (layers["settlements"].count, layers["settlements"].amount) == (2, 320)
    assert [it.depth_max_m for it in layers["settlements"].items] == [1.0, 0.25]
    assert (layers["depots"].count, layers["depots"].amount) == (1, None)
    assert (layers["mines"].count, layers["mines"].items) == (0, ())


def _shaft(collar_m: float | None, datum: str | None, document: str | None = None) -> ShaftRow:
    return ShaftRow("S", "主井", "某矿", "main", collar_m, datum, document, 0)


def test_a_collar_stands_to_the_level_of_the_water_as_the_rule_has_it() -> None:
    def standing(level_m: float | None, datum: str, shaft: ShaftRow) -> str:
        body = BandRow(1, "B", 0, 1, None, None, level_m, datum, None, 1e4, BOX)
        (told,) = shafts_in_water([shaft], [body])
        return told.standing

    assert standing(904.0, "1985", _shaft(905.2, "1985")) == "above"
    assert standing(904.0, "1985", _shaft(903.5, "1985", "堤防验收")) == "defended"
    assert standing(904.0, "1985", _shaft(903.5, "1985")) == "below"
    assert standing(904.0, "1985", _shaft(904.0, "1985")) == "below"
    assert standing(904.02, "1956", _shaft(904.0, "1985")) == "above"  # 903.991
    assert standing(904.0, "local", _shaft(905.2, "1985")) == "unknown"
    assert standing(None, "1985", _shaft(905.2, "1985")) == "unknown"
    assert standing(904.0, "1985", _shaft(None, None)) == "unknown"


def test_a_flood_of_many_bands_is_named_once() -> None:
    bands = [Met("flood", no, f"B{no}", "百年一遇", "closed", 0.0, 1.0 + no) for no in range(4)]
    other = Met("closure", 9, "C", "塌方", "closed", 0.0)
    assert no_way([*bands, other]).zh == "被封闭阻断：百年一遇、塌方；没有其他道路通达"
    (told,) = detour(60.0, [other, *bands], [])
    assert told.en.startswith("goes round 塌方, 百年一遇: 1.0 min")
