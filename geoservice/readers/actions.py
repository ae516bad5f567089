"""Make, list and end the logins that read the schema `shared` of the database."""

import re
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from psycopg import errors as pg

from geoservice.db import Connection, Query
from geoservice.errors import ConflictError, ForbiddenError, InputError, NotFoundError

_NAME = re.compile(r"[a-z][a-z0-9_]{2,40}", re.ASCII)
_RESERVED = ("pg_", "postgres", "geoservice_")


@dataclass(frozen=True)
class Reader:
    """One login: how many connections it may have, and has."""

    name: str
    most_connections: int
    connections: int


@dataclass(frozen=True)
class Listening:
    """Where the database listens besides its socket; ``addresses`` empty: nowhere."""

    addresses: str
    port: int
    database: str


LISTENING = Query("readers", "listening", Listening)
CONFINE_READERS = Query("readers", "confine_readers", str)
ACT_AS_ONESELF = Query("readers", "act_as_oneself", str)
READERS = Query("readers", "readers", Reader)
ROLE_EXISTS = Query("readers", "role_exists", bool)
MAKE_READER = Query("readers", "make_reader", str)
SET_PASSWORD = Query("readers", "set_password", str)
DROP_READER = Query("readers", "drop_reader", str)


def create_reader(conn: Connection, name: str) -> str:
    """Make a login and return its password, the only time it can be read.

    Raises
    ------
    InputError
        The name is not a plain one.
    ConflictError
        The database has a role of that name.
    ForbiddenError
        The database user may not make roles.
    """
    if not _NAME.fullmatch(name) or name.startswith(_RESERVED):
        raise InputError(
            f"name {name!r}: 3 to 41 small letters, digits and _, beginning with a letter, "
            f"and not {', '.join(_RESERVED)}",
            zh=f"名称 {name!r}：须为 3 到 41 个小写字母、数字或下划线，字母开头，"
            f"且不以 {'、'.join(_RESERVED)} 开头",
            where="name",
        )
    with _by_oneself(conn):
        if ROLE_EXISTS.one(conn, name=name):
            raise ConflictError(
                f"the database has a role {name} already", zh=f"数据库已有角色 {name}", where="name"
            )
        password = secrets.token_urlsafe(18)
        MAKE_READER.one(conn, name=name, verifier=_verifier(conn, name, password))
        CONFINE_READERS.one(conn)
    return password


def list_readers(conn: Connection) -> list[Reader]:
    """Return every login that reads the schema `shared`, by name."""
    return READERS.all(conn)


def renew_password(conn: Connection, name: str) -> str:
    """Give a login a new password and return it.

    Raises
    ------
    NotFoundError, ForbiddenError
        There is no such login; the database user may not change it.
    """
    with _by_oneself(conn):
        _require(conn, name)
        password = secrets.token_urlsafe(18)
        SET_PASSWORD.one(conn, name=name, verifier=_verifier(conn, name, password))
    return password


def drop_reader(conn: Connection, name: str) -> None:
    """End a login and its connections.

    Raises
    ------
    NotFoundError, ForbiddenError
        There is no such login; the database user may not end it.
    """
    with _by_oneself(conn):
        _require(conn, name)
        DROP_READER.one(conn, name=name)


def _require(conn: Connection, name: str) -> None:
    if name not in {one.name for one in list_readers(conn)}:
        raise NotFoundError(f"there is no reader {name}", zh=f"没有只读用户 {name}", where="name")


def _verifier(conn: Connection, name: str, password: str) -> str:
    made = conn.pgconn.encrypt_password(password.encode(), name.encode(), b"scram-sha-256")
    return made.decode()


@contextmanager
def _by_oneself(conn: Connection) -> Iterator[None]:
    ACT_AS_ONESELF.one(conn)
    try:
        yield
    except pg.InsufficientPrivilege as error:
        raise ForbiddenError(
            f"the database user {conn.info.user} may not make roles: give it CREATEROLE and the "
            "membership of geoservice_read WITH ADMIN OPTION, or run this as an administrator of "
            "the database",
            zh=f"数据库用户 {conn.info.user} 无权管理角色：请授予 CREATEROLE 及 geoservice_read 的 "
            "ADMIN OPTION，或以数据库管理员运行",
        ) from error
