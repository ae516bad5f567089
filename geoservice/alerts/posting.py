"""The body of a post of one alert -> the message it is; ours are signed here."""

import json
from datetime import datetime
from typing import Any
from uuid import uuid4

from geoservice.alerts.actions import OURS
from geoservice.alerts.cap import MEDIA_TYPE, message_of, read_cap
from geoservice.alerts.message import Message
from geoservice.db import Connection, district_zone
from geoservice.errors import FileError

JSON = "application/json"
TAKEN = (MEDIA_TYPE, "application/xml", "text/xml", JSON)
_SIGNED = {"identifier", "sender", "sent"}


def posted_message(
    conn: Connection, body: bytes, media_type: str, *, now: datetime
) -> tuple[Message, tuple[str, ...]]:
    """Return the message of a body of one of the types ``TAKEN``, and what of it is not kept.

    A JSON message without identifier, sender and sent is ours: they are given here.

    Raises
    ------
    FileError, InputError
        It is no such document, or an element is wrong; ``where`` names it.
    NoDistrictError
        It is to be ours, and no boundary is loaded.
    """
    if media_type != JSON:
        return read_cap(body)
    try:
        content = json.loads(body)
    except (ValueError, RecursionError) as error:
        raise FileError("not JSON", zh="不是有效的 JSON", where="body") from error
    if not isinstance(content, dict):
        raise FileError("a JSON object is needed", zh="须为 JSON 对象", where="body")
    if not _SIGNED & content.keys():
        content = {**signature(conn, now=now), **content}
    return message_of(content), ()


def signature(conn: Connection, *, now: datetime) -> dict[str, Any]:
    """Return the identifier, sender and time of a message of ours that is sent now."""
    zone = district_zone(conn)
    return {
        "identifier": uuid4().hex,
        "sender": OURS.one(conn).sender,
        "sent": now.astimezone(zone).isoformat(timespec="seconds"),
    }
