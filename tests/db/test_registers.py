"""Every register: stored by code, read back through its layer, its codes and rules kept."""

import itertools
import runpy
from dataclasses import fields, replace
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import shapely
from psycopg.rows import dict_row

from geoservice import db
from geoservice.errors import ConflictError, InputError
from geoservice.publish.catalog import load_layers
from geoservice.publish.permit import whole
from geoservice.publish.select import rows
from geoservice.publish.statement import Filters
from geoservice.registry import actions, records
from geoservice.registry.fields import Field
from geoservice.registry.records import Record
from geoservice.registry.registers import LOADABLE, register_named
from geoservice.registry.values import Habits, value_of
from geoservice.violations import translated

LAYERS = load_layers()
DATA = runpy.run_path(str(Path(__file__).parents[1] / "data" / "register_samples.py"))
SAMPLES: dict[str, Record] = DATA["SAMPLES"]
DISTRICT = records.District(code="140406", name="测试区", source_doc="test", geom=DATA["AREA"])


@pytest.fixture
def district(conn: db.Connection) -> db.Connection:
    db.set_actor(conn, "tester")
    assert actions.set_district(conn, DISTRICT)
    return conn


# A rule or a name of goods is no thing in a town; when a sensor falls silent its form tells.
NOT_SHOWN = {
    "staleness_rules": {"town_code", "surveyed_on"},
    "risk_parameters": {"town_code", "surveyed_on"},
    "goods": {"town_code", "surveyed_on"},
    "goods_substitutes": {"town_code", "surveyed_on"},
    "goods_kits": {"town_code", "surveyed_on"},
    "vehicle_profiles": {"town_code", "surveyed_on"},
    "sensors": {"silent_after"},
}


UNSURVEYED = {
    "staleness_rules", "risk_parameters", "vehicle_profiles", "alerts", "goods",
    "goods_substitutes", "goods_kits", "incidents", "dispatch_orders", "mine_water_evidence",
}  # fmt: skip


def _store_up_to(conn: db.Connection, last: str) -> None:
    before = itertools.takewhile(lambda name: name != last, SAMPLES)
    for register in [*before, last]:
        actions.store(conn, register, [SAMPLES[register]])


def _shown(conn: db.Connection, layer: str, code: str = "X1") -> dict[str, Any]:
    statement = rows(whole(LAYERS[layer]), Filters())
    with conn.cursor(row_factory=dict_row) as cursor:
        cursor.execute(statement.text, statement.values)
        return next(row for row in cursor.fetchall() if row["code"] == code)


def _as_shown(value: object) -> object:
    if isinstance(value, tuple):
        return ", ".join(value)
    if isinstance(value, dict):
        return ", ".join(f"{name}={one}" for name, one in sorted(value.items()))
    return value


@pytest.mark.parametrize("register", LOADABLE)
def test_a_record_is_read_back_through_its_layer(district: db.Connection, register: str) -> None:
    _store_up_to(district, register)
    record = SAMPLES[register]
    shown = _shown(district, register, record.code)
    names = {"factor": "speed_factor"}
    told = {names.get(f.name, f.name) for f in fields(record)} & shown.keys() - {"geom"}
    mine = {names.get(f.name, f.name): getattr(record, f.name) for f in fields(record)}
    expected = {name: _as_shown(mine[name]) for name in told}
    if register == "risk_parameters":  # a table nested in a cell is told as JSON
        shown, expected = ({**it, "value": None} for it in (shown, expected))
    expected["grade"] = "orange" if register == "risk_points" else expected.get("grade")
    assert {name: shown[name] for name in told} == {name: expected[name] for name in told}
    # What a file or a form can give, the layer shows; secrecy and the mark are common to all.
    hidden = {f.name for f in fields(record)} - shown.keys() - {"name_en", "geom"}
    hidden -= NOT_SHOWN.get(register, set())
    assert {names.get(name, name) for name in hidden} <= shown.keys()
    geom = getattr(record, "geom", None)
    if LAYERS[register].is_drawn and geom is not None:
        assert shown["geom"].centroid.distance(geom.centroid) < 1e-9
    else:
        assert shown["geom"] is None


CODED = [
    (register, field)
    for register in LOADABLE
    for field in register_named(register).fields
    if field.codes
]


@pytest.mark.parametrize(("register", "field"), CODED, ids=[f"{r}-{f.name}" for r, f in CODED])
def test_a_code_is_taken_by_either_label_and_others_are_refused_with_the_list(
    register: str, field: Field
) -> None:
    for code, label in field.codes.items():
        for said in (code, label.zh, label.en):
            got = value_of(field, said, Habits())
            assert got == ((code,) if field.kind == "list" else code), (register, said)
    with pytest.raises(InputError) as refused:
        value_of(field, "绝无此码", Habits())
    assert all(code in refused.value.message for code in field.codes)
    assert all(label.zh in refused.value.zh for label in field.codes.values())


