"""Turns, restrictions and closures on small random graphs, against plain relaxation of arcs."""

from itertools import pairwise

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.sparse import csr_array
from scipy.sparse.csgraph import dijkstra

from geoservice.network.bans import Restriction
from geoservice.network.graph import RoadNetwork
from geoservice.network.hubs import can_come, find_hub
from geoservice.network.routing import (
    Landings,
    Weights,
    find_nearest,
    joined_outwards,
    way_of,
)

NODES = 7
Arc = tuple[int, int, int, int, int]
ARC = st.tuples(
    st.integers(0, NODES - 1), st.integers(0, NODES - 1), st.integers(0, 90),
    st.integers(0, 359), st.integers(0, 359),
)  # fmt: skip
ARCS = st.lists(ARC, min_size=2, max_size=26)
BANS = st.lists(
    st.tuples(
        st.sampled_from(["no_left_turn", "no_u_turn", "only_straight_on", "only_right_turn"]),
        st.integers(0, 25), st.integers(0, NODES - 1), st.integers(0, 25),
    ),
    max_size=6,
)  # fmt: skip
CLOSED = st.sets(st.integers(2, 26), max_size=5)
RIGHT_S, LEFT_S, SHARP_S, BACK_S = 3.0, 7.0, 11.0, 40.0


def turn_table() -> np.ndarray:
    aside = np.minimum(np.arange(360), 360 - np.arange(360))
    seconds = np.where(np.arange(360) <= 180, RIGHT_S, LEFT_S)
    seconds = np.where(aside < 30, 0, np.where(aside >= 135, SHARP_S, seconds))
    return np.append(seconds, BACK_S)


def network_of(arcs: list[Arc], bans: list[tuple[str, int, int, int]] = ()) -> RoadNetwork:
    start, end, seconds, start_deg, end_deg = (np.array(c) for c in zip(*arcs, strict=True))
    ids, none = np.arange(1, len(arcs) + 1), np.full(len(arcs), np.nan)
    columns = {
        "id": ids, "road_id": ids, "from_node": start, "to_node": end,
        "length_m": seconds * 10.0, "speed_kph": np.full(ids.size, 36.0), "gradient_pct": none,
        "max_height_m": none, "max_weight_t": none, "surface": ids * 0,
        "start_deg": start_deg, "end_deg": end_deg, "lon": end / 10, "lat": (end % 3) / 10,
    }  # fmt: skip
    made = [Restriction(kind, a + 1, via, b + 1) for kind, a, via, b in bans]
    return RoadNetwork.from_columns(columns, made)


def weights_of(network: RoadNetwork, closed: set[int] = frozenset()) -> Weights:
    arc_s = network.length_m / 10
    arc_s[np.isin(network.arc_ids, list(closed))] = np.inf
    return Weights(network, arc_s, turn_table())


def turns(arcs: list[Arc], bans: list[tuple[str, int, int, int]]) -> dict[tuple[int, int], float]:
    """Every turn allowed, and its seconds: worked out from the arcs by hand, ids from 1."""
    ends = {(a, b) for a, b, *_ in arcs} | {(b, a) for a, b, *_ in arcs}
    joined = [{b for a, b in ends if a == v} for v in range(NODES)]
    found = {}
    for i, (u, v, _, _, end_deg) in enumerate(arcs, 1):
        here = [r for r in bans if r[1] + 1 == i and r[2] == v]
        only = {r[3] + 1 for r in here if r[0].startswith("only") and _meets(arcs, i, r)}
        never = {r[3] + 1 for r in here if r[0].startswith("no") and _meets(arcs, i, r)}
        for j, (w, x, _, start_deg, _) in enumerate(arcs, 1):
            if w != v or j in never or (only and j not in only):
                continue
            right = (start_deg - end_deg) % 360
            aside = min(right, 360 - right)
            if x == u:
                found[i, j] = BACK_S
            elif len(joined[v] - {v}) < 3 or aside < 30:
                found[i, j] = 0.0
            else:
                found[i, j] = SHARP_S if aside >= 135 else RIGHT_S if right <= 180 else LEFT_S
    return found


