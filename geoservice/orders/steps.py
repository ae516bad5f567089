"""The steps of an order: confirmed, on the way, there, back; cancelled, timed out."""

import json
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from geoservice.db import Connection, Query, set_actor
from geoservice.errors import ConflictError, InputError, NotFoundError
from geoservice.orders import machine
from geoservice.orders.actions import EVERYTHING, no_order, read_order
from geoservice.orders.machine import LOT, ORDER, TEAM
from geoservice.orders.records import Held, Part
from geoservice.registry.editing import Editor

HOLD_ORDER = Query("orders", "hold_order", Held)
PARTS = Query("orders", "parts", Part)
TAKE_STEP = Query("orders", "take_step", str)
HOLD_DUE = Query("orders", "hold_due", Held)
_AT_ONCE = 20
_ACCOUNTED = ("returned", "lost", "used")


def confirm_order(
    conn: Connection,
    order_id: int,
    *,
    confirmed_for: str | None = None,
    note: str | None = None,
    scope: Editor = EVERYTHING,
) -> dict[str, Any]:
    """Confirm an order in the name of its command post; goods may leave then.

    Raises
    ------
    NotFoundError, ConflictError
        There is no such order; it is not waiting for that.
    """
    order = _held(conn, order_id, scope)
    _step(conn, order, None, "confirm", {"confirmed_for": confirmed_for, "note": note})
    return read_order(conn, order_id, scope)


def cancel_order(
    conn: Connection, order_id: int, *, note: str | None = None, scope: Editor = EVERYTHING
) -> dict[str, Any]:
    """Cancel an order: what is reserved is free, teams that were told are ready, others come back.

    Raises
    ------
    NotFoundError, ConflictError
        There is no such order; it has ended; goods have left, which come back by `return`.
    """
    order = _held(conn, order_id, scope)
    parts = PARTS.all(conn, order_id=order_id)
    away = [it for it in parts if it.part == LOT and machine.has_left(LOT, it.state)]
    if away and order.state not in machine.ENDS[ORDER]:
        names = ", ".join(f"{it.no} {it.name}" for it in away)
        raise ConflictError(
            f"goods of {order.code} have left: {names}. Have them returned, then cancel",
            zh=f"{order.code} 的物资已出发：{names}。请先登记归还，再取消",
            changes=[_away(it) for it in away],
        )
    _step(conn, order, None, "cancel", {"note": note})
    _free(conn, order, parts)
    return read_order(conn, order_id, scope)


def finish_order(
    conn: Connection, order_id: int, *, note: str | None = None, scope: Editor = EVERYTHING
) -> dict[str, Any]:
    """Say that an order is done: one of makers' goods alone, which has nothing to be followed.

    Raises
    ------
    NotFoundError, ConflictError
        There is no such order; it has ended, or something of it is still out or reserved.
    """
    order = _held(conn, order_id, scope)
    parts = PARTS.all(conn, order_id=order_id)
    still = [it for it in parts if it.state not in machine.ENDS[it.part]]
    if still:
        names = ", ".join(f"{it.no} {it.name}" for it in still)
        raise ConflictError(
            f"of {order.code} there is still out or reserved: {names}",
            zh=f"{order.code} 尚有未归还或未解除的：{names}",
            changes=[_away(it) for it in still],
        )
    _step(conn, order, None, "finish", {"note": note})
    return read_order(conn, order_id, scope)


