"""Stock: what lies in a depot, and the moves that say so.

A move is appended and never changed; the lot's quantity and reserved quantity follow it in the
same transaction (migration 0009). Lots are locked in the order of their codes.
"""

import logging
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from decimal import Decimal
from uuid import UUID, uuid4

from geoservice.db import Connection, Query
from geoservice.errors import ConflictError, InputError, NotFoundError, UnknownNameError
from geoservice.registry.editing import Editor
from geoservice.registry.stock import (
    BY_HAND,
    Booked,
    Depot,
    Difference,
    HeldLot,
    LedgerSize,
    Lot,
    Misreserved,
    Move,
    Unpaired,
)

LOG = logging.getLogger("geoservice.ledger")

DEPOT = Query("stock", "depot", Depot)
LOTS = Query("stock", "lots", Lot)
MOVES = Query("stock", "moves", Booked)
HOLD_LOTS = Query("stock", "hold_lots", HeldLot)
ADD_MOVE = Query("stock", "add_move", Booked)
LOT_ALIKE = Query("stock", "lot_alike", str)
OPEN_ALIKE = Query("stock", "open_alike", str)
DIFFERENCES = Query("stock", "differences", Difference)
UNPAIRED_TRANSFERS = Query("stock", "unpaired_transfers", Unpaired)
MISRESERVED = Query("stock", "misreserved", Misreserved)
LEDGER_SIZE = Query("stock", "ledger_size", LedgerSize)
EVERYTHING = Editor()


@dataclass(frozen=True)
class Checked:
    """What a check of the ledger compared, and found: nothing, when all is well."""

    size: LedgerSize
    differences: tuple[Difference, ...]
    unpaired: tuple[Unpaired, ...]
    misreserved: tuple[Misreserved, ...]

    @property
    def is_sound(self) -> bool:
        """Whether lots, moves and open orders agree, and every transfer arrived."""
        return not (self.differences or self.unpaired or self.misreserved)


def find_depot(conn: Connection, scope: Editor, *, id: int | None = None, code: str = "") -> Depot:  # noqa: A002  # its name everywhere
    """Return a current depot by its id or its code.

    Raises
    ------
    NotFoundError
        There is none, or not in the scope.
    """
    depot = DEPOT.first(conn, id=id, code=code)
    if depot is None or not scope.may_read(depot.town_code, depot.secrecy):
        raise NotFoundError(
            f"there is no depot {code or id}", zh=f"没有储备点 {code or id}", where="depot"
        )
    return depot


def stock_of(
    conn: Connection, depot: Depot | None, scope: Editor = EVERYTHING, *, item: str = ""
) -> list[Lot]:
    """Return the lots of a depot (None: of all), of item codes that begin so, FEFO.

    Quantities are in each lot's unit; ``available`` is what is not reserved, and none of an
    expired lot.
    """
    return LOTS.all(
        conn,
        depot_id=None if depot is None else depot.id,
        item=item.replace("\\", "\\\\").replace("%", r"\%").replace("_", r"\_"),
        secrecies=list(scope.secrecies),
    )


def moves_of(
    conn: Connection,
    depot: Depot,
    scope: Editor = EVERYTHING,
    *,
    lot: str | None = None,
    before: int | None = None,
    limit: int = 100,
) -> list[Booked]:
    """Return the moves of a depot's lots below an id, the newest first."""
    return MOVES.all(
        conn,
        depot_id=depot.id,
        lot=lot,
        before=before,
        limit=limit,
        secrecies=list(scope.secrecies),
    )


def move_stock(
    conn: Connection, depot: Depot, move: Move, scope: Editor = EVERYTHING
) -> tuple[Booked, ...]:
    """Append a move of one of the depot's lots; a transfer is two.

    Raises
    ------
    UnknownNameError, InputError
        There is no such kind; what the kind needs is missing.
    NotFoundError
        No such lot or depot, or not in the scope.
    ConflictError
        The lot does not hold so much, is retired or expired; the other lot is of another thing.
    """
    _check(move)
    if not scope.may_write(depot.town_code):
        raise NotFoundError(f"there is no depot {depot.id}", zh=f"没有储备点 {depot.id}")
    if move.kind == "transfer":
        return _transfer(conn, depot, move, scope)
    lot = _held(conn, move.lot, depot)
    change = None
    quantity = move.quantity
    if move.kind == "adjust" and move.counted is not None:
        change = move.counted - lot.quantity
        quantity = abs(change)
        if not change:
            raise ConflictError(
                f"lot {lot.code} holds {lot.quantity.normalize():f} {lot.unit} already",
                zh=f"批次 {lot.code} 账面已是 {lot.quantity.normalize():f} {lot.unit}",
                where="counted",
            )
    return (_book(conn, lot, move, kind=move.kind, quantity=quantity, change=change),)


