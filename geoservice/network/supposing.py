"""What if: closures that are asked about, laid on the network with those in force."""

from collections.abc import Sequence

import numpy as np

from geoservice.db import Connection, Query
from geoservice.network.effects import Laid, Met, Obstacle, laid, met_by
from geoservice.network.graph import RoadNetwork
from geoservice.network.profiles import RoadRules, VehicleProfile
from geoservice.network.records import SupposedRow, WhatIf

SUPPOSED = Query("network", "supposed", SupposedRow)


def suppose(
    conn: Connection,
    network: RoadNetwork,
    present: Laid,
    what_if: Sequence[WhatIf],
    vehicle: tuple[VehicleProfile, RoadRules],
) -> Laid:
    """Return what is in force together with what is supposed, which is numbered from 1 on."""
    rows = SUPPOSED.columns(
        conn,
        shapes=[one.geom.wkb_hex for one in what_if],
        structures=[one.includes_structures for one in what_if],
    )
    obstacles = [
        Obstacle(
            "what_if", no, f"?{no}", one.name, one.factor, one.depth_m,
            list(one.vehicle_classes), None,
        )
        for no, one in enumerate(what_if, 1)
    ]  # fmt: skip
    arcs = network.find_arcs(rows["arc_id"].astype(np.int64))
    more = laid(met_by(obstacles, *vehicle), rows["no"].astype(np.int32), arcs)
    met: tuple[Met, ...] = (*present.met, *more.met)
    return Laid(
        met,
        np.concatenate([present.number, more.number + len(present.met)]).astype(np.int32),
        np.concatenate([present.arc, more.arc]).astype(np.int32),
    )
