"""The dispatch book of the demonstration district, and the last one kept on disk."""

import runpy
import stat
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path

import pytest

from geoservice import db
from geoservice.accounts.actions import create_token
from geoservice.accounts.last_known import last_known, last_known_file
from geoservice.book import kept
from geoservice.book.actions import read_book
from geoservice.book.writing import Writer
from geoservice.errors import NotFoundError

NOW = datetime.now(UTC)
SCENE = runpy.run_path(str(Path(__file__).parents[1] / "data" / "order_scene.py"))
BOOK = runpy.run_path(str(Path(__file__).parents[1] / "data" / "book_scene.py"))


def _codes(conn: db.Connection, table: str) -> set[str]:
    said = f"SELECT code FROM core.{table} WHERE valid_to IS NULL"  # noqa: S608  # names of ours
    return {code for (code,) in conn.execute(said)}


def test_every_depot_team_station_shelter_and_post_is_in_it(demo_conn: db.Connection) -> None:
    book = read_book(demo_conn, at=NOW)
    assert len(book.depots) == len({it.code for it in book.depots}) > 10
    assert {it.code for it in book.depots} == _codes(demo_conn, "depot")
    assert {it.code for it in book.teams} == _codes(demo_conn, "rescue_team")
    assert {it.code for it in book.shelters} == _codes(demo_conn, "shelter")
    assert {it.code for it in book.makers} == _codes(demo_conn, "capability_reserve")
    assert {it.code for it in book.agreements} == _codes(demo_conn, "supply_agreement")
    assert {it.code for it in book.posts} == _codes(demo_conn, "command_post")
    both = _codes(demo_conn, "town_station") | _codes(demo_conn, "fire_station")
    assert {it.code for it in book.stations} == both
    assert all(it.is_demo for it in book.depots)


def test_stock_is_the_sum_of_the_ledger(demo_conn: db.Connection) -> None:
    moved = {
        (depot, item, unit): total
        for depot, item, unit, total in demo_conn.execute(
            "SELECT d.code, l.item_code, l.unit, sum(m.quantity) FROM core.stock_move m "
            "JOIN core.stock_lot l ON l.id = m.stock_lot_id AND l.valid_to IS NULL "
            "JOIN core.depot d ON d.id = l.depot_id GROUP BY 1, 2, 3"
        )
    }
    stock = read_book(demo_conn, at=NOW).stock
    assert {(it.depot_code, it.code, it.unit): it.quantity for it in stock} == moved
    assert sum(it.expired for it in stock) > 0
    assert all(it.usable + it.expired + it.reserved == it.quantity for it in stock)


def test_what_is_reserved_or_expired_is_not_usable(conn: db.Connection) -> None:
    SCENE["set_scene"](conn, lots=1, quantity=100)
    SCENE["order"](conn, SCENE["incident"](conn), [(SCENE["lot_id"](conn, "L1"), 30)])
    (lot,) = read_book(conn, at=NOW).stock
    assert (lot.depot_code, lot.quantity, lot.reserved, lot.usable) == ("D2", 100, 30, 70)
    conn.execute("UPDATE core.stock_lot SET expires_on = '2020-01-01'")
    (lot,) = read_book(conn, at=NOW).stock
    assert (lot.usable, lot.expired, lot.expires_on) == (Decimal(0), 100, None)


def test_a_skill_without_a_type_is_told_beside_those_with_one(demo_conn: db.Connection) -> None:
    code, skills = demo_conn.execute(
        "SELECT code, skills FROM core.rescue_team WHERE cardinality(skills) > 0 LIMIT 1"
    ).fetchone()
    demo_conn.execute(
        "UPDATE core.rescue_team SET skills = skills || ARRAY['潜水'] WHERE code = %s", [code]
    )
    team = next(it for it in read_book(demo_conn, at=NOW).teams if it.code == code)
    told = (team.skills or "").split(", ")
    assert "潜水" in told
    assert {it.split(" ")[0] for it in told} == {"潜水", *skills}


