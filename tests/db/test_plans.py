"""Plans of goods on a street: the worked vector through stock, roads and closures."""

import runpy
from datetime import date, timedelta
from pathlib import Path

import pytest

from geoservice.db import Connection
from geoservice.plans.actions import make_plan
from geoservice.plans.questions import PlanQuestion

SCENE = runpy.run_path(str(Path(__file__).parents[1] / "data" / "plan_scene.py"))
NOW, PUMP = SCENE["NOW"], SCENE["PUMP"]
ask, best, sent, mends = (SCENE["ask"], SCENE["best"], SCENE["sent"], SCENE["mends"])
add_depot, add_lot, close = (SCENE["add_depot"], SCENE["add_lot"], SCENE["close"])


@pytest.fixture
def street(conn: Connection) -> Connection:
    """The street of the vector, with its three depots."""
    return SCENE["settle"](conn)


def test_the_worked_vector(street: Connection) -> None:
    answer = ask(street)
    assert sent(answer) == {"C": 100}
    assert sent(answer, "least_travel") == {"A": 40, "B": 30, "C": 30}
    few, travel = best(answer), best(answer, "least_travel")
    assert (few.unit_minutes, travel.unit_minutes) == (2500, 1680)
    assert few.last_arrival_s == travel.last_arrival_s == 25 * 60
    assert few.names == ("fewest_depots", "fewest_depots_10")
    assert few.is_proven
    assert few.order is None  # no incident on record: nothing to order for
    assert answer.graph_version is not None


def test_what_is_short_says_who_has_it_later(street: Connection) -> None:
    answer = ask(street, deadline_at=NOW + timedelta(minutes=20))
    assert sent(answer) == {"A": 40, "B": 30}
    (short,) = best(answer).shortages
    assert (short.short, short.unit) == (30, "台")
    assert "库C has 30 台, there in 25 min" in mends(answer)
    assert "no substitute is listed" in mends(answer)


def test_a_minimum_reserve_stays_unless_it_is_released(street: Connection) -> None:
    street.execute("UPDATE core.stock_lot SET min_reserve = 10 WHERE code IN ('LA', 'LB')")
    assert sent(ask(street), "least_travel") == {"A": 30, "B": 20, "C": 50}
    assert best(ask(street), "least_travel").unit_minutes == 1910
    freed = ask(street, releases_reserve=True)
    assert sent(freed, "least_travel") == {"A": 40, "B": 30, "C": 30}
    all_of_it = ask(street, 165)
    assert "a reserve of 10 台 is kept at 库A" in mends(all_of_it)
    assert best(all_of_it).shortages[0].short == 15


def test_a_closed_road_is_gone_round_or_named(street: Connection) -> None:
    add_depot(street, "D", load_min=0, lon=113.03)
    add_lot(street, "LD", "D", 500)
    assert sent(ask(street)) == {"D": 100}
    assert best(ask(street)).lines[0].drive_s == pytest.approx(3 * 89.81, abs=0.1)
    close(street, "1", 113.015)
    close(street, "2", 113.0125, 36.305)
    answer = ask(street, 400)
    assert sent(answer) == {"A": 40, "B": 30, "C": 100}
    assert "库D has 500 台, but cut off by 洪水1" in mends(answer)
    assert [(c.code, c.effect) for c in answer.closures_met] == [
        ("C1", "closed"), ("C2", "closed"),
    ]  # fmt: skip
    (out,) = [it for it in answer.not_considered if it.kind == "depot"]
    assert out.code == "D"
    assert "洪水1" in out.reason.en


def test_what_is_reserved_or_expired_is_not_offered_but_told(street: Connection) -> None:
    add_lot(street, "old", "A", 70, expires_on=date(2020, 1, 1))
    incident = SCENE["add_incident"](street, level=2, needs=((PUMP, 90),))
    first = make_plan(street, PlanQuestion(incident_ids=(incident,)), at=NOW)
    SCENE["place"](street, best(first).order)
    answer = ask(street)
    assert sent(answer) == {"A": 40, "B": 30, "C": 10}
    assert "90 台 at 库C are reserved for other orders" in mends(answer)
    assert "70 台 of lot old at 库A expired on 2020-01-01" in mends(answer)
    assert ("stock_lot", "old") in {(it.kind, it.code) for it in answer.not_considered}