def check_ledger(conn: Connection) -> Checked:
    """Compare each lot with its moves and with open orders, and each transfer's two ends."""
    return Checked(
        LEDGER_SIZE.one(conn),
        tuple(DIFFERENCES.all(conn)),
        tuple(UNPAIRED_TRANSFERS.all(conn)),
        tuple(MISRESERVED.all(conn)),
    )


def warn_of_differences(conn: Connection) -> int:
    """Log what open orders hold and lots do not say, or the other way round; how many lots."""
    found = MISRESERVED.all(conn)
    for it in found:
        LOG.error(
            "lot %s says %s reserved, open orders hold %s: run `geoservice stock check`",
            it.code, it.reserved, it.ordered,
        )  # fmt: skip
    return len(found)


def _transfer(conn: Connection, depot: Depot, move: Move, scope: Editor) -> tuple[Booked, Booked]:
    """Out of one lot and into another of the same thing, in one transaction."""
    target = find_depot(conn, scope, code=move.to_depot or "")
    if not scope.may_write(target.town_code) or target.id == depot.id:
        raise NotFoundError(
            f"there is no other depot {target.code}", zh=f"没有另一储备点 {target.code}",
            where="to_depot",
        )  # fmt: skip
    to_lot = move.to_lot or _lot_for(conn, move.lot, depot, target)
    held = {it.code: it for it in HOLD_LOTS.all(conn, codes=[move.lot, to_lot])}
    source, other = _of(held, move.lot, depot), _of(held, to_lot, target)
    _refuse_another_thing(source, other)
    uid, much = uuid4(), move.quantity
    return (
        _book(conn, source, move, kind="transfer_out", quantity=much, transfer_uid=uid),
        _book(conn, other, move, kind="transfer_in", quantity=much, transfer_uid=uid),
    )


def _lot_for(conn: Connection, lot: str, depot: Depot, target: Depot) -> str:
    """Return the target's lot of the same thing, opened when there is none."""
    wanted = {"lot": lot, "from_depot": depot.id, "to_depot": target.id}
    code = LOT_ALIKE.first(conn, **wanted) or OPEN_ALIKE.first(conn, **wanted)
    if code is None:
        _held(conn, lot, depot)
        raise ConflictError(
            f"depot {target.code} has no lot of this thing, and its code would be taken: "
            "name the lot (to_lot)",
            zh=f"储备点 {target.code} 没有同类批次，且新编号已被占用：请指定 to_lot",
            where="to_lot",
        )
    return code


def _refuse_another_thing(source: HeldLot, other: HeldLot) -> None:
    mine = (source.item_code, source.unit, source.is_demo)
    if mine != (other.item_code, other.unit, other.is_demo):
        raise ConflictError(
            f"lot {other.code} holds {other.item_code} by {other.unit}, "
            f"not {source.item_code} by {source.unit}",
            zh=f"批次 {other.code} 为 {other.item_code}（{other.unit}），"
            f"与 {source.item_code}（{source.unit}）不同",
            where="to_lot",
        )


def _held(conn: Connection, code: str, depot: Depot) -> HeldLot:
    return _of({it.code: it for it in HOLD_LOTS.all(conn, codes=[code])}, code, depot)


def _of(held: Mapping[str, HeldLot], code: str, depot: Depot) -> HeldLot:
    lot = held.get(code)
    if lot is None or lot.depot_id != depot.id:
        raise NotFoundError(
            f"depot {depot.code} has no lot {code}", zh=f"储备点 {depot.code} 没有批次 {code}",
            where="lot",
        )  # fmt: skip
    return lot


def _book(
    conn: Connection,
    lot: HeldLot,
    move: Move,
    *,
    kind: str,
    quantity: Decimal | None,
    change: Decimal | None = None,
    transfer_uid: UUID | None = None,
) -> Booked:
    return ADD_MOVE.one(
        conn,
        lot_id=lot.id,
        kind=kind,
        quantity=quantity,
        change=change,
        transfer_uid=transfer_uid,
        reason=move.reason,
        document=move.document,
    )


def _check(move: Move) -> None:
    """Refuse a kind that is not booked by hand, or without what it needs."""
    if move.kind not in BY_HAND:
        raise UnknownNameError(
            f"no kind of move {move.kind!r}; there are: {', '.join(BY_HAND)}",
            zh=f"没有出入库类型“{move.kind}”；可用：{'、'.join(BY_HAND)}",
            where="kind",
        )
    needed = {"adjust": "counted", "transfer": "to_depot"}.get(move.kind)
    wanted = {"counted": move.kind == "adjust", "to_depot": move.kind == "transfer",
              "quantity": move.kind != "adjust"}  # fmt: skip
    for name, is_wanted in wanted.items():
        is_given = asdict(move)[name] is not None
        if is_given != is_wanted:
            raise InputError(
                f"{move.kind} {'needs' if is_wanted else 'takes no'} {name}",
                zh=f"{move.kind} {'须' if is_wanted else '不'}给出 {name}",
                where=name if is_wanted or needed != name else needed,
            )
