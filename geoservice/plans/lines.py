"""The lines of a plan: who sends what, when it is there, and why."""

from datetime import timedelta

from geoservice.dispatch.reasons import drives_by
from geoservice.plans import wording
from geoservice.plans.answers import Line, MadeLine, Shortage, TeamLine
from geoservice.plans.build import carriage_h, is_stale, ready_times
from geoservice.plans.fixes import fixes
from geoservice.plans.problem import Allocation, Take
from geoservice.plans.teams import Picked
from geoservice.plans.told import Making
from geoservice.plans.wants import Want


def lines(it: Making, found: Allocation) -> tuple[Line, ...]:
    """Return a line for every lot that is drawn from, by incident, then by arrival."""
    told = [_line(it, take) for take in found.takes]
    return tuple(
        sorted(
            told, key=lambda one: (one.incident_no, one.eta_s, one.depot_code, one.want, one.lot)
        )
    )


def _line(it: Making, take: Take) -> Line:
    want, one = it.want_of[take.demand], it.candidate_of[take.demand, take.lot]
    lot, depot, at = one.lot, one.depot, one.timing
    route_no, leg = it.legs[want.incident, "depot", depot.id]
    return Line(
        want=want.code,
        incident_no=want.incident,
        for_item_code=want.item_code,
        item_code=lot.item_code,
        name=lot.name,
        depot_id=depot.id,
        depot_code=depot.code,
        depot=depot.name,
        phone=depot.phone,
        lot_id=lot.id,
        lot=lot.code,
        quantity=float(take.quantity),
        unit=lot.unit,
        meets=float(take.meets),
        is_substitute=one.is_substitute,
        prepare_s=at.prepare_s,
        drive_s=at.drive_s,
        eta_s=at.eta_s,
        eta_at=it.instant(at.eta_s),
        earliest_at=it.instant(at.earliest_s),
        latest_at=it.instant(at.latest_s),
        distance_m=leg.distance_m,
        route_no=route_no,
        expires_on=lot.expires_on,
        surveyed_on=lot.surveyed_on,
        is_stale=is_stale(one),
        reasons=(
            *([wording.substitute(one)] if one.is_substitute else []),
            *([wording.of_kit(want.of_kit)] if want.of_kit else []),
            *leg.reasons,
            wording.prepares(at.prepare_s / 60, is_assumed=at.is_assumed),
            *([wording.first_to_expire(lot)] if lot.expires_on else []),
            *([wording.stale(lot.surveyed_on)] if is_stale(one) else []),
        ),
    )


def made_lines(it: Making, found: Allocation) -> tuple[MadeLine, ...]:
    """Return a line for everything that is to be made."""
    makers = {one.code: one for one in it.store.makers}
    told = []
    for made, hours in ready_times(found.made, it.wants, it.store.makers):
        want, maker = it.want_of[made.demand], makers[made.maker]
        ready_at = it.at + timedelta(hours=hours)
        carriage = timedelta(hours=carriage_h(maker, want, it.store))
        told.append(
            MadeLine(
                want=want.code,
                incident_no=want.incident,
                reserve_id=maker.id,
                code=maker.code,
                maker=maker.maker,
                quantity=float(made.quantity),
                unit=maker.unit,
                ready_at=ready_at,
                eta_at=ready_at + carriage,
                reasons=(wording.made(maker),),
            )
        )
    return tuple(told)


def team_lines(it: Making) -> tuple[TeamLine, ...]:
    """Return a line for every team that goes."""
    return tuple(_team_line(it, one) for one in it.picks.picked)


def _team_line(it: Making, one: Picked) -> TeamLine:
    team, at = one.team, one.timing
    route_no, leg = it.legs[one.want.incident, "rescue_team", team.id]
    return TeamLine(
        want=one.want.code,
        incident_no=one.want.incident,
        team_id=team.id,
        code=team.code,
        name=team.name,
        tier=team.tier,
        phone=team.phone,
        for_skill=one.want.skill,
        vehicle=team.vehicle or it.question.profile,
        prepare_s=at.prepare_s,
        drive_s=at.drive_s,
        eta_s=at.eta_s,
        eta_at=it.instant(at.eta_s),
        earliest_at=it.instant(at.earliest_s),
        latest_at=it.instant(at.latest_s),
        distance_m=leg.distance_m,
        route_no=route_no,
        surveyed_on=team.surveyed_on,
        is_stale=team.is_stale,
        reasons=(
            *leg.reasons,
            drives_by(team.vehicle, it.question.profile),
            wording.prepares(at.prepare_s / 60, is_assumed=at.is_assumed, is_team=True),
            wording.ranked(team),
            *([wording.stale(team.surveyed_on)] if team.is_stale else []),
        ),
    )


def shortages(it: Making, found: Allocation) -> tuple[Shortage, ...]:
    """Return what is short, with what would mend it."""
    told = []
    for code, short in found.unmet:
        want = it.want_of[code]
        mends = fixes(
            want,
            short,
            it.store,
            why=lambda i, depot_id: it.arriving.why_not(i, it.places["depot", depot_id]),
            agreements=it.stock.agreements,
            substitutes_allowed=it.question.substitutes,
        )
        unit = it.store.unit_of(want.item_code, want.unit)
        told.append(
            Shortage(code, want.incident, _called(it, want), float(short), unit, tuple(mends))
        )
    return tuple(told)


def _called(it: Making, want: Want) -> str:
    known = it.stock.goods.get(want.item_code)
    return known.name if known else want.item_code
