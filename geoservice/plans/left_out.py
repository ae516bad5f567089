"""Who and what was left out of a plan, and why (nothing is dropped silently)."""

from dataclasses import dataclass

from geoservice.plans import wording
from geoservice.plans.answers import NotConsidered, Shortage
from geoservice.plans.records import TeamRow
from geoservice.plans.teams import TeamWant, can, is_manned
from geoservice.plans.told import Making
from geoservice.plans.wants import Fit
from geoservice.texts import Text


@dataclass(frozen=True)
class NotPicked:
    """A team with a skill that is wanted, and why it does not go."""

    want: TeamWant
    team: TeamRow
    reason: Text


def not_picked(it: Making) -> list[NotPicked]:
    """Return the teams with a skill that is wanted that cannot go, by want and code."""
    going = {one.team.id for one in it.picks.picked}
    found = []
    for want in it.team_wants:
        for team in it.stock.teams:
            reason = _why_not(it, want, team)
            if team.id not in going and reason is not None:
                found.append(NotPicked(want, team, reason))
    return found


def _why_not(it: Making, want: TeamWant, team: TeamRow) -> Text | None:
    if not any(one["skill"] == want.skill for one in team.can):
        return None
    if want.type_no is not None and not can(team, want):
        return wording.too_weak(want.skill, want.type_no)
    if team.status != "ready":
        return wording.not_free(team)
    if not is_manned(team, want):
        return wording.not_manned(team)
    at = it.store.timings[want.incident]["rescue_team", team.id]
    if not at.comes:
        return it.arriving.why_not(want.incident, it.places["rescue_team", team.id])
    return wording.not_by_deadline(at.eta_s / 60) if at.eta_s > want.deadline_s else None


def team_shortages(it: Making, teams: list[NotPicked]) -> tuple[Shortage, ...]:
    """Return which teams are short, with who else has the skill and why they do not go."""
    told = []
    for want, short in it.picks.short:
        others = [wording.not_going(one.team.name, one.reason) for one in teams if one.want == want]
        mends = tuple(others) or (wording.no_team(want.skill),)
        told.append(Shortage(want.code, want.incident, want.skill, short, None, mends))
    return tuple(told)


def left_out(it: Making, teams: list[NotPicked]) -> tuple[NotConsidered, ...]:
    """Return depots, lots, makers and teams that were left out, each once an incident."""
    told: dict[tuple[str, str, int | None], NotConsidered] = {}
    for want in it.wants:
        unit = it.store.unit_of(want.item_code, want.unit) or ""
        for one in it.store.candidates(want):
            depot, lot = one.depot, one.lot
            if one.fit is Fit.CUT_OFF:
                why = it.arriving.why_not(want.incident, it.places["depot", depot.id])
                out = NotConsidered("depot", depot.code, depot.name, want.incident, why)
            elif one.fit is Fit.EXPIRED:
                out = NotConsidered("stock_lot", lot.code, lot.name, None, wording.expired(one))
            elif one.fit is Fit.OTHER_UNIT:
                why = wording.other_unit(one, unit)
                out = NotConsidered("stock_lot", lot.code, lot.name, want.incident, why)
            else:
                continue
            told.setdefault((out.kind, out.code, out.incident_no), out)
    for maker in it.store.makers:
        if maker.lon is None:
            why = wording.maker_without_place(maker)
            told["maker", maker.code, None] = NotConsidered(
                "maker", maker.code, maker.name, None, why
            )
    for team in teams:
        key = ("rescue_team", team.team.code, team.want.incident)
        told.setdefault(key, NotConsidered(*key[:2], team.team.name, key[2], team.reason))
    return tuple(told[key] for key in sorted(told, key=lambda key: (*key[:2], key[2] or 0)))
