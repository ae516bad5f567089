"""A layer's version changes with its rows, in the same transaction, and never otherwise."""

import asyncio
import threading
from collections.abc import Iterator
from dataclasses import replace

import psycopg
import pytest
from psycopg import sql
from psycopg_pool import ConnectionPool

from geoservice import db
from geoservice.background import repeat
from geoservice.publish.catalog import load_layers
from geoservice.publish.pools import open_read_pools
from geoservice.publish.statement import Statement
from geoservice.publish.versions import FOLD, VIEW_CHANGES, Versions, fold, version_now

LAYERS = load_layers()
RENAME = "UPDATE core.depot SET name = name || '*' WHERE id = (SELECT min(id) FROM core.depot)"


def _all(conn: db.Connection) -> dict[str, str]:
    return {layer_id: version_now(conn, layer) for layer_id, layer in LAYERS.items()}


@pytest.fixture
def owner(demo_url: str) -> Iterator[db.Connection]:
    with db.connect(demo_url, role="geoservice_owner") as conn:
        yield conn
        conn.rollback()


def test_every_layer_is_watched_with_what_lies_below(demo_conn: db.Connection) -> None:
    rows = demo_conn.execute("SELECT view_name, table_name FROM core.view_table").fetchall()
    below: dict[str, set[str]] = {}
    for view, table in rows:
        below.setdefault(view, set()).add(table)
    assert below.keys() == {layer.view for layer in LAYERS.values()}
    assert below["depots"] >= {"core.depot", "core.stock_lot", "published"}
    assert "core.road_class" in below["roads"]
    watched = demo_conn.execute(
        "SELECT tgrelid::regclass::text FROM pg_trigger WHERE tgname = 'noted_as_changed'"
    ).fetchall()
    assert {table for (table,) in watched} == set().union(*below.values()) - {"published"}


def test_a_view_over_a_function_is_watched_too(owner: db.Connection) -> None:
    owner.execute(
        "CREATE FUNCTION core.names() RETURNS SETOF text LANGUAGE plpgsql AS"
        " $$ BEGIN RETURN QUERY SELECT u.unit FROM core.unit_kept u; END $$;"
        "CREATE TABLE core.unit_kept (unit text);"
        "CREATE VIEW core.between AS SELECT * FROM core.names() AS unit;"
        "CREATE VIEW published.over AS SELECT * FROM core.between;"
        "SELECT core.watch_published()"
    )
    rows = owner.execute("SELECT table_name FROM core.view_table WHERE view_name = 'over'")
    assert {name for (name,) in rows} == {"core.unit_kept", "published"}
    before = VIEW_CHANGES.one(owner).views["over"]
    owner.execute("INSERT INTO core.unit_kept VALUES ('m')")
    assert VIEW_CHANGES.one(owner).views["over"] == before + 1


def test_a_change_changes_its_layers_and_no_other(demo_conn: db.Connection) -> None:
    before = _all(demo_conn)
    demo_conn.execute(RENAME)
    after = _all(demo_conn)
    different = {layer_id for layer_id in LAYERS if after[layer_id] != before[layer_id]}
    assert different == {view for view in LAYERS if "core.depot" in _tables(demo_conn, view)}
    assert {"depots", "stock_lots"} <= different < LAYERS.keys()


def _tables(conn: db.Connection, layer_id: str) -> set[str]:
    rows = conn.execute(
        "SELECT table_name FROM core.view_table WHERE view_name = %s", [LAYERS[layer_id].view]
    )
    return {name for (name,) in rows}


@pytest.mark.parametrize(
    "statement",
    ["DELETE FROM core.road_closure", "TRUNCATE core.road_closure CASCADE", "SELECT 1"],
)
def test_removing_counts_reading_does_not(owner: db.Connection, statement: str) -> None:
    before = version_now(owner, LAYERS["road_closures"])
    owner.execute(statement)
    has_changed = version_now(owner, LAYERS["road_closures"]) != before
    assert has_changed is not statement.startswith("SELECT")


def test_what_is_rolled_back_was_never_seen(demo_url: str) -> None:
    with db.connect(demo_url) as reader, db.connect(demo_url) as writer:
        before = version_now(reader, LAYERS["depots"])
        reader.rollback()
        writer.execute(RENAME)
        assert version_now(reader, LAYERS["depots"]) == before
        reader.rollback()
        writer.rollback()
        assert version_now(reader, LAYERS["depots"]) == before


def test_a_part_rolled_back_leaves_the_rest_counted(demo_conn: db.Connection) -> None:
    before = version_now(demo_conn, LAYERS["depots"])
    with demo_conn.transaction() as part:
        demo_conn.execute(RENAME)
        raise psycopg.Rollback(part)
    assert version_now(demo_conn, LAYERS["depots"]) == before
    demo_conn.execute(RENAME)
    assert version_now(demo_conn, LAYERS["depots"]) != before


def test_folding_moves_the_marks_and_changes_no_version(demo_url: str) -> None:
    with psycopg.connect(demo_url, autocommit=True) as conn:
        for _ in range(3):
            conn.execute(RENAME)
        before = _all(conn)
        assert FOLD.one(conn) >= 3
        assert conn.execute("SELECT count(*) FROM core.table_change").fetchone() == (0,)
        assert _all(conn) == before
        assert FOLD.one(conn) == 0


