"""Two states of what is published -> what a listener is told (pure).

An event's id holds the beginnings of the layers' versions, so that a listener who comes back, to
whichever worker and however late, is told exactly which layers changed while it was away.
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from geoservice.publish.permit import Sight

_LETTERS = 6  # of a version: one change in sixteen million would not be told to who comes back
_LONGEST_ID = 8000


@dataclass(frozen=True)
class AlertNow:
    """An alert in force, as it is told."""

    id: int
    secrecy: str
    town_code: str | None
    name: str
    level: str | None
    status: str
    msg_type: str
    event: str | None

    def told(self, sight: Sight) -> dict[str, Any]:
        """Return what a listener with this sight learns of it: a partner what is granted."""
        names = ("name", "level", "status", "msg_type", "event")
        return {"id": self.id, **{it: getattr(self, it) for it in names if sight.has(it)}}


@dataclass(frozen=True)
class State:
    """The version of every layer, and the alerts in force, by id."""

    versions: Mapping[str, str]
    alerts: Mapping[int, AlertNow]


@dataclass(frozen=True)
class Listener:
    """What a listener may read: layers by id, and which alerts."""

    layers: tuple[str, ...]
    alerts: Sight | None

    def may_know(self, alert: AlertNow) -> bool:
        """Return whether an alert is the listener's to know, by the rule of the layer's rows."""
        sight = self.alerts
        if sight is None or alert.secrecy not in sight.secrecies:
            return False
        return sight.towns is None or alert.town_code is None or alert.town_code in sight.towns


def id_of(state: State, listener: Listener) -> str:
    """Return the id of an event after which the listener knows this state."""
    return ",".join(
        f"{layer}:{state.versions[layer][:_LETTERS]}"
        for layer in listener.layers
        if layer in state.versions
    )


def first_news(state: State, listener: Listener, last_id: str | None) -> Iterator[str]:
    """Yield the first event of a stream: with ``last_id`` what changed since, else nothing has."""
    known = _known(last_id)
    changed = [
        layer
        for layer in listener.layers
        if known and not state.versions.get(layer, "").startswith(known.get(layer, " "))
    ]
    yield event("layers", {"changed": changed}, id_of(state, listener))


def news(before: State, now: State, listener: Listener) -> Iterator[str]:
    """Yield the events between two states, as far as the listener may know."""
    for alert_id in sorted(now.alerts.keys() - before.alerts.keys()):
        if listener.may_know(now.alerts[alert_id]):
            yield _told("alert_raised", now.alerts[alert_id], listener)
    for alert_id in sorted(before.alerts.keys() - now.alerts.keys()):
        if listener.may_know(before.alerts[alert_id]):
            yield _told("alert_ended", before.alerts[alert_id], listener)
    changed = [it for it in listener.layers if before.versions.get(it) != now.versions.get(it)]
    if changed:
        yield event("layers", {"changed": changed}, id_of(now, listener))


def event(name: str, data: Mapping[str, Any], event_id: str | None = None) -> str:
    """Return one event as the stream writes it (HTML standard, section 9.2.5)."""
    lines = [f"event: {name}", f"data: {json.dumps(data, ensure_ascii=False)}"]
    if event_id is not None:
        lines.append(f"id: {event_id}")
    return "\n".join(lines) + "\n\n"


def _told(name: str, alert: AlertNow, listener: Listener) -> str:
    return event(name, {} if listener.alerts is None else alert.told(listener.alerts))


def alerts_of(rows: Sequence[Mapping[str, Any]]) -> dict[int, AlertNow]:
    """Return the alerts in force, by id, of the rows that the database gives."""
    return {row["id"]: AlertNow(**row) for row in rows}


def _known(last_id: str | None) -> dict[str, str]:
    parts = (last_id or "")[:_LONGEST_ID].split(",")
    return dict(part.split(":", 1) for part in parts if ":" in part)
