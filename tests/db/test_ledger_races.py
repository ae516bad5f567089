"""Many hands on one lot: never more than it holds, counted once, and never half."""

import runpy
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal
from pathlib import Path

import psycopg
import pytest
import shapely

from geoservice import db
from geoservice.errors import ConflictError
from geoservice.registry import actions, records
from geoservice.registry.editing import Editor
from geoservice.registry.ledger import check_ledger, find_depot, move_stock, moves_of, stock_of
from geoservice.registry.stock import Move
from geoservice.repeated import answer_once

SCENE = runpy.run_path(str(Path(__file__).parents[1] / "data" / "order_scene.py"))
incident, lot_id, order = SCENE["incident"], SCENE["lot_id"], SCENE["order"]
AREA = shapely.box(113.0, 36.2, 113.4, 36.5)
LOT = records.StockLot(
    code="L1",
    name="帐篷",
    source_doc="盘点",
    depot_code="D1",
    item_code="1",
    quantity=100,
    unit="顶",
)


@pytest.fixture
def url(clone_url: str) -> str:
    with db.connect(clone_url) as conn:
        district = records.District(code="140406", name="测试区", source_doc="test", geom=AREA)
        actions.set_district(conn, district)
        common = {"source_doc": "test", "owner": "government", "tier": "district"}
        place = shapely.Point(113.2, 36.3)
        depots = [records.Depot(code=c, name=c, geom=place, **common) for c in ("D1", "D2")]
        actions.store(conn, "depots", depots)
        actions.store(conn, "stock_lots", [LOT])
    return clone_url


def work(url: str, count: int, task: Callable[[db.Connection, int], None]) -> int:
    """Run the task in so many threads, each with its own connection; how many were not refused."""

    def one(number: int) -> bool:
        try:
            with db.connect(url) as conn:
                db.set_actor(conn, "dispatcher")
                task(conn, number)
        except ConflictError:
            return False
        return True

    with ThreadPoolExecutor(12) as pool:
        return sum(pool.map(one, range(count)))


def move(conn: db.Connection, kind: str, quantity: int, **more: str) -> None:
    depot = find_depot(conn, Editor(), code=more.pop("depot", "D1"))
    given = {"lot": "L1", "reason": "演练", **more}
    move_stock(conn, depot, Move(kind=kind, quantity=Decimal(quantity), **given))


def held(url: str) -> dict[str, tuple[float, float]]:
    with db.connect(url) as conn:
        assert check_ledger(conn).is_sound
        return {it.code: (it.quantity, it.reserved) for it in stock_of(conn, None)}


def test_many_draw_from_one_lot_and_never_more_than_it_holds(url: str) -> None:
    with db.connect(url) as conn:
        here, lot = incident(conn), lot_id(conn, "L1")

    def draw(conn: db.Connection, n: int) -> None:
        if n % 2:
            order(conn, here, lines=[(lot, 3)])
        else:
            move(conn, "issue", 3)

    done = work(url, 60, draw)
    quantity, reserved = held(url)["L1"]
    assert done == 33
    assert quantity - reserved == 1
    with db.connect(url) as conn:
        booked = moves_of(conn, find_depot(conn, Editor(), code="D1"), limit=1000)
    assert sorted(it.no for it in booked) == list(range(1, 35))


def test_a_repeated_request_is_counted_once(url: str) -> None:
    answers = []

    def once(conn: db.Connection, _: int) -> None:
        done = answer_once(
            conn, key="k1", request={"issue": 10}, work=lambda: move(conn, "issue", 10)
        )
        answers.append(done.is_replayed)

    assert work(url, 24, once) == 24
    assert sorted(answers) == [False] + [True] * 23
    assert held(url) == {"L1": (90, 0)}


def test_opposite_transfers_neither_block_nor_lose(url: str) -> None:
    with db.connect(url) as conn:
        move(conn, "transfer", 50, to_depot="D2")

    def swap(conn: db.Connection, n: int) -> None:
        if n % 2:
            move(conn, "transfer", 1, to_depot="D2")
        else:
            move(conn, "transfer", 1, depot="D2", lot="L1@D2", to_depot="D1")

    assert work(url, 40, swap) == 40
    assert held(url) == {"L1": (50, 0), "L1@D2": (50, 0)}


def test_a_count_from_a_file_meets_moves_of_the_same_moment(url: str) -> None:
    def either(conn: db.Connection, n: int) -> None:
        if n % 4:
            move(conn, "issue", 1)
        else:
            actions.store(conn, "stock_lots", [LOT])

    assert work(url, 24, either) == 24
    assert 100 - 18 <= held(url)["L1"][0] <= 100


def test_a_crash_in_the_middle_of_a_transfer_leaves_nothing_half(url: str) -> None:
    conn = db.connect(url)
    move(conn, "transfer", 10, to_depot="D2")
    pid = conn.info.backend_pid
    with psycopg.connect(url) as other:
        other.execute("SELECT pg_terminate_backend(%s, 5000)", [pid])
    with pytest.raises(psycopg.OperationalError):
        conn.commit()
    conn.close()
    assert held(url) == {"L1": (100, 0)}
    assert work(url, 1, lambda again, _: move(again, "transfer", 10, to_depot="D2")) == 1
    assert held(url) == {"L1": (90, 0), "L1@D2": (10, 0)}
