"""Every state with every step: where it leads, for whom, and what is refused."""

import itertools

import pytest

from geoservice.errors import ConflictError, ForbiddenError
from geoservice.zoning import machine
from geoservice.zoning.machine import ASKED, BY_OTHERS, STATES, STEPS


@pytest.mark.parametrize(("state", "step"), list(itertools.product(STATES, ASKED)))
def test_every_state_with_every_step(state: str, step: str) -> None:
    if (state, step) in STEPS:
        assert machine.next_state(state, step) == STEPS[state, step][0]
    else:
        with pytest.raises(ConflictError, match=f"is {state}: {step}") as refusal:
            machine.next_state(state, step)
        assert machine.label(state) in refusal.value.zh


def test_nobody_asks_for_what_follows_by_itself() -> None:
    with pytest.raises(ConflictError):
        machine.next_state("effective", "supersede")


def test_from_draft_to_effective_by_five_steps_and_both_ends_are_ends() -> None:
    state = "draft"
    for step in ("submit", "check", "approve", "file", "enforce"):
        state = machine.next_state(state, step)
    assert state == "effective"
    assert machine.steps_from("superseded") == machine.steps_from("revoked") == []


@pytest.mark.parametrize(("state", "step"), [key for key in STEPS if key[1] in ASKED])
def test_a_step_is_for_its_roles_and_for_others_than_who_drew(state: str, step: str) -> None:
    _, roles = STEPS[state, step]
    for role in ("viewer", "keeper", "planner", "dispatcher", "publisher", "admin"):
        if role in roles:
            machine.refuse_hands(state, step, name="li", roles=[role], drawn_by=["wang"])
        else:
            with pytest.raises(ForbiddenError):
                machine.refuse_hands(state, step, name="li", roles=[role], drawn_by=["wang"])
    everything = ["planner", "publisher"]
    if step in BY_OTHERS:
        with pytest.raises(ForbiddenError, match="li drew this version"):
            machine.refuse_hands(state, step, name="li", roles=everything, drawn_by=["li", "wang"])
    else:
        machine.refuse_hands(state, step, name="li", roles=everything, drawn_by=["li"])
