"""Who is covered and what is cut off, on the street of test_nearest.py: 90 s a stretch."""

from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pytest
import shapely

from geoservice.coverage.actions import coverage, isochrones
from geoservice.coverage.answers import CoverageAnswer, CoverageQuestion
from geoservice.db import Connection
from geoservice.errors import InputError, OutsideDistrictError, UnknownNameError
from geoservice.network.current import open_roads
from geoservice.network.records import Stand
from geoservice.network.spread import spread

NOW = datetime(2026, 11, 23, 8, tzinfo=UTC)
DATA = Path(__file__).parents[1] / "data"
DISTRICT = """
INSERT INTO core.district (code, name, source_doc, geom, envelope)
SELECT '999999', '试验区', 'test', ST_Multi(b), ST_Envelope(ST_Expand(b, 0.2))
  FROM (SELECT ST_MakeEnvelope(112.9, 36.2, 113.3, 36.5, 4490) AS b) s"""
SETTLEMENT = """
INSERT INTO core.settlement (code, name, source_doc, kind, population, town_code, geom)
VALUES (%s, %s, 'test', 'village', %s, %s, ST_Point(%s, 36.3, 4490))"""
STATION = """
INSERT INTO core.fire_station (code, name, source_doc, status, geom)
VALUES (%s, %s, 'test', %s, ST_Point(%s, 36.3, 4490))"""
DEPOT = """
INSERT INTO core.depot (code, name, source_doc, owner, tier, geom)
VALUES (%s, %s, 'test', 'government', 'town', ST_Point(%s, 36.3, 4490))"""
CLOSURE = """
INSERT INTO core.road_closure (code, name, source_doc, cause, period, factor, geom)
VALUES (%s, %s, 'test', 'flood', '[2026-11-01,)', 0, ST_MakeEnvelope(%s, 36.2, %s, 36.4, 4490))"""


@pytest.fixture
def empty(conn: Connection) -> Connection:
    conn.execute(DISTRICT)
    conn.execute("SELECT core.guard_all_geometry()")
    return conn


@pytest.fixture
def street(empty: Connection) -> Connection:
    """Villages at A, C and D, one without a road; a station and a depot at A."""
    empty.execute((DATA / "dispatch_street.sql").read_text("utf-8"))
    for code, people, town, lon in (
        ("V-a", 100, "999999001", 113.0), ("V-c", 40, "999999002", 113.02),
        ("V-d", 30, "999999002", 113.03), ("V-off", 7, None, 113.1),
    ):  # fmt: skip
        empty.execute(SETTLEMENT, (code, code, people, town, lon))
    empty.execute(STATION, ("F-a", "一站", "built", 113.0))
    empty.execute(STATION, ("F-plan", "规划", "planned", 113.03))
    empty.execute(DEPOT, ("D-a", "西库", 113.0))
    return empty


def ask(conn: Connection, towns: set[str] | None = None, **more: object) -> CoverageAnswer:
    asked = CoverageQuestion(**{"minutes": (4.0, 1.0), **more})  # type: ignore[arg-type]
    return coverage(conn, asked, at=NOW, towns=towns)


def test_people_are_covered_by_town_and_settlement_and_gaps_are_listed(street: Connection) -> None:
    answer = ask(street)  # A is there at once, C after 180 s, D after 270
    assert (answer.minutes, answer.stations, answer.people) == ((1.0, 4.0), 1, 177)
    assert [it.people for it in answer.covered] == [100, 140]
    assert (answer.gaps, answer.people_in_gaps) == (("V-d", "V-off"), 37)
    towns = {it.town_code: [c.people for c in it.covered] for it in answer.towns}
    assert towns == {"999999001": [100, 100], "999999002": [0, 40], None: [0, 0]}
    by_code = {it.code: it for it in answer.settlements}
    assert by_code["V-c"].drive_s == pytest.approx(179.6, abs=0.3)
    assert (by_code["V-c"].first_code, by_code["V-d"].first_code) == ("F-a", None)


def test_one_more_station_tells_the_difference(street: Connection) -> None:
    answer = ask(street, what_if=(113.03, 36.3))
    assert [(it.people, it.people_with_what_if) for it in answer.covered] == [
        (100, 130),
        (140, 170),
    ]
    found = isochrones(
        street, CoverageQuestion(minutes=(1.0, 4.0), what_if=(113.03, 36.3)), at=NOW, towns=None
    )
    flags = [(it.properties.minutes, it.properties.with_what_if) for it in found.features]
    assert flags == [(1.0, False), (4.0, False), (1.0, True), (4.0, True)]
    before, after = found.features[0].geometry, found.features[2].geometry
    point = shapely.Point(113.029, 36.3)
    assert (before.covers(point), after.covers(point)) == (False, True)
    with pytest.raises(OutsideDistrictError):
        ask(street, what_if=(114.0, 36.3))


