"""First expired, first out: from which lots a quantity is drawn (pure)."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal


@dataclass(frozen=True)
class Lot:
    """What a lot can give: ``available`` is neither reserved nor, if so asked, its minimum."""

    code: str
    available: Decimal
    expires_on: date | None


@dataclass(frozen=True)
class Draw:
    """So much from one lot."""

    code: str
    quantity: Decimal


@dataclass(frozen=True)
class Drawn:
    """From which lots, in order, and how much is missing."""

    draws: tuple[Draw, ...]
    short: Decimal


def is_expired(expires_on: date | None, today: date) -> bool:
    """Return whether a lot is past its date; the day itself still counts."""
    return expires_on is not None and expires_on < today


def in_order(lots: Iterable[Lot], today: date) -> list[Lot]:
    """Return the lots that may be offered, the soonest to expire first, then by code.

    Expired lots and empty ones are never offered; those without a date come last.
    """
    fit = [it for it in lots if it.available > 0 and not is_expired(it.expires_on, today)]
    return sorted(fit, key=lambda it: (it.expires_on or date.max, it.code))


def draw(lots: Iterable[Lot], wanted: Decimal, today: date) -> Drawn:
    """Return from which lots a quantity comes; what they do not hold is ``short``."""
    draws: list[Draw] = []
    for lot in in_order(lots, today):
        if wanted <= 0:
            break
        taken = min(lot.available, wanted)
        draws.append(Draw(lot.code, taken))
        wanted -= taken
    return Drawn(tuple(draws), max(wanted, Decimal(0)))
