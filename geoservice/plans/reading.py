"""What plans read: the incidents with their needs, what is in store, who is free."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from geoservice.db import Connection, Query
from geoservice.errors import ConflictError, InputError
from geoservice.incidents.actions import list_incidents, read_incident
from geoservice.incidents.records import Incident
from geoservice.plans.questions import MOST_INCIDENTS, Item, PlanQuestion, Scene, TeamItem
from geoservice.plans.records import (
    AgreementRow,
    DepotRow,
    GoodsRow,
    KitRow,
    LotRow,
    MakerRow,
    OrderedRow,
    SubstituteRow,
    TeamRow,
)
from geoservice.registry.editing import Editor

DEPOTS = Query("plans", "depots", DepotRow)
LOTS = Query("plans", "lots", LotRow)
MAKERS = Query("plans", "makers", MakerRow)
TEAMS = Query("plans", "teams", TeamRow)
GOODS = Query("plans", "goods", GoodsRow)
SUBSTITUTES = Query("plans", "substitutes", SubstituteRow)
KITS = Query("plans", "kits", KitRow)
AGREEMENTS = Query("plans", "agreements", AgreementRow)
ORDERED = Query("plans", "ordered", OrderedRow)
_CLASS = 2


@dataclass(frozen=True, eq=False)
class Stock:
    """What lies where in the caller's towns; ``outside_scope`` counts depots, teams elsewhere."""

    depots: Mapping[int, DepotRow]
    lots: list[LotRow]
    makers: list[MakerRow]
    teams: list[TeamRow]
    goods: Mapping[str, GoodsRow]
    substitutes: list[SubstituteRow]
    kits: list[KitRow]
    agreements: list[AgreementRow]
    outside_scope: int


def read_stock(
    conn: Connection,
    codes: Sequence[str],
    skills: Sequence[str],
    towns: Collection[str] | None,
    *,
    is_drill: bool,
) -> Stock:
    """Return all that may meet a want of these codes or skills, for drills or in earnest."""
    near = None if towns is None else sorted(towns)
    kits = KITS.all(conn, codes=codes)
    codes = sorted({*codes, *(it.part_code for it in kits)})
    substitutes = SUBSTITUTES.all(conn, codes=codes)
    # What is of the same class is told of where it is short.
    akin = {code[:-_CLASS] for code in codes if len(code) > _CLASS}
    wide = sorted({*codes, *akin, *(it.by_code for it in substitutes)})
    depots = DEPOTS.all(conn, towns=near)
    teams = TEAMS.all(conn, towns=near, skills=skills, is_drill=is_drill)
    within = {it.id: it for it in depots if it.is_in_scope}
    lots = LOTS.all(conn, codes=wide)
    elsewhere = {it.depot_id for it in lots} - within.keys()
    return Stock(
        depots=within,
        lots=[it for it in lots if it.depot_id in within],
        makers=[it for it in MAKERS.all(conn, codes=codes, towns=near) if it.is_in_scope],
        teams=[it for it in teams if it.is_in_scope],
        goods={it.code: it for it in GOODS.all(conn, codes=codes)},
        substitutes=substitutes,
        kits=kits,
        agreements=AGREEMENTS.all(conn, codes=codes),
        outside_scope=len(elsewhere) + sum(not it.is_in_scope for it in teams),
    )


def read_ordered(conn: Connection, scenes: Sequence[Scene]) -> list[list[OrderedRow]]:
    """Return what is on its way to each scene already, where that counts."""
    ids = [scene.id for scene in scenes if scene.counts_orders]
    rows = ORDERED.all(conn, ids=ids) if ids else []
    return [
        [it for it in rows if scene.counts_orders and it.incident_id == scene.id]
        for scene in scenes
    ]


def scenes_of(conn: Connection, question: PlanQuestion, scope: Editor) -> list[Scene]:
    """Return what is to be planned for, in the order of incidents' codes.

    Raises
    ------
    NotFoundError
        An incident is not there, or not in the caller's towns.
    ConflictError
        It is closed; drills and incidents are planned together; nothing is open.
    InputError
        Neither an incident nor a place is given, or both; needs for several incidents.
    """
    if question.lon is not None and question.lat is not None:
        _refuse_both(question)
        return [
            Scene(question.lon, question.lat, question.items, question.teams, level=question.level)
        ]
    found = _incidents(conn, question, scope)
    if len(found) > 1 and (question.items or question.teams):
        raise InputError(
            "needs can be said here for one incident only: several have their own",
            zh="只有单个事件可在此另列需求：多个事件各用其登记的需求",
            where="items",
        )
    if len({it.is_drill for it in found}) > 1:
        raise ConflictError(
            "drills and incidents are not planned together: nothing real is sent to a drill",
            zh="演练与实战不能一并编制：演练不调用真实资源",
            where="incident_ids",
        )
    said = Scene(0, 0, question.items, question.teams)
    return [_scene(it, said) for it in sorted(found, key=lambda it: it.code)]


def _incidents(conn: Connection, question: PlanQuestion, scope: Editor) -> list[Incident]:
    if question.all_open:
        newest = list_incidents(conn, scope, state="open", limit=10 * MOST_INCIDENTS)
        found = [it for it in newest if not it.is_drill and it.needs]
        if not found:
            raise ConflictError(
                "no open incident has needs on record",
                zh="没有登记了需求的未结束事件",
                where="all_open",
            )
        if len(found) > MOST_INCIDENTS:
            raise ConflictError(
                f"{len(found)} open incidents have needs: name at most {MOST_INCIDENTS} of them",
                zh=f"有 {len(found)} 起未结束事件登记了需求：请指定其中至多 {MOST_INCIDENTS} 起",
                where="incident_ids",
            )
        return found
    if not question.incident_ids:
        raise InputError(
            "say what for: incident_ids, all_open, or lon and lat",
            zh="请说明为何处编制：incident_ids、all_open，或 lon 与 lat",
            where="incident_ids",
        )
    found = [read_incident(conn, it, scope) for it in sorted(set(question.incident_ids))]
    for it in found:
        if it.state != "open":
            raise ConflictError(
                f"incident {it.code} is closed", zh=f"事件 {it.code} 已结束", where="incident_ids"
            )
    return found


def _refuse_both(question: PlanQuestion) -> None:
    if question.incident_ids or question.all_open:
        raise InputError(
            "either incidents or a place: not both",
            zh="事件与地点只能给出一种",
            where="lon",
        )


def _scene(incident: Incident, said: Scene) -> Scene:
    is_said = bool(said.items or said.teams)
    needs = [] if is_said else incident.needs
    return Scene(
        lon=incident.lon,
        lat=incident.lat,
        items=said.items if is_said else tuple(_item(it) for it in needs if it["item_code"]),
        teams=said.teams if is_said else tuple(_team(it) for it in needs if it["skill"]),
        id=incident.id,
        code=incident.code,
        name=incident.name,
        level=incident.level,
        is_drill=incident.is_drill,
        counts_orders=not is_said,
    )


def _item(need: Mapping[str, Any]) -> Item:
    quantity = Decimal(str(need["quantity"]))
    return Item(
        need["no"], need["item_code"], quantity, need["unit"], _instant(need), need["weight"]
    )


def _team(need: Mapping[str, Any]) -> TeamItem:
    return TeamItem(
        need["no"], need["skill"], need["number"], need["type_no"], _instant(need), need["weight"]
    )


def _instant(need: Mapping[str, Any]) -> datetime | None:
    return datetime.fromisoformat(need["deadline_at"]) if need["deadline_at"] else None
