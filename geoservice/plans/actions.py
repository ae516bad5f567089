"""Plans: who sends what to an incident, by which road, and what cannot be met."""

from collections.abc import Sequence
from datetime import datetime

from geoservice.db import Connection
from geoservice.dispatch.eta import ASSUMED_LOAD_MIN, ASSUMED_TURN_OUT_MIN, Timing, timing
from geoservice.network.records import Place, Stand
from geoservice.plans.allocate import allocate
from geoservice.plans.answers import PlanAnswer
from geoservice.plans.arriving import Arriving, Journey, arrive
from geoservice.plans.build import Rules, problem_of
from geoservice.plans.checks import check_question
from geoservice.plans.ordered import Ordered
from geoservice.plans.questions import LEVEL_WEIGHTS, PlanQuestion, Scene
from geoservice.plans.reading import Stock, read_ordered, read_stock, scenes_of
from geoservice.plans.teams import TeamWant, pick
from geoservice.plans.telling import told
from geoservice.plans.told import Making
from geoservice.plans.wants import Store, Want, taken_apart
from geoservice.registry.editing import Editor

Timings = list[dict[tuple[str, int], Timing]]
EVERYTHING = Editor()


def make_plan(
    conn: Connection, question: PlanQuestion, *, at: datetime, scope: Editor = EVERYTHING
) -> PlanAnswer:
    """Return plans for incidents, or for a place: the first by the order of aims, and others.

    Parameters
    ----------
    at
        Now, unless the question names another instant: closures in force then, deadlines and
        arrivals are counted from it. Stock and teams are always those of now.
    scope
        Whose incidents, depots and teams the caller may see.

    Returns
    -------
    answer
        What is short is listed with what would mend it, who was left out with the reason. No
        needs, no stock or no road give an answer that says so; without any roads loaded, times
        are guessed by straight line.

    Raises
    ------
    InputError
        The question does not say what for, or asks for what is not to be had.
    NotFoundError, ConflictError
        An incident is not there; it is closed.
    NoDistrictError, OutsideDistrictError
        No boundary is loaded; a place is outside its envelope.
    BusyError
        The roads are being changed.
    """
    check_question(question)
    at = question.at or at
    scenes = scenes_of(conn, question, scope)
    ordered = Ordered(read_ordered(conn, scenes))
    wants, team_wants = _wants(scenes, at), ordered.teams(_team_wants(scenes, at))
    codes = sorted({want.item_code for want in wants})
    skills = sorted({it.skill for it in team_wants})
    is_drill = any(it.is_drill for it in scenes)
    stock = read_stock(conn, codes, skills, scope.towns, is_drill=is_drill)
    stands = _stands(stock)
    places = {(it.kind, it.id): i for i, it in enumerate(stands)}
    where = [Place(it.lon, it.lat) for it in scenes]
    by = {("rescue_team", it.id): it.vehicle for it in stock.teams}
    arriving = arrive(conn, Journey(question, at, by), where, stands)
    timings = [_timings(i, stock, arriving, places) for i in range(len(scenes))]
    store = _store(stock, timings, question)
    apart = _apart(wants, store, ordered)
    problem = problem_of(apart, store, Rules(question.substitutes, question.makers))
    by_team = [[at_scene["rescue_team", it.id] for it in stock.teams] for at_scene in timings]
    return told(
        Making(
            at=at,
            question=question,
            scenes=scenes,
            stock=stock,
            store=store,
            arriving=arriving,
            places=places,
            wants=apart,
            team_wants=team_wants,
            found=allocate(problem, question.alternatives, time_limit_s=question.time_limit_s),
            picks=pick(team_wants, stock.teams, by_team),
        )
    )


def _store(stock: Stock, timings: Timings, question: PlanQuestion) -> Store:
    return Store(
        depots=stock.depots,
        lots=stock.lots,
        makers=stock.makers,
        goods=stock.goods,
        substitutes=stock.substitutes,
        kits=stock.kits,
        timings=timings,
        releases_reserve=question.releases_reserve,
    )


def _apart(wants: Sequence[Want], store: Store, ordered: Ordered) -> list[Want]:
    """Take kits apart, and take off what is ordered: whole kits first, then all else."""
    kits = {it.kit_code for it in store.kits}
    whole = ordered.goods([it for it in wants if it.item_code in kits])
    plain = [it for it in wants if it.item_code not in kits]
    return ordered.goods(sorted(taken_apart([*whole, *plain], store), key=lambda it: it.code))


def _wants(scenes: Sequence[Scene], at: datetime) -> list[Want]:
    return [
        Want(
            code=f"{i:02}/{item.no:03}",
            incident=i,
            no=item.no,
            item_code=item.item_code,
            quantity=item.quantity,
            unit=item.unit,
            deadline_s=_until(item.deadline_at, at),
            weight=item.weight * LEVEL_WEIGHTS[scene.level],
            level=scene.level,
        )
        for i, scene in enumerate(scenes)
        for item in scene.items
    ]


def _team_wants(scenes: Sequence[Scene], at: datetime) -> list[TeamWant]:
    return [
        TeamWant(
            code=f"{i:02}/{item.no:03}",
            incident=i,
            no=item.no,
            skill=item.skill,
            type_no=item.type_no,
            number=item.number,
            deadline_s=_until(item.deadline_at, at),
            weight=item.weight * LEVEL_WEIGHTS[scene.level],
            level=scene.level,
        )
        for i, scene in enumerate(scenes)
        for item in scene.teams
    ]


def _until(deadline_at: datetime | None, at: datetime) -> float:
    return float("inf") if deadline_at is None else (deadline_at - at).total_seconds()


def _stands(stock: Stock) -> list[Stand]:
    """Return every place that anything may come from, once."""
    used = {it.depot_id for it in stock.lots}
    stands = [it.stand() for it in stock.depots.values() if it.id in used]
    stands += [stand for it in stock.makers if (stand := it.stand()) is not None]
    stands += [it.stand() for it in stock.teams]
    return list({(it.kind, it.id): it for it in stands}.values())


def _timings(
    incident: int, stock: Stock, arriving: Arriving, places: dict[tuple[str, int], int]
) -> dict[tuple[str, int], Timing]:
    """Return when each place is at an incident: loading, turning out and driving."""
    ready: dict[tuple[str, int], tuple[float | None, float]] = {
        (it.kind, it.place_id): (it.load_min, ASSUMED_LOAD_MIN) for it in stock.makers
    }
    ready |= {("depot", it.id): (it.load_min, ASSUMED_LOAD_MIN) for it in stock.depots.values()}
    ready |= {("rescue_team", it.id): (it.mobilise_min, ASSUMED_TURN_OUT_MIN) for it in stock.teams}
    return {
        key: timing(ready[key][0], arriving.drive_s(incident, no), assumed_min=ready[key][1])
        for key, no in places.items()
    }
