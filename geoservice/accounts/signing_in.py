"""Sign-in by name and password.

The one action that takes the pool and commits by itself: a failure must be kept although the
answer is an error, and no connection may wait for the hash.
"""

from datetime import datetime, timedelta

from psycopg_pool import ConnectionPool

from geoservice.accounts import passwords
from geoservice.accounts.records import PasswordRow
from geoservice.accounts.sessions import open_session
from geoservice.db import Connection, Query, pooled, set_actor
from geoservice.errors import SignInRequiredError

FAILURES = 5
LOCKED_FOR = timedelta(minutes=15)

PASSWORD_ROW = Query("accounts", "password_row", PasswordRow)
HURRY_COMMIT = Query("accounts", "hurry_commit", str)
COUNT_FAILURE = Query("accounts", "count_failure", int)
ACCEPT_PASSWORD = Query("accounts", "accept_password", int)


def sign_in(pool: ConnectionPool[Connection], name: str, password: str, *, at: datetime) -> str:
    """Return the secret of a new session.

    Raises
    ------
    SignInRequiredError
        Wrong, unknown, locked, disabled or without password: one answer for all of them, after
        the same work.
    BusyError
        Too many sign-ins are waiting.
    """
    with pooled(pool) as conn:
        row = PASSWORD_ROW.first(conn, name=name, at=at)
    known_hash = row.password_hash if row is not None and row.is_open else None
    is_right, renewed_hash = passwords.check(password, known_hash)
    with pooled(pool) as conn:
        set_actor(conn, name)
        if is_right and row is not None:
            # Asked again: guesses sent side by side must not outrun the lock, nor an old password
            # the new one.
            accepted = ACCEPT_PASSWORD.first(
                conn, id=row.id, at=at, checked_hash=known_hash, renewed_hash=renewed_hash
            )
            if accepted is not None:
                return open_session(conn, accepted, at=at)
        HURRY_COMMIT.one(conn)
        COUNT_FAILURE.run(conn, name=name, at=at, most=FAILURES, locked_until=at + LOCKED_FOR)
    raise SignInRequiredError(
        "the name or the password is wrong; after "
        f"{FAILURES} failures an account is locked for {LOCKED_FOR.seconds // 60} minutes",
        zh=f"账户名或密码不正确；连续 {FAILURES} 次失败后账户锁定 {LOCKED_FOR.seconds // 60} 分钟",
    )
