"""Place orders and read them; what is reserved against what is ordered."""

import hashlib
import json
from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from geoservice.db import Connection, Query
from geoservice.errors import KeyReusedError, NotFoundError
from geoservice.orders.records import Event
from geoservice.registry.editing import Editor
from geoservice.repeated import Answered

PLACE_ORDER: Query[Any] = Query("orders", "place_order", dict)
ORDERS: Query[Any] = Query("orders", "orders", dict)
EVENTS = Query("orders", "events", Event)
FORGET_ANSWERS = Query("orders", "forget_answers", int)
EVERYTHING = Editor()


def place_order(
    conn: Connection,
    order: Mapping[str, Any],
    *,
    key: str,
    hold: timedelta,
    scope: Editor = EVERYTHING,
) -> Answered:
    """Reserve all that an order names, or nothing, in one round trip; once for each key.

    Parameters
    ----------
    order
        JSON values, as `bodies.OrderBody.said` gives them.
    key
        Chosen by who asks, one for each order.
    hold
        How long the reservation lasts unless it is confirmed.

    Raises
    ------
    ConflictError
        Something is not as the order takes it to be; ``changes`` lists what.
    KeyReusedError
        The key was used for another request.
    NotFoundError
        There is no such incident in the caller's towns.
    CrowdedError
        Somebody else holds what is wanted for too long.
    """
    body = json.dumps(order, ensure_ascii=False, sort_keys=True)
    done = PLACE_ORDER.one(
        conn,
        body=body,
        key=key,
        sha256=hashlib.sha256(b"order " + body.encode()).hexdigest(),
        hold=hold,
        towns=_towns(scope),
    )
    if done["outcome"] == "key_reused":
        raise KeyReusedError(
            f"the Idempotency-Key {key} was used for another request: take a new one",
            zh=f"Idempotency-Key {key} 已用于另一请求：请换一个",
            where="Idempotency-Key",
        )
    if done["outcome"] == "no_incident":
        raise NotFoundError(
            f"there is no incident {order['incident_id']}",
            zh=f"没有事件 {order['incident_id']}",
            where="incident_id",
        )
    return Answered(done["answer"], is_replayed=done["outcome"] == "replayed")


def read_order(conn: Connection, order_id: int, scope: Editor = EVERYTHING) -> dict[str, Any]:
    """Return an order with its lots, teams and makers as JSON values, and its timeline.

    Raises
    ------
    NotFoundError
        There is none of that number, or not in the caller's towns.
    """
    found = ORDERS.first(
        conn, **_scope(scope), id=order_id, incident_id=None, is_open=None, before=None, limit=1
    )
    if found is None:
        raise no_order(order_id)
    return {**found, "events": [_as_json(it) for it in timeline(conn, order_id=order_id)]}


def list_orders(
    conn: Connection,
    scope: Editor = EVERYTHING,
    *,
    incident_id: int | None = None,
    is_open: bool | None = None,
    before: int | None = None,
    limit: int = 100,
) -> list[dict[str, Any]]:
    """Return orders (of an incident, open ones or closed) below an id, the newest first."""
    return ORDERS.all(
        conn, **_scope(scope), id=None, incident_id=incident_id, is_open=is_open, before=before,
        limit=limit,
    )  # fmt: skip


def timeline(
    conn: Connection, *, order_id: int | None = None, incident_id: int | None = None
) -> list[Event]:
    """Return the steps of an order or of all orders of an incident, in their order."""
    return EVENTS.all(conn, order_id=order_id, incident_id=incident_id)


def forget_answers(conn: Connection) -> None:
    """Forget the keys of requests that are older than seven days."""
    FORGET_ANSWERS.one(conn)


def no_order(order_id: int) -> NotFoundError:
    """Return the refusal of an order that is not there."""
    return NotFoundError(
        f"there is no order {order_id}", zh=f"没有调度令 {order_id}", where="order_id"
    )


def _as_json(event: Event) -> dict[str, Any]:
    return {**vars(event), "at": event.at.isoformat()}


def _towns(scope: Editor) -> list[str] | None:
    return None if scope.towns is None else sorted(scope.towns)


def _scope(scope: Editor) -> dict[str, Any]:
    return {"secrecies": list(scope.secrecies), "towns": _towns(scope)}
