"""The life of a version of the zones: its states, the steps between them, whose they are (pure).

One table says what each step leads to and which roles may take it; what it does not name is
refused. `core.zone_steps` (migration 0026) says the same to whoever writes past the service.
"""

from collections.abc import Collection
from typing import Final

from geoservice.errors import ConflictError, ForbiddenError

STATES: Final = (
    "draft", "submitted", "checked", "approved", "filed", "effective", "superseded", "revoked",
)  # fmt: skip
# In these it is drawn; in the others it stands as it is.
OPEN: Final = frozenset({"draft"})
_DRAWS, _HOLDS = frozenset({"planner"}), frozenset({"publisher"})
_EITHER = _DRAWS | _HOLDS

# state, step -> the state it leads to, the roles it is for
STEPS: Final[dict[tuple[str, str], tuple[str, frozenset[str]]]] = {
    ("draft", "submit"): ("submitted", _DRAWS),
    ("submitted", "return"): ("draft", _HOLDS),
    ("checked", "return"): ("draft", _HOLDS),
    ("submitted", "check"): ("checked", _HOLDS),
    ("checked", "approve"): ("approved", _HOLDS),
    ("approved", "file"): ("filed", _HOLDS),
    ("filed", "enforce"): ("effective", _HOLDS),
    ("effective", "supersede"): ("superseded", frozenset()),
    ("draft", "revoke"): ("revoked", _EITHER),
    ("submitted", "revoke"): ("revoked", _EITHER),
    ("checked", "revoke"): ("revoked", _HOLDS),
    ("approved", "revoke"): ("revoked", _HOLDS),
    ("filed", "revoke"): ("revoked", _HOLDS),
    ("effective", "revoke"): ("revoked", _HOLDS),
}
# What people ask for; `supersede` follows from another version's `enforce`.
ASKED: Final = ("submit", "return", "check", "approve", "file", "enforce", "revoke")
# Of these nobody takes one with what they drew themselves (TRUST.md 2.2).
BY_OTHERS: Final = frozenset({"check", "approve", "file", "enforce"})
_ZH: Final = {
    "draft": "草案", "submitted": "已提交", "checked": "已审查", "approved": "已批准",
    "filed": "已备案", "effective": "施行中", "superseded": "已被取代", "revoked": "已撤销",
    "submit": "提交", "return": "退回", "check": "审查", "approve": "登记批准", "file": "备案",
    "enforce": "施行", "supersede": "取代", "revoke": "撤销",
}  # fmt: skip


def label(word: str) -> str:
    """Return the Chinese word for a state or a step."""
    return _ZH.get(word, word)


def next_state(state: str, step: str) -> str:
    """Return the state that a step leads to.

    Raises
    ------
    ConflictError
        The version is in no state for this step; the message names the steps there are.
    """
    found = STEPS.get((state, step))
    if found is None or step not in ASKED:
        possible = steps_from(state)
        raise ConflictError(
            f"the version is {state}: {step} is not possible; there are: "
            f"{', '.join(possible) or 'none, it has ended'}",
            zh=f"该版本处于“{label(state)}”，不能“{label(step)}”；可用："
            f"{'、'.join(label(it) for it in possible) or '无，已终止'}",
            where="state",
        )
    return found[0]


def steps_from(state: str) -> list[str]:
    """Return the steps that people may ask for in a state, in their order; none at an end."""
    return [it for it in ASKED if (state, it) in STEPS]


def refuse_hands(
    state: str, step: str, *, name: str, roles: Collection[str], drawn_by: Collection[str]
) -> None:
    """Refuse somebody whose step this is not: by role, or because they drew the version.

    Parameters
    ----------
    name, roles
        Of who asks.
    drawn_by
        The accounts that derived or drew the version.

    Raises
    ------
    ForbiddenError
        It is not theirs.
    """
    _, allowed = STEPS[state, step]
    if not allowed & set(roles):
        names = ", ".join(sorted(allowed))
        raise ForbiddenError(
            f"to {step} a version that is {state} needs the role {names}",
            zh=f"对“{label(state)}”的版本“{label(step)}”需要角色 {names}",
        )
    if step in BY_OTHERS and name in drawn_by:
        raise ForbiddenError(
            f"{name} drew this version: somebody else must {step} it",
            zh=f"本版本由 {name} 编制：须由他人{label(step)}",
        )
