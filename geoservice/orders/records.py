"""The rows of orders."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any


@dataclass(frozen=True)
class Held:
    """An order, locked until the end of the transaction."""

    id: int
    code: str
    state: str
    is_drill: bool
    town_code: str | None
    secrecy: str


@dataclass(frozen=True)
class Part:
    """A lot or a team (``thing_id``) of an order; ``rest``: of a lot, not accounted for yet."""

    part: str
    no: int
    thing_id: int
    state: str
    name: str
    rest: Decimal


@dataclass(frozen=True)
class Event:
    """A step: who took it, when, from which state to which."""

    id: int
    at: datetime
    actor: str
    order: str
    part: str
    no: int | None
    what: str | None
    action: str
    from_state: str | None
    to_state: str
    details: dict[str, Any]
