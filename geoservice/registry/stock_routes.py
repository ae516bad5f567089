"""`/registry/depots/{id}/stock`: the lots of a depot, and the moves that say what they hold."""

from decimal import Decimal
from typing import Annotated, Any

from fastapi import APIRouter, Header, Path, Query, Request, Response
from pydantic import Field, TypeAdapter
from starlette.responses import JSONResponse

from geoservice.auth import Conn, Who
from geoservice.errors import InputError
from geoservice.parameters import Body, NoQuery, Parameters
from geoservice.publish.layers import layers_of
from geoservice.registry.hands import reader
from geoservice.registry.ledger import find_depot, move_stock, moves_of, stock_of
from geoservice.registry.stock import BY_HAND, Booked, Lot, Move
from geoservice.repeated import answer_once

router = APIRouter(prefix="/registry/depots/{depot_id}/stock", tags=["registry"])
_LOTS, _BOOKED = TypeAdapter(list[Lot]), TypeAdapter(list[Booked])
DepotId = Annotated[int, Path(ge=1, lt=2**63)]
Key = Annotated[
    str | None,
    Header(alias="Idempotency-Key", max_length=200, description="one of your own for each move"),
]
Amount = Annotated[Decimal, Field(gt=0, le=10**9, decimal_places=6)]
Words = Annotated[str, Field(min_length=1, max_length=500)]


class StockQuery(Parameters):
    """The query of a depot's stock."""

    item: Annotated[str, Field(pattern="^([1-3]([0-9]{2}){0,3})?$", description="GB/T 38565")] = ""


class MovesQuery(Parameters):
    """The query of a depot's moves: newest first, ``before`` is the ``next`` of the page before."""

    lot: Annotated[str | None, Field(max_length=200)] = None
    before: Annotated[int | None, Field(ge=1, lt=2**63)] = None
    limit: Annotated[int, Field(ge=1)] = 100


class MoveBody(Body):
    """A move: quantities in the lot's unit; `counted` is what an adjustment found."""

    lot: Words
    kind: Annotated[str, Field(json_schema_extra={"enum": list(BY_HAND)})]
    reason: Words
    quantity: Amount | None = None
    counted: Annotated[Decimal, Field(ge=0, le=10**9, decimal_places=6)] | None = None
    document: Words | None = None
    to_depot: Words | None = None
    to_lot: Words | None = None


@router.get("", summary="储备点库存 · what lies in a depot")
def stock(
    depot_id: DepotId, query: Annotated[StockQuery, Query()], request: Request, who: Who, conn: Conn
) -> dict[str, Any]:
    """Return the lots, the first to expire first, with what is reserved and what is available."""
    scope = reader(layers_of(request), "stock_lots", who)
    depot = find_depot(conn, scope, id=depot_id)
    lots = stock_of(conn, depot, scope, item=query.item)
    about = {"id": depot.id, "code": depot.code, "name": depot.name}
    return {"depot": about, "lots": _LOTS.dump_python(lots, mode="json")}


@router.get("/moves", summary="出入库流水 · the moves of a depot's stock")
def moves(
    depot_id: DepotId, query: Annotated[MovesQuery, Query()], request: Request, who: Who, conn: Conn
) -> dict[str, Any]:
    """Return who moved what, when and why, the newest first."""
    scope = reader(layers_of(request), "stock_lots", who)
    depot = find_depot(conn, scope, id=depot_id)
    limit = min(query.limit, 1000)
    found = moves_of(conn, depot, scope, lot=query.lot, before=query.before, limit=limit)
    following = found[-1].id if len(found) == limit else None
    return {"moves": _BOOKED.dump_python(found, mode="json"), "next": following}


@router.post("", summary="登记出入库 · move stock", status_code=201)
def move(
    depot_id: DepotId, body: MoveBody, _: Annotated[NoQuery, Query()], request: Request, who: Who,
    conn: Conn, key: Key = None,
) -> Response:  # fmt: skip
    """Append a move (a transfer is two). Sent again with the same key it is done once."""
    if not key:
        raise InputError(
            "send an Idempotency-Key of your own with each move: repeated, it is counted once",
            zh="请为每笔出入库附上自定的 Idempotency-Key：重复提交只记一次",
            where="Idempotency-Key",
        )
    scope = reader(layers_of(request), "stock_lots", who)
    depot = find_depot(conn, scope, id=depot_id)
    asked = body.model_dump(mode="json")
    done = answer_once(
        conn, key=key, request=["stock", depot_id, asked],
        work=lambda: _booked(move_stock(conn, depot, Move(**body.model_dump()), scope)),
    )  # fmt: skip
    headers = {"Idempotent-Replayed": "true"} if done.is_replayed else {}
    return JSONResponse(done.answer, 200 if done.is_replayed else 201, headers)


def _booked(moves: tuple[Booked, ...]) -> dict[str, Any]:
    return {"moves": _BOOKED.dump_python(list(moves), mode="json")}
