"""How the first person comes in: the demonstration's accounts, or the link that makes an admin.

No default password exists: each is random, printed once and kept in a file of its owner's.
"""

import os
import secrets
from datetime import datetime
from pathlib import Path

from geoservice.accounts import actions, passwords, sessions
from geoservice.accounts.records import DEMO_NAME, ROLES, SETUP_NAME
from geoservice.db import Connection, Query
from geoservice.errors import ConflictError, ForbiddenError, SetupError

DEMO_FILE = "demo-accounts.txt"

RENEW_ACCOUNT = Query("accounts", "renew_account", int)
END_DEMO_ACCOUNTS = Query("accounts", "end_demo_accounts", int)
OPEN_ACCOUNT = Query("accounts", "open_account", int)
HAS_ADMIN = Query("accounts", "has_admin", bool)
DEMO_IS_OPEN = Query("accounts", "demo_is_open", bool)


def write_demo_accounts(conn: Connection, home: Path) -> list[str]:
    """Make one demonstration account a role, with random passwords kept in ``home``.

    Returns
    -------
    lines
        Names and passwords, to be printed this once; empty when the accounts are there already.

    Raises
    ------
    SetupError
        The file cannot be written.
    """
    if DEMO_IS_OPEN.one(conn):
        return []
    lines = ["演示账户（仅显示这一次） · demonstration accounts, shown this once:"]
    for role in ROLES:
        name, password = f"{DEMO_NAME}-{role}", secrets.token_urlsafe(12)
        password_hash = passwords.hashed(password, name=name)
        RENEW_ACCOUNT.one(conn, name=name, password_hash=password_hash, roles=[role], is_demo=True)
        lines.append(f"  {name:<16} {password}")
    RENEW_ACCOUNT.one(conn, name=DEMO_NAME, password_hash=None, roles=list(ROLES), is_demo=True)
    path = home / DEMO_FILE
    _write_for_owner_only(path, "\n".join(lines) + "\n")
    return [*lines, f"  也存于 · also kept in {path} (0600)"]


def end_demo_accounts(conn: Connection, home: Path, *, at: datetime) -> int:
    """Close the demonstration's accounts, sign them out, forget their passwords; return how many.

    Raises
    ------
    SetupError
        The file of passwords cannot be removed.
    """
    ended = END_DEMO_ACCOUNTS.all(conn, at=at)
    for account_id in ended:
        sessions.end_everywhere(conn, account_id)
    try:
        (home / DEMO_FILE).unlink(missing_ok=True)
    except OSError as error:
        raise _unwritable(home / DEMO_FILE, error) from error
    return len(ended)


def one_time_link(conn: Connection, account: str, public_url: str, *, at: datetime) -> str | None:
    """Return an address that signs in once as ``account``; None when no such account is open."""
    account_id = OPEN_ACCOUNT.first(conn, name=account)
    if account_id is None:
        return None
    return sessions.make_link(conn, account_id, public_url, at=at)


def has_admin(conn: Connection) -> bool:
    """Return whether somebody can administer."""
    return HAS_ADMIN.one(conn, setup=SETUP_NAME)


def set_up_link(conn: Connection, public_url: str, *, at: datetime) -> str:
    """Return an address that leads once to making the first administrator.

    Raises
    ------
    ConflictError
        There is an administrator.
    """
    _refuse_second_admin(conn)
    account_id = RENEW_ACCOUNT.one(
        conn, name=SETUP_NAME, password_hash=None, roles=["admin"], is_demo=False
    )
    # A link of an earlier start, perhaps in somebody's scroll-back, ends with the new one.
    sessions.end_everywhere(conn, account_id)
    return sessions.make_link(conn, account_id, public_url, at=at)


def make_first_admin(
    conn: Connection, asker: str, *, name: str, password: str, at: datetime
) -> None:
    """Make the first administrator and end the set-up account, in one transaction.

    Raises
    ------
    ForbiddenError
        ``asker`` did not come by the set-up link.
    ConflictError
        There is an administrator.
    InputError
        The name or the password is not acceptable.
    """
    if asker != SETUP_NAME:
        raise ForbiddenError(
            "the first administrator is made through the set-up link only",
            zh="只能通过初始设置链接建立首个管理员",
        )
    # First, because it locks the row: of two who ask at once the second waits, and is refused.
    actions.disable_account(conn, SETUP_NAME, at=at)
    _refuse_second_admin(conn)
    actions.create_account(conn, name, password=password, roles=["admin"])


def _refuse_second_admin(conn: Connection) -> None:
    if has_admin(conn):
        raise ConflictError("there is an administrator already", zh="已有管理员")


def _write_for_owner_only(path: Path, text: str) -> None:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.unlink(missing_ok=True)
        # Created with the mode: never readable by others, not even between two calls.
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "w", encoding="utf-8") as file:
            file.write(text)
    except OSError as error:
        raise _unwritable(path, error) from error


def _unwritable(path: Path, error: OSError) -> SetupError:
    return SetupError(
        f"{path}: cannot be written: {error.strerror}",
        zh=f"{path}：无法写入：{error.strerror}",
        where="GEOSERVICE_HOME",
    )
