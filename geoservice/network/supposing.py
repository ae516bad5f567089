"""What if: closures that are asked about, on the arcs that they lie on."""

from collections.abc import Sequence

import numpy as np

from geoservice.db import Connection, Query
from geoservice.network.effects import Laid, Obstacle, laid, met_by
from geoservice.network.graph import RoadNetwork
from geoservice.network.profiles import RoadRules, VehicleProfile
from geoservice.network.records import SupposedRow, WhatIf

SUPPOSED = Query("network", "supposed", SupposedRow)


def suppose(
    conn: Connection,
    network: RoadNetwork,
    what_if: Sequence[WhatIf],
    vehicle: tuple[VehicleProfile, RoadRules],
) -> Laid:
    """Return what is supposed on its arcs; numbered from 1 on."""
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
    return laid(met_by(obstacles, *vehicle), rows["no"].astype(np.int32), arcs)
