"""Plans for incidents: teams, several at once, orders that are ready, and what is refused."""

import runpy
from datetime import timedelta
from decimal import Decimal
from pathlib import Path

import pytest

from geoservice.db import Connection
from geoservice.dispatch.actions import nearest_by_road
from geoservice.dispatch.answers import NearestQuestion
from geoservice.errors import ConflictError, InputError, NotFoundError, OutsideDistrictError
from geoservice.plans.actions import make_plan
from geoservice.plans.questions import Item, PlanQuestion, TeamItem
from geoservice.registry.editing import Editor

SCENE = runpy.run_path(str(Path(__file__).parents[1] / "data" / "plan_scene.py"))
NOW, PUMP = SCENE["NOW"], SCENE["PUMP"]
ask, best, sent, mends = (SCENE["ask"], SCENE["best"], SCENE["sent"], SCENE["mends"])
add_team, add_incident, close = (SCENE["add_team"], SCENE["add_incident"], SCENE["close"])
FLOOD = """
WITH scenario AS (
  INSERT INTO core.flood_scenario (code, name, source_doc, method, height_datum, state)
  VALUES ('F1', '暴雨内涝', 'test', 'imported', '1985', 'in_force') RETURNING id
)
INSERT INTO core.flood_band (code, name, source_doc, flood_scenario_id, depth_min_m, depth_max_m,
                             area_m2, geom)
SELECT 'B1', '积水', 'test', scenario.id, 0.1, 0.2, 1,
       ST_Multi(ST_Expand(ST_Point(113.005, 36.3, 4490), 0.001))
  FROM scenario"""


@pytest.fixture
def street(conn: Connection) -> Connection:
    """The street of the vector, with its three depots."""
    return SCENE["settle"](conn)


def test_teams_come_by_skill_type_tier_and_rest(street: Connection) -> None:
    for code, tier, status, mobilise, type_no, lon in (
        ("T1", "vol", "ready", 5, 2, 113.0), ("T2", "pro", "ready", 5, 2, 113.0),
        ("T3", "main", "on_scene", 1, 1, 113.0), ("T4", "main", "ready", 1, 4, 113.0),
        ("T5", "main", "ready", 30, 1, 113.03),
    ):  # fmt: skip
        add_team(street, code, tier, status, mobilise, type_no, lon)
    answer = ask(street, 0, teams=(TeamItem(2, "排水", 2, 2),))
    assert [(it.code, it.eta_s) for it in answer.teams] == [("T1", 300), ("T2", 300)]
    assert answer.team_shortages == ()
    one = ask(street, 0, teams=(TeamItem(2, "排水", 1, 2),))
    assert [it.code for it in one.teams] == ["T2"]  # a professional squad before volunteers
    four = ask(street, 0, teams=(TeamItem(2, "排水", 4, 2),))
    assert [it.code for it in four.teams] == ["T1", "T2", "T5"]
    (short,) = four.team_shortages
    assert short.short == 1
    assert {text.en for text in short.fixes} == {
        "队T3: the team is at another scene", "队T4: has the skill 排水, but below type 2",
    }  # fmt: skip
    by = NOW + timedelta(minutes=20)
    late = ask(street, 0, teams=(TeamItem(2, "排水", 3, None, by),))
    assert [it.code for it in late.teams] == ["T4", "T1", "T2"]


def test_an_incident_is_planned_from_its_needs_and_the_order_is_ready(street: Connection) -> None:
    incident = add_incident(street, level=3, needs=((PUMP, 60),))
    answer = make_plan(street, PlanQuestion(incident_ids=(incident,)), at=NOW)
    order = best(answer, "least_travel").order
    assert order is not None
    assert (order.incident_id, order.graph_version) == (incident, answer.graph_version)
    assert [(it.quantity, it.for_item_code) for it in order.lines] == [(40, PUMP), (20, PUMP)]
    assert all(it.route is not None for it in order.lines)
    assert order.lines[0].eta_at == NOW + timedelta(minutes=12)


def test_floods_and_what_hinders_this_vehicle_are_named_as_the_nearest_does(
    street: Connection,
) -> None:
    for code in ("1", "2"):
        close(street, code, 113.025, 36.3)
    street.execute("UPDATE core.road_closure SET vehicle_classes = '{truck}' WHERE code = 'C2'")
    street.execute(FLOOD)
    incident = add_incident(street, level=3, needs=((PUMP, 60),))
    answer = make_plan(street, PlanQuestion(incident_ids=(incident,)), at=NOW)
    assert [(c.kind, c.code, c.effect) for c in answer.closures_met] == [
        ("closure", "C1", "closed"), ("flood", "B1", "slowed"),
    ]  # fmt: skip
    nearest = nearest_by_road(street, NearestQuestion(113.0, 36.3, "depot"), at=NOW, towns=None)
    assert answer.closures_met == nearest.closures_met
    order = best(answer).order
    # An order names closures, whoever they are for, and floods.
    ids = street.execute("SELECT id FROM core.road_closure ORDER BY id").fetchall()
    assert order.closure_ids == tuple(row[0] for row in ids)
    assert len(order.flood_ids) == 1
    street.execute("UPDATE core.flood_scenario SET state = 'ended'")
    with pytest.raises(ConflictError, match="the roads are at version"), street.transaction():
        SCENE["place"](street, order)
    again = make_plan(street, PlanQuestion(incident_ids=(incident,)), at=NOW)
    assert [c.code for c in again.closures_met] == ["C1"]
    SCENE["place"](street, best(again).order)


