"""How soon each place is at each incident: by road, or by straight line where no road is loaded."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from shapely import LineString

from geoservice.db import Connection
from geoservice.dispatch import reasons
from geoservice.dispatch.answers import ClosureMet, IncidentSnap
from geoservice.dispatch.roads import closures_met, roads_of
from geoservice.dispatch.straight import guess_m, guess_s, how_guessed, no_roads
from geoservice.network.current import RoadsNow
from geoservice.network.reach import Reach, reach_many
from geoservice.network.reasons import no_road_near
from geoservice.network.records import Place, Stand
from geoservice.network.ways import Driven
from geoservice.plans.questions import PlanQuestion
from geoservice.texts import Text

SNAP_LIMIT_M = 2000.0


@dataclass(frozen=True)
class Leg:
    """One way: seconds of driving, metres, and what is to be said of it."""

    drive_s: float
    distance_m: float
    detour_s: float
    snap_m: float
    line: LineString | None
    reasons: tuple[Text, ...]


@dataclass(frozen=True)
class Journey:
    """What is asked, as of when, and which places drive by a vehicle of their own (by its code)."""

    question: PlanQuestion
    at: datetime
    vehicles: Mapping[tuple[str, int], str | None]


@dataclass(frozen=True, eq=False)
class _Fleet:
    """The places that drive by one vehicle, and how soon they are at each incident."""

    roads: RoadsNow
    reached: Sequence[Reach]
    places: Sequence[int]


class ByRoad:
    """Driving times by the roads, under the closures in force; each place by its own vehicle.

    The first fleet is that of the question's profile: of what is told once, it decides.
    """

    def __init__(self, fleets: Sequence[_Fleet]) -> None:
        roads = fleets[0].roads
        self.graph_version: int | None = roads.graph_version
        self.closures = closures_met(*(it.roads for it in fleets))
        # All in force, whoever they are for: an order is refused when others are by then.
        self.closure_ids = tuple(roads.state.closure_ids)
        self.flood_ids = tuple(roads.state.flood_ids)
        self.notes: tuple[Text, ...] = ()
        self._reached = fleets[0].reached
        self._of = {place: (it, i) for it in fleets for i, place in enumerate(it.places)}
        self._times = [_times(fleets, no) for no in range(len(self._reached))]

    def drive_s(self, incident: int, place: int) -> float:
        """Return the seconds of driving, ``inf`` where it cannot come."""
        return self._times[incident][place]

    def why_not(self, incident: int, place: int) -> Text:
        """Return why a place cannot come."""
        fleet, i = self._of[place]
        return fleet.reached[incident].why(i)

    def legs(self, incident: int, places: Sequence[int]) -> list[Leg]:
        """Return the ways of places that can come, in one query for each vehicle."""
        found: dict[int, Leg] = {}
        for fleet in dict.fromkeys(self._of[place][0] for place in places):
            reached = fleet.reached[incident]
            theirs = [place for place in places if self._of[place][0] is fleet]
            numbers = [self._of[place][1] for place in theirs]
            driven = zip(theirs, numbers, reached.ways(numbers), strict=True)
            found |= {place: _leg(reached, i, way) for place, i, way in driven}
        return [found[place] for place in places]

    def snap(self, incident: int) -> IncidentSnap | None:
        """Return where the incident meets the road."""
        reached = self._reached[incident]
        row = reached.incident_row
        notes = reasons.shut_in(reached.incident_closures)
        if row.snap_m is None:
            notes.insert(0, no_road_near(reached.search.snap_limit_m, row.gap_m))
        return IncidentSnap(row.snap_m, row.road, tuple(notes))


class ByStraightLine:
    """Guesses by straight line, said to be such: no road network is loaded."""

    graph_version: int | None = None
    closures: tuple[ClosureMet, ...] = ()
    closure_ids: tuple[int, ...] = ()
    flood_ids: tuple[int, ...] = ()
    notes: tuple[Text, ...] = (no_roads(), how_guessed())

    def __init__(self, incidents: Sequence[Place], stands: Sequence[Stand]) -> None:
        others = [Place(it.lon, it.lat) for it in stands]
        self._metres = [guess_m(it, others) for it in incidents]
        self._times = [guess_s(metres) for metres in self._metres]

    def drive_s(self, incident: int, place: int) -> float:
        """Return the seconds that it would take."""
        return float(self._times[incident][place])

    def why_not(self, incident: int, place: int) -> Text:  # noqa: ARG002  # everything comes
        """Return why a place cannot come: by straight line all can."""
        return self.notes[0]

    def legs(self, incident: int, places: Sequence[int]) -> list[Leg]:
        """Return the ways, which have no line."""
        metres = self._metres[incident]
        return [
            Leg(self.drive_s(incident, i), float(metres[i]), 0, 0, None, self.notes) for i in places
        ]

    def snap(self, incident: int) -> IncidentSnap | None:  # noqa: ARG002  # there is no road
        """Return where the incident meets the road: nowhere."""
        return None


Arriving = ByRoad | ByStraightLine


def arrive(
    conn: Connection, journey: Journey, incidents: Sequence[Place], stands: Sequence[Stand]
) -> Arriving:
    """Return how soon each stand is at each incident; without roads, by straight line.

    Raises
    ------
    NoDistrictError, OutsideDistrictError
        No boundary is loaded; an incident is outside its envelope.
    UnknownNameError
        There is no such profile.
    BusyError
        The roads are being changed.
    """
    own = journey.question.profile
    fleets: dict[str, list[int]] = {own: []}
    for i, stand in enumerate(stands):
        vehicle = journey.vehicles.get((stand.kind, stand.id)) or own
        fleets.setdefault(vehicle, []).append(i)
    by = roads_of(conn, tuple(fleets), at=journey.at, what_if=journey.question.what_if)
    if not by:
        return ByStraightLine(incidents, stands)
    found = []
    for roads, places in zip(by, fleets.values(), strict=True):
        theirs = [stands[i] for i in places]
        reached = reach_many(
            conn, roads, incidents, theirs, wanted=None, within_s=None, snap_limit_m=SNAP_LIMIT_M
        )
        found.append(_Fleet(roads, reached, places))
    return ByRoad(found)


def _times(fleets: Sequence[_Fleet], incident: int) -> dict[int, float]:
    return {
        place: seconds
        for it in fleets
        for place, seconds in zip(it.places, it.reached[incident].time_s.tolist(), strict=True)
    }


def _leg(reached: Reach, i: int, way: Driven) -> Leg:
    snap_m = reached.snap_m(i) or 0.0
    said = (
        reasons.drive(way.drive_s, way.distance_m, way.line),
        *reasons.off_road(snap_m),
        *reasons.shut_in(reached.closures_at(i)),
        *reasons.detour(way.detour_s, way.avoided, way.slowed),
        *reasons.dangers(way.sections),
    )
    return Leg(way.drive_s, way.distance_m, way.detour_s, snap_m, way.line.geom, said)
