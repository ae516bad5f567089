"""Who is there soonest, on a main street with one way round.

         N                     every stretch is driven at 36 km/h, 10 m a second;
       /   \\                   a hundredth of a degree of longitude is 898 m here
A --- B --- C --- D            (A 113.00, B .01, C .02, D .03, all at 36.30; N 36.31)
                    X - Y      X and Y, at 113.20, are joined to nothing
"""

from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pytest
import shapely

from geoservice.db import Connection
from geoservice.dispatch.actions import nearest_by_road
from geoservice.dispatch.answers import NearestAnswer, NearestQuestion
from geoservice.errors import (
    InputError,
    NoDistrictError,
    OutsideDistrictError,
    UnknownNameError,
)

NOW = datetime(2026, 11, 23, 8, tzinfo=UTC)
STRETCH_S = 89.81
DATA = Path(__file__).parents[1] / "data"
DISTRICT = """
INSERT INTO core.district (code, name, source_doc, geom, envelope)
SELECT '999999', '试验区', 'test', ST_Multi(b), ST_Envelope(ST_Expand(b, 0.2))
  FROM (SELECT ST_MakeEnvelope(112.9, 36.2, 113.3, 36.5, 4490) AS b) s"""
DEPOT = """
INSERT INTO core.depot (code, name, source_doc, owner, tier, town_code, load_min, geom)
VALUES (%s, '储备点 ' || %s, 'test', 'government', 'town', %s, 10, ST_Point(%s, %s, 4490))"""
CLOSURE = """
INSERT INTO core.road_closure (code, name, source_doc, cause, period, factor, geom)
VALUES (%s, %s, 'test', 'flood', %s, %s, ST_Expand(ST_Point(%s, %s, 4490), 0.001))"""
MAIN_STREET, NORTH_ROAD = (113.015, 36.3), (113.0125, 36.305)


@pytest.fixture
def street(conn: Connection) -> Connection:
    """The street, a depot at either end of it, one far from any road and one on X-Y."""
    conn.execute(DISTRICT)
    conn.execute("SELECT core.guard_all_geometry()")
    conn.execute((DATA / "dispatch_street.sql").read_text("utf-8"))
    add_depot(conn, "D-west", 113.0, 36.3, town="999999001")
    add_depot(conn, "D-east", 113.03, 36.301, town="999999002")
    return conn


def add_depot(conn: Connection, code: str, lon: float, lat: float, town: str | None = None) -> None:
    conn.execute(DEPOT, (code, code, town, lon, lat))
    # What was never verified is ranked lower: not meant here.
    conn.execute("UPDATE core.depot SET surveyed_on = core.district_day() WHERE code = %s", (code,))


def close(
    conn: Connection,
    at: tuple[float, float],
    *,
    name: str = "洪水",
    factor: float = 0,
    period: str = "[2026-11-01,)",
) -> None:
    conn.execute(CLOSURE, (f"C-{name}", name, period, factor, *at))


def ask(
    conn: Connection, lon: float = 113.015, lat: float = 36.3, *, at: datetime = NOW, **more: object
) -> NearestAnswer:
    question = NearestQuestion(lon, lat, **{"kind": "depot", **more})  # type: ignore[arg-type]
    return nearest_by_road(conn, question, at=at, towns=None)


def said(answer: NearestAnswer, code: str) -> str:
    return " | ".join(t.en for f in answer.found if f.code == code for t in f.reasons)


def why(answer: NearestAnswer) -> dict[str, str]:
    return {u.code: u.reason.en for u in answer.unreachable}


def test_ranked_by_driving_time_with_way_and_reasons(street: Connection) -> None:
    answer = ask(street, 113.0125)
    assert [(f.rank, f.code) for f in answer.found] == [(1, "D-west"), (2, "D-east")]
    west, east = answer.found
    assert west.drive_s == pytest.approx(1.25 * STRETCH_S, abs=0.05)
    assert east.drive_s == pytest.approx(1.75 * STRETCH_S, abs=0.05)
    assert west.distance_m == pytest.approx(10 * west.drive_s, abs=0.01)
    assert shapely.get_coordinates(west.route).tolist() == [
        pytest.approx([113.0, 36.3]), pytest.approx([113.01, 36.3]), pytest.approx([113.0125, 36.3])
    ]  # fmt: skip
    assert east.snap_m == pytest.approx(111, abs=0.5)
    assert "111 m from the nearest open road" in said(answer, "D-east")
    assert "1.9 min by road, 1.1 km, by 主街" in said(answer, "D-west")
    assert "loading takes 10 min" in said(answer, "D-west")
    assert (west.prepare_min, west.eta_s) == (10, 713)  # 600 + 112.3 s
    assert (west.eta_low_s, west.eta_high_s) == (701, 752)  # 600 + 0.9 and 1.35 x 112.3 s
    assert (answer.snap.road, answer.unreachable, answer.farther) == ("主街", (), 0)


