"""Travel times on a road of four nodes, worked out by hand.

    10 --(1: 60 s)--> 20 --(2: 30 s)--> 30 --(3: 40 s)--> 40      and back: arcs 11, 12, 13
                      20 --(5: one way, 90 s)-----------> 40
Every arc is 10 m a second long. Arc 4 is a slower second arc from 20 to 30 (50 s).
"""

from collections.abc import Sequence

import numpy as np
import pytest

from geoservice.network.graph import RoadNetwork
from geoservice.network.hubs import can_come, find_hub
from geoservice.network.routing import (
    Arrivals,
    Landings,
    Weights,
    find_nearest,
    length_m,
    way_of,
)

ARCS = [
    (1, 10, 20, 60.0), (2, 20, 30, 30.0), (3, 30, 40, 40.0), (4, 20, 30, 50.0),
    (5, 20, 40, 90.0), (11, 20, 10, 60.0), (12, 30, 20, 30.0), (13, 40, 30, 40.0),
]  # fmt: skip
Landing = tuple[int, float]
NO_TURNS = np.zeros(361)


def road(arcs: Sequence[tuple[int, int, int, float]] = ARCS) -> RoadNetwork:
    ids, start, end, seconds = (np.array(c) for c in zip(*arcs, strict=True))
    nothing, none = np.zeros(ids.size), np.full(ids.size, np.nan)
    # 36 km/h: ten metres a second.
    return RoadNetwork.from_columns({
        "id": ids, "road_id": ids, "from_node": start, "to_node": end,
        "length_m": seconds * 10, "speed_kph": np.full(ids.size, 36.0), "gradient_pct": none,
        "max_height_m": none, "max_weight_t": none, "surface": nothing,
        "start_deg": nothing, "end_deg": nothing, "lon": end / 100, "lat": nothing,
    })  # fmt: skip


def weighed(network: RoadNetwork, **factors: float) -> Weights:
    arc_s = network.length_m / 10
    for name, factor in factors.items():
        arc = int(network.find_arcs(np.array([int(name[1:])]))[0])
        arc_s[arc] = arc_s[arc] / factor if factor else np.inf
    return Weights(network, arc_s, NO_TURNS)


def landed(network: RoadNetwork, *places: Sequence[Landing]) -> Landings:
    rows = [(no, arc, part) for no, many in enumerate(places) for arc, part in many]
    no, arc, part = zip(*rows, strict=True) if rows else ((), (), ())
    arcs = network.find_arcs(np.array(arc, np.int64))
    return Landings(np.array(no, np.int32), arcs, np.array(part, float))


def arrive(
    weights: Weights, incident: Sequence[Landing], *places: Sequence[Landing]
) -> tuple[Arrivals, Landings]:
    at, come = landed(weights.network, incident), landed(weights.network, *places)
    return find_nearest(weights, at, come, len(places), wanted=len(places)), at


def times(weights: Weights, incident: Sequence[Landing], *places: Sequence[Landing]) -> list[float]:
    return arrive(weights, incident, *places)[0].time_s.tolist()


def ids_of_way(
    weights: Weights, incident: Sequence[Landing], place: Sequence[Landing]
) -> tuple[list[int], float]:
    arrived, at = arrive(weights, incident, place)
    way = way_of(weights, arrived, at, 0)
    return weights.network.arc_ids[way.arc].tolist(), length_m(weights, way)


# The incident is a quarter of the way from 30 to 40: 10 s from 30, 30 s from 40.
INCIDENT = [(3, 0.25), (13, 0.75)]
# The first team is half way from 10 to 20, the second at node 40.
TEAM_A, TEAM_B = [(1, 0.5), (11, 0.5)], [(3, 1.0), (13, 0.0)]


def test_partial_arcs_count_in_both_directions() -> None:
    # A: 30 s to 20, 30 s to 30, 10 s on. B: three quarters of 40 s.
    assert times(weighed(road()), INCIDENT, TEAM_A, TEAM_B) == pytest.approx([70, 30])


def test_way_follows_the_faster_of_two_arcs_between_the_same_nodes() -> None:
    ids, metres = ids_of_way(weighed(road()), INCIDENT, TEAM_A)
    assert ids == [1, 2, 3]
    assert metres == pytest.approx(700)


