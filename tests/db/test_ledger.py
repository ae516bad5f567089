"""The ledger of stock: what a lot holds follows from its moves, and from nothing else."""

import runpy
from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import psycopg
import pytest
import shapely

from geoservice import db
from geoservice.errors import ConflictError, InputError, NotFoundError, UnknownNameError
from geoservice.registry import actions, records
from geoservice.registry.editing import Editor
from geoservice.registry.ledger import check_ledger, find_depot, move_stock, moves_of, stock_of
from geoservice.registry.stock import Booked, Move

SCENE = runpy.run_path(str(Path(__file__).parents[1] / "data" / "order_scene.py"))
incident, lot_id, order = SCENE["incident"], SCENE["lot_id"], SCENE["order"]
AREA = shapely.box(113.0, 36.2, 113.4, 36.5)
DISTRICT = records.District(code="140406", name="测试区", source_doc="test", geom=AREA)
DEPOTS = [
    records.Depot(
        code=code, name=code, source_doc="test", owner="government", tier="district",
        town_code=town, geom=shapely.Point(113.2, 36.3),
    )
    for code, town in (("D1", "140406001"), ("D2", "140406002"))
]  # fmt: skip
LOT = records.StockLot(
    code="L1", name="水泵", source_doc="盘点表 1", depot_code="D1", item_code="2010101",
    quantity=25, unit="台", min_reserve=5,
)  # fmt: skip


@pytest.fixture
def stock(conn: db.Connection) -> db.Connection:
    db.set_actor(conn, "keeper")
    actions.set_district(conn, DISTRICT)
    actions.store(conn, "depots", DEPOTS)
    actions.store(conn, "stock_lots", [LOT])
    return conn


@pytest.fixture
def move(stock: db.Connection) -> Callable[..., tuple[Booked, ...]]:
    def book(kind: str, quantity: object = None, **more: Any) -> tuple[Booked, ...]:
        depot = find_depot(stock, Editor(), code=more.pop("depot", "D1"))
        amount = None if quantity is None else Decimal(str(quantity))
        asked = Move(**{"lot": "L1", "kind": kind, "reason": "试", "quantity": amount, **more})
        with stock.transaction():  # what is refused leaves the test's own transaction whole
            return move_stock(stock, depot, asked)

    return book


def held(conn: db.Connection, code: str = "L1") -> tuple[float, float]:
    lot = next(it for it in stock_of(conn, None) if it.code == code)
    return lot.quantity, lot.reserved


def test_a_new_lot_opens_with_what_it_holds(stock: db.Connection) -> None:
    (opening,) = moves_of(stock, find_depot(stock, Editor(), code="D1"))
    assert (opening.kind, opening.quantity, opening.no) == ("opening", 25, 1)
    assert (opening.actor, opening.document) == ("keeper", "盘点表 1")
    assert stock.execute("SELECT version FROM core.stock_lot").fetchone() == (1,)
    assert check_ledger(stock).is_sound


def test_each_kind_moves_what_it_says(
    stock: db.Connection, move: Callable[..., tuple[Booked, ...]]
) -> None:
    steps = [
        ("receive", 10, (35, 0)), ("issue", 7, (28, 0)), ("return", 2, (30, 0)),
        ("loss", 1, (29, 0)), ("expire", 4, (25, 0)),
    ]  # fmt: skip
    for kind, quantity, after in steps:
        (booked,) = move(kind, quantity)
        assert (booked.quantity_after, booked.reserved_after) == after == held(stock)
    (counted,) = move("adjust", counted=Decimal("24.5"))
    assert (counted.quantity, counted.quantity_after) == (0.5, 24.5)
    assert check_ledger(stock).is_sound


@pytest.mark.parametrize(
    ("kind", "quantity", "more"),
    [("issue", 26, {}), ("loss", 25.5, {}), ("transfer", 26, {"to_depot": "D2"}),
     ("adjust", None, {"counted": Decimal(25)})],
)  # fmt: skip
def test_what_a_lot_does_not_hold_is_refused_with_what_there_is(
    move: Callable[..., tuple[Booked, ...]],
    kind: str,
    quantity: float | None,
    more: dict[str, Any],
) -> None:
    with pytest.raises(ConflictError, match=r"lot L1 holds 25 台") as refused:
        move(kind, quantity, **more)
    assert "25 台" in refused.value.zh


def test_what_is_reserved_is_not_drawn(
    stock: db.Connection, move: Callable[..., tuple[Booked, ...]]
) -> None:
    order(stock, incident(stock), lines=[(lot_id(stock, "L1"), 20)])
    with pytest.raises(ConflictError, match="holds 25 台, 20 of them reserved: issue of 6"):
        move("issue", 6)


def test_reservations_are_an_orders_alone(
    stock: db.Connection, move: Callable[..., tuple[Booked, ...]]
) -> None:
    for kind in ("reserve", "release"):
        with pytest.raises(UnknownNameError, match="no kind of move"):
            move(kind, 1)
    with pytest.raises(psycopg.errors.CheckViolation, match="stock_move_reserved_by_order"):
        stock.execute(
            "INSERT INTO core.stock_move (stock_lot_id, kind, quantity, reason)"
            " SELECT id, 'reserve', 1, 'x' FROM core.stock_lot"
        )


