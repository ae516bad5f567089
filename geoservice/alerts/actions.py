"""File messages, ours and others'; list them and give one."""

import json
from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

import shapely

from geoservice.alerts.cap import message_of
from geoservice.alerts.message import Info, Message
from geoservice.alerts.records import (
    AddedMessage,
    Listed,
    Ours,
    PlaceOfCodes,
    StandingMessage,
)
from geoservice.alerts.shapes import codes_of, shape_of, within
from geoservice.db import Connection, Query, require_district, set_actor
from geoservice.errors import ConflictError, ForbiddenError, NotFoundError
from geoservice.publish.permit import Sight

OURS = Query("alerts", "ours", Ours)
STANDING = Query("alerts", "standing", StandingMessage)
END_REFERRED = Query("alerts", "end_referred", str)
EXPIRE = Query("alerts", "expire", str)
ADD_ALERT = Query("alerts", "add_alert", AddedMessage)
PLACE_OF_CODES = Query("alerts", "place_of_codes", PlaceOfCodes)
LISTED = Query("alerts", "listed", Listed)
FILL_OUTBOX = Query("exchange", "fill_outbox", str)
ONE_MESSAGE: Query[Any] = Query("alerts", "one_message", dict)

_LEVELS = {"Extreme": "red", "Severe": "orange", "Moderate": "yellow", "Minor": "blue"}
_SECRECIES = {"Public": "public", "Restricted": "internal", "Private": "restricted"}
_ENDS = {"Update": "updated", "Cancel": "cancelled"}


@dataclass(frozen=True)
class Origin:
    """What is known of a message beside its words.

    ``towns`` are those its sender may speak for, None all; ``secrecy`` None is by its scope;
    ``may_be_ours`` lets it be signed by this service, ``may_end_others`` lets it update and cancel
    what another sender sent.
    """

    towns: Collection[str] | None = None
    may_be_ours: bool = True
    may_end_others: bool = False
    secrecy: str | None = None
    town_code: str | None = None
    sensor_id: int | None = None
    rule: str | None = None
    is_demo: bool = False


@dataclass(frozen=True)
class Filed:
    """What became of a message: ``ended`` and ``unknown`` are those it refers to."""

    id: int
    identifier: str
    state: str
    is_repeat: bool
    ended: tuple[str, ...] = ()
    unknown: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()


def file_message(
    conn: Connection,
    message: Message,
    origin: Origin | None = None,
    *,
    from_partner: int | None = None,
) -> Filed:
    """Store a message, let it end what it updates or cancels, and put it in partners' outboxes.

    Idempotent: the same message again is a repeat, and goes nowhere again. It may come before what
    it refers to.

    Parameters
    ----------
    from_partner
        The id of the partner that it came from, to which it is not sent back.

    Raises
    ------
    NoDistrictError
        No boundary is loaded.
    GeometryError
        A polygon crosses itself.
    ConflictError
        Another message of this sender, identifier and time is there.
    ForbiddenError
        It speaks for places that its sender may not speak for.
    """
    origin = origin or Origin()
    known = STANDING.first(conn, code=message.key)
    if known is not None:
        return _repeated(message, known)
    require_district(conn)
    row = _row(conn, message, origin)
    ended = _end(conn, message, origin)
    added = ADD_ALERT.first(conn, row=json.dumps(row))
    if added is None:  # another post of it was quicker
        return _repeated(message, STANDING.one(conn, code=message.key))
    FILL_OUTBOX.run(conn, alert_id=added.id, from_partner=from_partner)
    notes = () if row["geom"] or not _has_area(message) else ("no area of it lies here",)
    return Filed(
        id=added.id,
        identifier=message.identifier,
        state=added.state,
        is_repeat=False,
        ended=tuple(ended),
        unknown=tuple(key for key in message.referred() if key not in ended),
        notes=notes,
    )


def end_expired(conn: Connection) -> None:
    """Note of every alert whose time is over that it is."""
    set_actor(conn, "alerts")
    EXPIRE.run(conn)


