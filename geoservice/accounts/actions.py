"""Accounts and API tokens: make, list, change, end."""

import secrets
from collections.abc import Collection, Sequence
from datetime import datetime

from geoservice.accounts import passwords, sessions
from geoservice.accounts.records import DEMO_NAME, ROLES, SETUP_NAME, Account, Identity, Token
from geoservice.db import Connection, Query
from geoservice.errors import ConflictError, InputError, NotFoundError, UnknownNameError

_LONGEST_NAME = 60

ADD_ACCOUNT = Query("accounts", "add_account", int)
ACCOUNTS = Query("accounts", "accounts", Account)
SET_PASSWORD = Query("accounts", "set_password", int)
DISABLE_ACCOUNT = Query("accounts", "disable_account", int)
ENABLE_ACCOUNT = Query("accounts", "enable_account", int)
SET_ROLES = Query("accounts", "set_roles", int)
ADD_TOKEN = Query("accounts", "add_token", int)
TOKENS = Query("accounts", "tokens", Token)
TOKEN_IDENTITY = Query("accounts", "token_identity", Identity)
REVOKE_TOKEN = Query("accounts", "revoke_token", int)
TOWN_CODES = Query("accounts", "town_codes", str)


def create_account(
    conn: Connection,
    name: str,
    *,
    password: str,
    roles: Collection[str],
    towns: Collection[str] | None = None,
) -> int:
    """Make an account and return its id; ``towns`` None means all of them.

    Raises
    ------
    InputError
        The name or the password is not acceptable, or there is no role.
    UnknownNameError
        A role or town that does not exist.
    ConflictError
        The name is taken.
    """
    _check_name(name)
    scope = _checked_scope(conn, roles, towns)
    if any(account.name == name for account in list_accounts(conn)):
        raise ConflictError(
            f"the account {name} exists already", zh=f"账户 {name} 已存在", where="name"
        )
    password_hash = passwords.hashed(password, name=name)
    return ADD_ACCOUNT.one(conn, name=name, password_hash=password_hash, is_demo=False, **scope)


def list_accounts(conn: Connection) -> list[Account]:
    """Return every account, by name."""
    return ACCOUNTS.all(conn)


def set_password(conn: Connection, name: str, password: str) -> None:
    """Give an account a new password; it is signed out everywhere.

    Raises
    ------
    NotFoundError, InputError
        There is no such account; the password is not acceptable.
    """
    password_hash = passwords.hashed(password, name=name)
    account_id = SET_PASSWORD.first(conn, name=name, password_hash=password_hash)
    sessions.end_everywhere(conn, _found(account_id, name))


def set_roles(
    conn: Connection, name: str, *, roles: Collection[str], towns: Collection[str] | None
) -> None:
    """Change what an account may do and where; open sessions feel it at once.

    Raises
    ------
    NotFoundError, UnknownNameError
        There is no such account, role or town.
    """
    _found(SET_ROLES.first(conn, name=name, **_checked_scope(conn, roles, towns)), name)


def disable_account(conn: Connection, name: str, *, at: datetime) -> None:
    """Close an account; its sessions end at once.

    Raises
    ------
    NotFoundError
        There is no such account.
    """
    account_id = DISABLE_ACCOUNT.first(conn, name=name, at=at)
    sessions.end_everywhere(conn, _found(account_id, name))


def enable_account(conn: Connection, name: str) -> None:
    """Open a disabled or locked account again.

    Raises
    ------
    NotFoundError
        There is no such account.
    """
    _found(ENABLE_ACCOUNT.first(conn, name=name), name)


def create_token(
    conn: Connection,
    *,
    roles: Collection[str],
    towns: Collection[str] | None = None,
    name: str = "",
    expires_at: datetime | None = None,
) -> str:
    """Make an API token and return it, the only time it can be read.

    Raises
    ------
    InputError, UnknownNameError
        No role; a role or town that does not exist; an unreadable name.
    """
    if name:
        _check_readable(name)
    scope = _checked_scope(conn, roles, towns)
    secret = secrets.token_urlsafe(32)
    token_id = ADD_TOKEN.one(
        conn,
        sha256=sessions.digest(secret),
        name=name or "+".join(scope["roles"] or ()),
        expires_at=expires_at,
        **scope,
    )
    return f"geoservice_{token_id}_{secret}"


def token_identity(
    conn: Connection, token_id: int, secret: str, *, at: datetime
) -> Identity | None:
    """Return whom a token stands for; None when it is unknown, expired or revoked."""
    return TOKEN_IDENTITY.first(conn, id=token_id, sha256=sessions.digest(secret), at=at)


def list_tokens(conn: Connection) -> list[Token]:
    """Return every token, without its secret."""
    return TOKENS.all(conn)


def revoke_token(conn: Connection, token_id: int, *, at: datetime) -> None:
    """End a token at once.

    Raises
    ------
    NotFoundError
        There is no such token, or it is revoked already.
    """
    if REVOKE_TOKEN.first(conn, id=token_id, at=at) is None:
        raise NotFoundError(
            f"there is no token {token_id} that is not revoked",
            zh=f"没有编号为 {token_id} 的有效令牌",
        )


def _found(account_id: int | None, name: str) -> int:
    if account_id is None:
        raise NotFoundError(f"there is no account {name}", zh=f"没有账户 {name}", where="name")
    return account_id


def _check_readable(name: str) -> None:
    if not name or len(name) > _LONGEST_NAME or name != name.strip() or not name.isprintable():
        raise InputError(
            f"a name has 1 to {_LONGEST_NAME} printable characters, and no space around",
            zh=f"名称为 1 到 {_LONGEST_NAME} 个可见字符，首尾不能有空格",
            where="name",
        )


def _check_name(name: str) -> None:
    _check_readable(name)
    if name in {SETUP_NAME, DEMO_NAME} or name.startswith(("token ", "cli:", "geoservice ")):
        raise InputError(
            f"the name {name} is the service's own: take another",
            zh=f"账户名 {name} 由系统保留，请换一个",
            where="name",
        )


def _checked_scope(
    conn: Connection, roles: Collection[str], towns: Collection[str] | None
) -> dict[str, Sequence[str] | None]:
    """Return the roles and towns as stored, each known and once."""
    if not roles:
        raise InputError(
            f"at least one role is needed: {', '.join(ROLES)}",
            zh=f"至少需要一个角色：{'、'.join(ROLES)}",
            where="role",
        )
    _refuse_unknown("role", "角色", set(roles) - set(ROLES), list(ROLES))
    if towns is not None:
        known = TOWN_CODES.all(conn)
        _refuse_unknown("town", "乡镇代码", set(towns) - set(known), known)
    return {
        "roles": [role for role in ROLES if role in roles],
        "towns": None if towns is None else sorted(set(towns)),
    }


def _refuse_unknown(what: str, what_zh: str, unknown: set[str], known: list[str]) -> None:
    if unknown:
        names = ", ".join(sorted(unknown))
        raise UnknownNameError(
            f"no such {what}: {names}; there are: {', '.join(known) or 'none yet'}",
            zh=f"没有这样的{what_zh}：{names}；现有：{'、'.join(known) or '无'}",
            where=what,
        )
