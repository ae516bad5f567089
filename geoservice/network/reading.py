"""The network and what lies on it, read from the database."""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Any

import numpy as np
from numpy.typing import NDArray

from geoservice.db import Connection, Query
from geoservice.network.bans import Restriction
from geoservice.network.effects import Laid, Obstacle, laid, met_by
from geoservice.network.graph import Ints, RoadNetwork
from geoservice.network.profiles import RoadRules, VehicleProfile
from geoservice.network.records import ArcColumns, GraphState, LaidRow, RuleRow

ARCS = Query("network", "arcs", ArcColumns)
SURFACES = Query("network", "surfaces", str)
RESTRICTIONS = Query("network", "restrictions", Restriction)
TAKE_TIME = Query("network", "take_time", str)
VEHICLES = Query("network", "profiles", VehicleProfile)
RULES = Query("network", "rules", RuleRow)
OBSTACLES = Query("network", "obstacles", Obstacle)
LAID = Query("network", "laid", LaidRow)

_WHOLE, _REAL, _SMALL = ">i8", ">f8", ">i2"
_KINDS = {
    "id": _WHOLE, "road_id": _WHOLE, "from_node": _WHOLE, "to_node": _WHOLE,
    "start_deg": _SMALL, "end_deg": _SMALL, "surface": _SMALL,
}  # fmt: skip


@dataclass(frozen=True, eq=False)
class Facts:
    """What is in force at an instant, for whatever vehicle."""

    vehicles: Mapping[str, VehicleProfile]
    rules: RoadRules
    obstacles: list[Obstacle]
    number: Ints
    arc: Ints

    def met_by(self, vehicle: VehicleProfile) -> Laid:
        """Return what a vehicle meets of it, and on which arcs."""
        return laid(met_by(self.obstacles, vehicle, self.rules), self.number, self.arc)


def read_network(conn: Connection) -> RoadNetwork:
    """Return the network as it is; no roads give an empty one."""
    TAKE_TIME.one(conn)
    surfaces = SURFACES.all(conn)
    row = ARCS.one(conn, surfaces=surfaces)
    columns: dict[str, NDArray[Any]] = {}
    for field in fields(ArcColumns):
        kind = np.dtype(_KINDS.get(field.name, _REAL))
        values = np.frombuffer(getattr(row, field.name) or b"", kind)
        columns[field.name] = values.astype(kind.newbyteorder("="))
    return RoadNetwork.from_columns(columns, RESTRICTIONS.all(conn), ["", *surfaces])


def read_facts(conn: Connection, network: RoadNetwork, state: GraphState) -> Facts:
    """Return what is in force in that state."""
    asked = {"closures": state.closure_ids, "floods": state.flood_ids}
    obstacles = OBSTACLES.all(conn, **asked)
    rows = LAID.columns(conn, **asked)
    place = {(one.kind, one.id): i for i, one in enumerate(obstacles)}
    keys = zip(rows["kind"].tolist(), rows["id"].tolist(), strict=True)
    number = np.array([place.get(key, -1) for key in keys], np.int32)
    arc = network.find_arcs(rows["arc_id"].astype(np.int64))
    return Facts(
        vehicles={vehicle.code: vehicle for vehicle in VEHICLES.all(conn)},
        rules=RoadRules.from_values({row.code: row.value for row in RULES.all(conn)}),
        obstacles=obstacles,
        number=number[number >= 0],
        arc=arc[number >= 0],
    )
