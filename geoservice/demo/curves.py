"""Links drawn as roads: curved through junctions, straight in towns, and never crossing."""

import numpy as np
import shapely
from shapely import LineString

from geoservice.demo.ground import Array, Flags, Ground, Ints
from geoservice.demo.lanes import Plan

RANKS = ("trunk", "primary", "secondary", "tertiary", "unclassified", "residential")
_WIGGLE = {"unclassified": 0.030, "tertiary": 0.024, "secondary": 0.014}
_STEP_M = 70.0
_SAME_M = 1e-3
_SHARPEST_RAD = np.deg2rad(80.0)


def draw(ground: Ground, plan: Plan) -> tuple[Plan, list[LineString]]:
    """Return the plan without the lanes that had to go, and a line in metres for each link.

    Lines meet at places of the plan and nowhere else.
    """
    lines = _curved(ground, plan)
    for _ in range(4):
        crossing = _crossing(plan, lines)
        if not crossing.any():
            break
        ends = plan.xy[plan.pairs]
        straight = np.array([len(line.coords) == 2 for line in lines])  # two ends
        lines = [LineString(ends[i]) if crossing[i] else line for i, line in enumerate(lines)]
        kept = ~(crossing & straight & (plan.road_class == "residential"))
        plan, lines = plan.kept(kept), [line for line, k in zip(lines, kept, strict=True) if k]
    return plan, lines


def _crossing(plan: Plan, lines: list[LineString]) -> Flags:
    """Which lines meet another elsewhere than at a shared end."""
    shapes = np.array(lines, dtype=object)
    tree = shapely.STRtree(shapes)
    first, second = tree.query(shapes, predicate="intersects")
    once = first < second
    first, second = first[once], second[once]
    found = np.zeros(len(lines), bool)
    met = shapely.intersection(shapes[first], shapes[second])
    for a, b, where in zip(first.tolist(), second.tolist(), met, strict=True):
        shared = set(plan.pairs[a].tolist()) & set(plan.pairs[b].tolist())
        touches = shapely.get_coordinates(where)
        allowed = plan.xy[sorted(shared)]
        if len(touches) == len(allowed) and where.length == 0:
            astray_m = [np.hypot(*(allowed - touch).T).min() for touch in touches]
            found[[a, b]] |= max(astray_m, default=0.0) > _SAME_M
        else:
            found[[a, b]] = True
    return found


def _curved(ground: Ground, plan: Plan) -> list[LineString]:
    """Cubic Hermite curves whose tangents pass smoothly through the main pair at each place."""
    rng = ground.random("curves")
    tangents = _tangents(plan)
    lines = []
    for index, (a, b) in enumerate(plan.pairs.tolist()):
        start, end = plan.xy[a], plan.xy[b]
        chord = end - start
        length_m = float(np.hypot(*chord))
        bends = (rng.random(4) - 0.5).tolist()
        if plan.street_no[index] >= 0:
            lines.append(LineString([start, end]))
            continue
        leave = tangents.get((index, a), _turned(chord / length_m, 0.6 * bends[0]))
        arrive = -tangents.get((index, b), -_turned(chord / length_m, 0.6 * bends[1]))
        t = np.linspace(0.0, 1.0, int(np.clip(length_m / _STEP_M, 2, 40)) + 1)[:, None]
        curve = _hermite(start, end, leave * length_m, arrive * length_m, t)
        across = np.array([-chord[1], chord[0]])
        wiggle = _WIGGLE.get(str(plan.road_class[index]), 0.008) * (1 + bends[2])
        waves = 2 + round(6 * abs(bends[3]))
        curve += across * wiggle * np.sin(np.pi * waves * t) * np.sin(np.pi * t)
        curve[0], curve[-1] = start, end
        lines.append(LineString(curve))
    return lines


def _hermite(start: Array, end: Array, leave: Array, arrive: Array, t: Array) -> Array:
    return np.asarray(
        (2 * t**3 - 3 * t**2 + 1) * start
        + (t**3 - 2 * t**2 + t) * leave
        + (3 * t**2 - 2 * t**3) * end
        + (t**3 - t**2) * arrive
    )


def _turned(direction: Array, angle: float) -> Array:
    cos, sin = np.cos(angle), np.sin(angle)
    return np.array([[cos, -sin], [sin, cos]]) @ direction


def _tangents(plan: Plan) -> dict[tuple[int, int], Array]:
    """(link, place) -> outward direction, for the pair of links that runs on through a place."""
    at: dict[int, list[int]] = {}
    for index, pair in enumerate(plan.pairs.tolist()):
        for place in pair:
            at.setdefault(place, []).append(index)
    found = {}
    for place, links in at.items():
        best = _main_pair(plan, place, links)
        if best is not None:
            one, other = (_outward(plan.xy, plan.pairs[i], place) for i in best)
            through = (one - other) / np.hypot(*(one - other))
            found[best[0], place], found[best[1], place] = through, -through
    return found


def _main_pair(plan: Plan, place: int, links: list[int]) -> tuple[int, int] | None:
    """Return the links of highest class, then the straightest, that do not turn too sharply."""
    choices = []
    for number, one in enumerate(links):
        for other in links[:number]:
            u, v = (_outward(plan.xy, plan.pairs[i], place) for i in (one, other))
            turn = float(np.arccos(np.clip(-(u @ v), -1.0, 1.0)))
            rank = sum(RANKS.index(str(plan.road_class[i])) for i in (one, other))
            choices.append((turn > _SHARPEST_RAD, rank, turn, one, other))
    best = min(choices, default=None)
    return None if best is None or best[0] else (best[3], best[4])


def _outward(xy: Array, pair: Ints, place: int) -> Array:
    """Return the direction of a link away from one of its ends."""
    away = xy[pair[1]] - xy[pair[0]] if pair[0] == place else xy[pair[0]] - xy[pair[1]]
    return np.asarray(away / np.hypot(*away))
