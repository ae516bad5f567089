"""The search over arcs, compiled: no interpreter lock, and it stops when enough is found.

An arc is what is settled, not a node, because what a turn costs depends on the arc that one comes
from: `p` is the arc popped, `q` one that joins it at `p`'s tail. The search runs backwards from
an incident (tail: where an arc starts) or outwards from stations (tail: where it ends); `Side`
says which. All is exact: what is told as final cannot be bettered by what was not searched.
"""

from typing import NamedTuple

import numpy as np
from numba import njit, types
from numpy.typing import NDArray

# Ties are ranked by code, so all that arrive within this of the last one wanted are found too.
TIE_S = 0.002
JUNCTION, RESTRICTED = 1, 2  # flags of a node
BACK = 360  # the place of turning back in the table of turn costs, after its 360 angles
_JOINED, _STANDS = 1, 2  # of an arc: seconds are known; a place lies on it


class Side(NamedTuple):
    """The arcs as one direction of search sees them.

    ``arcs[start[v]:start[v + 1]]`` have their head at node ``v``. ``bans`` are the turns not
    allowed, ``p * m + q``, sorted. ``turns`` is the number of pairs of arcs that meet, ``joins``
    the most arcs at one node: how large the heap may grow.
    """

    start: NDArray[np.int32]
    arcs: NDArray[np.int32]
    tail: NDArray[np.int32]
    head: NDArray[np.int32]
    tail_deg: NDArray[np.int16]
    head_deg: NDArray[np.int16]
    flags: NDArray[np.uint8]
    bans: NDArray[np.int64]
    turn_s: NDArray[np.float64]
    arc_s: NDArray[np.float64]
    turns: int
    joins: int


class Spots(NamedTuple):
    """Places on arcs, sorted by arc; ``part`` of the arc from its head (origins: its tail)."""

    arc: NDArray[np.int32]
    part: NDArray[np.float64]
    no: NDArray[np.int32]


class Found(NamedTuple):
    """What a search has found.

    ``head_s`` are the seconds between an arc's head and the nearest origin, ``next_arc`` the
    arc that follows on the way there (from the number of arcs on: an origin), where ``is_known``;
    ``best_s`` those of each place, from its row ``row`` of the spots.
    """

    head_s: NDArray[np.float64]
    next_arc: NDArray[np.int32]
    is_known: NDArray[np.uint8]
    is_passed: NDArray[np.uint8]
    node_s: NDArray[np.float64]
    best_s: NDArray[np.float64]
    row: NDArray[np.int32]
    keys: NDArray[np.float64]
    items: NDArray[np.int32]


def _reading(kind: types.Type) -> types.Array:
    return types.Array(kind, 1, "C", readonly=True)


_U1, _I2, _I4 = _reading(types.uint8), _reading(types.int16), _reading(types.int32)
_I8, _F8 = _reading(types.int64), _reading(types.float64)
_OUT_U1, _OUT_I4, _OUT_F8 = types.uint8[::1], types.int32[::1], types.float64[::1]
_SIDE = types.NamedTuple(
    (_I4, _I4, _I4, _I4, _I2, _I2, _U1, _I8, _F8, _F8, types.int64, types.int64), Side
)
_SPOTS = types.NamedTuple((_I4, _F8, _I4), Spots)
_FOUND = types.NamedTuple(
    (_OUT_F8, _OUT_I4, _OUT_U1, _OUT_U1, _OUT_F8, _OUT_F8, _OUT_I4, _OUT_F8, _OUT_I4), Found
)


@njit(nogil=True, cache=True)
def _push(it, size, key, item):
    """Add to the heap."""
    keys, items = it.keys, it.items
    at = size
    while at > 0:
        above = (at - 1) >> 1
        if keys[above] <= key:
            break
        keys[at], items[at] = keys[above], items[above]
        at = above
    keys[at], items[at] = key, item
    return size + 1


@njit(nogil=True, cache=True)
def _drop(it, size):
    """Take the least off the heap."""
    keys, items = it.keys, it.items
    size -= 1
    key, item = keys[size], items[size]
    at = 0
    while True:
        below = 2 * at + 1
        if below >= size:
            break
        if below + 1 < size and keys[below + 1] < keys[below]:
            below += 1
        if keys[below] >= key:
            break
        keys[at], items[at] = keys[below], items[below]
        at = below
    keys[at], items[at] = key, item
    return size


@njit(nogil=True, cache=True)
def _is_banned(side, p, q):
    key = np.int64(p) * side.tail.size + q
    at = np.searchsorted(side.bans, key)
    return at < side.bans.size and side.bans[at] == key


@njit(nogil=True, cache=True)
def _turn_s(side, p, q):
    """Seconds between q and p."""
    if side.head[p] == side.tail[q]:
        return side.turn_s[BACK]
    if side.flags[side.tail[p]] & JUNCTION:
        angle = side.tail_deg[p] - side.head_deg[q]
        return side.turn_s[angle + 360 if angle < 0 else angle]
    return 0.0


@njit(nogil=True, cache=True)
def _arrive(it, spots, first_event, size, q, head_s, arc_s):
    """Tell the places on an arc that a better way was found from its head on."""
    for row in range(np.searchsorted(spots.arc, q), spots.arc.size):
        if spots.arc[row] != q:
            break
        there_s, no = head_s + spots.part[row] * arc_s, spots.no[row]
        if there_s < it.best_s[no]:
            it.best_s[no], it.row[no] = there_s, row
            size = _push(it, size, there_s, first_event + no)
    return size


