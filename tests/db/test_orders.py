"""Orders: what they reserve, how they are followed until all is back, and what they refuse."""

import runpy
from collections.abc import Callable
from pathlib import Path
from typing import Any

import psycopg
import pytest

from geoservice import db
from geoservice.errors import ConflictError, InputError, KeyReusedError, NotFoundError
from geoservice.orders.actions import place_order, read_order
from geoservice.orders.steps import (
    confirm_order,
    finish_order,
    step_part,
)
from geoservice.registry.editing import Editor
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


def test_an_order_from_notice_to_return(scene: db.Connection) -> None:
    here = incident(scene)
    made = order(scene, here, [(lot_id(scene, "L1"), 10)], [team_id(scene, "T1")])
    number = made["id"]
    assert (made["state"], made["is_open"]) == ("reserved", True)
    assert made["command_post"]["code"] == "SHQ03"
    assert (held(scene), status(scene)) == ((100, 10), "notified")
    step_part(scene, number, "team", 1, "depart")
    assert status(scene) == "en_route"
    assert "SHQ" not in refused(scene, lambda: step_part(scene, number, "lot", 1, "depart")).message
    confirmed = confirm_order(scene, number, confirmed_for="值班指挥长")
    assert (confirmed["confirmed_by"], confirmed["confirmed_for"]) == ("zhang", "值班指挥长")
    step_part(scene, number, "lot", 1, "depart")
    assert held(scene) == (90, 0)
    step_part(scene, number, "lot", 1, "arrive")
    step_part(scene, number, "team", 1, "arrive")
    step_part(scene, number, "team", 1, "recall")
    step_part(scene, number, "team", 1, "return")
    assert status(scene) == "ready"
    part = {"returned": 4, "lost": 1, "used": 2, "note": "两顶用于安置"}
    partly = step_part(scene, number, "lot", 1, "return", details=part)
    assert (partly["lines"][0]["state"], partly["state"]) == ("issued", "confirmed")
    done = step_part(scene, number, "lot", 1, "return", details={"returned": 3})
    assert (done["state"], done["is_open"], held(scene)) == ("done", False, (97, 0))
    line = done["lines"][0]
    assert (line["returned"], line["lost"], line["used"]) == (7, 1, 2)
    told = [(it["part"], it["action"], it["from_state"], it["to_state"]) for it in done["events"]]
    assert told[0] == ("order", "place", None, "reserved")
    assert ("lot", "return", "issued", "issued") in told
    assert told[-2:] == [("lot", "return_rest", "issued", "returned"),
                         ("order", "finish", "confirmed", "done")]  # fmt: skip
    assert {it["actor"] for it in done["events"]} == {"zhang"}
    kinds = scene.execute(
        "SELECT kind, quantity FROM core.stock_move WHERE order_line_id IS NOT NULL ORDER BY no"
    ).fetchall()
    assert [(k, int(q)) for k, q in kinds] == [
        ("reserve", 10), ("release", 10), ("issue", 10), ("return", 5), ("loss", 1), ("return", 3),
    ]  # fmt: skip
    assert check_ledger(scene).is_sound
    steps = scene.execute(
        "SELECT count(*) FROM core.audit_event WHERE table_name = 'dispatch_order'"
    ).fetchone()
    assert steps == (len(done["events"]),)


def test_a_key_orders_once(scene: db.Connection) -> None:
    here, lot = incident(scene), lot_id(scene, "L1")
    asked = SCENE["body"](here, [(lot, 10)])
    first = place_order(scene, asked, key="k", hold=SCENE["HOLD"])
    again = place_order(scene, asked, key="k", hold=SCENE["HOLD"])
    assert (first.is_replayed, again.is_replayed, again.answer) == (False, True, first.answer)
    assert held(scene) == (100, 10)
    assert scene.execute("SELECT replays FROM core.kept_answer").fetchone() == (1,)
    with pytest.raises(KeyReusedError):
        place_order(scene, asked | {"note": "x"}, key="k", hold=SCENE["HOLD"])
    db.set_actor(scene, "li")
    other = place_order(scene, asked, key="k", hold=SCENE["HOLD"])
    assert other.answer["id"] != first.answer["id"]


def test_keys_live_seven_days(scene: db.Connection) -> None:
    order(scene, incident(scene), [(lot_id(scene, "L1"), 1)], key="old")
    order(scene, incident(scene), [(lot_id(scene, "L1"), 1)], key="new")
    scene.execute(
        "UPDATE core.kept_answer SET made_at = now() - interval '169 h' WHERE key = 'old'"
    )
    assert scene.execute("SELECT core.forget_answers()").fetchone() == (1,)
    assert scene.execute("SELECT key FROM core.kept_answer").fetchall() == [("new",)]