def test_closed_arc_gives_way_to_its_slower_twin() -> None:
    closed = weighed(road(), a2=0)
    assert times(closed, INCIDENT, TEAM_A) == pytest.approx([90])
    assert ids_of_way(closed, INCIDENT, TEAM_A)[0] == [1, 4, 3]


def test_closed_bridge_sends_team_the_long_way() -> None:
    closed = weighed(road(), a2=0, a4=0, a12=0)
    # 30 s to 20, 90 s one way to 40, 30 s back.
    assert times(closed, INCIDENT, TEAM_A, TEAM_B) == pytest.approx([150, 30])
    assert ids_of_way(closed, INCIDENT, TEAM_A) == ([1, 5, 13], pytest.approx(1500))


def test_slowed_arc_takes_its_time_over_the_factor() -> None:
    assert times(weighed(road(), a1=0.5), INCIDENT, TEAM_A) == pytest.approx([100])


def test_one_way_is_not_driven_against() -> None:
    on_one_way = [(5, 0.5)]
    # From 40 only by 30, 20 and half of the one-way arc: 40 + 30 + 45.
    assert times(weighed(road()), on_one_way, TEAM_B) == pytest.approx([115])
    # From the one-way arc itself on to 40, then back to the incident: 45 + 30.
    assert times(weighed(road()), INCIDENT, on_one_way) == pytest.approx([75])


@pytest.mark.parametrize(
    ("incident", "team", "seconds", "way"),
    [
        ([(1, 0.75), (11, 0.25)], [(1, 0.25), (11, 0.75)], 30, [1]),
        ([(1, 0.25), (11, 0.75)], [(1, 0.75), (11, 0.25)], 30, [11]),
        ([(5, 0.75)], [(5, 0.25)], 45, [5]),
        # Behind the team on a one-way road: on to 40, back over 30 to 20, and in again.
        ([(5, 0.25)], [(5, 0.75)], 22.5 + 40 + 30 + 22.5, [5, 13, 12, 5]),
        ([(1, 0.5), (11, 0.5)], [(1, 0.5), (11, 0.5)], 0, [1]),
    ],
)
def test_both_on_the_same_arc(
    incident: list[Landing], team: list[Landing], seconds: float, way: list[int]
) -> None:
    weights = weighed(road())
    assert times(weights, incident, team) == pytest.approx([seconds])
    ids, metres = ids_of_way(weights, incident, team)
    assert ids == way
    assert metres == pytest.approx(seconds * 10)


def test_loop_is_driven_in_its_own_direction() -> None:
    network = road([*ARCS, (6, 40, 40, 80.0)])
    weights = weighed(network)
    assert times(weights, [(6, 0.75)], [(6, 0.25)], [(6, 1.0)]) == pytest.approx([40, 60])
    assert ids_of_way(weights, [(6, 0.25)], [(6, 0.75)]) == ([6, 6], pytest.approx(400))


def test_arc_of_no_time_is_a_way_like_any_other() -> None:
    network = road([(1, 10, 20, 60.0), (2, 20, 30, 0.0), (3, 30, 40, 40.0)])
    assert times(weighed(network), [(3, 0.5)], [(1, 0.0)]) == pytest.approx([80])
    assert times(weighed(network, a2=0.0), [(3, 0.5)], [(1, 0.0)]) == [np.inf]
    assert times(weighed(network), [(2, 0.5)], [(2, 0.0)]) == pytest.approx([0])


def test_search_widens_until_enough_is_found_and_no_further() -> None:
    chain = [(i, i, i + 1, 500.0) for i in range(1, 13)]
    weights = weighed(road(chain))
    incident = landed(weights.network, [(12, 1.0)])
    teams = landed(weights.network, *[[(i, 0.0)] for i in (12, 10, 1)])
    found = [find_nearest(weights, incident, teams, 3, wanted=n).time_s.tolist() for n in (1, 2, 3)]
    assert found[0] == pytest.approx([500, np.inf, np.inf])
    assert found[1] == pytest.approx([500, 1500, np.inf])
    assert found[2] == pytest.approx([500, 1500, 6000])
    within = find_nearest(weights, incident, teams, 3, wanted=3, within_s=1499)
    assert within.time_s.tolist() == pytest.approx([500, np.inf, np.inf])


