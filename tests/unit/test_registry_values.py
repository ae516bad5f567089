"""One cell of a file: what it may be, and what is refused."""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest

from geoservice.errors import InputError
from geoservice.registry.fields import Field
from geoservice.registry.registers import register_named
from geoservice.registry.values import Habits, unit_factor, value_of

PLAIN = Habits()


def field(register: str, name: str) -> Field:
    found = register_named(register).field(name)
    assert found is not None
    return found


@pytest.mark.parametrize("cell", [None, "", "   ", float("nan")])
def test_empty_cells_are_none(cell: object) -> None:
    assert value_of(field("rescue_teams", "headcount"), cell, PLAIN) is None


@pytest.mark.parametrize(("cell", "value"), [("12", 12), (12.0, 12), ("\uff11\uff12", 12), (0, 0)])
def test_whole_numbers(cell: object, value: int) -> None:
    assert value_of(field("rescue_teams", "headcount"), cell, PLAIN) == value


@pytest.mark.parametrize("cell", ["1.5", "-1", "abc", "1e99", "inf", "nan", "1_0", "12人", [1]])
def test_what_is_no_headcount(cell: object) -> None:
    with pytest.raises(InputError):
        value_of(field("rescue_teams", "headcount"), cell, PLAIN)


def test_a_comma_in_a_number_is_not_guessed_at() -> None:
    capacity = field("mines", "capacity_mtpa")
    with pytest.raises(InputError, match="a decimal comma, say so"):
        value_of(capacity, "1,200", PLAIN)
    assert value_of(capacity, "1,2", Habits(has_decimal_comma=True)) == 1.2
    with pytest.raises(InputError, match="not a number"):
        value_of(capacity, "1,234,567", Habits(has_decimal_comma=True))


def test_road_stakes_are_metres() -> None:
    assert value_of(field("dangerous_sections", "from_m"), "K12+300", PLAIN) == 12300


def test_the_unit_of_the_heading_is_converted() -> None:
    start = field("dangerous_sections", "from_m")
    assert unit_factor(start, "起点桩号（千米）") == 1000
    assert unit_factor(start, "起点桩号（米）") == unit_factor(start, "from_m") == 1
    assert unit_factor(field("mines", "capacity_mtpa"), "产能（万吨/年）") == 0.01
    assert value_of(start, "1.5", PLAIN, 1000) == 1500
    with pytest.raises(InputError, match="km"):
        unit_factor(start, "from (miles)")


@pytest.mark.parametrize(
    "cell", ["2024-01-05", "2024/1/5", "20240105", "2024年1月5日", "2024-01-05T00:00:00"]
)
def test_dates(cell: str) -> None:
    assert value_of(field("depots", "surveyed_on"), cell, PLAIN) == date(2024, 1, 5)


@pytest.mark.parametrize("cell", ["2024-02-30", "5.1.24", "2024", "去年"])
def test_what_is_no_date(cell: str) -> None:
    with pytest.raises(InputError, match="2026-11-23"):
        value_of(field("depots", "surveyed_on"), cell, PLAIN)


def test_a_time_without_zone_is_refused_unless_one_is_said() -> None:
    start = field("road_closures", "starts_at")
    with pytest.raises(InputError, match="zone"):
        value_of(start, "2026-11-23 08:00", PLAIN)
    shanghai = Habits(zone=ZoneInfo("Asia/Shanghai"))
    at = datetime(2026, 11, 23, tzinfo=UTC)
    assert value_of(start, "2026/11/23 08:00", shanghai) == at
    assert value_of(start, "2026-11-23T00:00:00Z", PLAIN) == at


def test_codes_come_by_code_or_label_and_others_list_the_choices() -> None:
    tier = field("rescue_teams", "tier")
    assert {value_of(tier, w, PLAIN) for w in ("main", "综合应急救援", "综合", "Main team")} == {
        "main"
    }
    with pytest.raises(InputError, match="main, pro, part, social, vol") as refused:
        value_of(tier, "army", PLAIN)
    assert "专业分队（pro）" in refused.value.zh


def test_lists_are_split_and_patterns_held() -> None:
    kinds = field("dangerous_sections", "hazard_kinds")
    assert value_of(kinds, "急弯、陡坡; 易结冰", PLAIN) == ("急弯", "陡坡", "易结冰")
    with pytest.raises(InputError):
        value_of(field("depots", "town_code"), "14040600", PLAIN)
    assert value_of(field("depots", "town_code"), 140406001.0, PLAIN) == "140406001"


@pytest.mark.parametrize("cell", ["a\0b", "\ud800", "字" * 1400, {"a": 1}])
def test_text_that_no_database_wants(cell: object) -> None:
    with pytest.raises(InputError):
        value_of(field("depots", "name"), cell, PLAIN)


def test_limits_and_truths() -> None:
    factor = field("road_closures", "factor")
    assert value_of(factor, "0.5", PLAIN) == 0.5
    for cell in ("1", "-0.1"):
        with pytest.raises(InputError):
            value_of(factor, cell, PLAIN)
    bridges = field("road_closures", "includes_structures")
    assert [value_of(bridges, w, PLAIN) for w in ("是", "no", True, 0)] == [
        True,
        False,
        True,
        False,
    ]
    with pytest.raises(InputError):
        value_of(bridges, "maybe", PLAIN)


@pytest.mark.parametrize(
    ("register", "name", "heading", "factor"),
    [
        ("water_bodies", "volume_m3", "积水量（万m3）", 1e4),
        ("water_bodies", "volume_m3", "积水量（立方米）", 1),
        ("water_bodies", "pressure_mpa", "水压（kPa）", 0.001),
        ("mine_boreholes", "head_mpa", "水压(MPa)", 1),
    ],
)
def test_volumes_and_pressures_are_taken_in_the_unit_of_their_heading(
    register: str, name: str, heading: str, factor: float
) -> None:
    assert unit_factor(field(register, name), heading) == factor
    with pytest.raises(InputError):
        unit_factor(field(register, name), "值（吨）")