WRONG: list[tuple[str, dict[str, Any], str]] = [
    ("hazard_sources", {"kind": "hazchem"}, "subtype"),
    ("hazard_substances", {"beta": 0.0}, "beta"),
    ("risk_assessments", {"hazard_source_code": "X1"}, "hazard_source_code"),
    ("risk_assessments", {"risk_point_code": None}, "hazard_source_code"),
    ("hidden_dangers", {"state": "review"}, "closed_on"),
    ("hidden_dangers", {"closed_on": None}, "closed_on"),
    ("hidden_dangers", {"due_on": date(2020, 1, 1)}, "due_on"),
    ("census_rounds", {"ends_on": date(2020, 1, 1)}, "ends_on"),
    ("team_capabilities", {"grading_level": None}, "grading_level"),
    ("goods_substitutes", {"by_code": "2010101"}, "by_code"),
    ("goods_substitutes", {"ratio": 0.0}, "ratio"),
    ("goods_kits", {"part_code": "1010101"}, "part_code"),
    ("capability_reserves", {"depot_code": "X1"}, "organisation_code"),
    ("capability_reserves", {"per_day": 0.0}, "per_day"),
    ("supply_agreements", {"agreed_to": date(2020, 1, 1)}, "agreed_to"),
    ("shelters", {"area_m2": 0.0}, "area_m2"),
    ("mine_seams", {"thickness_m": 0.0}, "thickness_m"),
    ("mine_seams", {"mining_height_m": 0.0}, "mining_height_m"),
    ("mine_licences", {"zone_width_deg": 4}, "zone_width_deg"),
    ("water_bodies", {"kind": "river"}, "mine_seam_code"),
    ("mine_structures", {"kind": "column"}, "dip_deg"),
    ("mine_areas", {"mine_seam_code": None}, "mine_seam_code"),
    ("mine_areas", {"domains": ()}, "domains"),
    ("mine_areas", {"kind": "pillar"}, "domains"),
    ("mine_areas", {"document": None}, "document"),
    ("mine_areas", {"approved_on": None}, "approved_on"),
    ("mine_areas", {"yield_class": "strong"}, "yield_class"),
    ("water_withdrawals", {"resumed_at": datetime.fromisoformat("2020-01-01T00:00+00:00")},
     "resumed_at"),
]  # fmt: skip


@pytest.mark.parametrize(("register", "change", "where"), WRONG)
def test_fields_that_do_not_go_together_are_refused_with_the_field(
    register: str, change: dict[str, Any], where: str
) -> None:
    with pytest.raises(InputError) as refused:
        replace(SAMPLES[register], **change)
    assert refused.value.where == where
    assert refused.value.message != refused.value.zh


def test_every_view_has_what_editing_and_changes_since_need(conn: db.Connection) -> None:
    for layer in LAYERS.values():
        found = conn.execute(
            "SELECT attname, format_type(atttypid, NULL) FROM pg_attribute"
            " WHERE attrelid = %s::regclass AND attnum > 0",
            [f"published.{layer.view}"],
        )
        columns = dict(found.fetchall())
        assert {"org", "version", "updated_at", "changed_xid"} <= columns.keys(), layer.id
        assert columns["changed_xid"] == "xid8"
        if layer.id not in UNSURVEYED:
            assert columns["is_stale"] == "boolean", layer.id
            assert layer.changes_with is not None, layer.id
            rule = "SELECT days FROM core.staleness_rule WHERE code = %s"
            assert conn.execute(rule, [layer.id]).fetchone(), layer.id


def test_stale_is_what_nobody_verified_for_as_many_days_as_the_rule_says(
    district: db.Connection,
) -> None:
    today = district.execute("SELECT core.district_day()").fetchone()[0]
    rule = replace(SAMPLES["staleness_rules"], code="depots", days=30)
    actions.store(district, "staleness_rules", [rule])
    for days, is_stale in ((30, False), (31, True), (None, True)):
        surveyed = None if days is None else today - timedelta(days=days)
        actions.store(district, "depots", [replace(SAMPLES["depots"], surveyed_on=surveyed)])
        assert _shown(district, "depots")["is_stale"] is is_stale


def test_overdue_is_told_by_the_districts_day(district: db.Connection) -> None:
    today = district.execute("SELECT core.district_day()").fetchone()[0]
    open_one = replace(
        SAMPLES["hidden_dangers"], state="fixing", closed_on=None, hazard_source_code=None
    )
    for due_on, is_overdue in ((today, False), (today - timedelta(days=1), True), (None, False)):
        found_on = date(2020, 1, 1)
        danger = replace(open_one, found_on=found_on, due_on=due_on)
        actions.store(district, "hidden_dangers", [danger])
        assert _shown(district, "hidden_dangers")["is_overdue"] is is_overdue