def test_what_is_ordered_already_is_not_asked_for_again(street: Connection) -> None:
    for code, tier in (("T1", "pro"), ("T2", "main")):
        add_team(street, code, tier, "ready", 5, 1, 113.0)
    incident = add_incident(street, level=3, needs=((PUMP, 60),))
    street.execute(
        "INSERT INTO core.incident_need (incident_id, no, skill, number) VALUES (%s, 2, '排水', 1)",
        (incident,),
    )
    question = PlanQuestion(incident_ids=(incident,))
    first = make_plan(street, question, at=NOW)
    assert [it.code for it in first.teams] == ["T2"]
    SCENE["place"](street, best(first, "least_travel").order)
    again = make_plan(street, question, at=NOW)
    assert [(it.quantity, it.ordered) for it in again.wants] == [(0, 60)]
    assert best(again).lines == again.teams == best(again).shortages == ()
    assert best(again).order is None
    street.execute("UPDATE core.incident_need SET quantity = 75 WHERE item_code IS NOT NULL")
    more = make_plan(street, question, at=NOW)
    assert [(it.quantity, it.ordered) for it in more.wants] == [(15, 60)]
    assert sent(more) == {"C": 15}  # B has ten left


def test_open_incidents_share_stock_the_graver_one_first(street: Connection) -> None:
    slight = add_incident(street, level=4, needs=((PUMP, 100),))
    grave = add_incident(street, level=1, needs=((PUMP, 100),))
    answer = make_plan(street, PlanQuestion(all_open=True), at=NOW)
    assert {it.id for it in answer.incidents} == {slight, grave}
    number = {it.id: i for i, it in enumerate(answer.incidents)}
    (short,) = best(answer).shortages
    assert (short.incident_no, short.short) == (number[slight], 30)
    assert {it.incident_id for it in best(answer).orders} == {slight, grave}
    assert best(answer).order is None


def test_without_roads_times_are_guessed_and_said_to_be(conn: Connection) -> None:
    answer = ask(SCENE["settle"](conn, has_roads=False))
    assert sent(answer) == {"C": 100}
    assert answer.graph_version is None
    assert "no roads are loaded" in answer.notes[0].en
    assert answer.routes[0].line is None


def test_everything_closed_says_so_of_every_depot(street: Connection) -> None:
    for no in range(31):
        close(street, f"m{no}", 113.0 + no * 0.001)
        close(street, f"n{no}", 113.0 + no * 0.001, 36.305)
    answer = ask(street)
    assert best(answer).lines == ()
    assert {it.code for it in answer.not_considered if it.kind == "depot"} == {"A", "B", "C"}
    assert "but" in mends(answer)


def test_depots_of_other_towns_are_counted_but_not_named(street: Connection) -> None:
    street.execute("UPDATE core.depot SET town_code = '999999001' WHERE code = 'C'")
    question = PlanQuestion(lon=113.0, lat=36.3, items=(Item(1, PUMP, Decimal(100)),))
    scope = Editor(towns=frozenset({"999999002"}))
    answer = make_plan(street, question, at=NOW, scope=scope)
    assert sent(answer) == {"A": 40, "B": 30}
    assert answer.outside_scope == 1
    assert "库C" not in mends(answer)


def test_questions_that_make_no_sense_are_refused(street: Connection) -> None:
    closed = add_incident(street, level=4, needs=((PUMP, 1),))
    drill = add_incident(street, level=4, needs=((PUMP, 1),), is_drill=True)
    real = add_incident(street, level=4, needs=((PUMP, 1),))
    street.execute("UPDATE core.incident SET state = 'closed' WHERE id = %s", (closed,))
    item = (Item(1, PUMP, Decimal(1)),)
    for error, asked in (
        (InputError, {}),
        (InputError, {"lon": 113.0}),
        (InputError, {"lon": 113.0, "lat": 36.3, "all_open": True}),
        (InputError, {"incident_ids": (real,), "all_open": True}),
        (InputError, {"incident_ids": (real,), "alternatives": ("best",)}),
        (NotFoundError, {"incident_ids": (10**9,)}),
        (ConflictError, {"incident_ids": (closed,)}),
        (ConflictError, {"incident_ids": (drill, real)}),
        (OutsideDistrictError, {"lon": 114.9, "lat": 36.3, "items": item}),
    ):
        with pytest.raises(error) as refused:
            make_plan(street, PlanQuestion(**asked), at=NOW)  # type: ignore[arg-type]
        assert refused.value.message != refused.value.zh
