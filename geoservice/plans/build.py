"""Wants and what is in store, as a problem of allocation (pure)."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from geoservice.plans.makers import makeable, ready_h
from geoservice.plans.problem import Demand, Lot, Made, Making, Problem, Serving
from geoservice.plans.records import MakerRow
from geoservice.plans.wants import Candidate, Fit, Store, Want

# Without a deadline, what has to be made first is asked for within so many hours.
HORIZON_H = 72.0


@dataclass(frozen=True)
class Rules:
    """What a plan may draw on."""

    substitutes: bool = True
    makers: bool = True


def problem_of(wants: Sequence[Want], store: Store, rules: Rules) -> Problem:
    """Return the problem: only what is there in time, in the unit that is meant."""
    fits = [
        (want, it)
        for want in wants
        for it in store.candidates(want, with_substitutes=rules.substitutes)
        if it.fit is Fit.FITS
    ]
    lots = {it.lot.code: it for _, it in fits}
    return Problem(
        demands=tuple(
            Demand(it.code, f"{it.incident:04}", it.quantity, it.weight, it.level) for it in wants
        ),
        lots=tuple(
            Lot(code, it.depot.code, store.available(it.lot), it.lot.expires_on, is_stale(it))
            for code, it in lots.items()
        ),
        servings=tuple(
            Serving(it.lot.code, want.code, it.timing.eta_s, it.ratio, it.is_substitute)
            for want, it in fits
        ),
        makings=tuple(_makings(wants, store)) if rules.makers else (),
    )


def is_stale(it: Candidate) -> bool:
    """Return whether the lot or its depot was not verified lately."""
    return it.lot.is_stale or it.depot.is_stale


def makers_of(want: Want, store: Store) -> list[MakerRow]:
    """Return who can make what is wanted, by code."""
    unit = store.unit_of(want.item_code, want.unit)
    return sorted(
        (
            it
            for it in store.makers
            if it.item_code.startswith(want.item_code) and unit in (None, it.unit)
        ),
        key=lambda it: it.code,
    )


def carriage_h(maker: MakerRow, want: Want, store: Store) -> float:
    """Return the hours that loading and driving take from a maker; ``inf`` where none can."""
    at = store.timings[want.incident].get((maker.kind, maker.place_id))
    return at.eta_s / 3600 if at is not None and at.comes else float("inf")


def _makings(wants: Sequence[Want], store: Store) -> list[Making]:
    found = []
    for want in wants:
        within_h = min(want.deadline_s / 3600, HORIZON_H)
        for maker in makers_of(want, store):
            carriage = carriage_h(maker, want, store)
            if carriage < within_h:
                most = makeable(maker.per_day, maker.lead_h, within_h - carriage)
                if most > 0:
                    found.append(Making(maker.code, want.code, most))
    return found


def ready_times(
    made: Sequence[Made], wants: Sequence[Want], makers: Sequence[MakerRow]
) -> list[tuple[Made, float]]:
    """Return in how many hours each thing is made: a maker works for the soonest deadline first."""
    by_code = {it.code: it for it in wants}
    makes = {it.code: it for it in makers}
    order = sorted(made, key=lambda it: (it.maker, by_code[it.demand].deadline_s, it.demand))
    total: dict[str, Decimal] = {}
    found = []
    for it in order:
        total[it.maker] = total.get(it.maker, Decimal(0)) + it.quantity
        maker = makes[it.maker]
        found.append((it, ready_h(maker.per_day, maker.lead_h, total[it.maker])))
    return found