def test_the_districts_day_is_that_of_its_zone(district: db.Connection) -> None:
    for zone in ("Pacific/Kiritimati", "Pacific/Niue"):  # never on the same day
        district.execute("UPDATE core.district SET time_zone = %s", [zone])
        day, there = district.execute(
            "SELECT core.district_day(), (now() AT TIME ZONE %s)::date", [zone]
        ).fetchone()
        assert day == there


def test_a_danger_without_a_place_is_where_its_source_is_and_as_secret(
    district: db.Connection,
) -> None:
    source = replace(SAMPLES["hazard_sources"], secrecy="restricted")
    actions.store(district, "hazard_sources", [source])
    placeless = replace(SAMPLES["hidden_dangers"], geom=None)
    actions.store(district, "hidden_dangers", [placeless])
    shown = _shown(district, "hidden_dangers")
    assert shown["geom"].equals(source.geom)
    assert shown["secrecy"] == "restricted"
    moved = replace(source, geom=shapely.Point(113.3, 36.4))
    actions.store(district, "hazard_sources", [moved])
    assert _shown(district, "hidden_dangers")["geom"].equals(moved.geom)
    actions.store(district, "hidden_dangers", [replace(placeless, hazard_source_code=None)])
    assert _shown(district, "hidden_dangers")["geom"] is None


def test_the_newest_assessment_gives_the_grade_and_its_method(district: db.Connection) -> None:
    _store_up_to(district, "risk_points")
    old, new = date(2025, 1, 1), date(2026, 1, 1)
    base = SAMPLES["risk_assessments"]
    by_matrix = {"method": "RAM", "inputs": {"L": 2, "S": 4}, "score": 8.0, "grade": "blue"}
    late = replace(base, code="A2", assessed_on=new, **by_matrix)
    worst = {"inputs": {"L": 10, "E": 6, "C": 7}, "score": 420.0, "grade": "red"}
    early = replace(base, code="A1", assessed_on=old, **worst)
    actions.store(district, "risk_assessments", [late, early])
    point = _shown(district, "risk_points")
    assert (point["grade"], point["method"], point["assessed_on"]) == ("blue", "RAM", new)
    assert _shown(district, "risk_assessments", "A2")["is_current"]
    assert not _shown(district, "risk_assessments", "A1")["is_current"]
    district.execute("UPDATE core.risk_assessment SET valid_to = now() WHERE code = 'A2'")
    assert _shown(district, "risk_points")["grade"] == "red"
    of_source = replace(late, code="A3", risk_point_code=None, hazard_source_code="X1")
    actions.store(district, "risk_assessments", [of_source])
    assert _shown(district, "hazard_sources")["grade"] == "blue"


def test_one_file_may_bring_a_parent_and_its_children(district: db.Connection) -> None:
    child = replace(SAMPLES["organisations"], code="A", parent_code="B")
    parent = replace(SAMPLES["organisations"], code="B", name="上级")
    actions.store(district, "organisations", [child, parent])
    assert _shown(district, "organisations", "A")["parent"] == "上级"
    for lost in ("nothing", "C"):
        orphan = replace(child, code="C", parent_code=lost)
        with pytest.raises(ConflictError, match=rf"C \(parent_code {lost}\) refer") as refused:
            actions.store(district, "organisations", [orphan])
        assert refused.value.where == "parent_code"


def test_the_table_itself_refuses_a_parent_that_is_not_there(district: db.Connection) -> None:
    actions.store(district, "organisations", [SAMPLES["organisations"]])
    with pytest.raises(InputError, match=r"organisation\.parent_code names nothing"), translated():
        district.execute("UPDATE core.organisation SET parent_code = 'nothing'")


def test_one_and_seventeen_posts_come_with_the_service_and_divide_the_hazards(
    conn: db.Connection,
) -> None:
    found = conn.execute(
        "SELECT code, kind, hazard_types, source_doc, is_demo FROM core.command_post ORDER BY code"
    ).fetchall()
    assert [row[0] for row in found] == ["HQ", *(f"SHQ{n:02d}" for n in range(1, 18))]
    assert all("2019" in row[3] and not row[4] for row in found)
    commanded = [hazard for row in found for hazard in row[2]]
    codes = LAYERS["duty_links"].codes["hazard_kind"]
    assert sorted(commanded) == sorted(codes)
    assert conn.execute("SELECT core.real_records()").fetchone()[0] == 0


def test_a_post_that_was_amended_is_the_districts_own(district: db.Connection) -> None:
    before = district.execute("SELECT core.real_records()").fetchone()[0]
    post = actions.standing(district, "command_posts", ["HQ"])["HQ"]
    actions.store(district, "command_posts", [replace(post, duty_phone="0355-0000000")])
    assert district.execute("SELECT core.real_records()").fetchone()[0] == before + 1
