"""Sessions, links, tokens and accounts against the clock, in a transaction that is rolled back."""

import stat
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from geoservice.accounts import actions, first_start, passwords, sessions, signing_in
from geoservice.accounts.records import ROLES
from geoservice.db import Connection
from geoservice.errors import (
    BusyError,
    ConflictError,
    ForbiddenError,
    InputError,
    NotFoundError,
    UnknownNameError,
)

NOW = datetime(2026, 11, 23, 8, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
PASSWORD = "correct horse battery"  # noqa: S105  # of a test account


@pytest.fixture
def account_id(conn: Connection) -> int:
    return actions.create_account(conn, "wang", password=PASSWORD, roles=["keeper"])


def test_session_ends_after_half_an_hour_of_silence(conn: Connection, account_id: int) -> None:
    secret = sessions.open_session(conn, account_id, at=NOW)
    for minutes in (29, 58, 87):
        assert sessions.session_identity(conn, secret, at=NOW + minutes * MINUTE)
    assert sessions.session_identity(conn, secret, at=NOW + 117 * MINUTE) is None


def test_session_ends_after_twelve_hours_however_busy(conn: Connection, account_id: int) -> None:
    secret = sessions.open_session(conn, account_id, at=NOW)
    for minutes in range(0, 12 * 60, 20):
        assert sessions.session_identity(conn, secret, at=NOW + minutes * MINUTE)
    assert sessions.session_identity(conn, secret, at=NOW + sessions.ABSOLUTE) is None


def test_session_is_written_at_most_once_a_minute(conn: Connection, account_id: int) -> None:
    secret = sessions.open_session(conn, account_id, at=NOW)
    for seconds in (1, 30, 59, 61):
        sessions.session_identity(conn, secret, at=NOW + timedelta(seconds=seconds))
    row = conn.execute("SELECT seen_at FROM core.session").fetchone()
    assert row == (NOW + timedelta(seconds=61),)


def test_only_the_hash_of_a_session_is_kept(conn: Connection, account_id: int) -> None:
    secret = sessions.open_session(conn, account_id, at=NOW)
    row = conn.execute("SELECT token_sha256 FROM core.session").fetchone()
    assert row == (sessions.digest(secret),)
    assert secret.encode() not in sessions.digest(secret)


def test_new_session_drops_the_ended_ones(conn: Connection, account_id: int) -> None:
    sessions.open_session(conn, account_id, at=NOW)
    sessions.open_session(conn, account_id, at=NOW + 31 * MINUTE)
    assert conn.execute("SELECT count(*) FROM core.session").fetchone() == (1,)


def test_link_signs_in_once_and_expires(conn: Connection, account_id: int) -> None:
    def secret() -> str:
        link = first_start.one_time_link(conn, "wang", "http://x", at=NOW)
        assert link is not None
        assert link.startswith("http://x/sign-in?once=")
        return link.split("once=")[1]

    first = secret()
    found = sessions.use_link(conn, first, at=NOW)
    assert found is not None
    assert found.account_id == account_id
    assert sessions.use_link(conn, first, at=NOW) is None
    assert sessions.use_link(conn, secret(), at=NOW + sessions.LINK_LASTS) is None
    assert sessions.use_link(conn, "never made", at=NOW) is None


def test_link_to_nobody_or_to_a_disabled_account_is_not_made(
    conn: Connection, account_id: int
) -> None:
    assert account_id
    link = first_start.one_time_link(conn, "wang", "http://x", at=NOW)
    actions.disable_account(conn, "wang", at=NOW)
    assert sessions.use_link(conn, str(link).split("once=")[1], at=NOW) is None
    assert first_start.one_time_link(conn, "wang", "http://x", at=NOW) is None
    assert first_start.one_time_link(conn, "nobody", "http://x", at=NOW) is None


def test_changed_role_acts_in_an_open_session(conn: Connection, account_id: int) -> None:
    secret = sessions.open_session(conn, account_id, at=NOW)
    actions.set_roles(conn, "wang", roles=["dispatcher"], towns=None)
    identity = sessions.session_identity(conn, secret, at=NOW)
    assert identity is not None
    assert identity.roles == ["dispatcher"]


def test_disabled_account_and_new_password_end_every_session(
    conn: Connection, account_id: int
) -> None:
    first = sessions.open_session(conn, account_id, at=NOW)
    actions.set_password(conn, "wang", PASSWORD + "!")
    assert sessions.session_identity(conn, first, at=NOW) is None
    second = sessions.open_session(conn, account_id, at=NOW)
    actions.disable_account(conn, "wang", at=NOW)
    assert sessions.session_identity(conn, second, at=NOW) is None


def test_password_that_was_checked_before_it_changed_opens_nothing(
    conn: Connection, account_id: int
) -> None:
    old = signing_in.PASSWORD_ROW.one(conn, name="wang", at=NOW).password_hash
    actions.set_password(conn, "wang", PASSWORD + "!")
    new = signing_in.PASSWORD_ROW.one(conn, name="wang", at=NOW).password_hash
    given = {"id": account_id, "at": NOW, "renewed_hash": None}
    assert signing_in.ACCEPT_PASSWORD.first(conn, **given, checked_hash=old) is None
    assert signing_in.ACCEPT_PASSWORD.first(conn, **given, checked_hash=new) == account_id


def test_token_works_until_it_expires_or_is_revoked(conn: Connection) -> None:
    token = actions.create_token(conn, roles=["viewer"], name="city", expires_at=NOW + MINUTE)
    prefix, number, secret = token.split("_", 2)
    assert prefix == "geoservice"
    identity = actions.token_identity(conn, int(number), secret, at=NOW)
    assert identity is not None
    assert (identity.roles, identity.account_id) == (["viewer"], None)
    assert actions.token_identity(conn, int(number), secret + "x", at=NOW) is None
    assert actions.token_identity(conn, int(number) + 1, secret, at=NOW) is None
    assert actions.token_identity(conn, int(number), secret, at=NOW + MINUTE) is None
    actions.revoke_token(conn, int(number), at=NOW)
    assert actions.token_identity(conn, int(number), secret, at=NOW) is None
    with pytest.raises(NotFoundError):
        actions.revoke_token(conn, int(number), at=NOW)


def test_unknown_roles_and_towns_are_refused_by_name(conn: Connection) -> None:
    with pytest.raises(UnknownNameError, match="no such role: king; there are: viewer"):
        actions.create_token(conn, roles=["king", "viewer"])
    with pytest.raises(UnknownNameError, match="no such town: 999999999"):
        actions.create_token(conn, roles=["viewer"], towns=["999999999"])
    with pytest.raises(InputError, match="at least one role"):
        actions.create_token(conn, roles=[])


@pytest.mark.parametrize("name", ["", " a", "a\n", "x" * 61, "setup", "demo", "token 1 x"])
def test_names_of_the_service_and_unreadable_ones_are_refused(conn: Connection, name: str) -> None:
    with pytest.raises(InputError):
        actions.create_account(conn, name, password=PASSWORD, roles=["viewer"])


@pytest.mark.parametrize(
    "password", ["", "short", "aaaaaaaaaaaaaaaa", "wang is my name", "x" * 201]
)
def test_weak_passwords_are_refused(conn: Connection, password: str) -> None:
    with pytest.raises(InputError):
        actions.create_account(conn, "wang", password=password, roles=["viewer"])


def test_second_account_of_a_name_is_a_conflict(conn: Connection, account_id: int) -> None:
    assert account_id
    with pytest.raises(ConflictError):
        actions.create_account(conn, "wang", password=PASSWORD, roles=["viewer"])


def test_demo_accounts_are_one_a_role_and_kept_for_the_owner_only(
    conn: Connection, tmp_path: Path
) -> None:
    lines = first_start.write_demo_accounts(conn, tmp_path)
    accounts = {a.name: a for a in actions.list_accounts(conn)}
    assert {f"demo-{role}" for role in ROLES} | {"demo"} == accounts.keys()
    assert accounts["demo"].roles == list(ROLES)
    assert not accounts["demo"].has_password
    file = tmp_path / first_start.DEMO_FILE
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    for line in lines[1:-1]:
        assert line in file.read_text("utf-8")
    assert first_start.write_demo_accounts(conn, tmp_path) == []
    assert first_start.has_admin(conn)

    assert first_start.end_demo_accounts(conn, tmp_path, at=NOW) == len(ROLES) + 1
    assert not file.exists()
    assert not first_start.has_admin(conn)
    assert first_start.one_time_link(conn, "demo", "http://x", at=NOW) is None
    again = first_start.write_demo_accounts(conn, tmp_path)
    assert again[1] != lines[1]


def test_first_admin_is_made_once_and_only_through_the_link(conn: Connection) -> None:
    first_start.set_up_link(conn, "http://x", at=NOW)
    with pytest.raises(ForbiddenError):
        first_start.make_first_admin(conn, "wang", name="wang", password=PASSWORD, at=NOW)
    first_start.make_first_admin(conn, "setup", name="wang", password=PASSWORD, at=NOW)
    assert first_start.has_admin(conn)
    with pytest.raises(ConflictError):
        first_start.make_first_admin(conn, "setup", name="li", password=PASSWORD, at=NOW)
    with pytest.raises(ConflictError):
        first_start.set_up_link(conn, "http://x", at=NOW)


def test_newer_set_up_link_ends_the_older(conn: Connection) -> None:
    old = first_start.set_up_link(conn, "http://x", at=NOW).split("once=")[1]
    new = first_start.set_up_link(conn, "http://x", at=NOW).split("once=")[1]
    assert sessions.use_link(conn, old, at=NOW) is None
    assert sessions.use_link(conn, new, at=NOW)


def test_unknown_name_costs_a_hash_of_the_same_price() -> None:
    assert not passwords.HASHER.current_hasher.check_needs_rehash(passwords.DECOY)
    assert passwords.check("anything", None) == (False, None)


def test_too_many_checks_at_once_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(passwords, "_places", passwords.threading.BoundedSemaphore(1))
    with passwords._places, pytest.raises(BusyError):
        passwords.check("anything", None)
