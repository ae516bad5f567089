"""What registers work out when they are written: grades, R values, repeats."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from typing import Any

import pytest
import shapely

from geoservice import db
from geoservice.errors import InputError, RecordError
from geoservice.registry import actions, editing, records
from geoservice.registry.editing import Editor
from geoservice.registry.hazards import r_value_of
from geoservice.registry.registers import register_named

AREA = shapely.box(113.0, 36.2, 113.4, 36.5)
HERE = shapely.Point(113.2, 36.3)
DAY = date(2026, 3, 1)


def common(code: str) -> dict[str, Any]:
    return {"code": code, "name": code, "source_doc": "test"}


WORKS = records.HazardSource(**common("H1"), kind="hazchem", residents_500m=120, geom=HERE)
CHLORINE = records.HazardSubstance(
    **common("液氯"), hazard_source_code="H1", quantity_t=20, critical_t=None
)
POINT = records.RiskPoint(**common("P1"), geom=HERE)
LEC = records.RiskAssessment(
    **common("A1"), risk_point_code="P1", method="LEC", inputs={"L": 3, "E": 6, "C": 15},
    assessed_on=DAY,
)  # fmt: skip


@pytest.fixture
def district(conn: db.Connection) -> db.Connection:
    db.set_actor(conn, "tester")
    actions.set_district(
        conn, records.District(code="140406", name="测试区", source_doc="test", geom=AREA)
    )
    actions.store(conn, "hazard_sources", [WORKS])
    actions.store(conn, "risk_points", [POINT])
    return conn


def r_of(conn: db.Connection, code: str = "H1") -> tuple[float | None, str | None]:
    row = conn.execute(
        "SELECT r_value, major_level FROM core.hazard_source WHERE code = %s", [code]
    ).fetchone()
    assert row is not None
    return row


def test_an_assessment_is_graded_when_it_is_stored(district: db.Connection) -> None:
    assert actions.store(district, "risk_assessments", [LEC]).inserted == ("A1",)
    assert actions.store(district, "risk_assessments", [LEC]).unchanged == ("A1",)
    kept = actions.standing(district, "risk_assessments", ["A1"])["A1"]
    assert (kept.score, kept.grade) == (270, "orange")  # type: ignore[attr-defined]
    row = district.execute("SELECT grade, method FROM core.risk_point").fetchone()
    assert row == ("orange", "LEC")


def test_every_assessment_at_fault_is_named(district: db.Connection) -> None:
    bad = [replace(LEC, code="A2", grade="red"), replace(LEC, code="A3", inputs={"L": 4})]
    with pytest.raises(RecordError) as refused:
        actions.store(district, "risk_assessments", [LEC, *bad])
    assert [it.message.split(":")[0] for it in refused.value.wrongs] == ["A2", "A3"]


def test_an_amended_assessment_is_graded_again(district: db.Connection) -> None:
    actions.store(district, "risk_assessments", [LEC])
    row = district.execute("SELECT id, version FROM core.risk_assessment").fetchone()
    change: Callable[..., Any] = lambda body: editing.amend(  # noqa: E731
        district, register="risk_assessments", record_id=row[0], version=row[1], body=body,
        editor=Editor(),
    )  # fmt: skip
    with pytest.raises(RecordError, match="the inputs mean red"):
        change({"inputs": {"L": 6, "E": 6, "C": 40}, "grade": "yellow"})
    kept = change({"inputs": {"L": 6, "E": 6, "C": 40}}).record  # the old score was not typed
    assert (kept.score, kept.grade) == (1440, "red")


def test_r_follows_the_substances_and_the_residents(district: db.Connection) -> None:
    actions.store(district, "hazard_substances", [CHLORINE])
    assert r_of(district) == (32.0, "3")
    actions.store(district, "hazard_sources", [replace(WORKS, residents_500m=99)])
    assert r_of(district) == (24.0, "3")
    actions.store(district, "hazard_substances", [replace(CHLORINE, quantity_t=4.0)])
    assert r_of(district) == (4.8, None)  # sum(q/Q) below 1: no major source
    actions.store(district, "hazard_sources", [replace(WORKS, residents_500m=None)])
    assert r_of(district) == (None, None)
    with pytest.raises(InputError, match="within 500 m is not known"):
        r_value_of(district, "H1")


def test_a_grade_that_was_worked_out_is_not_overwritten_by_hand(district: db.Connection) -> None:
    actions.store(district, "hazard_sources", [replace(WORKS, grade="blue")])  # nobody assessed it
    of_works = replace(LEC, risk_point_code=None, hazard_source_code="H1")
    actions.store(district, "risk_assessments", [of_works])  # 270: orange
    grade = "SELECT grade FROM core.hazard_source WHERE code = 'H1'"
    assert district.execute(grade).fetchone() == ("orange",)
    with pytest.raises(RecordError, match=r"assessment A1 \(LEC\) says orange") as refused:
        actions.store(district, "hazard_sources", [replace(WORKS, grade="red")])
    assert refused.value.where == "grade"
    for same in ("orange", None):  # as a file repeats it, or leaves it open
        actions.store(district, "hazard_sources", [replace(WORKS, grade=same, remark=str(same))])
        assert district.execute(grade).fetchone() == ("orange",)
    agreed = replace(
        of_works, code="A2", method="SCL", inputs={}, grade="red", assessed_on=DAY.replace(day=9)
    )
    actions.store(district, "risk_assessments", [agreed])
    assert district.execute(grade).fetchone() == ("red",)


def village(code: str, **more: Any) -> records.Settlement:
    at = {"kind": "village", "geom": shapely.Point(113.203, 36.301), **more}  # 290 m from HERE
    return records.Settlement(**common(code), **at)


def counted(conn: db.Connection, code: str = "H1") -> int | None:
    row = conn.execute(
        "SELECT residents_counted FROM core.hazard_source WHERE code = %s", [code]
    ).fetchone()
    assert row is not None
    return row[0]


def test_residents_are_counted_where_none_were_given(district: db.Connection) -> None:
    actions.store(district, "hazard_sources", [replace(WORKS, residents_500m=None)])
    actions.store(district, "hazard_substances", [CHLORINE])
    assert (counted(district), r_of(district)) == (None, (None, None))
    far = shapely.Point(113.206, 36.301)  # 550 m
    actions.store(district, "settlements", [village("V1", population=60), village("V2", geom=far)])
    assert (counted(district), r_of(district)) == (60, (24.0, "3"))
    found = r_value_of(district, "H1")
    assert (found.residents, found.residents_from) == (60, "counted")
    assessed = replace(
        LEC, code="A9", risk_point_code=None, hazard_source_code="H1", method="R", inputs={}
    )
    actions.store(district, "risk_assessments", [assessed])
    kept = actions.standing(district, "risk_assessments", ["A9"])["A9"]
    assert kept.inputs["residents_from"] == "counted"  # type: ignore[attr-defined]
    assert kept.inputs["residents_counted"] == 60  # type: ignore[attr-defined]


def test_a_number_given_by_hand_stands_with_the_counted_one_beside(
    district: db.Connection,
) -> None:
    actions.store(district, "hazard_substances", [CHLORINE])
    actions.store(district, "settlements", [village("V1", population=60)])
    assert (counted(district), r_of(district)) == (60, (32.0, "3"))  # 120 were given
    found = r_value_of(district, "H1")
    assert (found.residents, found.residents_from) == (120, "given")
    assert found.residents_counted == 60


def test_a_count_is_none_where_it_would_be_a_guess(district: db.Connection) -> None:
    works = replace(WORKS, residents_500m=None, town_code="140406001")
    actions.store(district, "hazard_sources", [works])
    actions.store(district, "settlements", [village("V1", population=60), village("V2")])
    assert counted(district) is None  # how many live in V2 is not known
    far = shapely.Point(113.3, 36.3)
    moved = [village(code, population=9, geom=far) for code in ("V1", "V2")]
    actions.store(district, "settlements", moved)
    assert counted(district) is None  # nothing near, and nothing known of its town
    actions.store(district, "settlements", [replace(moved[0], town_code="140406001")])
    assert counted(district) == 0


def test_a_count_follows_a_settlement_that_moves_is_renamed_or_retired(
    district: db.Connection,
) -> None:
    actions.store(district, "hazard_substances", [CHLORINE])
    actions.store(district, "settlements", [village("V1", population=60)])
    actions.store(district, "settlements", [village("V2", population=5)])
    actions.store(district, "settlements", [village("V1", population=70)])
    assert counted(district) == 75
    row = district.execute("SELECT id FROM core.settlement WHERE code = 'V2'").fetchone()
    assert row is not None
    editing.amend(
        district, register="settlements", record_id=row[0], version=None, editor=Editor(),
        body={"code": "V3", "geometry": {"type": "Point", "coordinates": [113.3, 36.3]}},
    )  # fmt: skip
    assert counted(district) == 70
    row = district.execute("SELECT id FROM core.settlement WHERE code = 'V1'").fetchone()
    assert row is not None
    editing.retire(
        district, register="settlements", record_id=row[0], version=None, editor=Editor()
    )
    assert counted(district) is None


def test_r_follows_a_substance_that_is_moved_or_retired(district: db.Connection) -> None:
    other = replace(WORKS, code="H2", residents_500m=0)
    actions.store(district, "hazard_sources", [other])
    actions.store(district, "hazard_substances", [CHLORINE])
    actions.store(district, "hazard_substances", [replace(CHLORINE, hazard_source_code="H2")])
    assert (r_of(district), r_of(district, "H2")) == ((None, None), (8.0, "4"))
    row = district.execute("SELECT id, version FROM core.hazard_substance").fetchone()
    assert row is not None
    editing.retire(
        district, register="hazard_substances", record_id=row[0], version=row[1], editor=Editor()
    )
    assert r_of(district, "H2") == (None, None)


def test_what_is_not_known_gives_no_value_and_says_why(district: db.Connection) -> None:
    unknown = records.HazardSubstance(**common("某物"), hazard_source_code="H1", quantity_t=1)
    actions.store(district, "hazard_substances", [CHLORINE, unknown])
    assert r_of(district) == (None, None)
    with pytest.raises(InputError, match="no critical quantity is known"):
        r_value_of(district, "H1")


def danger(code: str, day: int, **more: Any) -> records.HiddenDanger:
    given = {"level": "general", "category": "电气", "found_on": DAY.replace(day=day), **more}
    return records.HiddenDanger(**common(code), **given)


def repeats(conn: db.Connection) -> dict[str, str | None]:
    return dict(conn.execute("SELECT code, repeat_of FROM core.hidden_danger").fetchall())


def test_a_repeat_is_proposed_by_source_and_by_place(district: db.Connection) -> None:
    actions.store(district, "hidden_dangers", [danger("D1", 1, hazard_source_code="H1")])
    near, far = shapely.Point(113.2003, 36.3), shapely.Point(113.21, 36.3)
    some = [
        danger("D2", 2, hazard_source_code="H1"),
        danger("D3", 3, geom=near),
        danger("D4", 4, geom=far),
        danger("D5", 5, geom=near, category="消防"),
        danger("D6", 6, geom=near),
        danger("D0", 1, geom=far),
    ]
    actions.store(district, "hidden_dangers", some)
    assert repeats(district) == {
        "D1": None, "D2": "D1", "D3": "D1", "D4": "D0", "D5": None, "D6": "D3", "D0": None,
    }  # fmt: skip
    assert actions.store(district, "hidden_dangers", [some[0]]).unchanged == ("D2",)


def test_what_a_person_names_as_repeated_stays(district: db.Connection) -> None:
    first = [danger(f"D{n}", n, hazard_source_code="H1") for n in (1, 2)]
    actions.store(district, "hidden_dangers", first)
    third = danger("D3", 3, hazard_source_code="H1", repeat_of="D1")
    actions.store(district, "hidden_dangers", [third])
    assert repeats(district)["D3"] == "D1"


@pytest.mark.parametrize(
    ("code", "value"),
    [
        ("lec", {"factors": {"L": [1]}}),
        ("ram", {"factors": {}, "bands": [{"least": 1, "grade": "pink", "zh": "", "en": ""}]}),
        ("r_alpha", {"steps": [[0, 1], [10, 2]]}),
        ("r_critical", {"Cl2": 0}),
        ("repeats", {"within_days": 0, "within_m": 1}),
        ("crash_window", {"window_m": -1, "years": 1, "crashes": 1}),
        ("area_grade", {"rule": "best", "share": 1}),
    ],
)  # fmt: skip
def test_a_parameter_that_could_not_be_used_is_refused(
    district: db.Connection, code: str, value: dict[str, Any]
) -> None:
    wrong = records.RiskParameter(**common(code), value=value)
    with pytest.raises(RecordError) as refused:
        actions.store(district, "risk_parameters", [wrong])
    assert refused.value.where in {"value", "window_m"}


def test_an_amended_parameter_is_what_is_used(district: db.Connection) -> None:
    it = register_named("risk_parameters")
    limits = records.RiskParameter(
        **common("repeats"), value={"within_days": 1, "within_m": 5}, is_verified=True
    )
    actions.store(district, it.name, [limits])
    both = [danger(f"D{n}", n, hazard_source_code="H1") for n in (1, 3)]
    actions.store(district, "hidden_dangers", both)
    assert repeats(district) == {"D1": None, "D3": None}
