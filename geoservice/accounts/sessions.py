"""Sessions and one-time links: random secrets of which the database keeps only the SHA-256."""

import hashlib
import secrets
from datetime import datetime, timedelta

from geoservice.accounts.records import Identity
from geoservice.db import Connection, Query

ABSOLUTE = timedelta(hours=12)
IDLE = timedelta(minutes=30)
TOUCH_EVERY = timedelta(minutes=1)
LINK_LASTS = timedelta(hours=12)

OPEN_SESSION = Query("accounts", "open_session", Identity)
SESSION_IDENTITY = Query("accounts", "session_identity", Identity)
TOUCH_SESSION = Query("accounts", "touch_session", Identity)
CLOSE_SESSION = Query("accounts", "close_session", Identity)
CLOSE_SESSIONS_OF = Query("accounts", "close_sessions_of", Identity)
DROP_STALE_SESSIONS = Query("accounts", "drop_stale_sessions", Identity)
ADD_LINK = Query("accounts", "add_link", Identity)
USE_LINK = Query("accounts", "use_link", Identity)
DROP_STALE_LINKS = Query("accounts", "drop_stale_links", Identity)
DROP_LINKS_OF = Query("accounts", "drop_links_of", Identity)


def digest(secret: str) -> bytes:
    """Return what is kept of a secret; 256 random bits need no slow hash."""
    return hashlib.sha256(secret.encode()).digest()


def new_secret() -> str:
    """Return 256 random bits as text for a cookie or an address."""
    return secrets.token_urlsafe(32)


def open_session(conn: Connection, account_id: int, *, at: datetime) -> str:
    """Open a session, drop the ones that ended, and return the secret for the cookie."""
    secret = new_secret()
    DROP_STALE_SESSIONS.run(conn, at=at, idle_since=at - IDLE)
    OPEN_SESSION.run(
        conn, sha256=digest(secret), account_id=account_id, at=at, expires_at=at + ABSOLUTE
    )
    return secret


def session_identity(conn: Connection, secret: str, *, at: datetime) -> Identity | None:
    """Return whose session this is, seen again now; None when it ended or never was."""
    sha256 = digest(secret)
    identity = SESSION_IDENTITY.first(conn, sha256=sha256, at=at, idle_since=at - IDLE)
    if identity is not None:
        TOUCH_SESSION.run(conn, sha256=sha256, at=at, touch_before=at - TOUCH_EVERY)
    return identity


def close_session(conn: Connection, secret: str) -> None:
    """End a session; one that is not there is no error."""
    CLOSE_SESSION.run(conn, sha256=digest(secret))


def end_everywhere(conn: Connection, account_id: int) -> None:
    """End every session of an account and every link to it."""
    CLOSE_SESSIONS_OF.run(conn, account_id=account_id)
    DROP_LINKS_OF.run(conn, account_id=account_id)


def make_link(conn: Connection, account_id: int, public_url: str, *, at: datetime) -> str:
    """Return an address that signs in as the account once, within ``LINK_LASTS``."""
    secret = new_secret()
    DROP_STALE_LINKS.run(conn, at=at)
    ADD_LINK.run(conn, sha256=digest(secret), account_id=account_id, expires_at=at + LINK_LASTS)
    return f"{public_url}/sign-in?once={secret}"


def use_link(conn: Connection, secret: str, *, at: datetime) -> Identity | None:
    """Return whose link this is and use it up; None when it is used, expired or unknown."""
    return USE_LINK.first(conn, sha256=digest(secret), at=at)