def _meets(arcs: list[Arc], i: int, ban: tuple[str, int, int, int]) -> bool:
    """Whether a restriction names a turn that is there."""
    j = ban[3] + 1
    if j > len(arcs) or arcs[j - 1][0] != ban[2]:
        return False
    turns_back = arcs[j - 1][1] == arcs[i - 1][0]
    return i != j or turns_back == ban[0].endswith("u_turn")


def expected(
    arcs: list[Arc], allowed: dict[tuple[int, int], float], closed: set[int], at: tuple[int, float]
) -> list[float]:
    """Seconds from the middle of every arc to a point on one: relaxed until nothing changes."""
    end_s = dict.fromkeys(range(1, len(arcs) + 1), np.inf)
    seconds = [np.inf if i in closed else float(arc[2]) for i, arc in enumerate(arcs, 1)]
    for _ in range(len(arcs) + 1):
        for (i, j), turn_s in allowed.items():
            on_s = seconds[j - 1] + end_s[j]
            if j == at[0]:
                on_s = min(on_s, at[1] * seconds[j - 1])
            end_s[i] = min(end_s[i], turn_s + on_s)
    found = [seconds[i - 1] / 2 + end_s[i] for i in end_s]
    if at[1] >= 0.5:
        stay_s = (at[1] - 0.5) * seconds[at[0] - 1]
        found[at[0] - 1] = min(found[at[0] - 1], stay_s)
    return found


def landed(network: RoadNetwork, rows: list[tuple[int, float]]) -> Landings:
    ids, part = zip(*rows, strict=True)
    arcs = network.find_arcs(np.array(ids))
    return Landings(np.arange(len(rows), dtype=np.int32), arcs, np.array(part, float))


def searched(weights: Weights, incident: int, part: float, wanted: int | None = None) -> np.ndarray:
    """Seconds from the middle of every open arc to a point on one; inf for the closed ones."""
    network = weights.network
    is_open = network.ids[np.isfinite(weights.arc_s[network.arc_of_id])].tolist()
    places = landed(network, [(i, 0.5) for i in is_open])
    arrived = find_nearest(
        weights, landed(network, [(incident, part)]), places, len(is_open),
        wanted=len(is_open) if wanted is None else wanted,
    )  # fmt: skip
    found = np.full(network.arcs, np.inf)
    found[np.array(is_open) - 1] = arrived.time_s
    return found


@settings(max_examples=300, deadline=None)
@given(arcs=ARCS, bans=BANS, closed=CLOSED, part=st.sampled_from([0.0, 0.25, 0.5, 1.0]))
def test_turns_restrictions_and_closures_are_obeyed_exactly(
    arcs: list[Arc], bans: list[tuple[str, int, int, int]], closed: set[int], part: float
) -> None:
    weights = weights_of(network_of(arcs, bans), closed)
    told = searched(weights, 1, part)
    judged = np.array(expected(arcs, turns(arcs, bans), closed, (1, part)))
    np.testing.assert_allclose(told, judged, atol=1e-9)
    places = landed(weights.network, [(i, 0.5) for i in range(1, len(arcs) + 1) if i not in closed])
    at = landed(weights.network, [(1, part)])
    coming = can_come(weights, find_hub(weights), at, places, places.arc.size)
    is_open = [i - 1 for i in range(1, len(arcs) + 1) if i not in closed]
    assert coming.tolist() == np.isfinite(judged[is_open]).tolist()


@settings(max_examples=150, deadline=None)
@given(arcs=ARCS, bans=BANS, closed=CLOSED, more=st.integers(2, 26))
def test_closing_a_road_never_makes_a_time_shorter(
    arcs: list[Arc], bans: list[tuple[str, int, int, int]], closed: set[int], more: int
) -> None:
    network = network_of(arcs, bans)
    before = searched(weights_of(network, closed), 1, 0.5)
    after = searched(weights_of(network, closed | {more}), 1, 0.5)
    assert (after >= before - 1e-9).all()


