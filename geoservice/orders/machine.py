"""The states of an order, of its lots and of its teams, and the steps between them (pure).

One table says what each step leads to; what it does not name is refused. `return_rest` is what a
`return` becomes when it accounts for all that was still out.
"""

from collections.abc import Collection
from typing import Final

from geoservice.errors import ConflictError

ORDER, LOT, TEAM = "order", "lot", "team"

# part, state, step -> the state it leads to
STEPS: Final[dict[tuple[str, str, str], str]] = {
    (ORDER, "reserved", "confirm"): "confirmed",
    (ORDER, "reserved", "cancel"): "cancelled",
    (ORDER, "reserved", "expire"): "expired",
    (ORDER, "reserved", "finish"): "done",
    (ORDER, "confirmed", "cancel"): "cancelled",
    (ORDER, "confirmed", "finish"): "done",
    (LOT, "reserved", "depart"): "in_transit",
    (LOT, "reserved", "release"): "released",
    (LOT, "in_transit", "arrive"): "issued",
    (LOT, "in_transit", "return"): "in_transit",
    (LOT, "in_transit", "return_rest"): "returned",
    (LOT, "issued", "return"): "issued",
    (LOT, "issued", "return_rest"): "returned",
    (TEAM, "notified", "depart"): "en_route",
    (TEAM, "notified", "release"): "released",
    (TEAM, "en_route", "arrive"): "on_scene",
    (TEAM, "en_route", "recall"): "returning",
    (TEAM, "on_scene", "recall"): "returning",
    (TEAM, "returning", "return"): "returned",
}
STATES: Final[dict[str, tuple[str, ...]]] = {
    ORDER: ("reserved", "confirmed", "done", "cancelled", "expired"),
    LOT: ("reserved", "in_transit", "issued", "returned", "released"),
    TEAM: ("notified", "en_route", "on_scene", "returning", "returned", "released"),
}
# In these a part is over: nothing of it is reserved, out or on a job.
ENDS: Final[dict[str, frozenset[str]]] = {
    ORDER: frozenset({"done", "cancelled", "expired"}),
    LOT: frozenset({"returned", "released"}),
    TEAM: frozenset({"returned", "released"}),
}
# What people ask for; expire and return_rest follow from what is there, and mostly finish.
ASKED: Final[dict[str, tuple[str, ...]]] = {
    ORDER: ("confirm", "cancel", "finish"),
    LOT: ("depart", "arrive", "return", "release"),
    TEAM: ("depart", "arrive", "recall", "return", "release"),
}
_ZH: Final = {
    "order": "调度令", "lot": "物资", "team": "队伍", "reserved": "已预留", "confirmed": "已确认",
    "done": "已完成", "cancelled": "已取消", "expired": "已超时", "in_transit": "在途",
    "issued": "已送达", "returned": "已归还、归队", "released": "已解除", "notified": "已通知",
    "en_route": "在途", "on_scene": "到场", "returning": "返回中", "place": "下达",
    "confirm": "确认", "cancel": "取消", "expire": "超时释放", "finish": "办结", "depart": "出发",
    "arrive": "到达", "return": "归还、归队", "return_rest": "归还（结清）", "release": "解除",
    "recall": "召回",
}  # fmt: skip


def label(word: str) -> str:
    """Return the Chinese word for a part, a state or a step."""
    return _ZH.get(word, word)


def next_state(part: str, state: str, action: str) -> str:
    """Return the state that a step leads to.

    Raises
    ------
    ConflictError
        The part is in no state for this step; the message names the steps there are.
    """
    found = STEPS.get((part, state, action))
    if found is None:
        possible = steps_from(part, state)
        raise ConflictError(
            f"the {part} is {state}: {action} is not possible; there are: "
            f"{', '.join(possible) or 'none, it has ended'}",
            zh=f"{label(part)}处于“{label(state)}”，不能“{label(action)}”；可用："
            f"{'、'.join(label(it) for it in possible) or '无，已结束'}",
            where="action",
        )
    return found


def steps_from(part: str, state: str) -> list[str]:
    """Return the steps that people may ask for in a state, in their order; none at an end."""
    return [it for it in ASKED[part] if (part, state, it) in STEPS]


def has_left(part: str, state: str) -> bool:
    """Return whether goods or a team in this state are away."""
    return state not in ENDS[part] and state not in {"reserved", "notified"}


def ending(parts: Collection[tuple[str, str]]) -> str | None:
    """Return the step that ends an order whose parts have all ended; None while one has not.

    Parameters
    ----------
    parts
        Part and state of each; an order of makers' goods alone has none, and is told when it ends.
    """
    if not parts or any(state not in ENDS[part] for part, state in parts):
        return None
    return "finish" if any(state == "returned" for _, state in parts) else "cancel"
