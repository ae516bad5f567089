"""Put incidents down, amend, list and close them."""

import json
from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from pydantic import TypeAdapter

from geoservice.db import Connection, Query, require_district
from geoservice.errors import ConflictError, ForbiddenError, NotFoundError, VersionError
from geoservice.incidents.records import HeldIncident, Incident, Report
from geoservice.registry.editing import Editor

ADD_INCIDENT = Query("incidents", "add_incident", int)
SET_NEEDS = Query("incidents", "set_needs", int)
AMEND_INCIDENT = Query("incidents", "amend_incident", str)
HOLD_INCIDENT = Query("incidents", "hold_incident", HeldIncident)
CLOSE_INCIDENT = Query("incidents", "close_incident", str)
INCIDENTS = Query("incidents", "incidents", Incident)
EVERYTHING = Editor()
_AS_JSON = TypeAdapter(Incident)


def add_incident(conn: Connection, report: Report, scope: Editor = EVERYTHING) -> Incident:
    """Put an incident down and return it with its code and the command post that answers.

    Raises
    ------
    NoDistrictError, OutsideDistrictError
        No boundary is loaded; the place is outside its envelope.
    ForbiddenError
        The place is not in the caller's towns.
    """
    require_district(conn)
    said = asdict(report)
    needs = said.pop("needs")
    incident_id = ADD_INCIDENT.one(conn, **said)
    if needs:
        SET_NEEDS.one(conn, id=incident_id, needs=json.dumps(needs, default=str))
    incident = read_incident(conn, incident_id)
    if not scope.may_write(incident.town_code):
        towns = ", ".join(sorted(scope.towns or ()))
        raise ForbiddenError(
            f"the place is in town {incident.town_code or 'none'}: yours are {towns}",
            zh=f"事发地乡镇为 {incident.town_code or '无'}：您只能登记 {towns}",
            where="town_code",
        )
    return incident


def read_incident(conn: Connection, incident_id: int, scope: Editor = EVERYTHING) -> Incident:
    """Return an incident.

    Raises
    ------
    NotFoundError
        There is none of that number, or not in the caller's towns.
    """
    found = INCIDENTS.first(conn, **_scope(scope), id=incident_id, state=None, before=None, limit=1)
    if found is None:
        raise _nothing(incident_id)
    return found


def list_incidents(
    conn: Connection,
    scope: Editor = EVERYTHING,
    *,
    state: str | None = None,
    before: int | None = None,
    limit: int = 100,
) -> list[Incident]:
    """Return incidents in a state (None: all) below an id, the newest first."""
    return INCIDENTS.all(conn, **_scope(scope), id=None, state=state, before=before, limit=limit)


def amend_incident(
    conn: Connection,
    incident_id: int,
    changes: Mapping[str, Any],
    *,
    version: int | None,
    scope: Editor = EVERYTHING,
) -> Incident:
    """Change what is said of an open incident; ``version`` None: whichever it is.

    Parameters
    ----------
    changes
        Of the fields of a report; ``lon`` and ``lat`` together.

    Raises
    ------
    NotFoundError, VersionError
        There is no such incident; it is not of this version any more.
    ConflictError
        It is closed.
    OutsideDistrictError
        The place is outside the envelope.
    """
    _held(conn, incident_id, scope, version=version)
    said = dict(changes)
    needs = said.pop("needs", None)
    lon, lat = said.pop("lon", None), said.pop("lat", None)
    AMEND_INCIDENT.run(
        conn, id=incident_id, changes=json.dumps(said, default=str), lon=lon, lat=lat
    )
    if needs is not None:
        SET_NEEDS.one(conn, id=incident_id, needs=json.dumps(needs, default=str))
    return read_incident(conn, incident_id, scope)


def close_incident(conn: Connection, incident_id: int, scope: Editor = EVERYTHING) -> Incident:
    """Say that an incident is over.

    Raises
    ------
    NotFoundError
        There is no such incident.
    ConflictError
        It is closed already, or orders of it are open.
    """
    _held(conn, incident_id, scope)
    CLOSE_INCIDENT.run(conn, id=incident_id)
    return read_incident(conn, incident_id, scope)


def _held(
    conn: Connection, incident_id: int, scope: Editor, *, version: int | None = None
) -> HeldIncident:
    held = HOLD_INCIDENT.first(conn, id=incident_id)
    if held is None or not scope.may_write(held.town_code) or held.secrecy not in scope.secrecies:
        raise _nothing(incident_id)
    if version is not None and held.version != version:
        now = read_incident(conn, incident_id)
        raise VersionError(
            f"{now.code} was changed by {now.updated_by}: it is version {held.version} now, "
            f"your change was made on {version}. Compare, and change it again",
            zh=f"{now.code} 已被 {now.updated_by} 修改：现为第 {held.version} 版，"
            f"您基于第 {version} 版。请对比后重新修改",
            current={**_AS_JSON.dump_python(now, mode="json"), "etag": now.etag},
        )
    if held.state == "closed":
        raise ConflictError(
            f"incident {incident_id} is closed", zh=f"事件 {incident_id} 已结束", where="state"
        )
    return held


def _nothing(incident_id: int) -> NotFoundError:
    return NotFoundError(
        f"there is no incident {incident_id}", zh=f"没有事件 {incident_id}", where="incident_id"
    )


def _scope(scope: Editor) -> dict[str, Any]:
    towns = None if scope.towns is None else sorted(scope.towns)
    return {"secrecies": list(scope.secrecies), "towns": towns}
