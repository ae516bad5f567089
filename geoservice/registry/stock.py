"""What the ledger of stock holds: depots, lots, moves (rows and requests)."""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from uuid import UUID

# What people book; an opening comes with its lot, the two ends of a transfer with the transfer, and
# reservations are an order's.
BY_HAND = ("receive", "issue", "return", "loss", "expire", "adjust", "transfer")


@dataclass(frozen=True)
class Depot:
    """A depot, as far as its stock is concerned."""

    id: int
    code: str
    name: str
    town_code: str | None
    secrecy: str


@dataclass(frozen=True)
class Lot:
    """A lot; quantities in its unit. ``available``: not reserved, and nothing once expired."""

    id: int
    depot: str
    code: str
    name: str
    item_code: str
    quantity: float
    reserved: float
    available: float
    unit: str
    batch: str | None
    expires_on: date | None
    min_reserve: float
    is_expired: bool
    is_below_minimum: bool


@dataclass(frozen=True)
class Move:
    """A move that is asked for.

    Parameters
    ----------
    quantity
        In the lot's unit, above 0; None for an adjustment, which says ``counted``.
    to_depot, to_lot
        Where a transfer goes; without a lot to the one of the same thing, batch and date, which
        is opened if need be.
    """

    lot: str
    kind: str
    reason: str
    quantity: Decimal | None = None
    counted: Decimal | None = None
    document: str | None = None
    to_depot: str | None = None
    to_lot: str | None = None


@dataclass(frozen=True)
class Booked:
    """A move as it is kept, with what the lot held after it."""

    id: int
    uid: UUID
    lot: str
    no: int
    kind: str
    quantity: float
    quantity_after: float
    reserved_after: float
    transfer_uid: UUID | None
    reason: str
    document: str | None
    actor: str
    at: datetime


@dataclass(frozen=True)
class HeldLot:
    """A lot, locked."""

    id: int
    code: str
    depot_id: int
    item_code: str
    unit: str
    quantity: Decimal
    is_demo: bool


@dataclass(frozen=True)
class Difference:
    """A lot that is not the sum of its moves."""

    code: str
    quantity: Decimal
    moved: Decimal
    reserved: Decimal
    moved_reserved: Decimal
    missing_moves: int


@dataclass(frozen=True)
class Misreserved:
    """A lot whose reserved quantity is not what open orders hold of it."""

    code: str
    reserved: Decimal
    ordered: Decimal


@dataclass(frozen=True)
class Unpaired:
    """A transfer that did not arrive as it left."""

    transfer_uid: UUID
    sent: Decimal
    received: Decimal


@dataclass(frozen=True)
class LedgerSize:
    """How many lots and moves there are."""

    lots: int
    moves: int
