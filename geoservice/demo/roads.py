"""The invented road network as the road loader takes it: ways of numbered points, with tags."""

from dataclasses import dataclass

import numpy as np
import shapely
from shapely import LineString

from geoservice.demo.curves import draw
from geoservice.demo.ground import Array, Ground
from geoservice.demo.lanes import with_lanes
from geoservice.demo.network import plan_links
from geoservice.demo.settlements import settle
from geoservice.demo.structures import Piece, cut_structures
from geoservice.demo.terrain import Terrain
from geoservice.roads.arcs import Ways
from geoservice.roads.records import Direction, RoadTags

_LONGEST_PIECES = 14
_SHARPEST_RAD = np.deg2rad(55.0)
_ONE_WAY_STREETS: dict[int, Direction] = {3: "forward", 5: "backward"}  # of the main town's nine
_MAIN_TOWN_STREETS = 9
_NAMES = {
    "trunk": ("演示国道", "Demonstration trunk road", "YG"),
    "primary": ("演示省道", "Demonstration primary road", "YS"),
    "secondary": ("演示县道", "Demonstration secondary road", "YX"),
    "tertiary": ("演示乡道", "Demonstration tertiary road", "YY"),
    "unclassified": ("演示村道", "Demonstration village road", None),
    "residential": ("演示街巷", "Demonstration street", None),
}
_SURFACES = {"unclassified": "concrete", "residential": "concrete"}
_BRIDGE_WEIGHT_T = {"trunk": 55.0, "primary": 49.0, "secondary": 30.0, "tertiary": 20.0}
_TUNNEL_HEIGHT_M = 4.5


@dataclass(frozen=True)
class RoadPlan:
    """Ways and their tags, in the loader's terms, and each way as a line.

    ``ways.refs`` number the points of the demonstration: a number that two ways share is a
    junction. ``codes`` name the ways; ``lines`` are in CGCS2000 degrees.
    """

    ways: Ways
    tags: tuple[RoadTags, ...]
    codes: tuple[str, ...]
    lines: tuple[LineString, ...]


@dataclass(frozen=True)
class _Chain:
    """Pieces one after another, and the places they join, one more."""

    pieces: list[Piece]
    places: list[int]

    def coords(self) -> tuple[Array, list[int]]:
        """Points in metres, and the places' positions among them."""
        parts: list[Array] = []
        at = [0]
        for piece, start in zip(self.pieces, self.places[:-1], strict=True):
            part = piece.coords if piece.start == start else piece.coords[::-1]
            parts.append(part if not parts else part[1:])
            at.append(at[-1] + len(part) - 1)
        return np.concatenate(parts), at


def lay_roads(ground: Ground, terrain: Terrain) -> RoadPlan:
    """Return the road network of the demonstration district."""
    places = settle(ground)
    plan, lines = draw(ground, with_lanes(ground, places, plan_links(ground, places)))
    chains = _chained(cut_structures(ground, terrain, plan, lines))
    place_count = 1 + max(max(chain.places) for chain in chains)
    coords, refs, way = [], [], []
    fresh = place_count
    for number, chain in enumerate(chains):
        points, at = chain.coords()
        own = np.arange(fresh, fresh + len(points))
        fresh += len(points)
        own[at] = chain.places
        coords.append(points)
        refs.append(own)
        way.append(np.full(len(points), number))
    drawn = tuple(ground.degrees(LineString(points)) for points in coords)
    return RoadPlan(
        ways=Ways(
            ids=np.arange(len(chains)),
            refs=np.concatenate(refs),
            lonlat=shapely.get_coordinates(np.array(drawn, dtype=object)),
            way=np.concatenate(way),
        ),
        tags=tuple(_tags(chains)),
        codes=tuple(f"DEMO-ROAD-{number:04d}" for number in range(1, len(chains) + 1)),
        lines=drawn,
    )


