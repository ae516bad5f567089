"""Rule sets as data."""

import pytest

from geoservice.errors import InputError, UnknownNameError
from geoservice.minewater.rulesets import (
    SHIPPED,
    ruleset_of,
    shipped_ruleset,
    shipped_rulesets,
    to_json,
)


def test_every_parameter_has_unit_source_and_both_titles() -> None:
    for ruleset in shipped_rulesets():
        for name, it in ruleset.parameters.items():
            assert it.source, name
            assert it.title.zh != it.title.en, name
    assert [it.code for it in shipped_rulesets()] == list(SHIPPED)


def test_both_shipped_sets_hold_the_two_limits_of_the_inrush_coefficient() -> None:
    for ruleset in shipped_rulesets():
        assert (ruleset.number("inrush_broken"), ruleset.number("inrush_intact")) == (0.06, 0.10)


def test_what_was_not_read_in_a_source_is_not_verified() -> None:
    parameters = shipped_ruleset("NMSA-2022-85").parameters
    unread = [n for n, it in parameters.items() if it.source.startswith("own knowledge")]
    assert "movement_deg" in unread
    assert not any(parameters[name].is_verified for name in unread)
    assert not shipped_ruleset("NMSA-2022-85").is_verified


def test_a_rule_set_survives_json() -> None:
    ruleset = shipped_ruleset("NMSA-2022-85")
    back = ruleset_of(ruleset.code, ruleset.title, to_json(ruleset))
    assert dict(back.parameters) == dict(ruleset.parameters)


def test_a_changed_value_is_not_verified_and_says_whence() -> None:
    changed = shipped_ruleset("NMSA-2022-85").with_values({"pillar_least_m": 25}, source="planner")
    assert changed.number("pillar_least_m") == 25.0
    assert changed.parameters["pillar_least_m"].source == "planner"
    assert not changed.parameters["pillar_least_m"].is_verified
    assert shipped_ruleset("NMSA-2022-85").number("pillar_least_m") == 20.0


@pytest.mark.parametrize(
    "values",
    [{"pillar_least_m": "20"}, {"pillar_least_m": -1}, {"pillar_least_m": float("nan")},
     {"pillar_least_m": True}, {"yield_limits": [1, 2]}, {"yield_limits": 3}, {"buffer_join": 3}],
)  # fmt: skip
def test_a_value_of_another_form_is_refused(values: dict[str, object]) -> None:
    with pytest.raises(InputError, match=next(iter(values))):
        shipped_ruleset("NMSA-2022-85").with_values(values, source="planner")


def test_unknown_names_are_refused() -> None:
    with pytest.raises(UnknownNameError, match="no parameter 'depth'"):
        shipped_ruleset("SX-2020").with_values({"depth": 1}, source="planner")
    with pytest.raises(UnknownNameError, match="NMSA-2022-85"):
        shipped_ruleset("SX-1999")


def test_a_stored_parameter_without_its_unit_is_refused() -> None:
    ruleset = shipped_ruleset("SX-2020")
    params = {"a": {"value": 1.0, "source": "x", "is_verified": True}}
    with pytest.raises(InputError, match="lacks unit"):
        ruleset_of("X", ruleset.title, params)
