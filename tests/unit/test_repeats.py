"""Hidden dangers that come back: by source, by place, within a year."""

from datetime import date, timedelta

from geoservice.registry.repeats import Chain, Danger, Repeat, RepeatRule, chains, find_repeats

RULE = RepeatRule(within_days=365, within_m=50)
DAY = date(2024, 3, 1)


def danger(code: str, after: int, **more: object) -> Danger:
    given = {"category": "electric", "source": "HS-1", **more}
    return Danger(code=code, found_on=DAY + timedelta(days=after), **given)  # type: ignore[arg-type]


def test_the_year_is_counted_to_its_last_day() -> None:
    found = find_repeats([danger("A", 0), danger("B", 365)], RULE)
    assert found == [Repeat("B", "A", 365, "source")]
    assert find_repeats([danger("A", 0), danger("B", 366)], RULE) == []


def test_another_category_or_source_is_no_repeat() -> None:
    assert find_repeats([danger("A", 0), danger("B", 9, category="fire")], RULE) == []
    assert find_repeats([danger("A", 0), danger("B", 9, source="HS-2")], RULE) == []
    assert find_repeats([danger("A", 0, source=None), danger("B", 9, source=None)], RULE) == []


def test_near_is_to_the_metre_and_needs_a_place() -> None:
    there = danger("A", 0, x=0.0, y=0.0)
    on_edge = danger("B", 9, source=None, x=30.0, y=40.0)
    beyond = danger("C", 9, source=None, x=30.0, y=40.1)
    nowhere = danger("D", 9, source="HS-2")
    assert find_repeats([there, on_edge], RULE) == [Repeat("B", "A", 9, "near")]
    assert find_repeats([there, beyond], RULE) == []
    assert find_repeats([there, nowhere], RULE) == []


def test_the_latest_earlier_one_is_repeated() -> None:
    three = [danger("C", 30), danger("A", 0), danger("B", 20, source=None, x=1.0, y=1.0)]
    near_b = danger("D", 40, x=2.0, y=2.0)
    assert find_repeats([*three, near_b], RULE) == [
        Repeat("C", "A", 30, "source"),
        Repeat("D", "C", 10, "source"),
    ]


def test_two_on_one_day_are_in_order_of_their_codes() -> None:
    assert find_repeats([danger("B", 0), danger("A", 0)], RULE) == [Repeat("B", "A", 0, "source")]


def test_a_chain_counts_the_five_causes() -> None:
    some = [
        danger("A", 0, causes=("people", "management")),
        danger("B", 300, causes=("people",)),
        danger("C", 600),
        danger("X", 0, category="fire", source="HS-9"),
    ]
    found = chains(some, find_repeats(some, RULE))
    assert found == [
        Chain(
            "electric", ("A", "B", "C"), ("HS-1",), DAY, DAY + timedelta(days=600),
            {"standard": 0, "system": 0, "people": 2, "management": 1, "facility": 0},
        )
    ]  # fmt: skip


def test_the_longest_chain_comes_first() -> None:
    some = [danger(f"L{n}", n) for n in range(3)]
    some += [danger(f"S{n}", n, source="HS-0") for n in range(2)]
    found = chains(some, find_repeats(some, RULE))
    assert [c.codes for c in found] == [("L0", "L1", "L2"), ("S0", "S1")]


def test_nothing_gives_nothing() -> None:
    assert find_repeats([], RULE) == []
    assert chains([], []) == []


def test_many_at_one_place_are_quick_and_one_chain() -> None:
    some = [danger(f"D{n:05}", n // 100, source=None, x=5.0, y=5.0) for n in range(20_000)]
    found = find_repeats(some, RULE)
    assert len(found) == 19_999
    assert [len(c.codes) for c in chains(some, found)] == [20_000]
