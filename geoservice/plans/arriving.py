"""How soon each place is at each incident: by road, or by straight line where no road is loaded."""

from collections.abc import Sequence
from dataclasses import dataclass

from shapely import LineString

from geoservice.db import Connection
from geoservice.dispatch import reasons
from geoservice.dispatch.answers import ClosureMet, IncidentSnap
from geoservice.dispatch.roads import closures_met
from geoservice.dispatch.straight import guess_m, guess_s, how_guessed, no_roads
from geoservice.network.current import RoadsNow
from geoservice.network.reach import Reach, reach_many
from geoservice.network.reasons import no_road_near
from geoservice.network.records import Place, Stand
from geoservice.network.ways import Driven
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


class ByRoad:
    """Driving times by the roads now, under the closures in force."""

    def __init__(self, roads: RoadsNow, reached: Sequence[Reach]) -> None:
        self.graph_version: int | None = roads.graph_version
        self.closures = closures_met(roads)
        # All in force, whoever they are for: an order is refused when others are by then.
        self.closure_ids = tuple(roads.state.closure_ids)
        self.flood_ids = tuple(roads.state.flood_ids)
        self.notes: tuple[Text, ...] = ()
        self._reached = reached
        self._times = [it.time_s.tolist() for it in reached]

    def drive_s(self, incident: int, place: int) -> float:
        """Return the seconds of driving, ``inf`` where it cannot come."""
        return float(self._times[incident][place])

    def why_not(self, incident: int, place: int) -> Text:
        """Return why a place cannot come."""
        return self._reached[incident].why(place)

    def legs(self, incident: int, places: Sequence[int]) -> list[Leg]:
        """Return the ways of places that can come, in one query."""
        reached = self._reached[incident]
        driven = reached.ways(places)
        return [_leg(reached, i, way) for i, way in zip(places, driven, strict=True)]

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
    conn: Connection, roads: RoadsNow | None, incidents: Sequence[Place], stands: Sequence[Stand]
) -> Arriving:
    """Return how soon each stand is at each incident; without roads, by straight line.

    Raises
    ------
    OutsideDistrictError
        An incident is outside the service envelope.
    BusyError
        The roads are being changed.
    """
    if roads is None:
        return ByStraightLine(incidents, stands)
    reached = reach_many(
        conn, roads, incidents, stands, wanted=None, within_s=None, snap_limit_m=SNAP_LIMIT_M
    )
    return ByRoad(roads, reached)


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
