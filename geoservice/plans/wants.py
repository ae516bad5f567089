"""What is wanted, after kits are taken apart, and which lots would do (pure)."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from enum import Enum
from fractions import Fraction
from functools import cached_property

from geoservice.dispatch.eta import Timing
from geoservice.plans.records import DepotRow, GoodsRow, KitRow, LotRow, MakerRow, SubstituteRow

# A ratio is a fraction of thousandths at the finest.
_FINEST = 1000


@dataclass(frozen=True)
class Want:
    """So much of one code for one incident; ``incident`` is its place in the question.

    ``deadline_s`` is counted from now, ``inf`` without one; ``of_kit`` is the kit that this is a
    part of, ``ordered`` what is on its way already and is not in ``quantity``.
    """

    code: str
    incident: int
    no: int
    item_code: str
    quantity: Decimal
    unit: str | None
    deadline_s: float
    weight: float
    level: int
    of_kit: str | None = None
    ordered: Decimal = Decimal(0)


class Fit(Enum):
    """Whether a lot helps, and if not why."""

    FITS = "fits"
    LATE = "late"
    CUT_OFF = "cut off"
    EMPTY = "empty"
    EXPIRED = "expired"
    OTHER_UNIT = "other unit"


@dataclass(frozen=True)
class Candidate:
    """A lot that a want might be met from."""

    lot: LotRow
    depot: DepotRow
    timing: Timing
    ratio: Fraction
    is_substitute: bool
    fit: Fit


@dataclass(frozen=True, eq=False)
class Store:
    """All that might be sent, and how soon each place is at each incident of the question."""

    depots: Mapping[int, DepotRow]
    lots: Sequence[LotRow]
    makers: Sequence[MakerRow]
    goods: Mapping[str, GoodsRow]
    substitutes: Sequence[SubstituteRow]
    kits: Sequence[KitRow]
    timings: Sequence[Mapping[tuple[str, int], Timing]]
    releases_reserve: bool
    _found: dict[tuple[str, bool], list[Candidate]] = field(default_factory=dict)

    def available(self, lot: LotRow) -> Decimal:
        """Return what a lot can give: not what is reserved, nor what it keeps back."""
        kept = Decimal(0) if self.releases_reserve else lot.min_reserve
        return max(lot.quantity - lot.reserved - kept, Decimal(0))

    def unit_of(self, item_code: str, asked: str | None) -> str | None:
        """Return the unit that is meant: the one asked for, the catalogue's, or most lots'."""
        if asked is not None:
            return asked
        for length in range(len(item_code), 0, -1):
            known = self.goods.get(item_code[:length])
            if known is not None and known.unit is not None:
                return known.unit
        units = [lot.unit for lot in self.lots if lot.item_code.startswith(item_code)]
        return min(set(units), key=lambda unit: (-units.count(unit), unit)) if units else None

    def candidates(self, want: Want, *, with_substitutes: bool = True) -> list[Candidate]:
        """Return every lot of the thing or of what may be sent instead, by depot and lot."""
        key = (want.code, with_substitutes)
        if key not in self._found:
            found = self._all(want)
            own = [it for it in found if with_substitutes or not it.is_substitute]
            self._found[key] = own
        return self._found[key]

    def _all(self, want: Want) -> list[Candidate]:
        unit = self.unit_of(want.item_code, want.unit)
        ratios = {code: self._ratio(want.item_code, code) for code in self._codes}
        found = []
        for lot in self.lots:
            by = ratios[lot.item_code]
            if by is None:
                continue
            depot = self.depots[lot.depot_id]
            at = self.timings[want.incident]["depot", depot.id]
            fit = self._fit(want, lot, at, unit=None if by[1] else unit)
            found.append(Candidate(lot, depot, at, *by, fit))
        return sorted(found, key=lambda it: (it.depot.code, it.lot.code))

    @cached_property
    def _codes(self) -> set[str]:
        return {lot.item_code for lot in self.lots}

    def _ratio(self, wanted: str, held: str) -> tuple[Fraction, bool] | None:
        if held.startswith(wanted):
            return Fraction(1), False
        for it in self.substitutes:
            is_for = wanted.startswith(it.for_code) or it.for_code.startswith(wanted)
            if is_for and held.startswith(it.by_code):
                ratio = Fraction(it.ratio).limit_denominator(_FINEST)
                return max(ratio, Fraction(1, _FINEST)), True
        return None

    def _fit(self, want: Want, lot: LotRow, at: Timing, *, unit: str | None) -> Fit:
        if lot.is_expired:
            return Fit.EXPIRED
        if unit is not None and lot.unit != unit:
            return Fit.OTHER_UNIT
        if self.available(lot) <= 0:
            return Fit.EMPTY
        if not at.comes:
            return Fit.CUT_OFF
        return Fit.LATE if at.eta_s > want.deadline_s else Fit.FITS


def taken_apart(wants: Sequence[Want], store: Store) -> list[Want]:
    """Return the wants with kits taken apart; kits that lie ready and whole come first."""
    whole: dict[str, Decimal] = {}
    found: list[Want] = []
    for want in wants:
        parts = [it for it in store.kits if it.kit_code == want.item_code]
        if not parts:
            found.append(want)
            continue
        ready = sum(
            (
                store.available(it.lot)
                for it in store.candidates(want, with_substitutes=False)
                if it.fit is Fit.FITS
            ),
            Decimal(0),
        )
        left = whole.setdefault(want.item_code, Decimal(math.floor(ready)))
        kits = min(left, want.quantity)
        whole[want.item_code] = left - kits
        if kits or want.ordered:
            found.append(_part(want, want.item_code, kits, number=0))
        for number, it in enumerate(sorted(parts, key=lambda it: it.part_code), 1):
            rest = (want.quantity - kits) * it.quantity
            if rest or not want.quantity:
                found.append(_part(want, it.part_code, rest, number=number))
    return found


def _part(want: Want, item_code: str, quantity: Decimal, *, number: int) -> Want:
    is_whole = number == 0
    return Want(
        code=f"{want.code}.{number:02}",
        incident=want.incident,
        no=want.no,
        item_code=item_code,
        quantity=quantity,
        unit=want.unit if is_whole else None,
        deadline_s=want.deadline_s,
        weight=want.weight,
        level=want.level,
        of_kit=None if is_whole else want.item_code,
        ordered=want.ordered if is_whole else Decimal(0),
    )