def test_writers_do_not_wait_for_each_other_and_every_commit_counts(demo_url: str) -> None:
    """Four writers of one table and a folder: the count rises with each commit and never falls."""
    each, stop = 25, threading.Event()
    seen: list[int] = []

    def write(number: int) -> None:
        with psycopg.connect(demo_url) as conn:
            conn.execute("SET lock_timeout = '2s'")
            for _ in range(each):
                conn.execute(
                    "UPDATE core.depot SET name = name || '*' WHERE id ="
                    " (SELECT id FROM core.depot ORDER BY id OFFSET %s LIMIT 1)",
                    [number],
                )
                conn.commit()

    def watch() -> None:
        with psycopg.connect(demo_url, autocommit=True) as conn:
            while not stop.is_set():
                FOLD.one(conn)
                seen.append(VIEW_CHANGES.one(conn).views["depots"])

    with psycopg.connect(demo_url, autocommit=True) as conn:
        before = VIEW_CHANGES.one(conn).views["depots"]
        threads = [threading.Thread(target=write, args=(number,)) for number in range(4)]
        watching = threading.Thread(target=watch)
        for thread in [*threads, watching]:
            thread.start()
        for thread in threads:
            thread.join()
        stop.set()
        watching.join()
        assert VIEW_CHANGES.one(conn).views["depots"] == before + 4 * each
    assert seen == sorted(seen)


def test_a_version_is_of_the_moment_of_asking_even_over_a_lost_connection(demo_url: str) -> None:
    async def run() -> None:
        pools = open_read_pools(demo_url)
        await pools.open()
        versions = Versions(pools.versions, LAYERS)
        with psycopg.connect(demo_url, autocommit=True) as conn:
            found = await versions.of_all(LAYERS)
            assert found == _all(conn)
            for _ in range(20):
                conn.execute(RENAME)
                now = await versions.of_all(["depots", "roads"])
                assert now["depots"] != found["depots"]
                assert now["roads"] == found["roads"]
                found = now
            conn.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                " WHERE datname = current_database() AND pid <> pg_backend_pid()"
            )
            conn.execute(RENAME)
            assert await versions.of("depots") == version_now(conn, LAYERS["depots"])
            assert await versions.of("unheard") != await versions.of("unheard")
        await pools.close()

    asyncio.run(run())


def test_a_row_comes_with_the_version_that_it_is_of(demo_url: str) -> None:
    async def run() -> None:
        pools = open_read_pools(demo_url)
        await pools.open()
        versions = Versions(pools.versions, LAYERS)
        asked = Statement(sql.SQL("SELECT d.name FROM core.depot d WHERE d.id = %(id)s"), {})
        with psycopg.connect(demo_url, autocommit=True) as conn:
            ((depot,),) = conn.execute("SELECT min(id) FROM core.depot").fetchall()
            asked = replace(asked, values={"id": depot})
            for _ in range(20):
                conn.execute(RENAME)
                ((name,),) = conn.execute(
                    "SELECT name FROM core.depot WHERE id = %s", [depot]
                ).fetchall()
                expected = version_now(conn, LAYERS["depots"]), (name,)
                for _ in range(2):
                    assert await versions.with_row("depots", pools, asked) == expected
            nobody = replace(asked, values={"id": 0})
            assert (await versions.with_row("depots", pools, nobody))[1] == (None,)
        await pools.close()

    asyncio.run(run())


def test_folding_goes_on_after_an_error(demo_url: str, caplog: pytest.LogCaptureFixture) -> None:
    async def run() -> None:
        with ConnectionPool(demo_url, open=False) as pool:
            pool.close()
            folding = asyncio.create_task(repeat(fold, pool, every_s=0.01))
            await asyncio.sleep(0.2)
            assert not folding.done()
            folding.cancel()
        with db.open_pool(demo_url) as pool, psycopg.connect(demo_url, autocommit=True) as conn:
            conn.execute(RENAME)
            folding = asyncio.create_task(repeat(fold, pool, every_s=0.01))
            while conn.execute("SELECT count(*) FROM core.table_change").fetchone() != (0,):
                await asyncio.sleep(0.01)
            folding.cancel()
            await asyncio.wait([folding])

    asyncio.run(run())
    assert [record.message for record in caplog.records].count(
        "fold failed; it is tried again and again"
    ) == 1


CLOCK = (
    r"\m(now|clock_timestamp|statement_timestamp|transaction_timestamp|current_date"
    r"|current_timestamp|localtimestamp)\M"
)


def test_a_view_that_reads_the_clock_says_so_and_no_other(conn: db.Connection) -> None:
    rows = conn.execute(
        "SELECT v.relname FROM pg_class v WHERE v.relnamespace = 'published'::regnamespace"
        " AND v.relkind = 'v' AND EXISTS (SELECT FROM core.made_of(v.oid) m WHERE"
        "  (m.catalog = 'pg_class'::regclass AND pg_get_viewdef(m.object) ~* %(clock)s)"
        "  OR m.object IN (SELECT oid FROM pg_proc WHERE pronamespace = 'core'::regnamespace"
        "   AND prosrc ~* %(clock)s AND m.catalog = 'pg_proc'::regclass))",
        {"clock": CLOCK},
    )
    assert {name for (name,) in rows} == {one.view for one in LAYERS.values() if one.changes_with}


def test_the_clock_is_part_of_the_version(demo_conn: db.Connection) -> None:
    layer = LAYERS["road_closures"]
    found = VIEW_CHANGES.one(demo_conn)
    # A minute's version is that of the layer which says so; the day is the district's.
    by_clock = {
        clock: version_now(demo_conn, layer.model_copy(update={"changes_with": clock}))
        for clock in (None, "minute", "day")
    }
    assert len(set(by_clock.values())) == 3
    assert found.time_zone == "Asia/Shanghai"
