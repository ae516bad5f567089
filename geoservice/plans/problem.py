"""What a plan of goods has to decide, and what it decided (pure).

Everything is told by code, so that neither the order of rows nor their numbers matter. Lots that
are expired, retired or too late are not in a problem at all.
"""

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from fractions import Fraction


@dataclass(frozen=True)
class Demand:
    """So much of something for one incident.

    Parameters
    ----------
    weight
        What a unit not met counts, among all demands of the problem.
    level
        Of the incident: 1 is the gravest, and its last arrival is made early first.
    """

    code: str
    incident: str
    quantity: Decimal
    weight: float = 1.0
    level: int = 4


@dataclass(frozen=True)
class Lot:
    """What a lot can give: neither reserved nor kept back."""

    code: str
    depot: str
    available: Decimal
    expires_on: date | None = None
    is_stale: bool = False


@dataclass(frozen=True)
class Serving:
    """That a lot can meet a demand in time, and when it is there.

    Parameters
    ----------
    eta_s
        Whole seconds from now to the arrival; the same for all lots of a depot at an incident.
    ratio
        Units of the lot for one unit of the demand; other than 1 only for a substitute.
    """

    lot: str
    demand: str
    eta_s: int
    ratio: Fraction = Fraction(1)
    is_substitute: bool = False


@dataclass(frozen=True)
class Making:
    """That a maker can have ``most`` of what is demanded there by its deadline."""

    maker: str
    demand: str
    most: Decimal


@dataclass(frozen=True)
class Problem:
    """Demands and what can meet them."""

    demands: tuple[Demand, ...]
    lots: tuple[Lot, ...] = ()
    servings: tuple[Serving, ...] = ()
    makings: tuple[Making, ...] = ()


@dataclass(frozen=True)
class Take:
    """So much of a lot, in its own unit, for a demand; ``meets`` in the demand's."""

    lot: str
    demand: str
    quantity: Decimal
    meets: Decimal


@dataclass(frozen=True)
class Made:
    """So much to be made for a demand."""

    maker: str
    demand: str
    quantity: Decimal


@dataclass(frozen=True)
class Allocation:
    """Who gives what.

    Parameters
    ----------
    unmet
        By demand, in order; only those that are short.
    gap
        0 where it is proven that nothing is better; else how much better, as a part of the
        value of the aim in question, something not found could be at most.
    is_by_code
        Whether codes decided between allocations as good in every aim; it is no part of what the
        allocation is.
    """

    takes: tuple[Take, ...]
    made: tuple[Made, ...]
    unmet: tuple[tuple[str, Decimal], ...]
    gap: float = 0.0
    is_by_code: bool = field(default=True, compare=False)

    @property
    def is_proven(self) -> bool:
        """Whether nothing better exists, by the order of aims."""
        return self.gap == 0


@dataclass(frozen=True, order=True)
class Aims:
    """An allocation by the aims, in their order: less is better.

    ``unmet`` is weighted, ``made`` what has to be made first, ``last_s`` the last arrival from
    stock for each level of incident, the gravest first, ``trips`` depots sent (one for each
    incident), ``unit_s`` units times seconds.
    """

    unmet: float
    made: Decimal
    last_s: tuple[int, ...]
    trips: int
    unit_s: Decimal


def aims_of(problem: Problem, found: Allocation) -> Aims:
    """Return how good an allocation is."""
    demands = {it.code: it for it in problem.demands}
    depots = {it.code: it.depot for it in problem.lots}
    eta_s = {(it.lot, it.demand): it.eta_s for it in problem.servings}
    levels = sorted({it.level for it in problem.demands})
    last_s = dict.fromkeys(levels, 0)
    for it in found.takes:
        level = demands[it.demand].level
        last_s[level] = max(last_s[level], eta_s[it.lot, it.demand])
    return Aims(
        unmet=sum(demands[code].weight * float(short) for code, short in found.unmet),
        made=sum((it.quantity for it in found.made), Decimal(0)),
        last_s=tuple(last_s[level] for level in levels),
        trips=len({(depots[it.lot], demands[it.demand].incident) for it in found.takes}),
        unit_s=sum((it.quantity * eta_s[it.lot, it.demand] for it in found.takes), Decimal(0)),
    )
