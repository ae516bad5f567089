"""`/dispatch/orders`: placed once and only once, confirmed, followed until all is back."""

from collections.abc import Callable
from datetime import timedelta
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Header, Path, Query, Request, Response
from pydantic import Field
from starlette.concurrency import run_in_threadpool
from starlette.responses import JSONResponse

from geoservice.auth import Conn, Who, acting, settings_of
from geoservice.errors import InputError
from geoservice.incidents.routes import Scope
from geoservice.orders.actions import list_orders, place_order, read_order
from geoservice.orders.bodies import ConfirmBody, NoteBody, OrderBody, StepBody
from geoservice.orders.machine import LOT, TEAM
from geoservice.orders.steps import cancel_order, confirm_order, finish_order, step_part
from geoservice.orders.turns import IN_TURN
from geoservice.parameters import NoQuery, Parameters
from geoservice.repeated import Answered, answer_once

router = APIRouter(prefix="/dispatch/orders", tags=["dispatch"])
OrderId = Annotated[int, Path(ge=1, lt=2**63)]
PartNo = Annotated[int, Path(ge=1, lt=2**31)]
Key = Annotated[
    str | None,
    Header(alias="Idempotency-Key", max_length=200, description="one of your own for each order"),
]
_MOST = 1000


class OrdersQuery(Parameters):
    """Which orders are wanted: newest first, ``before`` is the last id of the page before."""

    incident_id: Annotated[int | None, Field(ge=1, lt=2**63)] = None
    state: Literal["open", "closed", "all"] = "open"
    before: Annotated[int | None, Field(ge=1, lt=2**63)] = None
    limit: Annotated[int, Field(ge=1)] = 100


@router.post("", summary="下达调度令 · place an order", status_code=201, dependencies=[IN_TURN])
async def post_order(
    body: OrderBody, _: Annotated[NoQuery, Query()], request: Request,
    scope: Scope, who: Who, key: Key = None,
) -> Response:  # fmt: skip
    """Reserve all that is named, or nothing; 409 lists in `changes` what is not as planned."""
    key, hold = _needed(key), timedelta(minutes=settings_of(request).order_hold_min)

    def placed() -> Answered:
        with acting(request, who) as conn:
            return place_order(conn, body.said(), key=key, hold=hold, scope=scope)

    # One hop to a thread where dependencies and the route would take three: a third of its time.
    done = await run_in_threadpool(placed)
    return _answered(done, 201, Location=f"/dispatch/orders/{done.answer['id']}")


@router.get("", summary="调度令列表 · orders")
def get_orders(
    query: Annotated[OrdersQuery, Query()], scope: Scope, conn: Conn
) -> list[dict[str, Any]]:
    """Return the orders that are open, closed, or all, the newest first."""
    is_open = {"open": True, "closed": False, "all": None}[query.state]
    return list_orders(
        conn, scope, incident_id=query.incident_id, is_open=is_open, before=query.before,
        limit=min(query.limit, _MOST),
    )  # fmt: skip


@router.get("/{order_id}", summary="一份调度令 · an order")
def get_order(
    order_id: OrderId, _: Annotated[NoQuery, Query()], scope: Scope, conn: Conn
) -> dict[str, Any]:
    """Return an order: lots, teams, makers, and its timeline."""
    return read_order(conn, order_id, scope)


@router.post("/{order_id}/confirm", summary="确认 · confirm an order", dependencies=[IN_TURN])
def post_confirm(
    order_id: OrderId, body: ConfirmBody, _: Annotated[NoQuery, Query()], scope: Scope, conn: Conn,
    key: Key = None,
) -> Response:  # fmt: skip
    """Confirm it in the name of the command post of its incident; goods may leave then."""
    said = body.model_dump()
    return _once(conn, key, ["confirm", order_id, said],
                 lambda: confirm_order(conn, order_id, **said, scope=scope))  # fmt: skip


@router.post("/{order_id}/cancel", summary="取消 · cancel an order", dependencies=[IN_TURN])
def post_cancel(
    order_id: OrderId, body: NoteBody, _: Annotated[NoQuery, Query()], scope: Scope, conn: Conn,
    key: Key = None,
) -> Response:  # fmt: skip
    """Release all that has not left and call teams back; refused while goods are away."""
    return _once(conn, key, ["cancel", order_id, body.note],
                 lambda: cancel_order(conn, order_id, note=body.note, scope=scope))  # fmt: skip


@router.post(
    "/{order_id}/finish", summary="办结 · say that an order is done", dependencies=[IN_TURN]
)
def post_finish(
    order_id: OrderId, body: NoteBody, _: Annotated[NoQuery, Query()], scope: Scope, conn: Conn,
    key: Key = None,
) -> Response:  # fmt: skip
    """End an order of makers' goods alone; others end with their last lot or team."""
    return _once(conn, key, ["finish", order_id, body.note],
                 lambda: finish_order(conn, order_id, note=body.note, scope=scope))  # fmt: skip


@router.post(
    "/{order_id}/lines/{no}/{action}", summary="物资步骤 · a step of goods", dependencies=[IN_TURN]
)
def post_line_step(
    order_id: OrderId, no: PartNo, action: Literal["depart", "arrive", "return", "release"],
    body: StepBody, _: Annotated[NoQuery, Query()], scope: Scope, conn: Conn, key: Key = None,
) -> Response:  # fmt: skip
    """Put down that goods left, arrived, came back (in part, lost, used up), or stay."""
    said = body.model_dump(mode="json")
    if action == "return":
        key = _needed(key)
    return _once(conn, key, ["line", order_id, no, action, said],
                 lambda: step_part(conn, order_id, LOT, no, action, details=body.model_dump(),
                                   scope=scope))  # fmt: skip


@router.post(
    "/{order_id}/teams/{no}/{action}", summary="队伍步骤 · a step of a team", dependencies=[IN_TURN]
)
def post_team_step(
    order_id: OrderId, no: PartNo,
    action: Literal["depart", "arrive", "recall", "return", "release"],
    body: NoteBody, _: Annotated[NoQuery, Query()], scope: Scope, conn: Conn, key: Key = None,
) -> Response:  # fmt: skip
    """Send a team, put down its arrival, call it back, have it home again, or let it stay."""
    return _once(conn, key, ["team", order_id, no, action, body.note],
                 lambda: step_part(conn, order_id, TEAM, no, action, details={"note": body.note},
                                   scope=scope))  # fmt: skip


def _needed(key: str | None) -> str:
    if not key:
        raise InputError(
            "send an Idempotency-Key of your own: repeated, it is done once",
            zh="请附上自定的 Idempotency-Key：重复提交只办一次",
            where="Idempotency-Key",
        )
    return key


def _once(
    conn: Conn, key: str | None, request: list[object], work: Callable[[], dict[str, Any]]
) -> Response:
    """Take a step; with a key it is taken once however often it is sent."""
    if key is None:
        return JSONResponse(work())
    return _answered(answer_once(conn, key=key, request=["order", *request], work=work), 200)


def _answered(done: Answered, status: int, **headers: str) -> Response:
    if done.is_replayed:
        status, headers = 200, {**headers, "Idempotent-Replayed": "true"}
    return JSONResponse(done.answer, status, headers)
