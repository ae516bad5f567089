"""The orders that a plan comes to, as `POST /dispatch/orders` takes them."""

from collections.abc import Sequence

from geoservice.plans.answers import (
    Line,
    MadeLine,
    Order,
    OrderLine,
    OrderMade,
    OrderTeam,
    TeamLine,
)
from geoservice.plans.told import Making
from geoservice.texts import Text

# An order keeps a word of why.
_LONGEST = 2000


def orders(
    it: Making,
    name: str,
    lines: Sequence[Line],
    made: Sequence[MadeLine],
    teams: Sequence[TeamLine],
) -> tuple[Order, ...]:
    """Return an order for each incident on record to which anything is sent."""
    found = []
    for i, scene in enumerate(it.scenes):
        goods = [one for one in lines if one.incident_no == i]
        makes = [one for one in made if one.incident_no == i]
        going = [one for one in teams if one.incident_no == i]
        if scene.id is None or not (goods or makes or going):
            continue
        found.append(
            Order(
                incident_id=scene.id,
                graph_version=it.arriving.graph_version,
                closure_ids=it.arriving.closure_ids,
                flood_ids=it.arriving.flood_ids,
                is_supposed=it.question.is_supposed,
                accept_road_changes=False,
                profile=it.question.profile,
                alternative=name,
                lines=_lines(it, goods),
                capability_lines=tuple(_made(one) for one in makes),
                teams=tuple(_team(it, one) for one in going),
                note=None,
            )
        )
    return tuple(found)


def _lines(it: Making, lines: Sequence[Line]) -> tuple[OrderLine, ...]:
    told = []
    for one in lines:
        _, leg = it.legs[one.incident_no, "depot", one.depot_id]
        told.append(
            OrderLine(
                lot_id=one.lot_id,
                quantity=one.quantity,
                for_item_code=one.for_item_code,
                drive_s=one.drive_s,
                eta_at=one.eta_at,
                distance_m=one.distance_m,
                route=leg.line,
                reason=_said(one.reasons),
            )
        )
    return tuple(told)


def _made(one: MadeLine) -> OrderMade:
    return OrderMade(one.reserve_id, one.quantity, one.ready_at)


def _team(it: Making, one: TeamLine) -> OrderTeam:
    _, leg = it.legs[one.incident_no, "rescue_team", one.team_id]
    return OrderTeam(
        team_id=one.team_id,
        for_skill=one.for_skill,
        drive_s=one.drive_s,
        eta_at=one.eta_at,
        distance_m=one.distance_m,
        route=leg.line,
    )


def _said(reasons: Sequence[Text]) -> str:
    zh, en = "；".join(it.zh for it in reasons), "; ".join(it.en for it in reasons)
    return f"{zh} · {en}"[:_LONGEST]
