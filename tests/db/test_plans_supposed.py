"""Plans for another instant or with closures supposed, and what orders are checked against."""

import runpy
import time
from datetime import timedelta
from pathlib import Path

import psycopg
import pytest
import shapely

from geoservice.db import Connection
from geoservice.errors import ConflictError
from geoservice.network.records import WhatIf
from geoservice.plans.actions import make_plan
from geoservice.plans.answers import Order, PlanAnswer
from geoservice.plans.questions import PlanQuestion

SCENE = runpy.run_path(str(Path(__file__).parents[1] / "data" / "plan_scene.py"))
NOW, PUMP = SCENE["NOW"], SCENE["PUMP"]
best, sent, mends, place = (SCENE["best"], SCENE["sent"], SCENE["mends"], SCENE["place"])
add_depot, add_lot, add_incident = (SCENE["add_depot"], SCENE["add_lot"], SCENE["add_incident"])
ACROSS = shapely.box(113.0125, 36.299, 113.015, 36.311)  # the street and the way round it
FLOOD = """
WITH scenario AS (
  INSERT INTO core.flood_scenario (code, name, source_doc, method, height_datum, state, period)
  VALUES ('F1', '暴雨内涝', 'test', 'imported', '1985', 'in_force',
          tstzrange(clock_timestamp() + %s::interval, clock_timestamp() + %s::interval))
  RETURNING id
)
INSERT INTO core.flood_band (code, name, source_doc, flood_scenario_id, depth_min_m, depth_max_m,
                             area_m2, geom)
SELECT 'B1', '积水', 'test', scenario.id, 0.1, 0.2, 1,
       ST_Multi(ST_Expand(ST_Point(113.005, 36.3, 4490), 0.001))
  FROM scenario"""


@pytest.fixture
def street(conn: Connection) -> Connection:
    """The street of the vector, its three depots, and a fourth far down the street."""
    SCENE["settle"](conn)
    add_depot(conn, "E", load_min=1, lon=113.03)
    add_lot(conn, "LE", "E", 500)
    return conn


def plan(conn: Connection, incident: int, **more: object) -> PlanAnswer:
    return make_plan(conn, PlanQuestion(incident_ids=(incident,), **more), at=NOW)  # type: ignore[arg-type]  # fields


def order_of(answer: PlanAnswer) -> Order:
    order: Order | None = best(answer).order
    assert order is not None
    return order


def refused(conn: Connection, order: Order) -> ConflictError:
    with pytest.raises(ConflictError) as caught, conn.transaction():
        place(conn, order)
    return caught.value


def test_a_closure_supposed_cuts_a_depot_off_and_the_plan_is_not_ordered(
    street: Connection,
) -> None:
    incident = add_incident(street, level=3, needs=((PUMP, 200),))
    real = plan(street, incident)
    assert sent(real) == {"E": 200}
    assert not real.is_supposed
    assert not order_of(real).is_supposed
    answer = plan(street, incident, what_if=(WhatIf("桥断", ACROSS),))
    assert answer.is_supposed
    assert sent(answer) == {"A": 40, "B": 30, "C": 100}
    assert "库E has 500 台, but cut off by 桥断" in mends(answer)
    assert [(c.kind, c.name) for c in answer.closures_met] == [("what_if", "桥断")]
    assert any("it cannot be ordered" in note.en for note in answer.notes)
    error = refused(street, order_of(answer))
    assert [it["what"] for it in error.changes] == ["plan"]
    assert "supposition" in error.message
    assert "推演" in error.zh
    place(street, order_of(real))


def test_another_instant_has_its_own_closures_and_counts_from_then(street: Connection) -> None:
    for code, lon, lat in (("1", 113.015, 36.3), ("2", 113.0125, 36.305)):
        SCENE["close"](street, code, lon, lat)
    street.execute(
        "UPDATE core.road_closure SET period ="
        " tstzrange(clock_timestamp() + interval '1 h', clock_timestamp() + interval '3 h')"
    )
    incident = add_incident(street, level=3, needs=((PUMP, 100),))
    assert sent(plan(street, incident), "fewest_depots") == {"E": 100}
    later = NOW + timedelta(hours=2)
    answer = plan(street, incident, at=later)
    assert answer.is_supposed
    assert answer.made_at == later
    assert "E" not in sent(answer)
    assert min(it.eta_at for it in best(answer).lines) > later
    assert refused(street, order_of(answer)).changes[0]["what"] == "plan"


def test_the_database_refuses_what_is_supposed_whatever_it_accepts(street: Connection) -> None:
    incident = add_incident(street, level=3, needs=())
    lot = street.execute("SELECT id FROM core.stock_lot WHERE code = 'LA'").fetchone()
    assert lot is not None
    with pytest.raises(psycopg.Error, match="supposition") as caught, street.transaction():
        street.execute(
            "SELECT core.place_order(jsonb_build_object('incident_id', %s::bigint,"
            " 'is_supposed', true, 'accept_road_changes', true, 'closure_ids', '[]'::jsonb,"
            " 'teams', '[]'::jsonb, 'capability_lines', '[]'::jsonb, 'lines',"
            " jsonb_build_array(jsonb_build_object('lot_id', %s::bigint, 'quantity', 1))),"
            " 'k', 'x', interval '1 h', NULL)",
            (incident, lot[0]),
        )
    assert caught.value.sqlstate == "GS409"
    assert street.execute("SELECT count(*) FROM core.dispatch_order").fetchone() == (0,)


def test_a_flood_that_begins_by_the_clock_is_a_change(street: Connection) -> None:
    street.execute(FLOOD, ("0.6 s", "1 h"))
    incident = add_incident(street, level=3, needs=((PUMP, 60),))
    order = order_of(plan(street, incident))
    assert order.flood_ids == ()
    time.sleep(0.7)
    error = refused(street, order)
    assert [(it["what"], it["code"]) for it in error.changes] == [("flood", "F1")]
    assert "暴雨内涝" in error.zh


def test_a_flood_that_ends_by_the_clock_is_a_change(street: Connection) -> None:
    street.execute(FLOOD, ("-1 h", "0.6 s"))
    incident = add_incident(street, level=3, needs=((PUMP, 60),))
    answer = plan(street, incident)
    assert [c.kind for c in answer.closures_met] == ["flood"]
    order = order_of(answer)
    assert len(order.flood_ids) == 1
    time.sleep(0.7)
    error = refused(street, order)
    assert [(it["what"], it["why"]) for it in error.changes] == [
        ("flood", "flood F1 is not on the roads any more")
    ]


def test_an_order_planned_with_a_flood_is_placed_and_keeps_which(street: Connection) -> None:
    street.execute(FLOOD, ("-1 h", "1 h"))
    incident = add_incident(street, level=3, needs=((PUMP, 60),))
    order = order_of(plan(street, incident))
    place(street, order)
    row = street.execute("SELECT flood_ids FROM core.dispatch_order").fetchone()
    assert row == (list(order.flood_ids),)
