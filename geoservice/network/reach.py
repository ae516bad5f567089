"""How soon places are at an incident by road, why some are not, and by which ways they come."""

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from geoservice.db import Connection
from geoservice.network import reasons
from geoservice.network.current import RoadsNow
from geoservice.network.effects import Met
from geoservice.network.graph import Floats
from geoservice.network.hubs import can_come
from geoservice.network.records import LandingRow, Place, Stand
from geoservice.network.refusals import check_inside
from geoservice.network.routing import Arrivals, find_nearest
from geoservice.network.snapping import Snapped, closures_at, snap_places, snap_stands
from geoservice.network.ways import Driven, closures_between, drive_ways
from geoservice.texts import Text


@dataclass(frozen=True)
class Search:
    """How far to look.

    ``wanted`` of the places, the soonest, are enough (None: all); whoever drives longer than
    ``within_s`` does not count; a road farther than ``snap_limit_m`` is out of reach on foot.
    """

    wanted: int | None
    within_s: float | None
    snap_limit_m: float


@dataclass(frozen=True, eq=False)
class Reach:
    """Who gets to one incident, and how soon.

    ``time_s`` is the driving time of each place in the order given, shape ``(n,)``; ``inf``
    where it cannot come, not in the time asked, or later than those wanted.
    """

    conn: Connection
    roads: RoadsNow
    search: Search
    incident: Snapped
    places: Snapped
    arrived: Arrivals

    @property
    def time_s(self) -> Floats:
        """Seconds of driving, shape ``(n,)``."""
        return self.arrived.time_s

    @property
    def incident_row(self) -> LandingRow:
        """The road that the incident was put on; ``snap_m`` is None where none is near."""
        return self.incident.rows[0][0]

    @property
    def incident_closures(self) -> tuple[Met, ...]:
        """The closures that shut a road nearer to the incident than the one it was put on."""
        return closures_at(self.roads, self.incident.rows[0])

    def snap_m(self, i: int) -> float | None:
        """Metres from a place to the road it starts on; None where no open road is near."""
        return self.places.snap_m(i)

    def closures_at(self, i: int) -> tuple[Met, ...]:
        """Return the closures that shut a road nearer to a place than the one it starts on."""
        return closures_at(self.roads, self.places.rows[i])

    @cached_property
    def cut_off(self) -> NDArray[np.bool_]:
        """Whether no open road leads from each place to the incident, however far."""
        is_known = np.isfinite(self.time_s)
        if is_known.all():
            return ~is_known
        to, at = self.incident.landings, self.places.landings
        return ~(is_known | can_come(self.roads.weights, self.roads.hub, to, at, is_known.size))

    @cached_property
    def not_reached(self) -> dict[int, Text]:
        """Why each place that cannot come, or not in the time asked, does not; by place.

        Whoever can come but later than those wanted is not among them.
        """
        why = self._why_cut_off(np.flatnonzero(self.cut_off).tolist())
        if self.search.within_s is not None:
            slow = np.flatnonzero(~self.cut_off & np.isinf(self.time_s)).tolist()
            why |= dict.fromkeys(slow, reasons.too_far(self.search.within_s / 60))
        return dict(sorted(why.items()))

    def again(self, *, wanted: int | None, within_s: float | None) -> "Reach":
        """Return the same with other limits: searched anew, from where it was put on the road."""
        search = replace(self.search, wanted=wanted, within_s=within_s)
        return replace(
            self, search=search, arrived=_arrived(self.roads, self.incident, self.places, search)
        )

    def why(self, i: int) -> Text:
        """Return why place ``i``, one of `not_reached`, does not come."""
        return self.not_reached[i]

    def ways(self, chosen: Sequence[int]) -> list[Driven]:
        """Return the way of each chosen place, all of which were reached; none for none.

        Raises
        ------
        BusyError
            The roads were replaced since they were read.
        """
        return drive_ways(self.conn, self.roads, self.incident.landings, self.arrived, chosen)

    def _why_cut_off(self, cut: list[int]) -> dict[int, Text]:
        limit_m = self.search.snap_limit_m
        if self.incident.snap_m(0) is None:
            return dict.fromkeys(cut, reasons.incident_off_road(limit_m))
        off_road = [i for i in cut if self.snap_m(i) is None]
        why = {i: reasons.no_road_near(limit_m, self.places.rows[i][0].gap_m) for i in off_road}
        no_way = [i for i in cut if i not in why]
        between = closures_between(self.roads, self.incident.landings, self.places.landings, no_way)
        return why | {i: reasons.no_way(between.get(i)) for i in no_way}


def reach(
    conn: Connection,
    roads: RoadsNow,
    incident: Place,
    places: Sequence[Stand],
    *,
    wanted: int | None,
    within_s: float | None,
    snap_limit_m: float,
) -> Reach:
    """Return how soon each place is at an incident.

    Parameters
    ----------
    roads
        From `open_roads`.
    incident
        Where to, degrees.
    places
        Where from, in any order; none give empty arrays.
    wanted
        Times of the ``wanted`` soonest are enough, None is everybody.
    within_s
        Seconds of driving at most, None is any.
    snap_limit_m
        Metres between a place and the nearest open road at most.

    Raises
    ------
    OutsideDistrictError
        The incident is outside the service envelope.
    BusyError
        The roads were replaced since they were read.
    """
    return reach_many(
        conn,
        roads,
        [incident],
        places,
        wanted=wanted,
        within_s=within_s,
        snap_limit_m=snap_limit_m,
    )[0]


def reach_many(
    conn: Connection,
    roads: RoadsNow,
    incidents: Sequence[Place],
    places: Sequence[Stand],
    *,
    wanted: int | None,
    within_s: float | None,
    snap_limit_m: float,
) -> list[Reach]:
    """Return the same for several incidents, one `Reach` each, in the order given.

    Raises
    ------
    OutsideDistrictError
        An incident is outside the service envelope.
    BusyError
        The roads were replaced since they were read.
    """
    for incident in incidents:
        check_inside(roads.state, incident)
    search = Search(wanted, within_s, snap_limit_m)
    at = snap_stands(conn, roads, places, limit_m=snap_limit_m)
    found = []
    for incident in incidents:
        to = snap_places(conn, roads, [incident], limit_m=snap_limit_m)
        arrived = _arrived(roads, to, at, search)
        found.append(Reach(conn, roads, search, to, at, arrived))
    return found


def _arrived(roads: RoadsNow, to: Snapped, at: Snapped, search: Search) -> Arrivals:
    count = len(at.rows)
    wanted = count if search.wanted is None else search.wanted
    return find_nearest(
        roads.weights, to.landings, at.landings, count, wanted=wanted, within_s=search.within_s
    )


def soonest(reached: Reach, codes: Sequence[str]) -> list[int]:
    """Return the places reached, by time to the millisecond and then by code."""
    time_s = reached.time_s.tolist()
    on_time = [i for i, seconds in enumerate(time_s) if math.isfinite(seconds)]
    return sorted(on_time, key=lambda i: (round(time_s[i], 3), codes[i]))