def test_every_node_reached_lies_inside_and_closures_are_obeyed(street: Connection) -> None:
    question = CoverageQuestion(minutes=(4.0,))
    area = isochrones(street, question, at=NOW, towns=None).features[0].geometry
    assert area.is_valid
    roads = open_roads(street, profile="car", at=NOW)
    found = spread(street, roads, [Stand("x", 1, 1, 113.0, 36.3)], within_s=240, snap_limit_m=2000)
    whole = found.arc_id[found.end == 1].tolist()
    ends = street.execute(
        "SELECT ST_X(p), ST_Y(p) FROM (SELECT ST_EndPoint(geom) AS p FROM core.road_edge"
        " WHERE id = ANY(%s)) e",
        (whole,),
    ).fetchall()
    assert len(ends) >= 4
    assert shapely.covers(area, shapely.points(np.array(ends))).all()
    street.execute(CLOSURE, ("X", "封闭", 113.011, 113.0195))
    shut = isochrones(street, question, at=NOW, towns=None)
    assert not shut.features[0].geometry.covers(shapely.Point(113.02, 36.3))
    assert [it.people for it in shut.coverage.covered] == [100]


def test_what_no_depot_reaches_is_cut_off_with_the_closure_that_blocks(street: Connection) -> None:
    street.execute(DEPOT, ("D-alone", "孤库", 113.205))
    before = ask(street)
    assert [it.code for it in before.cut_off] == ["V-off"]
    assert "no open road within 2000 m" in before.cut_off[0].reason.en
    assert [it.code for it in before.stranded] == ["D-alone"]
    street.execute(CLOSURE, ("X", "洪水", 113.011, 113.0195))
    after = {it.code: it.reason.en for it in ask(street).cut_off}
    assert after.keys() == {"V-c", "V-d", "V-off"}
    assert after["V-c"] == "cut off by 洪水; no other road leads there"


def test_everything_closed_nothing_on_record_and_other_towns_are_answers(
    street: Connection,
) -> None:
    mine = ask(street, towns={"999999002"})
    assert (mine.people, mine.outside_scope) == (77, 1)
    street.execute(CLOSURE, ("X", "全封", 112.95, 113.25))
    shut = ask(street)
    assert [it.people for it in shut.covered] == [0, 0]
    assert len(shut.cut_off) == 4
    assert [it.code for it in shut.stations_off] == ["F-a"]
    for table in ("fire_station", "settlement", "depot"):
        street.execute(f"UPDATE core.{table} SET valid_to = now()")  # noqa: S608  # of this list
    nothing = ask(street)
    assert (nothing.people, nothing.stations, nothing.gaps) == (0, 0, ())
    said = [note.en for note in nothing.notes]
    assert "nothing of the kind is on record" in said
    assert any("no settlement on record" in note for note in said)


def test_without_roads_areas_are_circles_and_say_so(empty: Connection) -> None:
    empty.execute(STATION, ("F-a", "一站", "built", 113.0))
    empty.execute(SETTLEMENT, ("V-a", "甲村", 10, None, 113.01))
    found = isochrones(empty, CoverageQuestion(minutes=(1.0, 5.0)), at=NOW, towns=None)
    answer = found.coverage
    assert (answer.basis, answer.graph_version) == ("straight_line", None)
    # 898 m x 1.4 at 30 km/h: 151 s.
    assert [it.people for it in answer.covered] == [0, 10]
    assert found.features[1].geometry.covers(shapely.Point(113.01, 36.3))
    assert any("not verified by road" in note.en for note in answer.notes)


@pytest.mark.parametrize(
    ("wrong", "error", "where"),
    [
        ({"kind": "helicopter"}, UnknownNameError, "kind"),
        ({"minutes": ()}, InputError, "minutes"),
        ({"minutes": (0.0,)}, InputError, "minutes"),
        ({"minutes": (float("nan"),)}, InputError, "minutes"),
        ({"codes": ("F-x",)}, UnknownNameError, "codes"),
        ({"profile": "hgv"}, UnknownNameError, "profile"),
    ],
)
def test_wrong_questions_are_named(
    street: Connection, wrong: dict[str, object], error: type[InputError], where: str
) -> None:
    with pytest.raises(error) as refusal:
        ask(street, **wrong)  # type: ignore[arg-type]
    assert refusal.value.where == where
