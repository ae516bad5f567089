"""How orders end before their time: cancelled, timed out; drills, and the demonstration."""

import runpy
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest

from geoservice import db
from geoservice.demo.actions import clear_demo
from geoservice.errors import ConflictError
from geoservice.incidents.actions import close_incident
from geoservice.orders.actions import read_order
from geoservice.orders.steps import (
    cancel_order,
    confirm_order,
    expire_due,
    step_part,
)
from geoservice.registry.ledger import check_ledger, stock_of

SCENE = runpy.run_path(str(Path(__file__).parents[1] / "data" / "order_scene.py"))
incident, lot_id, team_id, order = (SCENE[it] for it in ("incident", "lot_id", "team_id", "order"))


@pytest.fixture
def scene(conn: db.Connection) -> db.Connection:
    db.set_actor(conn, "zhang")
    SCENE["set_scene"](conn)
    return conn


def held(conn: db.Connection, code: str = "L1") -> tuple[float, float]:
    lot = next(it for it in stock_of(conn, None) if it.code == code)
    return lot.quantity, lot.reserved


def status(conn: db.Connection, code: str = "T1") -> str:
    return conn.execute("SELECT status FROM core.rescue_team WHERE code = %s", [code]).fetchone()[0]


def refused(conn: db.Connection, work: Callable[[], object]) -> ConflictError:
    with pytest.raises(ConflictError) as caught, conn.transaction():
        work()
    return caught.value


def test_a_closed_incident_takes_no_order_and_open_orders_keep_one_open(
    scene: db.Connection,
) -> None:
    here = incident(scene)
    made = order(scene, here, [(lot_id(scene, "L1"), 1)])
    error = refused(scene, lambda: close_incident(scene, here))
    assert made["code"] in error.message
    cancel_order(scene, made["id"])
    close_incident(scene, here)
    error = refused(scene, lambda: order(scene, here, [(lot_id(scene, "L1"), 1)]))
    assert [it["what"] for it in error.changes] == ["incident"]


def test_cancelling_frees_all_and_calls_teams_back(scene: db.Connection) -> None:
    here = incident(scene)
    teams = [team_id(scene, "T1"), team_id(scene, "T2")]
    made = order(scene, here, [(lot_id(scene, "L1"), 10), (lot_id(scene, "L2"), 5)], teams)
    step_part(scene, made["id"], "team", 2, "depart")
    done = cancel_order(scene, made["id"], note="误报")
    assert [it["state"] for it in done["lines"]] == ["released", "released"]
    assert (done["state"], done["is_open"]) == ("cancelled", True)
    assert (held(scene), held(scene, "L2")) == ((100, 0), (100, 0))
    assert (status(scene), status(scene, "T2")) == ("ready", "returning")
    home = step_part(scene, made["id"], "team", 2, "return")
    assert (home["state"], home["is_open"], status(scene, "T2")) == ("cancelled", False, "ready")
    refused(scene, lambda: cancel_order(scene, made["id"]))


def test_goods_that_have_left_are_returned_before_cancelling(scene: db.Connection) -> None:
    made = order(scene, incident(scene), [(lot_id(scene, "L1"), 10), (lot_id(scene, "L2"), 5)])
    confirm_order(scene, made["id"])
    step_part(scene, made["id"], "lot", 1, "depart")
    error = refused(scene, lambda: cancel_order(scene, made["id"]))
    assert [it["code"] for it in error.changes] == ["L1"]
    step_part(scene, made["id"], "lot", 1, "return", details={"returned": 10})
    assert cancel_order(scene, made["id"])["is_open"] is False
    assert check_ledger(scene).is_sound


def test_what_nobody_confirms_in_time_is_free_again(scene: db.Connection) -> None:
    here, late = incident(scene), timedelta(seconds=-1)
    made = order(scene, here, [(lot_id(scene, "L1"), 10)], [team_id(scene, "T1")], hold=late)
    kept = order(scene, here, [(lot_id(scene, "L1"), 7)], hold=late)
    confirm_order(scene, kept["id"])
    assert expire_due(scene) == 1
    assert expire_due(scene) == 0
    db.set_actor(scene, "zhang")
    gone = read_order(scene, made["id"])
    assert (gone["state"], gone["is_open"]) == ("expired", False)
    assert (held(scene), status(scene)) == ((100, 7), "ready")
    assert {it["actor"] for it in gone["events"][1:]} == {"geoservice"}
    refused(scene, lambda: confirm_order(scene, made["id"]))


def test_a_drill_books_nothing_real(scene: db.Connection) -> None:
    here = incident(scene, is_drill=True)
    asked = ([(lot_id(scene, "L1"), 10)], [team_id(scene, "T1")])
    made = order(scene, here, *asked)
    assert (made["is_drill"], made["code"][0]) == (True, "E")
    assert refused(scene, lambda: order(scene, here, [], asked[1])).changes[0]["code"] == "T1"
    confirm_order(scene, made["id"])
    for part, action in (("team", "depart"), ("lot", "depart"), ("lot", "arrive")):
        step_part(scene, made["id"], part, 1, action)
    real = order(scene, incident(scene), [], asked[1])  # the same team, for real
    step_part(scene, made["id"], "lot", 1, "return", details={"returned": 5, "lost": 5})
    for action in ("arrive", "recall", "return"):
        step_part(scene, made["id"], "team", 1, action)
    assert (held(scene), status(scene)) == ((100, 0), "notified")
    assert read_order(scene, real["id"])["teams"][0]["state"] == "notified"
    moves = scene.execute("SELECT count(*) FROM core.stock_move WHERE kind <> 'opening'")
    assert moves.fetchone() == (0,)
    assert read_order(scene, made["id"])["state"] == "done"


def test_the_demonstration_goes_with_its_incidents_and_orders(demo_conn: db.Connection) -> None:
    here = incident(demo_conn, lon=113.23, lat=36.33)
    lot = demo_conn.execute(
        "SELECT max(id) FROM core.stock_lot WHERE expires_on IS NULL"
    ).fetchone()
    team = demo_conn.execute("SELECT id FROM core.rescue_team WHERE status = 'ready' LIMIT 1")
    made = order(demo_conn, here, [(lot[0], 1)], [team.fetchone()[0]])
    confirm_order(demo_conn, made["id"])
    step_part(demo_conn, made["id"], "lot", 1, "depart")
    gone = {it.table_name: it.row_count for it in clear_demo(demo_conn)}
    assert min(gone["incident"], gone["dispatch_order"], gone["team_assignment"]) > 0
    assert demo_conn.execute("SELECT count(*) FROM core.incident").fetchone() == (0,)
    assert demo_conn.execute("SELECT count(*) FROM core.dispatch_event").fetchone() == (0,)