def _chained(pieces: list[Piece]) -> list[_Chain]:
    """Pieces of one class (or one street) joined where they run straight on."""
    groups: dict[tuple[object, ...], dict[int, list[int]]] = {}
    for index, piece in enumerate(pieces):
        at = groups.setdefault(_group(index, piece), {})
        at.setdefault(piece.start, []).append(index)
        at.setdefault(piece.end, []).append(index)
    used: set[int] = set()
    chains = []
    for index, piece in enumerate(pieces):
        if index not in used:
            used.add(index)
            at = groups[_group(index, piece)]
            ahead = _extended(pieces, at, used, index, piece.end)
            behind = _extended(pieces, at, used, index, piece.start)
            numbers = [*(n for n, _ in reversed(behind)), index, *(n for n, _ in ahead)]
            places = [*(p for _, p in reversed(behind)), piece.start, piece.end]
            chains.append(_Chain([pieces[n] for n in numbers], places + [p for _, p in ahead]))
    return chains


def _group(index: int, piece: Piece) -> tuple[object, ...]:
    """Return what may be one road: a street; a class; a bridge or tunnel and a lane stand alone."""
    if piece.structure or (piece.road_class == "residential" and piece.street_no < 0):
        return ("alone", index)
    if piece.road_class == "residential":
        return ("street", piece.street_no)
    return ("class", piece.road_class)


def _extended(
    pieces: list[Piece], at: dict[int, list[int]], used: set[int], index: int, place: int
) -> list[tuple[int, int]]:
    """Return the pieces that run on from ``place``, each with the place where it ends."""
    found: list[tuple[int, int]] = []
    while len(found) < _LONGEST_PIECES:
        heading = -_outward(pieces[index], place)
        choices = []
        for other in at[place]:
            if other not in used:
                turn = float(np.arccos(np.clip(heading @ _outward(pieces[other], place), -1, 1)))
                choices.append((turn, other))
        turn, best = min(choices, default=(np.pi, -1))
        if turn > _SHARPEST_RAD:
            break
        used.add(best)
        index = best
        place = pieces[best].end if pieces[best].start == place else pieces[best].start
        found.append((best, place))
    return found


def _outward(piece: Piece, place: int) -> Array:
    """Return the direction in which a piece leaves one of its ends."""
    coords = piece.coords if piece.start == place else piece.coords[::-1]
    away = coords[1] - coords[0]
    return np.asarray(away / np.hypot(*away))


def _tags(chains: list[_Chain]) -> list[RoadTags]:
    """Tags of each chain; roads are numbered within their class, bridges and tunnels apart."""
    counts: dict[str, int] = {}
    found = []
    for chain in chains:
        piece = chain.pieces[0]
        zh, en, letters = _NAMES[piece.road_class]
        if piece.structure:
            zh = "演示桥梁" if piece.structure == "bridge" else "演示隧道"
            en = f"Demonstration {piece.structure}"
        number = counts[zh] = counts.get(zh, 0) + 1
        is_bridge, is_tunnel = piece.structure == "bridge", piece.structure == "tunnel"
        found.append(
            RoadTags(
                road_class=piece.road_class,
                name=f"{zh} {number:03d}",
                name_en=f"{en} {number:03d}",
                ref=f"{letters}{number:03d}" if letters and not piece.structure else None,
                surface=_SURFACES.get(piece.road_class, "asphalt"),
                access=None,
                is_bridge=is_bridge,
                is_tunnel=is_tunnel,
                layer=int(is_bridge) - int(is_tunnel),
                direction=_direction(chain),
                max_speed_kph=None,
                forward_kph=None,
                backward_kph=None,
                max_weight_t=_BRIDGE_WEIGHT_T.get(piece.road_class) if is_bridge else None,
                max_height_m=_TUNNEL_HEIGHT_M if is_tunnel else None,
                unread=(),
            )
        )
    return found


def _direction(chain: _Chain) -> Direction:
    """Return the way of traffic; the main town, with one-way streets, has the first numbers."""
    street = chain.pieces[0].street_no
    if chain.pieces[0].road_class != "residential" or not 0 <= street < 2 * _MAIN_TOWN_STREETS:
        return "both"
    return _ONE_WAY_STREETS.get(street % _MAIN_TOWN_STREETS, "both")
