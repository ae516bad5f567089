"""The envelope of the warnings that this service sends itself: status, scope, type (pure)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, tzinfo
from typing import Any, Protocol

from geoservice.alerts.cap import message_of
from geoservice.alerts.message import Message


class Subject(Protocol):
    """What a warning is about, as far as the envelope is concerned."""

    @property
    def is_demo(self) -> bool:
        """Whether it is of the demonstration: an exercise."""

    @property
    def secrecy(self) -> str:
        """Who may see it."""


@dataclass(frozen=True)
class Sending:
    """Who sends, under which identifier, when; ``zone`` is the district's."""

    identifier: str
    sender: str
    sender_name: str
    now: datetime
    zone: tzinfo

    def time(self, at: datetime | None = None) -> str:
        """Return an instant, or when it is sent, as CAP writes it in the district's zone."""
        return (at or self.now).astimezone(self.zone).isoformat(timespec="seconds")


def enveloped(
    sending: Sending,
    subject: Subject,
    *,
    is_over: bool,
    previous: str | None,
    info: Sequence[dict[str, Any]],
) -> Message:
    """Return the message: Cancel when it is over, Update of the one that stands, else Alert.

    Parameters
    ----------
    previous
        The reference to the message that stands, if one does.
    info
        One part a language.
    """
    content: dict[str, Any] = {
        "identifier": sending.identifier,
        "sender": sending.sender,
        "sent": sending.time(),
        "status": "Exercise" if subject.is_demo else "Actual",
        "msgType": "Cancel" if is_over else "Update" if previous else "Alert",
        "scope": "Public" if subject.secrecy == "public" else "Restricted",
        "info": list(info),
    }
    if subject.secrecy != "public":
        content["restriction"] = "内部 · internal"
    if previous:
        content["references"] = previous
    return message_of(content)
