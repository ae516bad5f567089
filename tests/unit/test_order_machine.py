"""The steps of orders, lots and teams: every state with every step, by one table."""

import itertools

import pytest

from geoservice.errors import ConflictError
from geoservice.orders.machine import (
    ASKED,
    ENDS,
    LOT,
    ORDER,
    STATES,
    STEPS,
    TEAM,
    ending,
    has_left,
    label,
    next_state,
    steps_from,
)

ACTIONS = sorted({action for _, _, action in STEPS})
EVERY = [
    (part, state, action)
    for part in STATES
    for state, action in itertools.product(STATES[part], ACTIONS)
]
# Written out a second time, as people know it: what may follow what.
LEADS_TO = {
    ORDER: {"reserved": {"confirmed", "cancelled", "expired", "done"},
            "confirmed": {"cancelled", "done"}, "done": set(), "cancelled": set(),
            "expired": set()},
    LOT: {"reserved": {"in_transit", "released"},
          "in_transit": {"issued", "in_transit", "returned"},
          "issued": {"issued", "returned"}, "returned": set(), "released": set()},
    TEAM: {"notified": {"en_route", "released"}, "en_route": {"on_scene", "returning"},
           "on_scene": {"returning"}, "returning": {"returned"}, "returned": set(),
           "released": set()},
}  # fmt: skip


@pytest.mark.parametrize(("part", "state", "action"), EVERY)
def test_every_state_with_every_step(part: str, state: str, action: str) -> None:
    if (part, state, action) in STEPS:
        assert next_state(part, state, action) in LEADS_TO[part][state]
        return
    with pytest.raises(ConflictError) as refused:
        next_state(part, state, action)
    assert state in refused.value.message
    assert label(state) in refused.value.zh
    for possible in steps_from(part, state):
        assert possible in refused.value.message


def test_the_table_leads_everywhere_that_people_know_and_nowhere_else() -> None:
    for part, states in LEADS_TO.items():
        assert set(states) == set(STATES[part])
        for state, after in states.items():
            found = {to for (p, s, _), to in STEPS.items() if (p, s) == (part, state)}
            assert found == after, (part, state)


def test_nothing_leads_out_of_an_end_and_every_state_can_end() -> None:
    for part, states in STATES.items():
        for state in states:
            reached, todo = {state}, [state]
            while todo:
                here = todo.pop()
                for (p, s, _), after in STEPS.items():
                    if (p, s) == (part, here) and after not in reached:
                        reached.add(after)
                        todo.append(after)
            assert reached & ENDS[part], (part, state)
            if state in ENDS[part]:
                assert reached == {state}
                assert steps_from(part, state) == []


def test_every_word_has_its_chinese() -> None:
    words = {
        *STATES,
        *ACTIONS,
        *itertools.chain(*STATES.values()),
        *itertools.chain(*ASKED.values()),
    }
    assert {word for word in words if label(word) == word} == set()


def test_an_order_ends_with_its_last_part() -> None:
    assert ending([]) is None
    assert ending([(LOT, "returned"), (TEAM, "returning")]) is None
    assert ending([(LOT, "returned"), (TEAM, "released")]) == "finish"
    assert ending([(LOT, "released"), (TEAM, "released")]) == "cancel"


def test_what_is_away() -> None:
    away = {
        (part, state) for part in (LOT, TEAM) for state in STATES[part] if has_left(part, state)
    }
    assert away == {
        (LOT, "in_transit"), (LOT, "issued"), (TEAM, "en_route"), (TEAM, "on_scene"),
        (TEAM, "returning"),
    }  # fmt: skip
