"""The chain of seals: whatever is changed behind it is found, and nothing else is."""

import random
from collections.abc import Callable, Iterator

import psycopg
import pytest
from psycopg.conninfo import make_conninfo

from geoservice import db
from geoservice.audit.actions import note, seal, verify


@pytest.fixture
def owner(clone_url: str) -> Iterator[psycopg.Connection]:
    """Who could do anything: a superuser past every right and trigger."""
    for part in range(12):
        with db.connect(clone_url) as conn:
            db.set_actor(conn, f"actor {part}")
            for n in range(5):
                note(conn, "probe", object_name=f"thing {n}", change={"n": [n, part]})
        with db.connect(clone_url) as conn:
            seal(conn)
    with psycopg.connect(make_conninfo(clone_url)) as conn:
        conn.execute("SET session_replication_role = replica")
        conn.execute("SET jit = off")
        yield conn


def _ids(conn: psycopg.Connection) -> list[int]:
    return [it for (it,) in conn.execute("SELECT id FROM core.audit_event ORDER BY id").fetchall()]


def _edit(conn: psycopg.Connection, rng: random.Random) -> None:
    column, value = rng.choice(
        [("actor", "'x'"), ("at", "at + interval '1 second'"), ("change", "'{\"n\": [0, 99]}'"),
         ("action", "'probes'"), ("result", "'403'"), ("code", "'C'"), ("reason", "'because'")]
    )  # fmt: skip
    statement = f"UPDATE core.audit_event SET {column} = {value} WHERE id = %s"  # noqa: S608  # ours
    conn.execute(statement, [rng.choice(_ids(conn))])


def _delete(conn: psycopg.Connection, rng: random.Random) -> None:
    conn.execute("DELETE FROM core.audit_event WHERE id = %s", [rng.choice(_ids(conn))])


def _insert(conn: psycopg.Connection, rng: random.Random) -> None:
    conn.execute(
        "INSERT INTO core.audit_event (actor, action, epoch, xid)"
        " SELECT actor, action, epoch, xid FROM core.audit_event WHERE id = %s",
        [rng.choice(_ids(conn))],
    )


def _reorder(conn: psycopg.Connection, rng: random.Random) -> None:
    one, other = rng.sample(_ids(conn), 2)
    conn.execute(
        "UPDATE core.audit_event e SET actor = o.actor, action = o.action,"
        " table_name = o.table_name, change = o.change, at = o.at FROM core.audit_event o"
        " WHERE e.id + o.id = %s AND e.id IN (%s, %s) AND o.id IN (%s, %s)",
        [one + other, one, other, one, other],
    )


def _drop_seal(conn: psycopg.Connection, rng: random.Random) -> None:
    conn.execute("DELETE FROM core.audit_seal WHERE n = %s", [rng.randint(1, 11)])


@pytest.mark.parametrize("tamper", [_edit, _delete, _insert, _reorder, _drop_seal])
def test_every_change_behind_the_chain_is_found(
    owner: psycopg.Connection, tamper: Callable[[psycopg.Connection, random.Random], None]
) -> None:
    rng = random.Random(7)  # noqa: S311  # the same changes every time
    for _ in range(200):
        owner.execute("SAVEPOINT untouched")
        assert verify(owner).is_sound
        tamper(owner, rng)
        assert verify(owner).broken, tamper
        owner.execute("ROLLBACK TO untouched")


def test_a_chain_made_anew_lacks_the_head_that_was_written_down(owner: psycopg.Connection) -> None:
    head = verify(owner).head
    assert head is not None
    assert verify(owner, known_head=head.sha256).is_sound
    owner.execute("DELETE FROM core.audit_seal")
    owner.execute("UPDATE core.audit_event SET actor = 'x' WHERE id = 1")
    seal(owner)
    assert verify(owner).broken == ()
    assert not verify(owner, known_head=head.sha256).is_sound


def test_what_commits_late_is_sealed_late_and_never_lost(clone_url: str) -> None:
    with db.connect(clone_url) as early, db.connect(clone_url) as late:
        shipped = verify(early).tally.events
        early.commit()
        note(late, "begun first")
        note(early, "ended first")
        early.commit()
        seal(early)
        early.commit()
        late.commit()
        seal(early)
        early.commit()
        found = verify(early)
    assert (found.is_sound, found.tally.events, found.tally.sealed) == (
        True,
        shipped + 2,
        shipped + 2,
    )
