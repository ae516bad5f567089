"""How long people take from each settlement to each shelter, and by which ways."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from shapely import LineString

from geoservice.db import Connection
from geoservice.dispatch.answers import Basis
from geoservice.dispatch.straight import guess_m, guess_s
from geoservice.evacuation.answers import SNAP_LIMIT_M
from geoservice.evacuation.records import SettlementRow, ShelterRow
from geoservice.network.current import RoadsNow
from geoservice.network.reach import Reach, reach
from geoservice.texts import Text


@dataclass(frozen=True)
class Drive:
    """One way: metres, and its line where it is by road."""

    distance_m: float
    line: LineString | None


@dataclass(frozen=True, eq=False)
class Times:
    """Seconds of driving from each settlement (rows) to each shelter, ``inf`` where none leads.

    ``why`` is why a settlement, by its row, cannot come to the first shelter that it cannot come
    to; ``drives`` gives the ways of some settlements to a shelter.
    """

    basis: Basis
    drive_s: NDArray[np.float64]
    why: Mapping[int, Text]
    drives: Callable[[int, Sequence[int]], list[Drive]]


def times_by_road(
    conn: Connection,
    roads: RoadsNow,
    settlements: Sequence[SettlementRow],
    shelters: Sequence[ShelterRow],
) -> Times:
    """Return driving times around the closures in force.

    Raises
    ------
    BusyError
        The roads were replaced since they were read.
    """
    stands = [it.stand for it in settlements]

    def to(shelter: ShelterRow) -> Reach:
        # One at a time: a search of a large network takes as much memory as the network.
        return reach(
            conn, roads, shelter.place, stands, wanted=None, within_s=None,
            snap_limit_m=SNAP_LIMIT_M,
        )  # fmt: skip

    def drives(shelter: int, chosen: Sequence[int]) -> list[Drive]:
        ways = to(shelters[shelter]).ways(chosen)
        return [Drive(way.distance_m, way.line.geom) for way in ways]

    drive_s = np.full((len(settlements), len(shelters)), np.inf)
    why: dict[int, Text] = {}
    for j, shelter in enumerate(shelters):
        reached = to(shelter)
        drive_s[:, j] = reached.time_s
        why = dict(reached.not_reached) | why
    return Times("road", drive_s, why, drives)


def times_by_straight_line(
    settlements: Sequence[SettlementRow], shelters: Sequence[ShelterRow]
) -> Times:
    """Return guesses, where no roads are loaded."""
    places = [it.place for it in shelters]
    rows = [guess_m(it.place, places) for it in settlements]
    metres = np.array(rows, float).reshape(len(settlements), len(shelters))

    def drives(shelter: int, chosen: Sequence[int]) -> list[Drive]:
        return [Drive(float(metres[i, shelter]), None) for i in chosen]

    return Times("straight_line", guess_s(metres), {}, drives)
