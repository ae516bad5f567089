"""What every register keeps: how rows were, who changed them, and the transaction that did."""

import time
from dataclasses import replace
from datetime import datetime
from typing import Any

import psycopg
import pytest
import shapely

from geoservice import db
from geoservice.registry import records
from geoservice.registry.actions import store

HERE = shapely.Point(113.2, 36.3)
SOURCE = records.HazardSource(
    code="H-77", name="甲", source_doc="test", kind="hazchem", grade="red", geom=HERE
)


def _change(url: str, record: records.Record, actor: str) -> datetime:
    """Commit a change; return an instant after it."""
    with db.connect(url) as conn:
        db.set_actor(conn, actor)
        store(conn, "hazard_sources", [record])
        conn.commit()
        (at,) = conn.execute("SELECT clock_timestamp()").fetchone()
    time.sleep(0.01)
    return at


def _as_of(conn: db.Connection, at: datetime) -> list[tuple[Any, ...]]:
    return conn.execute(
        "SELECT name, grade, ST_X(geom) FROM core.as_of(NULL::core.hazard_source, %s)"
        " WHERE code = 'H-77'",
        [at],
    ).fetchall()


def test_rows_are_read_as_they_were(demo_url: str) -> None:
    first = _change(demo_url, SOURCE, "wang")
    moved = replace(SOURCE, name="乙", geom=shapely.Point(113.25, 36.3))
    second = _change(demo_url, moved, "li")
    with db.connect(demo_url) as conn:
        conn.execute(
            "UPDATE core.hazard_source SET valid_to = clock_timestamp() WHERE code = 'H-77'"
        )
        conn.commit()
        (third,) = conn.execute("SELECT clock_timestamp()").fetchone()
        before = conn.execute("SELECT %s::timestamptz - interval '1 hour'", [first]).fetchone()[0]
        assert _as_of(conn, before) == []
        assert _as_of(conn, first) == [("甲", "red", 113.2)]
        assert _as_of(conn, second) == [("乙", "red", 113.25)]
        assert _as_of(conn, third) == []


def test_who_when_before_and_after_are_kept(demo_url: str) -> None:
    _change(demo_url, SOURCE, "wang")
    _change(demo_url, replace(SOURCE, grade="blue"), "li")
    with db.connect(demo_url) as conn:
        found = conn.execute(
            "SELECT actor, action, change #> '{grade}', change #>> '{row,1,grade}'"
            " FROM core.audit_event WHERE code = 'H-77' ORDER BY id"
        ).fetchall()
        kept = conn.execute(
            "SELECT ended_by, kept ->> 'grade', upper(valid) IS NOT NULL FROM core.history h"
            " WHERE kept ->> 'code' = 'H-77'"
        ).fetchall()
    assert found == [
        ("wang", "insert", None, "red"),
        ("li", "amend", ["red", "blue"], None),
    ]
    assert kept == [("li", "red", True)]


def test_what_is_the_same_is_not_written_again(demo_url: str) -> None:
    _change(demo_url, SOURCE, "wang")
    _change(demo_url, SOURCE, "li")
    with db.connect(demo_url) as conn:
        (events,) = conn.execute(
            "SELECT count(*) FROM core.audit_event WHERE code = 'H-77'"
        ).fetchone()
    assert events == 1


def test_two_changes_in_one_transaction_are_both_kept(demo_conn: db.Connection) -> None:
    for name in ("甲", "乙", "丙"):
        store(demo_conn, "hazard_sources", [replace(SOURCE, name=name)])
    found = demo_conn.execute(
        "SELECT kept ->> 'name' FROM core.history WHERE kept ->> 'code' = 'H-77' ORDER BY valid"
    ).fetchall()
    assert found == [("甲",), ("乙",)]


def test_a_row_says_which_transaction_wrote_it(demo_conn: db.Connection) -> None:
    store(demo_conn, "hazard_sources", [SOURCE])
    (is_mine,) = demo_conn.execute(
        "SELECT changed_xid = pg_current_xact_id() FROM core.hazard_source WHERE code = 'H-77'"
    ).fetchone()
    assert is_mine


@pytest.mark.parametrize("table", ["audit_event", "audit_seal", "history"])
def test_the_service_cannot_rewrite_what_happened(demo_conn: db.Connection, table: str) -> None:
    key = {"audit_seal": "n", "audit_event": "actor", "history": "ended_by"}[table]
    for statement in (f"DELETE FROM core.{table}", f"UPDATE core.{table} SET {key} = {key}"):  # noqa: S608  # ours
        with (
            pytest.raises(psycopg.errors.InsufficientPrivilege, match="permission denied"),
            demo_conn.transaction(),
        ):
            demo_conn.execute(statement)


def test_every_register_has_its_trail(conn: db.Connection) -> None:
    rows = conn.execute(
        "SELECT c.relname, count(t.tgname) FROM pg_class c"
        " LEFT JOIN pg_trigger t ON t.tgrelid = c.oid AND t.tgfoid IN ("
        "  'core.keep_amended'::regproc, 'core.audit_inserted'::regproc,"
        "  'core.audit_deleted'::regproc)"
        " WHERE EXISTS (SELECT FROM pg_attribute a"
        "               WHERE a.attrelid = c.oid AND a.attname = 'source_doc')"
        "   AND c.relnamespace = 'core'::regnamespace AND c.relkind = 'r' GROUP BY 1"
    ).fetchall()
    assert {name: count for name, count in rows if count != 3} == {"record": 0, "road": 0}