def test_every_kind_of_hazard_has_the_post_that_incidents_have(demo_conn: db.Connection) -> None:
    book = read_book(demo_conn, at=NOW)
    assert len(book.answering) == 24
    for it in book.answering:
        said = "SELECT code FROM core.command_post WHERE id = core.command_post_of(%s)"
        assert demo_conn.execute(said, [it.hazard]).fetchone() == (it.post_code,)


def test_the_last_book_is_kept_for_its_owner_alone(tmp_path: Path) -> None:
    book = BOOK["make_book"]()
    with kept.held(tmp_path, wait=True):
        place = kept.keep(tmp_path, book, {"html": b"<p>", "csv": b"a"})
    assert kept.last_folder(tmp_path) == place
    assert kept.last_book(tmp_path) == book
    assert sorted(it.name for it in place.iterdir()) == [
        "dispatch-book.csv", "dispatch-book.html", "dispatch-book.json",
    ]  # fmt: skip
    modes = {stat.S_IMODE(it.stat().st_mode) for it in place.iterdir()}
    assert (modes, stat.S_IMODE(place.stat().st_mode)) == ({0o600}, 0o700)
    assert stat.S_IMODE((tmp_path / "book").stat().st_mode) == 0o700


def test_a_book_that_cannot_be_written_leaves_the_one_before(tmp_path: Path) -> None:
    book = BOOK["make_book"]()
    with kept.held(tmp_path, wait=True):
        for number in range(4):
            first = kept.keep(tmp_path, book, {"html": b"%d" % number})
        with pytest.raises(OSError, match="no/such"):
            kept.keep(tmp_path, book, {"html": b"new", "no/such": b""})
    assert kept.last_folder(tmp_path) == first
    assert (first / "dispatch-book.html").read_bytes() == b"3"
    folders = [it for it in (tmp_path / "book").iterdir() if it.is_dir() and not it.is_symlink()]
    assert len(folders) == 2  # that one, and the one before


def test_no_book_or_a_foreign_one_is_told(tmp_path: Path) -> None:
    with pytest.raises(NotFoundError, match="no dispatch book was written yet"):
        kept.last_book(tmp_path)
    with kept.held(tmp_path, wait=True):
        place = kept.keep(tmp_path, BOOK["make_book"](), {})
    (place / "dispatch-book.json").write_bytes(b'{"head": 1}')
    with pytest.raises(NotFoundError, match="no dispatch book of this version"):
        kept.last_book(tmp_path)


def test_the_service_writes_it_when_it_is_due_and_one_worker_does(
    demo_shared: str, tmp_path: Path
) -> None:
    writer = Writer(tmp_path, 30)
    with db.open_pool(demo_shared) as pool:
        with kept.held(tmp_path, wait=True):  # another worker is at it
            writer(pool)
        with pytest.raises(NotFoundError):
            kept.last_folder(tmp_path)
        writer(pool)
        first = kept.last_folder(tmp_path)
        writer(pool)
        assert kept.last_folder(tmp_path) == first  # not due
        Writer(tmp_path, 0)(pool)
    assert kept.last_folder(tmp_path) != first
    assert (first / "dispatch-book.pdf").read_bytes().startswith(b"%PDF-")


def test_it_knows_who_dispatched_when_the_database_was_there(demo_url: str, tmp_path: Path) -> None:
    with db.connect(demo_url) as conn:
        ours, theirs = (
            create_token(conn, roles=[role], towns=["140406001"], name=role)
            for role in ("dispatcher", "viewer")
        )
        conn.commit()
    secret, other = (it.split("_", 2)[2] for it in (ours, theirs))
    assert last_known(tmp_path, secret, at=NOW) is None
    with db.open_pool(demo_url) as pool:
        Writer(tmp_path, 10_000)(pool)
    known = last_known(tmp_path, secret, at=NOW)
    assert known is not None
    assert known.towns == ["140406001"]
    assert last_known(tmp_path, other, at=NOW) is None
    assert last_known(tmp_path, "", at=NOW) is None
    assert last_known(tmp_path, secret, at=NOW + timedelta(hours=13)) is None
    text = last_known_file(tmp_path).read_text()
    assert secret not in text
    assert stat.S_IMODE(last_known_file(tmp_path).stat().st_mode) == 0o600