def list_messages(
    conn: Connection, *, sight: Sight, in_force: bool, before: int | None, limit: int
) -> list[Listed]:
    """Return messages that the caller sees, the newest first; those ``before`` an id."""
    return LISTED.all(conn, **_scope(sight), in_force=in_force, before=before, limit=limit)


def read_message(conn: Connection, *, sight: Sight, alert_id: int) -> Message:
    """Return one message.

    Raises
    ------
    NotFoundError
        There is none of that number, or the caller does not see it.
    """
    found = ONE_MESSAGE.first(conn, **_scope(sight), id=alert_id)
    if found is None:
        raise NotFoundError("there is no such alert", zh="没有这条预警", where="alert_id")
    return message_of(found)


def _scope(sight: Sight) -> dict[str, Any]:
    towns = None if sight.towns is None else list(sight.towns)
    return {"secrecies": list(sight.secrecies), "towns": towns}


def _repeated(message: Message, known: StandingMessage) -> Filed:
    if message_of(known.message) != message:
        raise ConflictError(
            f"{message.identifier}: this sender sent another message of this identifier and time",
            zh=f"{message.identifier}：该发布者已有相同编号和时间、内容不同的消息",
            where="alert.identifier",
        )
    return Filed(known.id, message.identifier, known.state, is_repeat=True)


def _end(conn: Connection, message: Message, origin: Origin) -> list[str]:
    if message.msg_type not in _ENDS:
        return []
    return END_REFERRED.all(
        conn,
        state=_ENDS[message.msg_type],
        codes=list(message.referred()),
        sender=message.sender,
        may_end_others=origin.may_end_others,
    )


def _row(conn: Connection, message: Message, origin: Origin) -> dict[str, Any]:
    ours = OURS.one(conn)
    if message.sender == ours.sender and not origin.may_be_ours:
        raise ForbiddenError(
            "only dispatchers and publishers send in the name of this service",
            zh="只有调度员和发布员可以本服务名义发布",
            where="alert.sender",
        )
    place = PLACE_OF_CODES.one(conn, codes=codes_of(message))
    shape = within(shape_of(message) or place.geom, ours.envelope)
    town_code = origin.town_code or (place.town_code if place.count == 1 else None)
    if origin.towns is not None and town_code not in origin.towns:
        raise ForbiddenError(
            "you may alert for your towns only: name one by its code in geocode",
            zh="只能为您的乡镇发布预警：请在 geocode 中给出其代码",
            where="alert.info.area.geocode",
        )
    says = message.msg_type in {"Alert", "Update"} and message.status != "Draft"
    return {
        "code": message.key, "identifier": message.identifier, "sender": message.sender,
        "sent_at": message.sent, "status": message.status, "msg_type": message.msg_type,
        "scope": message.scope, "refs": list(message.referred()), "message": message.as_json(),
        "secrecy": origin.secrecy or _SECRECIES[message.scope], "source_doc": message.sender,
        "town_code": town_code, "is_demo": origin.is_demo, "sensor_id": origin.sensor_id,
        "rule": origin.rule, "state": "active" if says else "kept",
        "geom": None if shape is None else shapely.to_wkb(shape, hex=True, include_srid=True),
        **_of_info(message),
    }  # fmt: skip


def _of_info(message: Message) -> dict[str, Any]:
    """Return what lists and maps show: of the Chinese part, if there is one, else of the first."""
    chinese = [one for one in message.info if one.language.lower().startswith("zh")]
    english = [one for one in message.info if one.language.lower().startswith("en")]
    info = next(iter([*chinese, *message.info]), None)
    if info is None:
        return {"name": message.identifier, "categories": []}
    return {
        "name": _title(info), "name_en": _title(english[0]) if english else None,
        "org": info.sender_name, "categories": list(info.category), "event": info.event,
        "urgency": info.urgency, "severity": info.severity, "certainty": info.certainty,
        "level": _LEVELS.get(info.severity), "onset_at": info.onset, "expires_at": info.expires,
        "headline": info.headline, "description": info.description,
        "instruction": info.instruction,
        "area_desc": "；".join(area.area_desc for area in info.area) or None,
    }  # fmt: skip


def _title(info: Info) -> str:
    return info.headline or info.event


def _has_area(message: Message) -> bool:
    return any(info.area for info in message.info)