@pytest.mark.parametrize(
    ("kind", "more", "error", "where"),
    [
        ("steal", {"quantity": Decimal(1)}, UnknownNameError, "kind"),
        ("transfer_in", {"quantity": Decimal(1)}, UnknownNameError, "kind"),
        ("issue", {}, InputError, "quantity"),
        ("adjust", {"quantity": Decimal(1)}, InputError, "counted"),
        ("transfer", {"quantity": Decimal(1)}, InputError, "to_depot"),
        ("issue", {"quantity": Decimal(1), "lot": "L9"}, NotFoundError, "lot"),
        ("issue", {"quantity": Decimal(1), "depot": "D2"}, NotFoundError, "lot"),
        ("transfer", {"quantity": Decimal(1), "to_depot": "D9"}, NotFoundError, "depot"),
        ("transfer", {"quantity": Decimal(1), "to_depot": "D1"}, NotFoundError, "to_depot"),
    ],
)
def test_a_move_that_means_nothing_is_refused(
    move: Callable[..., tuple[Booked, ...]], kind: str, more: dict[str, Any],
    error: type[Exception], where: str,
) -> None:  # fmt: skip
    with pytest.raises(error) as refused:
        move(kind, **more)
    assert refused.value.where == where  # type: ignore[attr-defined]


def test_a_transfer_is_two_moves_and_opens_a_lot_of_the_same_thing(
    stock: db.Connection, move: Callable[..., tuple[Booked, ...]]
) -> None:
    out, into = move("transfer", 10, to_depot="D2", document="调拨单 7")
    assert (out.kind, into.kind, into.lot) == ("transfer_out", "transfer_in", "L1@D2")
    assert out.transfer_uid == into.transfer_uid is not None
    assert (held(stock), held(stock, "L1@D2")) == ((15, 0), (10, 0))
    (_, back) = move("transfer", 4, depot="D2", lot="L1@D2", to_depot="D1")
    assert back.lot == "L1"
    assert check_ledger(stock).is_sound


def test_a_transfer_does_not_mix_things(
    stock: db.Connection, move: Callable[..., tuple[Booked, ...]]
) -> None:
    tents = replace(LOT, code="T1", depot_code="D2", item_code="1010101", unit="顶")
    actions.store(stock, "stock_lots", [tents])
    with pytest.raises(ConflictError, match="lot T1 holds 1010101"):
        move("transfer", 1, to_depot="D2", to_lot="T1")


def test_an_expired_lot_is_not_issued_but_written_off(
    stock: db.Connection, move: Callable[..., tuple[Booked, ...]]
) -> None:
    gone = replace(LOT, code="G1", expires_on=date.today() - timedelta(days=2))  # noqa: DTZ011  # a day off at most
    actions.store(stock, "stock_lots", [gone])
    with pytest.raises(ConflictError, match="expired on"):
        move("issue", 1, lot="G1")
    with pytest.raises(ConflictError, match="expired on"), stock.transaction():
        order(stock, incident(stock), lines=[(lot_id(stock, "G1"), 1)])
    shown = next(it for it in stock_of(stock, None) if it.code == "G1")
    assert (shown.available, shown.is_expired, shown.is_below_minimum) == (0, True, True)
    move("expire", 25, lot="G1")


def test_a_file_that_says_another_quantity_is_a_move_with_its_source(stock: db.Connection) -> None:
    again = replace(LOT, quantity=19.5, source_doc="盘点表 2")
    assert actions.store(stock, "stock_lots", [again]).amended == ("L1",)
    assert actions.store(stock, "stock_lots", [again]).unchanged == ("L1",)
    newest = moves_of(stock, find_depot(stock, Editor(), code="D1"))[0]
    assert (newest.kind, newest.quantity, newest.reason) == ("adjust", 5.5, "盘点表 2")
    only = replace(again, quantity=20)
    assert actions.store(stock, "stock_lots", [only]).amended == ("L1",)
    assert check_ledger(stock).is_sound


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE core.stock_lot SET quantity = 99",
        "UPDATE core.stock_lot SET reserved = 1",
        "UPDATE core.stock_lot SET quantity = 0, valid_to = now()",
        "UPDATE core.stock_lot SET valid_to = clock_timestamp()",
        "UPDATE core.stock_lot SET depot_id = (SELECT id FROM core.depot WHERE code = 'D2')",
        "UPDATE core.depot SET valid_to = clock_timestamp() WHERE code = 'D1'",
        "INSERT INTO core.stock_lot (code, name, source_doc, depot_id, item_code, quantity, unit,"
        " reserved) SELECT 'L2', 'x', 'x', depot_id, '2', 5, 'x', 1 FROM core.stock_lot",
        "UPDATE core.stock_move SET reason = 'another'",
        "DELETE FROM core.stock_move",
        "TRUNCATE core.stock_move",
        "DELETE FROM core.stock_lot",
        "TRUNCATE core.stock_lot CASCADE",
    ],
)
@pytest.mark.parametrize("role", ["geoservice_app", "geoservice_owner", "none"])
def test_nothing_else_writes_what_a_lot_holds(
    stock: db.Connection, statement: str, role: str
) -> None:
    stock.execute(f"SET ROLE {role}")
    with pytest.raises(psycopg.DatabaseError) as refused:
        stock.execute(statement)
    assert refused.value.sqlstate in {"GS409", "42501"}


def test_a_tampered_lot_is_found(stock: db.Connection) -> None:
    stock.execute("SET ROLE geoservice_owner")
    stock.execute("ALTER TABLE core.stock_lot DISABLE TRIGGER stock_lot_led")
    stock.execute("UPDATE core.stock_lot SET quantity = 26")
    (found,) = check_ledger(stock).differences
    assert (found.code, found.quantity, found.moved) == ("L1", 26, 25)


def test_an_empty_lot_is_retired_and_keeps_its_moves(
    stock: db.Connection, move: Callable[..., tuple[Booked, ...]]
) -> None:
    move("issue", 25)
    stock.execute("UPDATE core.stock_lot SET valid_to = clock_timestamp()")
    with pytest.raises(NotFoundError):
        move("receive", 1)
    assert check_ledger(stock).size.moves == 2
