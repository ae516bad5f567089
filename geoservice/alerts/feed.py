"""Messages as an Atom feed (RFC 4287), each with a link to its CAP document (pure)."""

import xml.etree.ElementTree as ET  # writes only
from collections.abc import Sequence
from datetime import UTC, datetime

from geoservice.alerts.cap import MEDIA_TYPE
from geoservice.alerts.records import Listed

ATOM = "application/atom+xml"
_NAMESPACE = "http://www.w3.org/2005/Atom"


def atom_feed(base: str, messages: Sequence[Listed], *, title: str, now: datetime) -> bytes:
    """Return the feed; without messages it is as old as ``now``.

    Parameters
    ----------
    base
        The public address of the service, without a slash at its end.
    """
    feed = ET.Element("feed", {"xmlns": _NAMESPACE, "xml:lang": "zh"})
    _add(feed, "id", f"{base}/alerts")
    _add(feed, "title", title)
    _add(feed, "updated", _time(max((one.updated_at for one in messages), default=now)))
    _link(feed, "self", f"{base}/alerts?f=atom", ATOM)
    for one in messages:
        entry = ET.SubElement(feed, "entry")
        _add(entry, "id", f"{base}/alerts/{one.id}")
        _add(entry, "title", one.name)
        _add(entry, "updated", _time(one.updated_at))
        _add(entry, "published", _time(one.sent_at))
        _add(ET.SubElement(entry, "author"), "name", one.sender)
        for term in (one.status, one.msg_type, one.state, one.severity):
            if term is not None:
                ET.SubElement(entry, "category", {"term": term})
        _add(entry, "summary", one.description or one.event or one.name)
        _link(entry, "alternate", f"{base}/alerts/{one.id}?f=cap", MEDIA_TYPE)
    text: str = ET.tostring(feed, encoding="unicode")
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{text}'.encode()


def _add(parent: ET.Element, name: str, text: str) -> None:
    ET.SubElement(parent, name).text = text


def _link(parent: ET.Element, rel: str, href: str, media_type: str) -> None:
    ET.SubElement(parent, "link", {"rel": rel, "href": href, "type": media_type})


def _time(at: datetime) -> str:
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
