"""Who else may be asked for, and how they are ranked, on the street of test_nearest.py."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from geoservice.db import Connection
from geoservice.dispatch.actions import asked_place, nearest_by_road
from geoservice.dispatch.answers import NearestAnswer, NearestQuestion
from geoservice.errors import InputError, NotFoundError
from geoservice.incidents.actions import add_incident
from geoservice.incidents.records import Report

NOW = datetime(2026, 11, 23, 8, tzinfo=UTC)
DATA = Path(__file__).parents[1] / "data"
DISTRICT = """
INSERT INTO core.district (code, name, source_doc, geom, envelope)
SELECT '999999', '试验区', 'test', ST_Multi(b), ST_Envelope(ST_Expand(b, 0.2))
  FROM (SELECT ST_MakeEnvelope(112.9, 36.2, 113.3, 36.5, 4490) AS b) s"""
DEPOT = """
INSERT INTO core.depot (code, name, source_doc, surveyed_on, owner, tier, load_min, geom)
VALUES (%s, %s, 'test', core.district_day(), 'government', 'town', %s, ST_Point(%s, 36.3, 4490))"""
LOT = """
INSERT INTO core.stock_lot (code, name, source_doc, surveyed_on, depot_id, item_code, quantity,
  unit, expires_on, min_reserve)
