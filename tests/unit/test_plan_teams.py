"""Who goes: skills and types, tiers and rest, deadlines, and what is stale."""

from dataclasses import replace
from datetime import UTC, datetime

from hypothesis import given, settings
from hypothesis import strategies as st

from geoservice.dispatch.eta import Timing
from geoservice.plans.records import TeamRow
from geoservice.plans.teams import Picks, TeamWant, pick

WANT = TeamWant("00/001", 0, 1, "潜水", 2, 1, float("inf"), 1.0, 4)


def team(code: str, *, tier: str = "pro", type_no: int = 2, skill: str = "潜水") -> TeamRow:
    can = [{"skill": skill, "type_no": type_no, "min_headcount": 8}]
    return TeamRow(
        1, 1, code, code, tier, "ready", None, None, None, 0, 0, None, False, True, None, can
    )


def at(*minutes: float) -> list[list[Timing]]:
    return [[Timing(0, 60 * it, is_assumed=False) for it in minutes]]


def codes(picks: Picks) -> list[str]:
    return [it.team.code for it in picks.picked]


def test_the_soonest_goes_then_tier_then_longest_rest_then_code() -> None:
    pros = [team("B"), team("A"), team("M", tier="main")]
    assert codes(pick([WANT], pros, at(5, 6, 7))) == ["B"]
    assert codes(pick([WANT], pros, at(7.5, 7.2, 7.9))) == ["M"]
    assert codes(pick([WANT], pros[:2], at(7.5, 7.2))) == ["A"]
    sent = replace(pros[1], last_sent_at=datetime(2026, 11, 1, tzinfo=UTC))
    assert codes(pick([WANT], [pros[0], sent], at(7, 7))) == ["B"]


def test_what_is_stale_counts_a_minute_later_and_no_more() -> None:
    stale = replace(team("A"), is_stale=True)
    assert codes(pick([WANT], [stale, team("B")], at(7, 7))) == ["B"]
    assert codes(pick([WANT], [stale, team("B")], at(7, 9))) == ["A"]


def test_type_headcount_and_status_are_asked_for() -> None:
    weak, busy = team("A", type_no=3), replace(team("B"), status="on_scene")
    few, able = replace(team("C"), on_duty=7), replace(team("D"), on_duty=8)
    picks = pick([WANT], [weak, busy, few, able], at(1, 2, 3, 4))
    assert codes(picks) == ["D"]
    assert pick([WANT], [weak, busy, few], at(1, 2, 3)).short == ((WANT, 1),)
    other = team("E", skill="排水")
    assert codes(pick([WANT], [other], at(1))) == []


def test_one_team_is_not_on_two_jobs() -> None:
    first, second = WANT, replace(WANT, code="01/001", incident=1, level=1, weight=8.0)
    near_both = at(5, 30) + at(10, 60)
    picks = pick([first, second], [team("A"), team("B")], near_both)
    assert {(it.want.code, it.team.code) for it in picks.picked} == {
        ("01/001", "A"), ("00/001", "B"),
    }  # fmt: skip
    one = pick([first, second], [team("A")], [[row[0]] for row in near_both])
    assert [(it.want.code, it.team.code) for it in one.picked] == [("01/001", "A")]
    assert one.short == ((first, 1),)


def test_who_cannot_come_or_not_in_time_does_not_go() -> None:
    hurried = replace(WANT, deadline_s=600.0, number=3)
    picks = pick([hurried], [team("A"), team("B"), team("C")], at(10, 11, float("inf")))
    assert codes(picks) == ["A"]
    assert picks.short == ((hurried, 2),)
    assert pick([], [team("A")], []) == Picks((), ())
    assert pick([hurried], [], [[]]).short == ((hurried, 3),)


@settings(max_examples=80, deadline=None, derandomize=True)
@given(
    st.lists(st.integers(0, 20), min_size=1, max_size=6),
    st.integers(1, 4),
    st.randoms(use_true_random=False),
)
def test_the_order_of_teams_does_not_matter(
    minutes: list[int], number: int, chance: object
) -> None:
    teams = [team(f"T{i}") for i in range(len(minutes))]
    want = replace(WANT, number=number)
    expected = codes(pick([want], teams, at(*minutes)))
    order = list(range(len(teams)))
    chance.shuffle(order)  # type: ignore[attr-defined]  # a random.Random
    shuffled = pick([want], [teams[i] for i in order], at(*(minutes[i] for i in order)))
    assert codes(shuffled) == expected
    assert sorted(minutes)[:number] == sorted(minutes[int(code[1:])] for code in expected)
