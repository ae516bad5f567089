"""What the registers say together, in the demonstration district and on a small stage."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
import shapely

from geoservice import db
from geoservice.errors import InputError
from geoservice.registry import actions, findings, records
from geoservice.registry.editing import Editor
from geoservice.registry.registers import LOADABLE

AREA = shapely.box(113.0, 36.2, 113.4, 36.5)
ALL = Editor()
TOWNS = ("140406001", "140406002")
NO_LIMITS: dict[str, Any] = dict.fromkeys(("window_m", "years", "crashes", "deaths"))


def common(code: str, **more: Any) -> dict[str, Any]:
    return {"code": code, "name": code, "source_doc": "test", **more}


@pytest.fixture
def district(conn: db.Connection) -> db.Connection:
    db.set_actor(conn, "tester")
    actions.set_district(
        conn, records.District(code="140406", name="测试区", source_doc="test", geom=AREA)
    )
    return conn


def road(conn: db.Connection, code: str, ref: str, *points: tuple[float, float]) -> None:
    conn.execute(
        "INSERT INTO core.road (code, name, source_doc, road_class, ref, geom)"
        " VALUES (%s, %s, 't', 'primary', %s, ST_GeomFromText(%s, 4490))",
        [code, code, ref, shapely.LineString(points).wkt],
    )


def crash(code: str, at_m: float | None, lon: float, **more: Any) -> records.CrashPoint:
    given = {"road_code": "G207", "occurred_on": date.today() - timedelta(days=30), **more}  # noqa: DTZ011  # a month is enough
    return records.CrashPoint(**common(code), at_m=at_m, geom=shapely.Point(lon, 36.3), **given)


def propose(conn: db.Connection, **asked: Any) -> Any:
    return findings.proposed_sections(conn, ALL, sections=ALL, asked=NO_LIMITS | asked)


def test_crashes_propose_a_section_cut_from_the_merged_road(district: db.Connection) -> None:
    road(district, "R1", "G207", (113.1, 36.3), (113.2, 36.3))
    road(district, "R2", "S1;G207", (113.2, 36.3), (113.3, 36.3))
    metre = 1 / 89_800  # degrees of longitude at 36.3 north
    stakes = {"C1": 100, "C2": 350, "C3": 580, "C4": 2000}
    some = [crash(code, m, 113.199 + (m - 100) * metre, deaths=1) for code, m in stakes.items()]
    later = date.today() + timedelta(days=9)  # noqa: DTZ011  # beyond any today
    some += [crash("C5", None, 113.1), crash("C6", 400, 113.2, occurred_on=later)]
    actions.store(district, "crash_points", some)
    known = records.DangerousSection(
        **common("S1"), road_code="G207", from_m=500, to_m=900, grade="red",
        geom=shapely.LineString([(113.2, 36.3), (113.21, 36.3)]),
    )  # fmt: skip
    actions.store(district, "dangerous_sections", [known])
    found = propose(district)
    (one,) = found.proposals
    assert (one.road_code, one.from_m, one.to_m, one.deaths) == ("G207", 100, 580, 3)
    assert (one.crashes, one.known_sections) == (("C1", "C2", "C3"), ("S1",))
    assert one.geom.bounds == pytest.approx((113.199, 36.3, 113.199 + 480 * metre, 36.3), abs=1e-6)
    assert found.without_stake == ("C5",)
    assert (found.ruling.is_verified, found.ruling.asked) == (False, ())
    assert propose(district, crashes=4).proposals == ()
    assert propose(district, crashes=4).ruling.asked == ("crashes",)
    assert len(propose(district, deaths=1).proposals) == 2
    with pytest.raises(InputError):
        propose(district, window_m=0.0)


def test_without_its_road_a_proposal_says_why_it_has_no_geometry(district: db.Connection) -> None:
    actions.store(district, "crash_points", [crash(f"C{n}", n * 10, 113.2) for n in range(3)])
    assert propose(district).proposals[0].no_geometry["en"] == "no road G207 is loaded"
    road(district, "R1", "G207", (113.1, 36.4), (113.3, 36.4))
    (far,) = propose(district).proposals
    assert far.geom is None
    assert "within 100 m" in far.no_geometry["en"]


def test_crashes_at_one_stake_are_cut_half_a_window_each_way(district: db.Connection) -> None:
    road(district, "R1", "G207", (113.1, 36.3), (113.3, 36.3))
    actions.store(district, "crash_points", [crash(f"C{n}", 900, 113.2) for n in range(3)])
    (one,) = propose(district).proposals
    assert (one.from_m, one.to_m, one.is_widened) == (650, 1150, True)
    length = district.execute(
        "SELECT ST_Length(ST_GeomFromText(%s, 4490)::geography)", [one.geom.wkt]
    ).fetchone()
    assert length is not None
    assert length[0] == pytest.approx(500, abs=1)


def danger(code: str, day: int, lon: float, **more: Any) -> records.HiddenDanger:
    return records.HiddenDanger(
        **common(code, **more), level="general", category="电气", found_on=date(2026, 3, day),
        root_causes=("people",), geom=shapely.Point(lon, 36.3),
    )  # fmt: skip


def test_repeats_by_place_with_causes_and_what_is_recorded(district: db.Connection) -> None:
    some = [danger("D1", 1, 113.2), danger("D2", 2, 113.2003), danger("D3", 3, 113.25)]
    actions.store(district, "hidden_dangers", some)
    found = findings.repeated_dangers(district, ALL)
    assert [(it.code, it.repeat_of, it.link, it.recorded) for it in found.repeats] == [
        ("D2", "D1", "near", "D1")
    ]
    assert found.chains[0].codes == ("D1", "D2")
    assert (found.counted, found.causes["people"]) == (3, 1)
    assert findings.repeated_dangers(district, ALL, within_m=5).repeats == ()
    wide = findings.repeated_dangers(district, ALL, within_m=5000)
    assert [it.code for it in wide.repeats] == ["D2", "D3"]


def source(code: str, **more: Any) -> records.HazardSource:
    return records.HazardSource(
        **common(code), kind="hazchem", geom=shapely.Point(113.2, 36.3), **more
    )


def test_sources_without_a_department_of_their_own_or_of_their_kind(
    district: db.Connection,
) -> None:
    some = [
        source("H1"),
        source("H2", prevention_org="应急局"),
        source("H3", prevention_org=" ", rescue_org="消防"),
        source("H4", prevention_org="应急局", rescue_org="消防"),
    ]
    actions.store(district, "hazard_sources", some)
    lacks = {it.code: it.lacks for it in findings.unowned_sources(district, ALL)}
    assert lacks == {"H1": ["prevent", "rescue"], "H2": ["rescue"], "H3": ["prevent"]}
    fire = records.Organisation(**common("O1"), kind="government")
    actions.store(district, "organisations", [fire])
    link = records.DutyLink(
        **common("L1"), organisation_code="O1", hazard_kind="hazchem", phase="rescue"
    )
    actions.store(district, "duty_links", [link])
    lacks = {it.code: it.lacks for it in findings.unowned_sources(district, ALL)}
    assert lacks == {"H1": ["prevent"], "H3": ["prevent"]}


def test_what_is_stale_is_counted_by_register_with_its_rule(district: db.Connection) -> None:
    today = date.today()  # noqa: DTZ011  # a day off does not matter here
    days = {"P1": 10, "P2": 400, "P3": None}
    points = [
        records.RiskPoint(
            **common(code), geom=shapely.Point(113.2, 36.3), town_code=TOWNS[0],
            surveyed_on=None if ago is None else today - timedelta(days=ago),
        )
        for code, ago in days.items()
    ]  # fmt: skip
    actions.store(district, "risk_points", points)
    told = {it.register: it for it in findings.stale_registers(district, ALL, registers=LOADABLE)}
    mine = told["risk_points"]
    assert (mine.records, mine.stale, mine.never_surveyed, mine.rule_days) == (3, 2, 1, 365)
    assert mine.oldest_on == today - timedelta(days=400)
    assert mine.is_verified is False
    assert len(told) >= 30
    away = findings.stale_registers(
        district, Editor(towns=frozenset({TOWNS[1]})), registers=["risk_points"]
    )
    assert [it.records for it in away] == [0]


def test_grades_of_towns_and_sources_name_their_methods(district: db.Connection) -> None:
    actions.store(district, "hazard_sources", [source("H1")])
    point = records.RiskPoint(
        **common("P1", town_code=TOWNS[0]), hazard_source_code="H1", geom=shapely.Point(113.2, 36.3)
    )
    actions.store(district, "risk_points", [replace(point, code=f"P{n}") for n in (1, 2, 3)])
    lec = records.RiskAssessment(
        **common("A1"), risk_point_code="P1", method="LEC", inputs={"L": 3, "E": 6, "C": 15},
        assessed_on=date(2026, 1, 1),
    )  # fmt: skip
    ram = replace(lec, code="A2", risk_point_code="P2", method="RAM", inputs={"L": 1, "S": 2})
    actions.store(district, "risk_assessments", [lec, ram])
    for by, place in (("town", TOWNS[0]), ("hazard_source", "H1")):
        (one,) = findings.overall_grades(district, ALL, by=by)  # type: ignore[arg-type]  # one of two
        assert (one.place, one.grade, one.methods) == (place, "orange", ("LEC", "RAM"))
        assert (one.points["blue"], one.not_assessed) == (1, 1)