SELECT %s, %s, 'test', core.district_day(), d.id, %s, %s, '台', %s::date, %s
  FROM core.depot d WHERE d.code = %s"""
TEAM = """
INSERT INTO core.rescue_team (code, name, source_doc, surveyed_on, tier, skills, mobilise_min, geom)
VALUES (%s, %s, 'test', core.district_day(), 'pro', %s, %s, ST_Point(%s, 36.3, 4490))"""
CAPABILITY = """
INSERT INTO core.team_capability (code, name, source_doc, surveyed_on, team_id, skill, type_no)
SELECT 'C-' || t.code, 'x', 'test', core.district_day(), t.id, %s, %s
  FROM core.rescue_team t WHERE t.code = %s"""
STATION = """
INSERT INTO core.fire_station (code, name, source_doc, surveyed_on, status, vehicles, geom)
VALUES (%s, %s, 'test', core.district_day(), %s, 2, ST_Point(%s, 36.3, 4490))"""
CLOSURE = """
INSERT INTO core.road_closure (code, name, source_doc, cause, period, factor, geom)
VALUES (%s, %s, 'test', 'flood', '[2026-11-01,)', 0, ST_Expand(ST_Point(%s, %s, 4490), %s))"""
SHELTER = """
INSERT INTO core.shelter (code, name, source_doc, surveyed_on, kind, capacity, geom)
VALUES (%s, %s, 'test', core.district_day(), 'indoor', %s, ST_Point(%s, 36.3, 4490))"""


@pytest.fixture
def street(conn: Connection) -> Connection:
    conn.execute(DISTRICT)
    conn.execute("SELECT core.guard_all_geometry()")
    conn.execute((DATA / "dispatch_street.sql").read_text("utf-8"))
    return conn


def ask(conn: Connection, kind: str, lon: float = 113.0, **more: object) -> NearestAnswer:
    question = NearestQuestion(lon, 36.3, kind, **more)  # type: ignore[arg-type]
    return nearest_by_road(conn, question, at=NOW, towns=None)


def codes(answer: NearestAnswer) -> list[str]:
    return [it.code for it in answer.found]


def said(answer: NearestAnswer) -> list[str]:
    return [" | ".join(text.en for text in it.reasons) for it in answer.found]


def test_who_leaves_at_once_overtakes_who_is_nearer(street: Connection) -> None:
    """Each stretch takes 90 s: D-far drives 270 s and is there long before D-near is loaded."""
    for code, load_min, lon in (("D-near", 30, 113.0), ("D-far", 2, 113.03), ("D-mid", 29, 113.02)):
        street.execute(DEPOT, (code, code, load_min, lon))
    assert codes(ask(street, "depot", k=1)) == ["D-far"]
    answer = ask(street, "depot")
    assert codes(answer) == ["D-far", "D-near", "D-mid"]
    assert [it.eta_s for it in answer.found] == pytest.approx([390, 1800, 1920], abs=2)
    assert (ask(street, "depot", k=1).farther, answer.farther) == (2, 0)
    near = ask(street, "depot", k=1, within_min=1)
    assert codes(near) == ["D-near"]
    assert len(near.unreachable) == 2


def test_what_is_not_on_record_is_assumed_and_said(street: Connection) -> None:
    street.execute(DEPOT, ("D", "D", None, 113.0))
    answer = ask(street, "depot")
    assert (answer.found[0].prepare_min, answer.found[0].prepare_is_assumed) == (20, True)
    assert "loading takes 20 min more (not on record, assumed)" in said(answer)[0]


def test_stale_records_are_ranked_a_minute_later_and_marked_never_hidden(
    street: Connection,
) -> None:
    for code, lon in (("D-fresh", 113.006), ("D-old", 113.0)):
        street.execute(DEPOT, (code, code, 10, lon))
    street.execute("UPDATE core.depot SET surveyed_on = '2015-01-01' WHERE code = 'D-old'")
    answer = ask(street, "depot")  # D-fresh drives 54 s more: less than the minute
    assert codes(answer) == ["D-fresh", "D-old"]
    assert [it.is_stale for it in answer.found] == [False, True]
    assert "not verified lately (2015-01-01): ranked as if 60 s later" in said(answer)[1]
    assert answer.found[1].eta_s == 600
    assert codes(ask(street, "depot", lon=112.995, k=1)) == ["D-fresh"]


def test_depots_with_a_material_hold_some_that_is_free(street: Connection) -> None:
    for code in ("D-pumps", "D-kept", "D-expired", "D-other"):
        street.execute(DEPOT, (code, code, 10, 113.0))
    for no, (depot, item, quantity, expires_on, kept) in enumerate((
        ("D-pumps", "2050101", 3, None, 1), ("D-pumps", "2050102", 4, "2099-01-01", 0),
        ("D-pumps", "1010101", 9, None, 0), ("D-kept", "2050101", 2, None, 2),
        ("D-expired", "2050101", 5, "2020-01-01", 0), ("D-other", "1010101", 5, None, 0),
    )):  # fmt: skip
        street.execute(LOT, (f"L{no}", "x", item, quantity, expires_on, kept, depot))
    answer = ask(street, "depot", item="20501")
    assert codes(answer) == ["D-pumps"]
    assert [(it.quantity, it.unit) for it in answer.found[0].holds] == [(6, "台")]
    assert "6 台 free" in said(answer)[0]
    assert codes(ask(street, "depot", item="1")) == ["D-other", "D-pumps"]
    nothing = ask(street, "depot", item="3")
    assert nothing.notes[0].en == "no depot with any of 3 free is on record"


def test_teams_are_asked_for_by_skill_and_type(street: Connection) -> None:
    for code, skills in (("T-one", []), ("T-three", ["排涝"]), ("T-word", ["排涝"]), ("T-no", [])):
        street.execute(TEAM, (code, code, skills, 10, 113.0))
    street.execute(CAPABILITY, ("排涝", 1, "T-one"))
    street.execute(CAPABILITY, ("排涝", 3, "T-three"))
    answer = ask(street, "rescue_team", skill="排涝")
    assert codes(answer) == ["T-one", "T-three", "T-word"]
    assert [it.type_no for it in answer.found[0].skills] == [1]
    assert codes(ask(street, "rescue_team", skill="排涝", type_no=2)) == ["T-one"]
    assert len(ask(street, "rescue_team").found) == 4
    nothing = ask(street, "rescue_team", skill="潜水", type_no=1)
    assert "with the skill 潜水 of type 1 or better is on record" in nothing.notes[0].en


def test_a_planned_station_is_listed_but_not_sent(street: Connection) -> None:
    street.execute(STATION, ("F-built", "一站", "built", 113.03))
    street.execute(STATION, ("F-plan", "二站", "planned", 113.0))
    answer = ask(street, "fire_station")
    assert codes(answer) == ["F-built"]
    assert answer.found[0].prepare_min == 1
    assert [(it.code, it.reason.en) for it in answer.unreachable] == [
        ("F-plan", "planned, not there yet")
    ]


def test_shelters_tell_how_many_they_take_in(street: Connection) -> None:
    street.execute(SHELTER, ("S-a", "一所", 300, 113.0))
    street.execute(SHELTER, ("S-b", "二所", None, 113.03))
    answer = ask(street, "shelter")
    assert [(it.code, it.capacity, it.prepare_min) for it in answer.found] == [
        ("S-a", 300, 0),
        ("S-b", None, 0),
    ]
    assert "takes in 300 people" in said(answer)[0]
    assert "capacity not on record" in said(answer)[1]


@pytest.mark.parametrize(
    "kind", ["depot", "rescue_team", "fire_station", "town_station", "shelter"]
)
def test_an_empty_register_is_said_to_be_empty(street: Connection, kind: str) -> None:
    answer = ask(street, kind)
    assert (answer.found, answer.unreachable, answer.farther) == ((), (), 0)
    assert answer.notes[0].en.endswith("is on record")
    assert answer.notes[0].zh.startswith("尚未登记任何")


def test_a_depot_without_a_road_is_listed_with_a_guess(street: Connection) -> None:
    street.execute(DEPOT, ("D-road", "D", 10, 113.0))
    street.execute(DEPOT, ("D-none", "D", 10, 113.1))
    answer = ask(street, "depot")
    assert codes(answer) == ["D-road"]
    missed = answer.unreachable[0]
    assert "no open road within 2000 m" in missed.reason.en
    assert missed.guess is not None
    # 8,983 m x 1.4 at 30 km/h is 1,509 s, and 10 min to load.
    assert missed.guess.eta_s == pytest.approx(2109, abs=2)
    assert "not verified" in missed.guess.note.en


def test_an_incident_gives_its_place(street: Connection) -> None:
    incident = add_incident(street, Report("内涝", "flood", 3, 113.01, 36.3))
    assert asked_place(street, None, None, incident.id) == (113.01, 36.3)
    assert asked_place(street, 113.0, 36.3, None) == (113.0, 36.3)
    for lon, lat, number in ((None, None, None), (113.0, None, None), (113.0, 36.3, incident.id)):
        with pytest.raises(InputError):
            asked_place(street, lon, lat, number)
    with pytest.raises(NotFoundError):
        asked_place(street, None, None, 10**12)


def close(conn: Connection, code: str, lon: float, lat: float, by: float = 0.001) -> None:
    conn.execute(CLOSURE, (code, code, lon, lat, by))


def test_an_incident_in_a_closed_zone_is_staged_at_the_last_point_reached(
    street: Connection,
) -> None:
    """The street B-C is closed: from the west vehicles come to B, 449 m from its middle."""
    street.execute(DEPOT, ("D-west", "D", 10, 113.0))
    assert ask(street, "depot", lon=113.015).stage is None
    close(street, "洪水", 113.015, 36.3)
    stage = ask(street, "depot", lon=113.015).stage
    assert stage is not None
    assert (round(stage.lon, 6), round(stage.lat, 6)) == (113.01, 36.3)
    assert stage.on_foot_m == pytest.approx(449, abs=1)
    assert (stage.blocked_by, stage.first_code) == (("洪水",), "D-west")
    assert stage.drive_s == pytest.approx(89.8, abs=0.2)
    assert "about 449 m on foot; blocked by 洪水" in stage.note.en


def test_who_is_cut_off_altogether_is_staged_too_and_prefers_the_way_round(
    street: Connection,
) -> None:
    """C-D is closed, D is asked about. By B-C or by N, vehicles come to C: 898 m to walk."""
    street.execute(DEPOT, ("D-west", "D", 10, 113.0))
    close(street, "塌方", 113.025, 36.3, 0.004)
    answer = ask(street, "depot", lon=113.0295)
    assert answer.stage is not None
    assert round(answer.stage.lon, 6) == 113.02
    close(street, "断桥", 113.015, 36.3)
    again = ask(street, "depot", lon=113.0295).stage
    assert again is not None  # still C, now by the north
    assert (round(again.lon, 6), again.blocked_by) == (113.02, ("塌方",))


def test_without_anybody_on_an_open_road_there_is_no_stage(street: Connection) -> None:
    street.execute(DEPOT, ("D-west", "D", 10, 113.0))
    close(street, "全区封闭", 113.1, 36.3, 0.15)
    answer = ask(street, "depot", lon=113.015)
    assert (answer.found, answer.stage) == ((), None)
    assert answer.snap.notes[0].en == "there is no open road at all"
    assert answer.unreachable[0].guess is None  # the road is closed, not unknown
