"""What can be asked for: kinds of resources, how they are read, how long until they drive."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from geoservice.db import Connection, Query
from geoservice.dispatch.answers import NearestQuestion
from geoservice.dispatch.eta import ASSUMED_LOAD_MIN, ASSUMED_TURN_OUT_MIN
from geoservice.dispatch.records import Resource


@dataclass(frozen=True)
class Kind:
    """One kind: its query, with the parameters that are the question's own fields.

    ``assumed_min`` counts where no time to load or turn out is on record.
    """

    query: Query[Resource]
    assumed_min: float
    parameters: tuple[str, ...] = ()


DEPOTS = Query("dispatch", "depots", Resource)
RESCUE_TEAMS = Query("dispatch", "rescue_teams", Resource)
FIRE_STATIONS = Query("dispatch", "fire_stations", Resource)
TOWN_STATIONS = Query("dispatch", "town_stations", Resource)
SHELTERS = Query("dispatch", "shelters", Resource)

# A fire station turns out within a minute of the alarm; provisional like the others.
BY_KIND: Mapping[str, Kind] = {
    "depot": Kind(DEPOTS, ASSUMED_LOAD_MIN, ("item",)),
    "rescue_team": Kind(RESCUE_TEAMS, ASSUMED_TURN_OUT_MIN, ("skill", "type_no")),
    "fire_station": Kind(FIRE_STATIONS, 1),
    "town_station": Kind(TOWN_STATIONS, ASSUMED_TURN_OUT_MIN),
    "shelter": Kind(SHELTERS, 0),
}


def read_resources(
    conn: Connection, question: NearestQuestion, towns: Collection[str] | None
) -> list[Resource]:
    """Return everything of the kind that fits, by code, and whether it is in the caller's towns."""
    kind = BY_KIND[question.kind]
    asked = {name: getattr(question, name) for name in kind.parameters}
    return kind.query.all(conn, towns=None if towns is None else sorted(towns), **asked)
