"""Settlements that no depot reaches, and depots that reach none, under the closures in force."""

from collections.abc import Sequence

import numpy as np

from geoservice.coverage.answers import SNAP_LIMIT_M, Stranded
from geoservice.coverage.records import Living
from geoservice.db import Connection
from geoservice.dispatch.records import Resource
from geoservice.dispatch.straight import guess_m
from geoservice.network.current import RoadsNow
from geoservice.network.reach import reach
from geoservice.network.records import Place, Stand
from geoservice.network.routing import NO_LIMIT_S
from geoservice.network.spread import spread
from geoservice.texts import Text

# So many settlements are tried for one that most stations reach.
_TRIED = 5


def cut_off_settlements(
    conn: Connection, roads: RoadsNow, depots: Sequence[Resource], settlements: Sequence[Living]
) -> list[Stranded]:
    """Return the settlements that no depot can drive to, and why the nearest cannot.

    Raises
    ------
    BusyError
        The roads were replaced since they were read.
    """
    stands = [it.stand("depot") for it in depots]
    found = spread(
        conn, roads, stands, within_s=NO_LIMIT_S, snap_limit_m=SNAP_LIMIT_M,
        places=[it.stand for it in settlements],
    )  # fmt: skip
    places = [it.place for it in depots]
    told = []
    for i in np.flatnonzero(np.isinf(found.time_s)).tolist():
        it = settlements[i]
        why = _no_depot()
        if depots:
            nearest = stands[int(np.argmin(guess_m(it.place, places)))]
            why = _why(conn, roads, it.place, nearest)
        told.append(Stranded(it.code, it.name, it.population, why))
    return told


def stranded(
    conn: Connection,
    roads: RoadsNow,
    resources: Sequence[Resource],
    *,
    kind: str,
    settlements: Sequence[Living],
) -> list[Stranded]:
    """Return those that cannot drive to the settlement that most of them reach, and why.

    Raises
    ------
    BusyError
        The roads were replaced since they were read.
    """
    stands = [it.stand(kind) for it in resources]
    if not (stands and settlements):
        return []
    # Where the network is in pieces, the main one is that of most stations.
    best: dict[int, Text] | None = None
    for it in settlements[:_TRIED]:
        reached = reach(
            conn, roads, it.place, stands, wanted=1, within_s=None, snap_limit_m=SNAP_LIMIT_M
        )
        if best is None or len(reached.not_reached) < len(best):
            best = reached.not_reached
        if not best:
            break
    return [
        Stranded(resources[i].code, resources[i].name, None, why) for i, why in (best or {}).items()
    ]


def _why(conn: Connection, roads: RoadsNow, place: Place, depot: Stand) -> Text:
    reached = reach(conn, roads, place, [depot], wanted=1, within_s=None, snap_limit_m=SNAP_LIMIT_M)
    # Beside a closed road people are counted from an open one, which vehicles may come to.
    return reached.not_reached.get(0, _not_to_the_door())


def _no_depot() -> Text:
    return Text(zh="没有登记的储备点", en="no depot is on record")


def _not_to_the_door() -> Text:
    return Text(
        zh="仅能到附近的另一条道路，到不了居民点所在道路",
        en="only another road near by is reached, not the one it lies on",
    )