def test_equal_times_are_ranked_by_code(street: Connection) -> None:
    answer = ask(street, k=1)
    assert [f.code for f in answer.found] == ["D-east"]
    assert answer.farther == 1


def test_depot_at_the_incident_is_there_at_once(street: Connection) -> None:
    first = ask(street, 113.0).found[0]
    assert (first.code, first.drive_s, first.distance_m) == ("D-west", 0, 0)
    assert len(shapely.get_coordinates(first.route)) == 2


def test_closed_street_sends_depot_round_by_the_north(street: Connection) -> None:
    free_s = ask(street, 113.02).found[1].drive_s
    close(street, MAIN_STREET)
    answer = ask(street, 113.02)
    west = answer.found[1]
    round_m = 898.1 + 2 * float(np.hypot(449.05, 1109.7))
    assert west.distance_m == pytest.approx(round_m, abs=2)
    assert west.detour_s == pytest.approx(west.drive_s - free_s, abs=0.01)
    assert west.closures_avoided == ("洪水",)
    assert "goes round 洪水: 2.6 min more" in said(answer, "D-west")
    assert [(c.name, c.effect) for c in answer.closures_met] == [("洪水", "closed")]
    assert answer.found[0].closures_avoided == ()


def test_slowed_street_is_counted_and_named(street: Connection) -> None:
    close(street, MAIN_STREET, factor=0.5)
    answer = ask(street, 113.02)
    west = answer.found[1]
    assert west.drive_s == pytest.approx(3 * STRETCH_S, abs=0.05)
    assert (west.closures_slowed, west.closures_avoided) == (("洪水",), ())
    assert "passes 洪水 at 50% of the free speed" in said(answer, "D-west")


def test_closures_begin_and_end_by_the_clock(street: Connection) -> None:
    close(street, MAIN_STREET, period="[2026-11-23 09:00+00,2026-11-23 10:00+00)")
    hours = [NOW.replace(hour=hour) for hour in (8, 9, 10)]
    met = [[c.name for c in ask(street, at=at).closures_met] for at in hours]
    assert met == [[], ["洪水"], []]


def test_depots_that_cannot_come_are_listed_with_the_reason(street: Connection) -> None:
    add_depot(street, "D-alone", 113.205, 36.3)
    add_depot(street, "D-afar", 113.1, 36.4)
    assert why(ask(street)) == {
        "D-afar": "no open road within 2000 m (the nearest is about 12752 m away)",
        "D-alone": "no road leads there",
    }
    close(street, MAIN_STREET)
    close(street, NORTH_ROAD, name="滑坡")
    answer = ask(street, 113.02)
    assert [f.code for f in answer.found] == ["D-east"]
    assert why(answer)["D-west"] == "cut off by 洪水; no other road leads there"


def test_beyond_the_minutes_asked_is_said(street: Connection) -> None:
    answer = ask(street, 113.0, within_min=2)
    assert [f.code for f in answer.found] == ["D-west"]
    assert why(answer) == {"D-east": "more than 2 min by road"}


def test_incident_in_a_closed_zone_is_put_on_the_nearest_open_road(street: Connection) -> None:
    close(street, MAIN_STREET)
    answer = ask(street, 113.0195)
    assert answer.snap.distance_m == pytest.approx(42, abs=3)
    assert "the nearest road is closed (洪水)" in answer.snap.notes[0].en
    assert answer.found[0].code == "D-east"


def test_depot_on_a_closed_street_starts_from_the_nearest_open_one(street: Connection) -> None:
    add_depot(street, "D-mid", 113.0195, 36.3)
    assert (ask(street, 113.03).found[1].code, said(ask(street), "D-mid")[:7]) == (
        "D-mid",
        "0.7 min",
    )
    close(street, MAIN_STREET)
    answer = ask(street, 113.03)
    assert "the nearest road is closed (洪水)" in said(answer, "D-mid")
    assert next(f for f in answer.found if f.code == "D-mid").snap_m == pytest.approx(42, abs=3)
    street.execute("UPDATE core.road_closure SET valid_to = now()")
    assert "closed" not in said(ask(street, 113.03), "D-mid")


def test_incident_far_from_any_road_is_answered_by_straight_line_and_says_so(
    street: Connection,
) -> None:
    answer = ask(street, 113.1, 36.4)
    assert (answer.basis, answer.snap.distance_m, answer.snap.road) == ("straight_line", None, None)
    assert "no open road within 2000 m" in answer.snap.notes[0].en
    assert [f.code for f in answer.found] == ["D-east", "D-west"]
    assert all("not verified by road" in said(answer, f.code) for f in answer.found)
    near = ask(street, 113.1, 36.4, within_min=36)
    assert [f.code for f in near.found] == ["D-east"]
    assert why(near) == {"D-west": "more than 36 min by road"}