def test_everything_that_has_changed_is_told_at_once(scene: db.Connection) -> None:
    here = incident(scene)
    lots = [
        (lot_id(scene, "L1"), 101),
        (999, 1),
        (lot_id(scene, "L2"), 60),
        (lot_id(scene, "L2"), 50),
    ]
    order(scene, here, teams=[team_id(scene, "T1")])
    scene.execute("UPDATE core.rescue_team SET status = 'off' WHERE code = 'T2'")
    teams = [team_id(scene, "T1"), team_id(scene, "T2"), 999]
    error = refused(scene, lambda: order(scene, here, lots, teams))
    told = [(it["what"], it["code"]) for it in error.changes]
    assert told == [("team", "T1"), ("team", "T2"), ("team", None), ("lot", "L1"), ("lot", None),
                    ("lot", "L2")]  # fmt: skip
    assert all(it["why"] and it["why_zh"] for it in error.changes)
    assert (error.changes[-1]["asked"], error.changes[-1]["available"]) == (110, 100)
    assert error.message == error.changes[0]["why"]
    assert (held(scene), status(scene, "T2")) == ((100, 0), "off")


def test_changed_roads_are_refused_unless_accepted(scene: db.Connection) -> None:
    here, lot = incident(scene), lot_id(scene, "L1")
    version = scene.execute("SELECT version FROM core.graph_version").fetchone()[0]
    error = refused(scene, lambda: order(scene, here, [(lot, 1)], graph_version=version + 1))
    assert [it["what"] for it in error.changes] == ["roads"]
    gone = {"graph_version": version, "closure_ids": [77]}
    error = refused(scene, lambda: order(scene, here, [(lot, 1)], **gone))
    assert [(it["what"], it["id"]) for it in error.changes] == [("closure", 77)]
    assert order(scene, here, [(lot, 1)], **gone, accept_road_changes=True)["id"]


def test_a_file_does_not_make_a_team_ready_that_is_out(scene: db.Connection) -> None:
    order(scene, incident(scene), teams=[team_id(scene, "T1")])
    scene.execute("UPDATE core.rescue_team SET status = 'ready' WHERE code = 'T1'")
    assert status(scene) == "notified"
    retired = "UPDATE core.rescue_team SET valid_to = clock_timestamp() WHERE code = 'T1'"
    rewritten = "UPDATE core.dispatch_event SET actor = 'x'"
    for statement in (retired, rewritten, "DELETE FROM core.dispatch_event"):
        with pytest.raises(psycopg.Error), scene.transaction():
            scene.execute(statement)


def test_no_more_comes_back_than_went(scene: db.Connection) -> None:
    made = order(scene, incident(scene), [(lot_id(scene, "L1"), 10)])
    confirm_order(scene, made["id"])
    step_part(scene, made["id"], "lot", 1, "depart")
    for details in ({"returned": 11}, {}, {"returned": 6, "lost": 3, "used": 2}):
        error = refused(
            scene, lambda it=details: step_part(scene, made["id"], "lot", 1, "return", details=it)
        )
        assert "10 are out" in error.message
    with pytest.raises(InputError, match="only the return of goods"):
        step_part(scene, made["id"], "lot", 1, "arrive", details={"lost": 1})
    with pytest.raises(NotFoundError, match="no lot 2"):
        step_part(scene, made["id"], "lot", 2, "arrive")


def test_what_is_asked_of_a_maker_is_recorded_and_told_to_be_done(scene: db.Connection) -> None:
    reserve = scene.execute(
        "INSERT INTO core.organisation (code, name, kind, source_doc)"
        " VALUES ('O', '厂', 'enterprise', 'x') RETURNING id"
    ).fetchone()[0]
    reserve = scene.execute(
        "INSERT INTO core.capability_reserve (code, name, source_doc, organisation_id, item_code,"
        " per_day, lead_h, unit) VALUES ('C1', '水泵', 'x', %s, '2', 50, 6, '台') RETURNING id",
        [reserve],
    ).fetchone()[0]
    line: dict[str, Any] = {
        "reserve_id": reserve,
        "quantity": 37,
        "ready_at": "2026-11-26T08:00:00+08:00",
    }
    made = order(scene, incident(scene), capability_lines=[line])
    assert (
        made["capability_lines"][0] | {"reserve": "C1", "quantity": 37}
        == made["capability_lines"][0]
    )
    confirm_order(scene, made["id"])
    assert finish_order(scene, made["id"])["is_open"] is False


def test_others_towns_are_not_there(scene: db.Connection) -> None:
    here, lot = incident(scene), lot_id(scene, "L1")
    made = order(scene, here, [(lot, 1)])
    stranger = Editor(towns=frozenset({"140406002"}))
    with pytest.raises(NotFoundError):
        read_order(scene, made["id"], stranger)
    with pytest.raises(NotFoundError):
        confirm_order(scene, made["id"], scope=stranger)
    with pytest.raises(NotFoundError, match="no incident"):
        place_order(
            scene, SCENE["body"](here, [(lot, 1)]), key="k", hold=SCENE["HOLD"], scope=stranger
        )
    scene.execute("UPDATE core.depot SET town_code = '140406002'")
    near = Editor(towns=frozenset({"140406001"}))
    with pytest.raises(ConflictError, match="there is no lot"):
        place_order(
            scene, SCENE["body"](here, [(lot, 1)]), key="k2", hold=SCENE["HOLD"], scope=near
        )