def test_the_first_to_expire_goes_first(street: Connection) -> None:
    today = NOW.date()
    add_lot(street, "M2", "A", 25, item="2010102", expires_on=today + timedelta(days=200))
    add_lot(street, "M1", "A", 40, item="2010102", expires_on=today + timedelta(days=500))
    lines = best(ask(street, 30, code="2010102")).lines
    assert [(it.lot, it.quantity) for it in lines] == [("M1", 5), ("M2", 25)]


def test_zero_a_million_an_empty_depot_and_an_unknown_code(street: Connection) -> None:
    assert best(ask(street, 0)).lines == ()
    assert best(ask(street, 0)).shortages == ()
    much = ask(street, 1_000_000)
    assert best(much).shortages[0].short == 999_830
    add_depot(street, "E", load_min=1)
    assert sent(ask(street)) == {"C": 100}
    nothing = ask(street, code="3999999")
    assert best(nothing).shortages[0].short == 100
    assert "no substitute is listed" in mends(nothing)
    assert best(nothing).last_arrival_s is None


def test_a_wide_code_is_met_by_all_that_begin_with_it(street: Connection) -> None:
    assert sent(ask(street, 170, code="2")) == {"A": 40, "B": 30, "C": 100}


def test_stock_counted_in_something_else_is_left_out_and_named(street: Connection) -> None:
    answer = ask(street, unit="箱")
    assert best(answer).lines == ()
    assert {it.code for it in answer.not_considered} == {"LA", "LB", "LC"}
    assert "counted in 台, asked for in 箱" in answer.not_considered[0].reason.en


def test_a_listed_substitute_goes_by_its_ratio_and_only_if_allowed(street: Connection) -> None:
    street.execute(
        "INSERT INTO core.goods_substitute (code, name, source_doc, for_code, by_code, ratio)"
        " VALUES ('S1', '小泵代大泵', 'test', %s, '2010109', 4)",
        (PUMP,),
    )
    add_lot(street, "small", "A", 99, item="2010109")
    answer = ask(street, 190)
    (line,) = [it for it in best(answer).lines if it.is_substitute]
    assert (line.lot, line.quantity, line.meets) == ("small", 80, 20)
    assert "a substitute" in line.reasons[0].en
    refused = ask(street, 190, substitutes=False)
    assert best(refused).shortages[0].short == 20
    assert "a listed substitute, which this request does not allow" in mends(refused)


def test_a_kit_is_taken_apart_after_those_that_lie_ready(street: Connection) -> None:
    for code, part, quantity in (("K1", "1010101", 1), ("K2", "1010102", 4)):
        street.execute(
            "INSERT INTO core.goods_kit (code, name, source_doc, kit_code, part_code, quantity)"
            " VALUES (%s, '套装', 'test', '1990101', %s, %s)",
            (code, part, quantity),
        )
    add_lot(street, "whole", "A", 2, item="1990101")
    add_lot(street, "tents", "B", 10, item="1010101")
    add_lot(street, "quilts", "C", 10, item="1010102")
    answer = ask(street, 5, code="1990101")
    assert {(it.item_code, it.quantity, it.of_kit) for it in answer.wants} == {
        ("1990101", 2, None), ("1010101", 3, "1990101"), ("1010102", 12, "1990101"),
    }  # fmt: skip
    assert {it.lot: it.quantity for it in best(answer).lines} == {
        "whole": 2, "tents": 3, "quilts": 10,
    }  # fmt: skip
    assert best(answer).shortages[0].short == 2


def test_what_can_be_made_by_the_deadline_fills_the_rest(street: Connection) -> None:
    make = (
        "INSERT INTO core.capability_reserve"
        " (code, name, source_doc, depot_id, item_code, per_day, unit, lead_h)"
        " SELECT 'M1', '产能', 'test', d.id, %s, 50, '台', 6 FROM core.depot d WHERE d.code = 'A'"
    )
    street.execute("UPDATE core.depot SET load_min = 0 WHERE code = 'A'")
    street.execute(make, (PUMP,))
    answer = ask(street, 300, deadline_at=NOW + timedelta(hours=24))
    (made,) = best(answer).made
    assert (made.quantity, made.reserve_id > 0) == (37, True)
    assert made.ready_at <= NOW + timedelta(hours=24)
    assert best(answer).shortages[0].short == 93
    assert best(ask(street, 170)).made == ()
    assert best(ask(street, 300, makers=False)).made == ()
