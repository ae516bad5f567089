"""The roads that a question rests on, or that there are none."""

from collections.abc import Collection, Sequence
from datetime import datetime

from geoservice.db import Connection
from geoservice.dispatch.answers import ClosureMet
from geoservice.errors import ConflictError, NoDistrictError
from geoservice.network.current import GRAPH_STATE, RoadsNow, open_roads
from geoservice.network.records import Place, WhatIf
from geoservice.network.refusals import check_inside, replaced


def roads_or_none(
    conn: Connection,
    *,
    profile: str,
    at: datetime,
    what_if: Sequence[WhatIf] = (),
    without_floods: Collection[int] = (),
) -> RoadsNow | None:
    """Return the roads for a vehicle as they are at an instant, None where none are loaded.

    ``what_if`` are closures that are asked about on top of those in force, ``without_floods``
    scenarios in force that are left out.

    Raises
    ------
    NoDistrictError
        No boundary is loaded.
    UnknownNameError
        There is no such vehicle.
    BusyError
        The roads are being changed.
    """
    try:
        return open_roads(
            conn, profile=profile, at=at, what_if=what_if, without_floods=without_floods
        )
    except NoDistrictError:
        raise
    except ConflictError:  # no roads are loaded
        return None


def check_place(conn: Connection, place: Place, *, at: datetime) -> None:
    """Refuse a place outside the service envelope, where no network does.

    Raises
    ------
    OutsideDistrictError
        It is outside.
    """
    check_inside(GRAPH_STATE.one(conn, at=at), place)


def roads_of(
    conn: Connection, profiles: Sequence[str], *, at: datetime, what_if: Sequence[WhatIf] = ()
) -> list[RoadsNow]:
    """Return the roads for each vehicle, all in one state; none at all where none are loaded.

    Raises
    ------
    NoDistrictError
        No boundary is loaded.
    UnknownNameError
        There is no such vehicle.
    BusyError
        The roads are being changed.
    """
    found = [roads_or_none(conn, profile=it, at=at, what_if=what_if) for it in profiles]
    roads = [it for it in found if it is not None]
    if 0 < len(roads) < len(profiles) or len({it.state.state_uid for it in roads}) > 1:
        raise replaced()
    return roads


def closures_met(*roads: RoadsNow | None) -> tuple[ClosureMet, ...]:
    """Return what hinders the vehicles, as answers tell it; nothing without roads.

    Each once, as the first of the vehicles that it hinders meets it.
    """
    found: dict[tuple[str, int], ClosureMet] = {}
    for it in roads:
        for c in it.hindrances if it else ():
            told = ClosureMet(c.id, c.name, c.code, c.effect, c.kind)
            found.setdefault((c.kind, c.id), told)
    return tuple(found.values())