@njit(nogil=True, cache=True)
def _begin(it, side, origins, spots):
    """Start from the origins; a place on an origin's arc, and not beyond it, may stay on it."""
    arc_s = side.arc_s
    size, m = 0, arc_s.size
    it.is_known[spots.arc] = _STANDS
    for k in range(origins.arc.size):
        e, part = origins.arc[k], origins.part[k]
        size = _push(it, size, part * arc_s[e], m + k)
        for row in range(np.searchsorted(spots.arc, e), spots.arc.size):
            if spots.arc[row] != e:
                break
            ahead, no = part + spots.part[row] - 1, spots.no[row]
            stay_s = max(ahead, 0.0) * arc_s[e]
            if ahead >= -1e-12 and stay_s < it.best_s[no]:
                it.best_s[no], it.row[no] = stay_s, row
                size = _push(it, size, stay_s, m + origins.arc.size + no)
    return size


@njit(nogil=True, cache=True)
def _pass(it, side, spots, first_event, size, at):
    """Go on from arc p (popped as ``item``), ``now_s`` from its tail, to all that join it there."""
    now_s, item, p = at
    v, arc_s = side.tail[p], side.arc_s
    it.is_passed[v], it.node_s[v] = 1, np.inf
    latest_s = 0.0
    for i in range(side.start[v], side.start[v + 1]):
        q = side.arcs[i]
        if arc_s[q] == np.inf:
            continue
        is_known = it.is_known[q] & _JOINED != 0
        if side.flags[v] & RESTRICTED and _is_banned(side, p, q):
            latest_s = max(latest_s, it.head_s[q] if is_known else np.inf)
            continue
        head_s = now_s + _turn_s(side, p, q)
        if not is_known or head_s < it.head_s[q]:
            it.head_s[q], it.next_arc[q] = head_s, item
            if it.is_known[q] & _STANDS:
                size = _arrive(it, spots, first_event, size, q, head_s, arc_s[q])
            it.is_known[q] |= _JOINED
            far_s, u = head_s + arc_s[q], side.tail[q]
            if it.is_passed[u] == 0 or far_s < it.node_s[u]:
                size = _push(it, size, far_s, q)
        latest_s = max(latest_s, it.head_s[q])
    # What comes to this node later than all its arcs are known by betters none of them.
    it.node_s[v] = latest_s
    return size


@njit(nogil=True, cache=True)
def _room(side, m, origins, spots, places):
    """Memory is touched only where the search goes."""
    most = side.turns + (origins.arc.size + spots.arc.size + 1) * (side.joins + 2)
    nodes = side.flags.size
    return Found(
        np.empty(m, np.float64), np.empty(m, np.int32), np.zeros(m, np.uint8),
        np.zeros(nodes, np.uint8), np.empty(nodes, np.float64),
        np.full(places, np.inf), np.full(places, -1, np.int32),
        np.empty(most, np.float64), np.empty(most, np.int32),
    )  # fmt: skip


@njit(
    types.Tuple((_FOUND, types.float64))(
        _SIDE, _SPOTS, _SPOTS, types.int64, types.int64, types.float64
    ),
    nogil=True,
    cache=True,
)
def search_arcs(side, origins, spots, places, wanted, limit_s):
    """Search from the origins until ``wanted`` places are final, or ``limit_s`` is passed.

    Returns what was found, and the seconds up to which all of it is final.
    """
    m = side.arc_s.size
    first_event = m + origins.arc.size
    it = _room(side, m, origins, spots, places)
    is_final = np.zeros(places, np.uint8)
    size = _begin(it, side, origins, spots)
    found, last_s = 0, np.inf
    while size > 0 and it.keys[0] <= limit_s:
        now_s, item = it.keys[0], it.items[0]
        if now_s > last_s + TIE_S:
            return it, now_s
        size = _drop(it, size)
        if item >= first_event:
            if is_final[item - first_event] == 0:
                is_final[item - first_event] = 1
                found += 1
                if found == wanted:
                    last_s = now_s
            continue
        p = origins.arc[item - m] if item >= m else item
        if item < m and now_s > it.head_s[p] + side.arc_s[p]:
            continue
        v = side.tail[p]
        if it.is_passed[v] == 0 or now_s < it.node_s[v]:
            size = _pass(it, side, spots, first_event, size, (now_s, item, p))
    return it, limit_s


@njit(_OUT_U1(_SIDE, _I4), nogil=True, cache=True)
def joined_arcs(side, origin_arc):
    """Return which arcs lead on to those given, however far; itself only if one can come back."""
    arc_s, m = side.arc_s, side.arc_s.size
    is_joined, is_passed = np.zeros(m, np.uint8), np.zeros(side.flags.size, np.uint8)
    waiting, size = np.empty(m + origin_arc.size, np.int32), origin_arc.size
    waiting[:size] = origin_arc
    while size > 0:
        size -= 1
        p = waiting[size]
        v = side.tail[p]
        if is_passed[v]:
            continue
        is_passed[v] = 1
        for i in range(side.start[v], side.start[v + 1]):
            q = side.arcs[i]
            if arc_s[q] == np.inf or is_joined[q]:
                continue
            if side.flags[v] & RESTRICTED and _is_banned(side, p, q):
                is_passed[v] = 0  # another arc may lead on to it
            else:
                is_joined[q] = 1
                waiting[size] = q
                size += 1
    return is_joined
