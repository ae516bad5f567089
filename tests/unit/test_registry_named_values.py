"""Values by name: out of a JSON object, out of what people type, or refused."""

from typing import Any

import pytest

from geoservice.errors import InputError
from geoservice.registry.named_values import named_values
from geoservice.registry.registers import register_named
from geoservice.registry.values import Habits, value_of


@pytest.mark.parametrize(
    ("cell", "expected"),
    [
        ("L=3, E=6, C=15", {"L": 3, "E": 6, "C": 15}),
        ("L\uff1d0.5；E：6\nC=15", {"L": 0.5, "E": 6, "C": 15}),
        ("method=目视", {"method": "目视"}),
        ('{"L": 3, "words": ["a", {"b": null}]}', {"L": 3, "words": ["a", {"b": None}]}),
        ({"L": 3.5}, {"L": 3.5}),
        ("{}", {}),
    ],
)
def test_values_are_read(cell: object, expected: dict[str, Any]) -> None:
    assert named_values(cell) == expected


@pytest.mark.parametrize(
    "cell",
    ["3, 6, 15", "[1, 2]", '{"L": NaN}', '{"L": 1e999}', "{", {"L": float("inf")}, {"a\0": 1},
     {"a": "\ud800"}, {"a": [[[[1]]]]}, {"a": "x" * 5000}, "[" * 100_000, '{"a":' * 9999],
    ids=lambda cell: repr(cell)[:20],
)  # fmt: skip
def test_what_cannot_be_kept_is_refused_in_both_languages(cell: object) -> None:
    with pytest.raises(InputError) as refused:
        named_values(cell)
    assert refused.value.message != refused.value.zh


def test_an_assessment_without_inputs_needs_none() -> None:
    field = register_named("risk_assessments").field("inputs")
    assert field is not None
    assert (field.kind, field.is_required) == ("json", False)
    assert value_of(field, "L=3", Habits()) == {"L": 3}
    assert value_of(field, "", Habits()) is None


def test_each_word_of_a_coded_list_is_a_code() -> None:
    field = register_named("command_posts").field("hazard_types")
    assert field is not None
    assert value_of(field, "煤矿、flood, Severe weather、煤矿", Habits()) == (
        "coal_mine", "flood", "weather",
    )  # fmt: skip
    with pytest.raises(InputError, match="none of coal_mine, other_mine"):
        value_of(field, ["flood", "meteor"], Habits())
