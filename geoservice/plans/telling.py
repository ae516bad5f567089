"""The answer of a plan, put together."""

from collections.abc import Sequence
from datetime import timedelta

from geoservice.dispatch import eta
from geoservice.plans import wording
from geoservice.plans.answers import (
    Alternative,
    PlanAnswer,
    PlannedIncident,
    StockAge,
    TeamLine,
    WantTold,
)
from geoservice.plans.left_out import left_out, not_picked, team_shortages
from geoservice.plans.lines import lines, made_lines, shortages, team_lines
from geoservice.plans.orders import orders
from geoservice.plans.problem import Allocation
from geoservice.plans.told import Making
from geoservice.plans.wants import Fit


def told(it: Making) -> PlanAnswer:
    """Return the answer."""
    teams, others = team_lines(it), not_picked(it)
    return PlanAnswer(
        made_at=it.at,
        is_supposed=it.question.is_supposed,
        profile=it.question.profile,
        graph_version=it.arriving.graph_version,
        closures_met=it.arriving.closures,
        incidents=tuple(_incident(it, i) for i in range(len(it.scenes))),
        wants=_wants(it),
        alternatives=_alternatives(it, teams),
        teams=teams,
        team_shortages=team_shortages(it, others),
        routes=it.routes(),
        stock_age=_stock_age(it),
        not_considered=left_out(it, others),
        outside_scope=it.stock.outside_scope,
        notes=(
            *([wording.supposed()] if it.question.is_supposed else []),
            *it.arriving.notes,
            eta.how_made(),
            *([] if it.wants or it.team_wants else [wording.nothing_wanted()]),
        ),
    )


def _alternatives(it: Making, teams: Sequence[TeamLine]) -> tuple[Alternative, ...]:
    """Tell each allocation once, with all the names that came to the same."""
    names: dict[Allocation, list[str]] = {}
    for name, found in it.found.items():
        names.setdefault(found, []).append(name)
    return tuple(_alternative(it, said, found, teams) for found, said in names.items())


def _alternative(
    it: Making, names: list[str], found: Allocation, teams: Sequence[TeamLine]
) -> Alternative:
    goods, made = lines(it, found), made_lines(it, found)
    ends = [one.eta_s for one in goods] + [one.eta_s for one in teams]
    ends += [round((one.eta_at - it.at).total_seconds()) for one in made]
    placed = orders(it, names[0], goods, made, teams)
    return Alternative(
        names=tuple(names),
        titles=tuple(wording.GOAL_TITLES[name] for name in names),
        last_arrival_s=max(ends, default=None),
        last_arrival_at=it.at + timedelta(seconds=max(ends)) if ends else None,
        depots_sent=len({(one.incident_no, one.depot_id) for one in goods}),
        unit_minutes=sum(one.quantity * one.eta_s for one in goods) / 60,
        is_proven=found.is_proven,
        gap=found.gap,
        lines=goods,
        made=made,
        shortages=shortages(it, found),
        order=placed[0] if len(it.scenes) == 1 and placed else None,
        orders=placed,
        notes=(
            *(() if found.is_proven else (wording.unproven(found.gap),)),
            *(() if found.is_by_code else (wording.not_by_code(),)),
        ),
    )


def _incident(it: Making, i: int) -> PlannedIncident:
    scene = it.scenes[i]
    return PlannedIncident(
        id=scene.id,
        code=scene.code,
        name=scene.name,
        lon=scene.lon,
        lat=scene.lat,
        level=scene.level,
        is_drill=scene.is_drill,
        snap=it.arriving.snap(i),
    )


def _wants(it: Making) -> tuple[WantTold, ...]:
    goods = it.stock.goods
    deadlines = {
        (i, item.no): item.deadline_at for i, scene in enumerate(it.scenes) for item in scene.items
    }
    return tuple(
        WantTold(
            code=want.code,
            incident_no=want.incident,
            no=want.no,
            item_code=want.item_code,
            name=goods[want.item_code].name if want.item_code in goods else None,
            quantity=float(want.quantity),
            ordered=float(want.ordered),
            unit=it.store.unit_of(want.item_code, want.unit),
            deadline_at=deadlines[want.incident, want.no],
            of_kit=want.of_kit,
        )
        for want in it.wants
    )


def _stock_age(it: Making) -> StockAge:
    lots = {
        one.lot.code: one
        for want in it.wants
        for one in it.store.candidates(want)
        if one.fit in (Fit.FITS, Fit.LATE)
    }
    days = [one.lot.surveyed_on for one in lots.values() if one.lot.surveyed_on is not None]
    return StockAge(
        lots=len(lots),
        oldest_on=min(days, default=None),
        newest_on=max(days, default=None),
        never=len(lots) - len(days),
        stale=sum(one.lot.is_stale or one.depot.is_stale for one in lots.values()),
    )
