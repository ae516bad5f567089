"""Many dispatchers at once: no unit twice, no team on two jobs, each key once, no lock for ever."""

import runpy
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from geoservice import db
from geoservice.errors import ConflictError
from geoservice.incidents.actions import close_incident
from geoservice.orders.actions import list_orders, place_order
from geoservice.orders.steps import cancel_order, confirm_order, expire_due, step_part
from geoservice.registry.ledger import check_ledger, stock_of

SCENE = runpy.run_path(str(Path(__file__).parents[1] / "data" / "order_scene.py"))
incident, order = SCENE["incident"], SCENE["order"]


@pytest.fixture
def url(clone_url: str) -> str:
    with db.connect(clone_url) as conn:
        SCENE["set_scene"](conn, lots=6, teams=6)
        incident(conn)
    return clone_url


def work(url: str, count: int, task: Callable[[db.Connection, int], object]) -> list[object]:
    """Run the task in so many threads, each with its own connection; what each gave, or refused."""

    def one(number: int) -> object:
        try:
            with db.connect(url) as conn:
                db.set_actor(conn, f"dispatcher {number % 8}")
                return task(conn, number)
        except ConflictError as error:
            return error

    with ThreadPoolExecutor(12) as pool:
        return list(pool.map(one, range(count)))


def ids(url: str, table: str) -> list[int]:
    with db.connect(url) as conn:
        return [it for (it,) in conn.execute(f"SELECT id FROM core.{table} ORDER BY id")]  # noqa: S608  # names of ours


def check(url: str) -> None:
    with db.connect(url) as conn:
        assert check_ledger(conn).is_sound
        overlapping = conn.execute(
            "SELECT count(*) FROM core.team_assignment a JOIN core.team_assignment b"
            " ON a.rescue_team_id = b.rescue_team_id AND a.id < b.id AND a.during && b.during"
        ).fetchone()
        assert overlapping == (0,)
        wrong = conn.execute(
            "SELECT count(*) FROM core.rescue_team t LEFT JOIN core.team_assignment a"
            " ON a.rescue_team_id = t.id AND a.ended_at IS NULL"
            " WHERE t.status <> coalesce(a.state, 'ready')"
        ).fetchone()
        assert wrong == (0,)


def test_one_hot_lot_is_given_out_exactly(url: str) -> None:
    (here,), lots = ids(url, "incident"), ids(url, "stock_lot")
    done = work(url, 60, lambda conn, _: order(conn, here, [(lots[0], 3)]))
    assert Counter(type(it) for it in done) == {dict: 33, ConflictError: 27}
    left = [it for it in done if isinstance(it, ConflictError)]
    assert {it.changes[0]["available"] for it in left} == {1}
    with db.connect(url) as conn:
        assert {it.code: it.available for it in stock_of(conn, None)}["L1"] == 1
    check(url)


def test_no_team_goes_to_two_jobs(url: str) -> None:
    (here,), teams = ids(url, "incident"), ids(url, "rescue_team")
    wanted = [(teams[n % 6], teams[(n * 5 + 1) % 6]) for n in range(36)]
    done = work(url, 36, lambda conn, n: order(conn, here, teams=sorted({*wanted[n]})[::-1]))
    sent = [it["team_id"] for made in done if isinstance(made, dict) for it in made["teams"]]
    assert len(sent) == len(set(sent))
    assert set(sent) <= set(teams)
    check(url)


def test_a_key_sent_many_times_at_once_orders_once(url: str) -> None:
    (here,), lots = ids(url, "incident"), ids(url, "stock_lot")
    asked = SCENE["body"](here, [(lots[0], 10)])

    def once(conn: db.Connection, _: int) -> tuple[int, bool]:
        db.set_actor(conn, "zhang")
        done = place_order(conn, asked, key="k", hold=SCENE["HOLD"])
        return done.answer["id"], done.is_replayed

    answers = work(url, 24, once)
    assert len({number for number, _ in answers}) == 1
    assert sorted(replayed for _, replayed in answers) == [False] + [True] * 23
    check(url)


def test_crossing_orders_steps_and_cancellations_neither_block_nor_lose(url: str) -> None:
    (here,), lots, teams = ids(url, "incident"), ids(url, "stock_lot"), ids(url, "rescue_team")

    def either(conn: db.Connection, n: int) -> object:
        mine = [(lots[n % 6], 2), (lots[(n + 3) % 6], 1)]
        made = order(conn, here, mine[:: 1 if n % 2 else -1], [teams[n % 6]] if n % 3 else [])
        conn.commit()
        db.set_actor(conn, f"dispatcher {n % 8}")
        if n % 2:
            return cancel_order(conn, made["id"])
        confirm_order(conn, made["id"])
        step_part(conn, made["id"], "lot", 2, "depart")
        return step_part(conn, made["id"], "lot", 2, "return", details={"returned": 1})

    done = work(url, 48, either)
    assert sum(isinstance(it, dict) for it in done) >= 16
    check(url)


def test_a_step_at_the_last_moment_meets_the_time_out(url: str) -> None:
    (here,), lots, teams = ids(url, "incident"), ids(url, "stock_lot"), ids(url, "rescue_team")
    with db.connect(url) as conn:
        made = [
            order(conn, here, [(lots[n], 5)], [teams[n]], hold=SCENE["HOLD"] * 0)["id"]
            for n in range(6)
        ]

    def race(conn: db.Connection, n: int) -> object:
        return confirm_order(conn, made[n // 2]) if n % 2 else expire_due(conn)

    done = work(url, 12, race)
    with db.connect(url) as conn:
        states = Counter(it["state"] for it in list_orders(conn, is_open=True))
        held = sum(it.reserved for it in stock_of(conn, None))
    assert set(states) <= {"confirmed"}  # what timed out is not open
    assert held == 5 * states["confirmed"] == 5 * sum(isinstance(it, dict) for it in done)
    check(url)


def test_closing_an_incident_meets_orders_for_it(url: str) -> None:
    (here,), lots = ids(url, "incident"), ids(url, "stock_lot")

    def either(conn: db.Connection, n: int) -> object:
        return order(conn, here, [(lots[0], 1)]) if n % 3 else close_incident(conn, here)

    done = work(url, 24, either)
    placed = sum(isinstance(it, dict) for it in done)
    with db.connect(url) as conn:
        closed = conn.execute("SELECT state = 'closed' FROM core.incident").fetchone()[0]
    assert closed == (placed == 0)
    check(url)