def test_with_every_road_closed_nobody_comes_and_no_guess_pretends(street: Connection) -> None:
    street.execute(
        CLOSURE.replace("0.001", "0.15"), ("C-all", "全区封闭", "[2026-11-01,)", 0, 113.1, 36.3)
    )
    answer = ask(street)
    assert (answer.basis, answer.found) == ("road", ())
    assert answer.snap.notes[0].en == "there is no open road at all"
    assert {u.code for u in answer.unreachable} == {"D-west", "D-east"}


def test_other_towns_are_counted_not_shown(street: Connection) -> None:
    question = NearestQuestion(113.015, 36.3, "depot")
    answer = nearest_by_road(street, question, at=NOW, towns={"999999001"})
    assert ([f.code for f in answer.found], answer.outside_scope) == (["D-west"], 1)
    answer = nearest_by_road(street, question, at=NOW, towns=set())
    assert "no depot in your towns (2 outside them)" in answer.notes[0].en
    assert "no rescue team is on record" in ask(street, kind="rescue_team").notes[0].en


def test_retired_and_moved_depots_are_seen_at_once(street: Connection) -> None:
    ask(street)
    street.execute("UPDATE core.depot SET valid_to = now() WHERE code = 'D-east'")
    street.execute("UPDATE core.depot SET geom = ST_Point(113.01, 36.3, 4490)")
    answer = ask(street)
    assert [(f.code, round(f.drive_s)) for f in answer.found] == [("D-west", 45)]


def test_closure_that_is_rolled_back_leaves_no_trace(street: Connection) -> None:
    street.execute("SAVEPOINT before")
    close(street, MAIN_STREET)
    assert len(ask(street).closures_met) == 1
    street.execute("ROLLBACK TO before")
    assert ask(street).closures_met == ()
    close(street, NORTH_ROAD, name="滑坡")
    assert [c.name for c in ask(street).closures_met] == ["滑坡"]


def test_nearest_road_is_nearest_in_metres(street: Connection) -> None:
    rng = np.random.default_rng(5)
    points = zip(rng.uniform(112.99, 113.04, 40), rng.uniform(36.29, 36.315, 40), strict=True)
    for lon, lat in ((float(x), float(y)) for x, y in points):
        row = street.execute(
            "SELECT min(ST_Distance(geom::geography, ST_Point(%s, %s, 4490)::geography))"
            " FROM core.road_edge",
            (lon, lat),
        ).fetchone()
        assert row is not None
        assert ask(street, lon, lat).snap.distance_m == pytest.approx(row[0], rel=2e-3)


def test_without_a_district_nothing_is_answered_and_without_roads_by_straight_line(
    conn: Connection,
) -> None:
    with pytest.raises(NoDistrictError, match="load its boundary first"):
        ask(conn)
    conn.execute(DISTRICT)
    conn.execute("SELECT core.guard_all_geometry()")
    add_depot(conn, "D-west", 113.0, 36.3)
    answer = ask(conn, 113.1)
    assert (answer.basis, answer.graph_version) == ("straight_line", None)
    assert "no roads are loaded" in answer.notes[0].en
    west = answer.found[0]
    # 8,983 m by straight line x 1.4 at 30 km/h: 12,576 m in 1,509 s, and 10 min to load.
    assert west.distance_m == pytest.approx(12_576, abs=20)
    assert west.drive_s == pytest.approx(west.distance_m / (30 / 3.6))
    assert west.eta_s == pytest.approx(600 + west.drive_s, abs=1)
    assert west.route is None
    assert "not verified by road" in said(answer, "D-west")
    with pytest.raises(OutsideDistrictError):
        ask(conn, 114.0)


def test_a_point_eighty_kilometres_away_is_outside(street: Connection) -> None:
    with pytest.raises(OutsideDistrictError, match="outside the district"):
        ask(street, 114.0, 36.3)
    with pytest.raises(OutsideDistrictError, match="longitude comes first"):
        ask(street, 36.3, 89.0)


@pytest.mark.parametrize(
    ("wrong", "error", "where"),
    [
        ({"kind": "helicopter"}, UnknownNameError, "kind"),
        ({"k": 0}, InputError, "k"),
        ({"k": 51}, InputError, "k"),
        ({"within_min": 0.0}, InputError, "within_min"),
        ({"within_min": float("nan")}, InputError, "within_min"),
        ({"lon": float("nan")}, InputError, "lon"),
        ({"lat": 91.0}, InputError, "lat"),
    ],
)
def test_wrong_questions_say_what_would_be_right(
    conn: Connection, wrong: dict[str, object], error: type[InputError], where: str
) -> None:
    with pytest.raises(error) as refusal:
        ask(conn, **wrong)  # type: ignore[arg-type]
    assert refusal.value.where == where
