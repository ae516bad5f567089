"""Turn restrictions: which relations are kept, and why others are not."""

import pytest

from geoservice.roads.records import Restriction
from geoservice.roads.restrictions import read_restriction

FROM, VIA, TO = ("w", 1, "from"), ("n", 2, "via"), ("w", 3, "to")
PLAIN = {"restriction": "no_left_turn"}


def test_plain_restriction_is_one_turn() -> None:
    assert read_restriction(9, PLAIN, [FROM, VIA, TO]) == [Restriction(9, "no_left_turn", 1, 2, 3)]


def test_no_exit_gives_a_turn_for_each_target() -> None:
    found = read_restriction(9, {"restriction": "no_exit"}, [FROM, VIA, TO, ("w", 4, "to")])
    assert isinstance(found, list)
    assert [turn.to_way for turn in found] == [3, 4]


@pytest.mark.parametrize(
    ("tags", "members", "reason"),
    [
        (PLAIN, [FROM, ("w", 2, "via"), TO], "via_way"),
        (PLAIN, [FROM, TO], "restriction_members"),
        (PLAIN, [FROM, FROM, VIA, TO], "restriction_members"),
        (PLAIN, [FROM, VIA], "restriction_members"),
        (PLAIN, [], "restriction_members"),
        ({"restriction": "no_parking"}, [FROM, VIA, TO], "restriction_kind"),
        ({"restriction:hgv": "no_left_turn"}, [FROM, VIA, TO], "restriction_vehicle"),
        ({"restriction:conditional": "no_u_turn @ (7-9)"}, [], "restriction_conditional"),
        ({**PLAIN, "except": "bus; emergency"}, [FROM, VIA, TO], "restriction_except"),
    ],
)
def test_what_is_not_kept_has_a_reason(
    tags: dict[str, str], members: list[tuple[str, int, str]], reason: str
) -> None:
    assert read_restriction(9, tags, members) == reason


def test_restriction_for_cars_comes_before_the_one_for_all() -> None:
    tags = {"restriction": "no_u_turn", "restriction:motorcar": "only_straight_on"}
    found = read_restriction(9, tags, [FROM, VIA, TO])
    assert isinstance(found, list)
    assert found[0].kind == "only_straight_on"
