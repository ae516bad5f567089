"""What would mend a shortage, and what was left out and why (pure)."""

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal

from geoservice.plans import wording
from geoservice.plans.build import HORIZON_H, carriage_h, makers_of
from geoservice.plans.makers import ready_h
from geoservice.plans.records import AgreementRow, LotRow
from geoservice.plans.wants import Candidate, Fit, Store, Want
from geoservice.texts import Text

_MOST = 3
# Goods of one parent class are near enough to be worth a thought.
_CLASS = 2
Why = Callable[[int, int], Text]


def fixes(
    want: Want,
    short: Decimal,
    store: Store,
    *,
    why: Why,
    agreements: Sequence[AgreementRow],
    substitutes_allowed: bool,
) -> list[Text]:
    """Return what would mend that so much is short, the surest first.

    Parameters
    ----------
    why
        Says of an incident and a depot, by number and id, why the depot cannot come.
    """
    unit = store.unit_of(want.item_code, want.unit) or ""
    found = store.candidates(want)
    own = [it for it in found if not it.is_substitute]
    said = [wording.late(it, store.available(it.lot), short) for it in _soonest(own)]
    said += _by_depot(own, lambda it: _kept_back(it, store), wording.kept_back)
    said += _by_depot(own, lambda it: it.lot.reserved, wording.reserved)
    said += [
        wording.cut_off(depot, held, unit, why(want.incident, depot_id))
        for depot_id, (depot, held) in _cut_off(own, store).items()
    ][:_MOST]
    said += [wording.expired(it) for it in own if it.fit is Fit.EXPIRED and it.lot.quantity][:_MOST]
    instead = [it for it in found if it.is_substitute and it.fit in (Fit.FITS, Fit.LATE)]
    if instead and not substitutes_allowed:
        said.append(wording.substitutes_not_allowed(instead[0], store.available(instead[0].lot)))
    elif not any(it.is_substitute for it in found):
        said.append(wording.none_listed(_akin(want, store)))
    said += _makers(want, short, store)
    said += [wording.agreement(it) for it in agreements
             if it.item_code.startswith(want.item_code)][:_MOST]  # fmt: skip
    return said or [wording.nowhere()]


def _soonest(own: Sequence[Candidate]) -> list[Candidate]:
    late = [it for it in own if it.fit is Fit.LATE]
    return sorted(late, key=lambda it: (it.timing.eta_s, it.depot.code, it.lot.code))[:_MOST]


def _kept_back(it: Candidate, store: Store) -> Decimal:
    if store.releases_reserve or it.fit is Fit.EXPIRED:
        return Decimal(0)
    return min(it.lot.min_reserve, it.lot.quantity - it.lot.reserved)


def _by_depot(
    own: Sequence[Candidate],
    amount: Callable[[Candidate], Decimal],
    say: Callable[[str, Decimal, str], Text],
) -> list[Text]:
    """Say so much of every depot that has any of it, the most first."""
    total: defaultdict[tuple[str, str], Decimal] = defaultdict(Decimal)
    for it in own:
        if it.fit is not Fit.EXPIRED and it.fit is not Fit.OTHER_UNIT:
            total[it.depot.name, it.lot.unit] += amount(it)
    ranked = sorted(total.items(), key=lambda it: (-it[1], it[0]))
    return [say(name, held, unit) for (name, unit), held in ranked if held > 0][:_MOST]


def _cut_off(own: Sequence[Candidate], store: Store) -> Mapping[int, tuple[str, Decimal]]:
    total: dict[int, tuple[str, Decimal]] = {}
    for it in own:
        if it.fit is Fit.CUT_OFF:
            _, held = total.get(it.depot.id, ("", Decimal(0)))
            total[it.depot.id] = (it.depot.name, held + store.available(it.lot))
    return total


def _akin(want: Want, store: Store) -> list[LotRow]:
    """Return lots of the same class that no list makes a substitute."""
    parent = want.item_code[:-_CLASS]
    if not parent:
        return []
    return [
        lot
        for lot in store.lots
        if lot.item_code.startswith(parent)
        and not lot.item_code.startswith(want.item_code)
        and store.available(lot) > 0
        and not lot.is_expired
    ]


def _makers(want: Want, short: Decimal, store: Store) -> list[Text]:
    said = []
    for maker in makers_of(want, store):
        carriage = carriage_h(maker, want, store)
        if maker.lon is None:
            said.append(wording.maker_without_place(maker))
        elif carriage < HORIZON_H:
            hours = ready_h(maker.per_day, maker.lead_h, short) + carriage
            said.append(wording.could_make(maker, short, hours))
    return said[:_MOST]
