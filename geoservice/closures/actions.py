"""Close a road, change that, open it again; put a flood on the roads."""

import secrets
from collections.abc import Mapping
from datetime import datetime
from typing import Any, Literal

from geoservice.closures.records import Closure, ClosureRow, Flood, told
from geoservice.db import Connection, Query
from geoservice.errors import ConflictError, InputError, NotFoundError, VersionError
from geoservice.registry import editing
from geoservice.registry.bodies import read_shape
from geoservice.registry.editing import Editor

CLOSURES = Query("closures", "closures", ClosureRow)
CLASSES = Query("closures", "classes", str)
TOWN_OF = Query("closures", "town_of", str)
FLOODS = Query("closures", "floods", Flood)
LOCK_FLOOD = Query("closures", "lock_flood", int)
SET_FLOOD = Query("closures", "set_flood", int)

State = Literal["in_force", "to_come", "past", "all"]
REGISTER = "road_closures"
_NAMES = {
    "flood": "积水封闭", "landslide": "塌方封闭", "accident": "事故封闭", "works": "施工封闭",
    "ice": "结冰封闭", "control": "交通管制", "other": "道路封闭",
}  # fmt: skip


def close_road(
    conn: Connection, body: Mapping[str, Any], *, at: datetime, editor: Editor
) -> Closure:
    """Close or slow the roads under a shape: in force for whoever asks after the commit.

    Parameters
    ----------
    body
        As `ClosureBody` has it, JSON values; without ``starts_at`` from ``at`` on.

    Raises
    ------
    InputError, RecordError
        A class of vehicles that is not known; a shape or value that is wrong.
    ForbiddenError
        It is not in the editor's towns.
    """
    given = {key: value for key, value in body.items() if value is not None}
    _refuse_unknown(conn, given.get("vehicle_classes") or ())
    record = {
        "code": f"RC-{at:%Y%m%d-%H%M%S}-{secrets.token_hex(2)}",
        "name": _NAMES[given["cause"]],
        "source_doc": "调度台登记 · entered at the dispatch desk",
        "starts_at": at.isoformat(),
        "town_code": TOWN_OF.first(conn, shape=read_shape(given["geometry"], "Geometry")),
        **given,
    }
    kept = editing.add(conn, register=REGISTER, body=record, editor=editor)
    return read_closure(conn, kept.id, at=at)


def amend_closure(
    conn: Connection, closure_id: int, changes: Mapping[str, Any], *, at: datetime,
    version: int | None, editor: Editor,
) -> Closure:  # fmt: skip
    """Change the fields that are named.

    Raises
    ------
    NotFoundError, VersionError
        There is no such closure in the editor's towns; or it is not of this version any more.
    InputError, RecordError, ForbiddenError
        As for ``close_road``.
    """
    _refuse_unknown(conn, changes.get("vehicle_classes") or ())
    editing.amend(
        conn, register=REGISTER, record_id=closure_id, body=changes, version=version, editor=editor
    )
    return read_closure(conn, closure_id, at=at)


def reopen_road(
    conn: Connection, closure_id: int, *, at: datetime, version: int | None, editor: Editor
) -> Closure | None:
    """End a closure at an instant; one that was still to come is withdrawn: None.

    It stays on record: a question about an earlier instant still meets it.

    Raises
    ------
    NotFoundError, VersionError
        There is no such closure in the editor's towns; or it is not of this version any more.
    ConflictError
        It has ended already.
    """
    closure = read_closure(conn, closure_id, at=at)
    if closure.ends_at is not None and closure.ends_at <= at:
        raise ConflictError(
            f"{closure.code} has ended at {closure.ends_at:%Y-%m-%d %H:%M %Z}",
            zh=f"{closure.code} 已于 {closure.ends_at:%Y-%m-%d %H:%M %Z} 解除",
        )
    if closure.starts_at is not None and closure.starts_at >= at:
        editing.retire(
            conn, register=REGISTER, record_id=closure_id, version=version, editor=editor
        )
        return None
    changes = {"ends_at": at.isoformat()}
    return amend_closure(conn, closure_id, changes, at=at, version=version, editor=editor)


def read_closure(conn: Connection, closure_id: int, *, at: datetime) -> Closure:
    """Return one closure, and whether it is in force at an instant.

    Raises
    ------
    NotFoundError
        There is none, or it was withdrawn.
    """
    row = CLOSURES.first(conn, id=closure_id, at=at, state="all", most=1)
    if row is None:
        raise NotFoundError(f"no closure {closure_id}", zh=f"没有封闭记录 {closure_id}")
    return told(row)


def list_closures(conn: Connection, *, at: datetime, state: State, most: int) -> list[Closure]:
    """Return the closures that are in force at an instant, to come, past, or all; by start."""
    return [told(row) for row in CLOSURES.all(conn, id=None, at=at, state=state, most=most)]


def list_floods(conn: Connection, *, at: datetime) -> list[Flood]:
    """Return the flood scenarios on record, and which are on the roads at an instant."""
    return FLOODS.all(conn, id=None, at=at)


def read_flood(conn: Connection, flood_id: int, *, at: datetime) -> Flood:
    """Return one flood scenario.

    Raises
    ------
    NotFoundError
        There is none.
    """
    flood = FLOODS.first(conn, id=flood_id, at=at)
    if flood is None:
        raise NotFoundError(f"no flood scenario {flood_id}", zh=f"没有洪水情景 {flood_id}")
    return flood


def set_flood(
    conn: Connection, flood_id: int, changes: Mapping[str, Any], *, at: datetime,
    version: int | None,
) -> Flood:  # fmt: skip
    """Put a scenario's water on the roads, for a period if given, or take it off.

    Raises
    ------
    NotFoundError, VersionError
        There is no such scenario; or it is not of this version any more.
    """
    current = LOCK_FLOOD.first(conn, id=read_flood(conn, flood_id, at=at).id)
    if version is not None and current != version:
        raise VersionError(
            f"flood scenario {flood_id} is version {current} now: read it again",
            zh=f"洪水情景 {flood_id} 现为第 {current} 版：请重新读取",
            current={"id": flood_id, "version": current, "etag": f'"{flood_id}-{current}"'},
        )
    asked = {"starts_at": None, "ends_at": None, **changes}
    SET_FLOOD.one(conn, id=flood_id, **asked)
    return read_flood(conn, flood_id, at=at)


def _refuse_unknown(conn: Connection, classes: Any) -> None:
    known = CLASSES.all(conn) if classes else []
    wrong = [one for one in classes if one not in known]
    if wrong:
        raise InputError(
            f"vehicle_classes: {', '.join(wrong)} not known; there are: {', '.join(known)}",
            zh=f"vehicle_classes：{'、'.join(wrong)} 无法识别；可用：{'、'.join(known)}",
            where="vehicle_classes",
        )
