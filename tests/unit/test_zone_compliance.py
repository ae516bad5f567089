"""Three specials, two probes, one withdrawal: what is lacking, on hand-made records."""

from datetime import date, timedelta

import pytest
from shapely import Point

from geoservice.zoning.compliance import (
    Control,
    HeadingRow,
    ProbeRow,
    Records,
    Rule,
    Withdrawal,
    judge,
)
from geoservice.zoning.complying import checked
from geoservice.zoning.input_rows import ShaftRow

RULE = Rule({"simple": 1, "medium": 1, "complex": 2, "very_complex": 2}, 1, 1, 30)
DAY = date(2026, 6, 30)
FULL = Control(1, 2, 20, 3)
HEADING = HeadingRow(1, "H1", "3101 运输巷", "driving")


def _probe(seen: int | None, drilled: int | None, **more: object) -> ProbeRow:
    days = [None if ago is None else DAY - timedelta(days=ago) for ago in (seen, drilled)]
    said = {"heading_id": 1, "heading": "3101 运输巷", "result": "clear", **more}
    return ProbeRow(geophysics_on=days[0], drilling_on=days[1], **said)


def _lacks(
    *probes: ProbeRow, heading: HeadingRow = HEADING, withdrawals: tuple[Withdrawal, ...] = ()
) -> list[str]:
    it = judge(Records("complex", FULL, [heading], probes, withdrawals), RULE, on=DAY)
    return [one.code for one in it.headings[0].missing]


@pytest.mark.parametrize(
    ("hydro_type", "technicians", "lacks"),
    [
        ("simple", 1, []), ("medium", 1, []), ("simple", 0, ["TECHNICIANS"]),
        ("complex", 1, ["TECHNICIANS"]), ("complex", 2, []), ("very_complex", 1, ["TECHNICIANS"]),
        (None, 1, ["HYDRO_TYPE", "TECHNICIANS"]), (None, 2, ["HYDRO_TYPE"]),
    ],
)  # fmt: skip
def test_technicians_are_asked_for_by_type_and_not_known_counts_as_the_worst(
    hydro_type: str | None, technicians: int, lacks: list[str]
) -> None:
    it = judge(Records(hydro_type, Control(1, technicians, 9, 2), [], [], []), RULE, on=DAY)
    assert [one.code for one in it.missing] == lacks
    assert it.is_compliant is not bool(lacks)


def test_team_rigs_or_no_record_at_all_are_named() -> None:
    it = judge(Records("simple", Control(1, 1, 0, 0), [], [], []), RULE, on=DAY)
    assert [one.code for one in it.missing] == ["TEAM", "RIGS"]
    it = judge(Records("simple", Control(0, 0, 0, 0), [], [], []), RULE, on=DAY)
    assert [one.code for one in it.missing] == ["WATER_CONTROL"]
    assert all(one.text.zh != one.text.en for one in it.missing)


def test_one_probe_alone_does_not_do_and_both_must_be_fresh() -> None:
    assert _lacks(_probe(30, 30)) == []
    assert _lacks(_probe(3, None)) == ["DRILLING"]
    assert _lacks(_probe(None, 3)) == ["GEOPHYSICS"]
    assert _lacks() == ["GEOPHYSICS", "DRILLING"]
    assert _lacks(_probe(31, 3)) == ["GEOPHYSICS_OLD"]
    assert _lacks(_probe(31, None), _probe(2, None), _probe(None, 40)) == ["DRILLING_OLD"]
    assert _lacks(_probe(-1, 3)) == ["GEOPHYSICS"]  # of tomorrow: not done yet


def test_a_heading_that_is_not_driven_is_not_judged() -> None:
    for state in ("planned", "stopped", "done"):
        row = HeadingRow(1, "H1", "3101 运输巷", state)
        it = judge(Records("complex", FULL, [row], [], []), RULE, on=DAY)
        assert it.headings[0].is_compliant is None
        assert it.is_compliant


def test_probes_find_their_heading_by_its_words_and_others_are_taken_as_driven() -> None:
    assert _lacks(_probe(3, 3, heading_id=None)) == []
    assert _lacks(_probe(3, 3, heading_id=None, heading="H1")) == []
    stray = _probe(3, None, heading_id=None, heading="3102 切眼")
    it = judge(Records("complex", FULL, [HEADING], [_probe(1, 1), stray], []), RULE, on=DAY)
    assert [(one.name, one.state, one.is_compliant) for one in it.headings] == [
        ("3101 运输巷", "driving", True), ("3102 切眼", None, False),
    ]  # fmt: skip


def test_water_that_was_met_asks_for_a_withdrawal() -> None:
    wet = _probe(5, 3, result="water")
    assert _lacks(wet) == ["WITHDRAWAL"]
    left = Withdrawal("W1", DAY - timedelta(days=3), DAY - timedelta(days=2), None)
    assert _lacks(wet, withdrawals=(left,)) == []
    before = Withdrawal("W1", DAY - timedelta(days=4), DAY - timedelta(days=3), None)
    assert _lacks(wet, withdrawals=(before,)) == ["WITHDRAWAL"]
    assert _lacks(wet, _probe(1, 1)) == []  # probed again since, and clear


def test_while_people_are_out_nothing_is_driven() -> None:
    out = Withdrawal("W1", DAY - timedelta(days=1), None, "3101 回风巷")
    it = judge(Records("complex", FULL, [HEADING], [_probe(1, 1)], [out]), RULE, on=DAY)
    assert [one.code for one in it.missing] == ["WITHDRAWN"]
    back = Withdrawal("W1", DAY - timedelta(days=9), DAY, None)
    it = judge(Records("complex", FULL, [HEADING], [_probe(1, 1)], [back]), RULE, on=DAY)
    assert it.is_compliant


def _shaft(collar_m: float | None, **more: object) -> ShaftRow:
    said = {
        "height_datum": "1985", "flood_level_m": 904.0, "flood_datum": "1985",
        "defence_doc": None, **more,
    }  # fmt: skip
    return ShaftRow(1, "S1", "主井", "main", Point(0, 0), collar_m, **said)


@pytest.mark.parametrize(
    ("row", "standing", "above_m", "is_flag"),
    [
        (_shaft(905.2), "above", 1.2, False),
        (_shaft(903.5, defence_doc="防洪 1 号"), "defended", -0.5, False),
        (_shaft(903.5), "below", -0.5, True),
        (_shaft(904.0), "below", 0.0, True),  # above is asked for, not at
        (_shaft(904.0003), "above", 0.0, False),  # what is told is rounded, what is judged is not
        (_shaft(904.0, flood_datum="1956"), "above", 0.029, False),
        (_shaft(904.0, height_datum="1956"), "below", -0.029, True),
        (_shaft(905.2, flood_datum="local"), "unknown", None, True),
        (_shaft(905.2, flood_datum=None), "unknown", None, True),
        (_shaft(None), "unknown", None, True),
    ],
)
def test_a_collar_is_held_against_the_highest_flood_level(
    row: ShaftRow, standing: str, above_m: float | None, is_flag: bool
) -> None:
    it = checked(row)
    assert (it.standing, it.above_m, it.is_flag) == (standing, above_m, is_flag)
    assert it.text.zh != it.text.en
