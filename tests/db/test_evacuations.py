"""Who goes to which shelter, on the street of test_nearest.py: 90 s a stretch, A-B-C-D."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import shapely

from geoservice.crs import stored
from geoservice.db import Connection
from geoservice.errors import InputError, NoDistrictError, NotFoundError
from geoservice.evacuation.actions import plan_evacuation
from geoservice.evacuation.answers import EvacuationAnswer, EvacuationQuestion

NOW = datetime(2026, 11, 23, 8, tzinfo=UTC)
DATA = Path(__file__).parents[1] / "data"
DISTRICT = """
INSERT INTO core.district (code, name, source_doc, geom, envelope)
SELECT '999999', '试验区', 'test', ST_Multi(b), ST_Envelope(ST_Expand(b, 0.2))
  FROM (SELECT ST_MakeEnvelope(112.9, 36.2, 113.3, 36.5, 4490) AS b) s"""
SETTLEMENT = """
INSERT INTO core.settlement (code, name, source_doc, kind, population, phone, town_code, geom)
VALUES (%s, %s, 'test', 'village', %s, '0355-1', %s, ST_Point(%s, 36.3, 4490))"""
SHELTER = """
INSERT INTO core.shelter (code, name, source_doc, kind, capacity, geom)
VALUES (%s, %s, 'test', 'indoor', %s, ST_Point(%s, 36.3, 4490))"""
CLOSURE = """
INSERT INTO core.road_closure (code, name, source_doc, cause, period, factor, geom)
VALUES ('X', '封闭', 'test', 'flood', '[2026-11-01,)', 0,
        ST_MakeEnvelope(%s, 36.2, %s, 36.4, 4490))"""
FLOOD = """
WITH s AS (
  INSERT INTO core.flood_scenario (code, name, source_doc, method, height_datum)
  VALUES ('FS', '百年一遇', 'test', 'imported', '1985') RETURNING id
)
INSERT INTO core.flood_band (code, name, source_doc, flood_scenario_id, depth_min_m, area_m2, geom)
SELECT 'FB', '深水', 'test', s.id, 0.5, 1,
       ST_Multi(ST_MakeEnvelope(112.99, 36.29, 113.012, 36.31, 4490))
  FROM s"""


@pytest.fixture
def street(conn: Connection) -> Connection:
    """Two villages in the west, shelters in the east; one shelter in the danger, one unknown."""
    conn.execute(DISTRICT)
    conn.execute("SELECT core.guard_all_geometry()")
    conn.execute((DATA / "dispatch_street.sql").read_text("utf-8"))
    for code, people, lon in (("V-a", 100, 113.0), ("V-b", 80, 113.01)):
        conn.execute(SETTLEMENT, (code, f"{code} 村", people, "999999001", lon))
    for code, capacity, lon in (
        ("S-c", 90, 113.02), ("S-d", 70, 113.03), ("S-wet", 500, 113.005), ("S-what", None, 113.02),
    ):  # fmt: skip
        conn.execute(SHELTER, (code, code, capacity, lon))
    return conn


def area(west: float, east: float) -> shapely.Geometry:
    return stored(shapely.MultiPolygon([shapely.box(west, 36.29, east, 36.31)]))


def plan(
    conn: Connection, *, minutes: float = 120, towns: set[str] | None = None, **more: object
) -> EvacuationAnswer:
    asked: dict[str, object] = {"margin_min": 30.0, **more}
    if not {"area", "flood", "settlements"} & asked.keys():
        asked["area"] = area(112.99, 113.012)
    question = EvacuationQuestion(NOW + timedelta(minutes=minutes), **asked)  # type: ignore[arg-type]
    return plan_evacuation(conn, question, at=NOW, towns=towns)


def moved(answer: EvacuationAnswer) -> dict[tuple[str, str], int]:
    return {(it.settlement_code, it.shelter_code): it.people for it in answer.moves}


def test_people_are_placed_by_capacity_and_road_and_told_when_to_leave(street: Connection) -> None:
    """A-C 180 s, A-D 270 s, B-C 90 s, B-D 180 s: whoever goes to D drives 90 s more, so any 160
    are as good as long as 20 of A, who are farther, stay: 80 A and 80 B."""
    answer = plan(street)
    assert (answer.people, answer.placed_in_time, answer.placed_late, answer.unplaced) == (
        180, 160, 0, 20,
    )  # fmt: skip
    assert sum(moved(answer).values()) == 160
    assert answer.person_minutes == pytest.approx(
        (80 * 90 + 80 * 180 + 70 * 90) * 0.998 / 60, rel=0.01
    )
    assert [(it.settlement_code, it.people, it.reason.en) for it in answer.left] == [
        ("V-a", 20, "the shelters that can be reached are full")
    ]
    for it in answer.moves:
        leave = NOW + timedelta(minutes=90) - it.depart_by
        assert leave.total_seconds() == pytest.approx(it.drive_s, abs=1)
        assert (it.late_s, it.phone) == (0, "0355-1")
        assert it.route is not None
    assert [it.depart_by for it in answer.moves] == sorted(it.depart_by for it in answer.moves)
    why = {it.code: it.reason.en for it in answer.shelters if it.reason}
    assert why == {"S-wet": "lies in the danger itself", "S-what": "capacity not on record"}


def test_a_late_warning_sends_people_late_rather_than_nowhere(street: Connection) -> None:
    """32 min less the margin: 120 s are left, enough for B to C only."""
    answer = plan(street, minutes=32)
    assert (answer.placed_in_time, answer.placed_late, answer.unplaced) == (80, 80, 20)
    assert moved(answer)["V-b", "S-c"] == 80
    late = [it for it in answer.moves if it.late_s]
    assert {it.settlement_code for it in late} == {"V-a"}
    assert all(it.late_s == pytest.approx(it.drive_s - 120, abs=1) for it in late)
    over = plan(street, minutes=5)
    assert over.placed_in_time == 0
    assert any("should leave at once" in note.en for note in over.notes)


def test_cut_off_villages_are_left_with_the_closure_that_blocks(street: Connection) -> None:
    street.execute(CLOSURE, (113.011, 113.0195))
    answer = plan(street)
    assert (answer.moves, answer.unplaced) == ((), 180)
    assert "cut off by 封闭" in answer.left[0].reason.en
    assert [c.name for c in answer.closures_met] == ["封闭"]


def test_a_flood_on_record_and_named_settlements_are_dangers_too(street: Connection) -> None:
    street.execute(FLOOD)
    assert moved(plan(street, flood="FS")) == moved(plan(street))
    assert moved(plan(street, flood="FB")) == moved(plan(street))
    named = plan(street, settlements=("V-b", "V-nowhere"))
    assert (named.people, named.placed_in_time) == (80, 80)
    assert "not on record: V-nowhere" in [note.en for note in named.notes]
    assert not [it for it in named.shelters if it.code == "S-wet" and it.reason]
    with pytest.raises(NotFoundError, match="no flood scenario or zone 'FX'"):
        plan(street, flood="FX")


def test_unknown_numbers_and_other_towns_are_counted_not_guessed(street: Connection) -> None:
    street.execute(SETTLEMENT, ("V-c", "丙村", None, "999999002", 113.005))
    answer = plan(street)
    assert (answer.uncounted, answer.people) == (("丙村",), 180)
    assert any("1 settlements without a population" in note.en for note in answer.notes)
    other = plan(street, towns={"999999002"})
    assert (other.people, other.outside_scope, other.moves) == (0, 2, ())


def test_nobody_in_danger_no_shelter_and_no_road_are_answers(street: Connection) -> None:
    nobody = plan(street, area=area(113.2, 113.21))
    assert (nobody.people, nobody.moves) == (0, ())
    assert nobody.notes[0].en == "no settlement on record lies in the danger"
    street.execute("UPDATE core.shelter SET valid_to = now()")
    nowhere = plan(street)
    assert (nowhere.unplaced, nowhere.shelters) == (180, ())
    assert "no shelter to go to" in nowhere.left[0].reason.en


def test_without_roads_times_are_guesses_and_say_so(conn: Connection) -> None:
    with pytest.raises(NoDistrictError):
        plan(conn)
    conn.execute(DISTRICT)
    conn.execute("SELECT core.guard_all_geometry()")
    conn.execute(SETTLEMENT, ("V-a", "甲村", 10, None, 113.0))
    conn.execute(SHELTER, ("S-d", "丁", 70, 113.03))
    answer = plan(conn)
    assert (answer.basis, answer.graph_version, answer.placed_in_time) == (
        "straight_line",
        None,
        10,
    )
    assert answer.moves[0].route is None
    assert "not verified by road" in answer.notes[1].en


@pytest.mark.parametrize(
    ("wrong", "where"),
    [
        ({"area": None}, "area"),
        ({"flood": "FS", "settlements": ("V-a",)}, "area"),
        ({"margin_min": -1.0}, "margin_min"),
    ],
)
def test_wrong_questions_are_named(
    street: Connection, wrong: dict[str, object], where: str
) -> None:
    with pytest.raises(InputError) as refusal:
        plan(street, **wrong)  # type: ignore[arg-type]
    assert refusal.value.where == where