def test_who_can_come_at_all_is_told_from_who_was_not_searched() -> None:
    # 10 <-> 20 -> 30: from 30 nothing leads back, 99 is elsewhere.
    network = road([(1, 10, 20, 900.0), (2, 20, 10, 900.0), (3, 20, 30, 900.0), (4, 98, 99, 9.0)])
    weights = weighed(network)
    hub = find_hub(weights)
    teams = landed(network, [(1, 0.4), (2, 0.6)], [(1, 0.0), (2, 1.0)], [(3, 0.5)], [(4, 0.5)], [])

    def coming(*incident: Landing) -> list[bool]:
        return can_come(weights, hub, landed(network, incident), teams, 5).tolist()

    assert coming((1, 0.5), (2, 0.5)) == [True, True, False, False, False]
    assert coming((3, 0.75)) == [True, True, True, False, False]
    assert coming((3, 0.25)) == [True, True, False, False, False]
    assert coming((4, 0.75)) == [False, False, False, True, False]
    assert coming() == [False] * 5


def test_a_place_before_the_incident_on_its_own_road_stays_on_it_to_the_last_bit() -> None:
    network = road([(1, 10, 20, 900.0), (2, 20, 10, 900.0)])
    weights, chance = weighed(network), np.random.default_rng(1)
    for first, last in np.sort(chance.random((300, 2)), axis=1).tolist():
        at, place = landed(network, [(1, last)]), landed(network, [(1, first)])
        arrived = find_nearest(weights, at, place, 1, wanted=1)
        way = way_of(weights, arrived, at, 0)
        assert (way.start.tolist(), way.end.tolist()) == ([first], [last])


def test_nothing_given_is_nothing_found() -> None:
    weights = weighed(road())
    nobody, here = landed(weights.network), landed(weights.network, INCIDENT)
    assert find_nearest(weights, here, nobody, 0, wanted=5).time_s.size == 0
    nowhere = find_nearest(weights, nobody, landed(weights.network, TEAM_A), 1, wanted=5)
    assert nowhere.time_s.tolist() == [np.inf]


def test_small_parts_that_nothing_joins_are_islands() -> None:
    chain = [(i, i, i + 1, 1.0) for i in range(1, 250)]
    network = road([*chain, (900, 900, 901, 1.0), (901, 901, 900, 1.0)])
    assert sorted(network.arc_ids[~network.is_left | ~network.is_entered].tolist()) == [900, 901]
    assert road().is_left.all()


def test_the_largest_part_is_no_island_even_where_every_part_is_small() -> None:
    pieces = [(n, 10 * n, 10 * n + 1, 1.0) for n in range(1, 151)]
    network = road([*pieces, (200, 11, 12, 1.0)])
    assert sorted(network.arc_ids[network.is_left].tolist()) == [1, 200]


def test_one_way_ends_are_for_leaving_or_for_arriving_only() -> None:
    both_ways = [(1, 10, 20, 1.0), (2, 20, 10, 1.0), (3, 20, 30, 1.0), (4, 30, 20, 1.0)]
    network = road([*both_ways, (7, 90, 10, 1.0), (8, 30, 80, 1.0)])
    assert network.arc_ids[~network.is_entered].tolist() == [7]
    assert network.arc_ids[~network.is_left].tolist() == [8]


def test_a_few_one_way_roads_without_a_main_part_are_all_usable() -> None:
    network = road([(1, 10, 20, 1.0), (2, 20, 30, 1.0), (3, 30, 40, 1.0)])
    assert network.is_entered.all()
    assert network.is_left.all()


@pytest.mark.parametrize("seconds", [-1.0, np.nan, np.inf])
def test_impossible_lengths_are_refused(seconds: float) -> None:
    with pytest.raises(ValueError, match="finite and not negative"):
        road([(1, 10, 20, seconds)])


def test_arrays_that_do_not_belong_together_are_refused() -> None:
    with pytest.raises(ValueError, match="comes twice"):
        road([(1, 10, 20, 1.0), (1, 20, 10, 1.0)])
    with pytest.raises(ValueError, match="fraction"):
        landed(road(), [(1, 1.5)])