@settings(max_examples=100, deadline=None)
@given(arcs=ARCS, seed=st.integers(0, 1000), wanted=st.integers(1, 6))
def test_neither_order_of_arcs_nor_stopping_early_changes_a_time(
    arcs: list[Arc], seed: int, wanted: int
) -> None:
    weights = weights_of(network_of(arcs))
    everybody = searched(weights, 1, 0.25)
    few = searched(weights, 1, 0.25, wanted)
    reached = np.isfinite(few)
    np.testing.assert_array_equal(few[reached], everybody[reached])
    assert reached.sum() >= min(wanted, np.isfinite(everybody).sum())
    assert not (everybody[~reached] < everybody[reached].max(initial=0) - 1e-9).any()
    order = np.append(0, 1 + np.random.default_rng(seed).permutation(len(arcs) - 1))
    again = searched(weights_of(network_of([arcs[i] for i in order])), 1, 0.25)
    np.testing.assert_allclose(again, everybody[order], atol=1e-9)


@settings(max_examples=100, deadline=None)
@given(arcs=ARCS, bans=BANS)
def test_every_way_is_one_that_may_be_driven_and_takes_what_was_told(
    arcs: list[Arc], bans: list[tuple[str, int, int, int]]
) -> None:
    weights, allowed = weights_of(network_of(arcs, bans)), turns(arcs, bans)
    at = landed(weights.network, [(1, 0.5)])
    places = landed(weights.network, [(i, 0.5) for i in range(1, len(arcs) + 1)])
    arrived = find_nearest(weights, at, places, len(arcs), wanted=len(arcs))
    for place in np.flatnonzero(np.isfinite(arrived.time_s)).tolist():
        way = way_of(weights, arrived, at, place)
        ids = weights.network.arc_ids[way.arc].tolist()
        driven_s = float(((way.end - way.start) * weights.arc_s[way.arc]).sum())
        driven_s += sum(allowed[pair] for pair in pairwise(ids))
        assert abs(driven_s - arrived.time_s[place]) < 1e-9


def test_a_large_random_graph_agrees_with_scipy_on_the_graph_of_its_turns() -> None:
    rng = np.random.default_rng(3)
    limits = ((0, 900), (0, 900), (1, 300), (0, 360), (0, 360))
    columns = [rng.integers(low, high, 2400) for low, high in limits]
    arcs = list(zip(*(column.tolist() for column in columns), strict=True))
    weights = weights_of(network_of(arcs))
    network, table = weights.network, turn_table()
    rows, cols, cost = [], [], []
    for a in range(network.arcs):
        v = network.to_node[a]
        for b in network.out_arcs[network.out_start[v] : network.out_start[v + 1]].tolist():
            angle = int(network.start_deg[b] - network.end_deg[a]) % 360
            back = network.to_node[b] == network.from_node[a]
            turn_s = table[360] if back else table[angle] if network.flags[v] & 1 else 0.0
            rows.append(b)
            cols.append(a)
            cost.append(turn_s + weights.arc_s[b])
    graph = csr_array((cost, (rows, cols)), shape=(network.arcs, network.arcs))
    target = int(network.find_arcs(np.array([1]))[0])
    judged = dijkstra(graph, indices=target) + (weights.arc_s - weights.arc_s)
    told = searched(weights, 1, 1.0)
    ends = np.array([network.find_arcs(np.array([i]))[0] for i in range(1, 2401)])
    # From the middle of each arc: the rest of it, the way to the end of the first arc.
    expected_s = judged[ends] + weights.arc_s[ends] / 2
    np.testing.assert_allclose(told, expected_s, atol=1e-6)
    assert joined_outwards(weights, np.array([target], np.int32)).sum() > 1000