def step_part(
    conn: Connection,
    order_id: int,
    part: str,
    no: int,
    action: str,
    *,
    details: Mapping[str, Any] | None = None,
    scope: Editor = EVERYTHING,
) -> dict[str, Any]:
    """Take a step with a lot or a team of an order; the last one ends the order.

    Parameters
    ----------
    part, no
        ``lot`` or ``team``, and its number in the order.
    details
        ``note``; of a lot's return ``returned``, ``lost`` and ``used``, in the lot's unit.

    Raises
    ------
    NotFoundError, ConflictError
        There is no such order or part; it is in no state for that; goods of an order that is not
        confirmed; more than is out.
    """
    order = _held(conn, order_id, scope)
    parts = {(it.part, it.no): it for it in PARTS.all(conn, order_id=order_id)}
    it = parts.get((part, no))
    if it is None:
        raise NotFoundError(
            f"order {order.code} has no {part} {no}",
            zh=f"调度令 {order.code} 没有第 {no} 项{machine.label(part)}", where="no",
        )  # fmt: skip
    said = _said(it, action, details or {})
    if (part, action) == (LOT, "depart") and order.state == "reserved":
        raise ConflictError(
            f"order {order.code} is not confirmed: its command post must, before goods leave",
            zh=f"调度令 {order.code} 尚未确认：须经负责指挥部确认后物资方可出发",
            where="action",
        )
    if (part, action) == (LOT, "return") and _accounted(said) == it.rest:
        action = "return_rest"
    after = _step(conn, order, it, action, said)
    states = [(o.part, after if o is it else o.state) for o in parts.values()]
    last = machine.ending(states)
    if last is not None and order.state not in machine.ENDS[ORDER]:
        _step(conn, order, None, last, {})
    return read_order(conn, order_id, scope)


def expire_due(conn: Connection) -> int:
    """Release what nobody confirmed in time, a few orders at once; how many."""
    set_actor(conn, "geoservice")
    due = HOLD_DUE.all(conn, limit=_AT_ONCE)
    for order in due:
        _step(conn, order, None, "expire", {})
        _free(conn, order, PARTS.all(conn, order_id=order.id), recalled=False)
    return len(due)


def _held(conn: Connection, order_id: int, scope: Editor) -> Held:
    order = HOLD_ORDER.first(conn, id=order_id)
    if (
        order is None
        or not scope.may_write(order.town_code)
        or order.secrecy not in scope.secrecies
    ):
        raise no_order(order_id)
    return order


def _free(conn: Connection, order: Held, parts: list[Part], *, recalled: bool = True) -> None:
    """Release what has not left and call back teams; locked in the order in which all are."""
    for it in sorted(parts, key=lambda it: (it.part != TEAM, it.thing_id)):
        if (it.part, it.state, "release") in machine.STEPS:
            _step(conn, order, it, "release", {})
        elif recalled and (it.part, it.state, "recall") in machine.STEPS:
            _step(conn, order, it, "recall", {})


def _step(
    conn: Connection, order: Held, it: Part | None, action: str, details: Mapping[str, Any]
) -> str:
    part, no, state = (ORDER, None, order.state) if it is None else (it.part, it.no, it.state)
    after = machine.next_state(part, state, action)
    said = {name: value for name, value in details.items() if value is not None}
    TAKE_STEP.run(
        conn, order_id=order.id, part=part, no=no, action=action, to_state=after,
        details=json.dumps(said, default=str),
    )  # fmt: skip
    return after


def _said(it: Part, action: str, details: Mapping[str, Any]) -> dict[str, Any]:
    """Return what is said of a step: a return of goods says how much, nothing else does."""
    said = {name: details[name] for name in _ACCOUNTED if details.get(name)}
    note = {"note": details.get("note")}
    if (it.part, action) != (LOT, "return"):
        if said:
            raise InputError(
                f"only the return of goods takes {', '.join(said)}",
                zh=f"只有物资归还可填写 {'、'.join(said)}", where=next(iter(said)),
            )  # fmt: skip
        return note
    machine.next_state(it.part, it.state, action)
    much = _accounted(said)
    if not 0 < much <= it.rest:
        raise ConflictError(
            f"{it.name}: {it.rest.normalize():f} are out, {much.normalize():f} returned, lost and "
            "used: say how much of them",
            zh=f"{it.name}：在外 {it.rest.normalize():f}，登记归还、损耗、消耗合计 "
            f"{much.normalize():f}：须大于 0 且不超过在外数量",
            where="returned",
        )
    return said | note


def _accounted(said: Mapping[str, Any]) -> Decimal:
    return sum((Decimal(said.get(name, 0)) for name in _ACCOUNTED), Decimal(0))


def _away(it: Part) -> dict[str, Any]:
    return {
        "what": it.part, "id": it.no, "code": it.name, "why": f"{it.name} is {it.state}",
        "why_zh": f"{it.name} {machine.label(it.state)}",
    }  # fmt: skip
