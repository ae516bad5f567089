"""Rows to records: columns found, gaps and repeats told, what stands kept."""

from dataclasses import replace
from typing import Any

import pytest
import shapely

from geoservice.errors import InputError, UnknownNameError
from geoservice.registry.fields import Register
from geoservice.registry.importing import Refusal, Row, Setting, check_rows
from geoservice.registry.mapping import Mapped, map_columns
from geoservice.registry.records import HazardSource, Record, Town
from geoservice.registry.registers import register_named

HAZARDS = register_named("hazard_sources")
HERE = shapely.Point(113.2, 36.3)
BOX = shapely.box(112.8, 36.0, 113.6, 36.7)
STANDING = HazardSource(
    code="H1", name="旧名", kind="dump", grade="red", remark="旧", source_doc="2023", geom=HERE
)


def rows(*cells: dict[str, Any], geom: shapely.Point | None = HERE) -> list[Row]:
    return [Row(number, it, geom) for number, it in enumerate(cells, 2)]


def read_records(
    register: Register, given: list[Row], mapped: Mapped, setting: Setting
) -> tuple[list[Record], list[Refusal]]:
    checked = check_rows(register, given, mapped, setting)
    records = [it.record for it in checked if it.record is not None]
    return records, [wrong for it in checked for wrong in it.wrong]


def load(
    given: list[Row], *, register: str = "hazard_sources", **setting: Any
) -> tuple[list[Record], list[tuple[int, str | None]]]:
    it = register_named(register)
    mapped = map_columns(it, list(given[0].cells), {})
    records, refused = read_records(it, given, mapped, Setting("test.csv", **setting))
    return records, [(refusal.row, refusal.column) for refusal in refused]


def test_chinese_headings_and_labels_make_a_record() -> None:
    records, refused = load(
        rows({"编号": "H1", "名称": "尾矿库一号", "类别": "尾矿库", "等级": "红", "联系人": "x"}),
        envelope=BOX,
    )
    assert refused == []
    assert records == [
        HazardSource(
            code="H1", name="尾矿库一号", kind="tailings", grade="red", leader="x",
            source_doc="test.csv", geom=HERE,
        )
    ]  # fmt: skip


@pytest.mark.parametrize(
    "headings", [["BH", "MC", "LB"], ["CODE", "Name", "KIND"], ["code", "单位名称", "类别"]]
)
def test_export_names_and_english_are_headings_too(headings: list[str]) -> None:
    assert map_columns(HAZARDS, headings, {}).names == {"code", "name", "kind"}


def test_two_columns_for_one_field_need_a_word() -> None:
    with pytest.raises(InputError, match="say which column is name"):
        map_columns(HAZARDS, ["code", "名称", "name"], {})
    mapped = map_columns(HAZARDS, ["code", "名称", "name"], {"name": "name"})
    assert {it.heading for it in mapped.taken} == {"code", "name"}
    assert mapped.left == ("名称",)


def test_said_columns_must_exist() -> None:
    with pytest.raises(UnknownNameError, match="no field 'nme'"):
        map_columns(HAZARDS, ["code"], {"nme": "code"})
    with pytest.raises(UnknownNameError, match="no column 'x'"):
        map_columns(HAZARDS, ["code"], {"name": "x"})


def test_every_gap_and_bad_value_of_a_row_is_told() -> None:
    records, refused = load(
        rows(
            {"code": "", "name": "a", "kind": "volcano", "grade": "pink"},
            {"code": "H2", "name": "b", "kind": "", "grade": ""},
        ),
    )
    assert records == []
    assert refused == [(2, "kind"), (2, "grade"), (2, "code"), (3, "kind")]


def test_fields_that_do_not_go_together_refuse_their_row_alone() -> None:
    given = rows(
        {"编号": "H1", "名称": "甲", "类别": "尾矿库", "城市风险点类型": "电梯"},
        {"编号": "H2", "名称": "乙", "类别": "城市风险点", "城市风险点类型": "电梯"},
    )
    records, refused = load(given, envelope=BOX)
    assert [(it.code, it.subtype) for it in records] == [("H2", "lift")]
    assert refused == [(2, "城市风险点类型")]


def test_rows_with_one_code_are_all_refused_with_their_numbers() -> None:
    one = {"code": "H1", "name": "a", "kind": "dump"}
    mapped = map_columns(HAZARDS, list(one), {})
    given = rows(one, one | {"code": "H2"}, one)
    records, refused = read_records(HAZARDS, given, mapped, Setting("f"))
    assert [record.code for record in records] == ["H2"]
    assert [(it.row, it.en) for it in refused] == [
        (2, "code H1 is in rows 2, 4"), (4, "code H1 is in rows 2, 4"),
    ]  # fmt: skip


def test_a_place_outside_is_refused_and_swapped_axes_are_named() -> None:
    mapped = map_columns(HAZARDS, ["code", "name", "kind"], {})
    cells = {"code": "H1", "name": "a", "kind": "dump"}
    for point, hint in ((shapely.Point(36.3, 113.2), True), (shapely.Point(1.5, 42.5), False)):
        _, refused = read_records(
            HAZARDS, rows(cells, geom=point), mapped, Setting("f", envelope=BOX)
        )
        assert ("swapped" in refused[0].en, "颠倒" in refused[0].zh) == (hint, hint)


def test_what_the_file_does_not_have_stays() -> None:
    given = rows({"code": "H1", "name": "新名", "remark": ""}, geom=None)
    records, refused = load(given, current={"H1": STANDING})
    assert refused == []
    assert records == [replace(STANDING, name="新名", remark=None)]


def test_a_source_that_is_said_goes_for_standing_records_too() -> None:
    given = rows({"code": "H1"}, geom=None)
    records, _ = load(given, current={"H1": STANDING}, is_source_said=True)
    assert records[0].source_doc == "test.csv"


def test_a_demonstration_record_lends_nothing() -> None:
    given = rows({"code": "H1", "name": "真名"}, geom=None)
    _, refused = load(given, current={"H1": replace(STANDING, is_demo=True)})
    assert refused == [(2, None), (2, "kind")]


def test_the_kind_of_a_town_is_in_its_name() -> None:
    names = ["潞华街道", "店上镇", "黄牛蹄乡", "经济技术开发区", "潞河村"]
    given = rows(*({"code": str(n), "name": name} for n, name in enumerate(names)), geom=None)
    records, refused = load(given, register="towns")
    kinds = [record.kind for record in records if isinstance(record, Town)]
    assert kinds == ["subdistrict", "town", "township", "development_zone"]
    assert refused == [(6, "kind")]
