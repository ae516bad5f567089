"""Who asks: the actor behind a request, and the connection that acts for it.

A session cookie (people) or a token `geoservice_<id>_<secret>` (machines): `Authorization: Bearer
TOKEN`, or Basic with the token as the password, which is what desktop GIS can be told to send.
Nothing is cached, at most shared by requests that wait together: a disabled account, a changed
role or a revoked token acts at the next request.
"""

import asyncio
import re
import secrets
import time
from base64 import b64decode
from collections.abc import Collection, Coroutine, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from typing import Annotated, Any

from fastapi import Depends
from psycopg_pool import ConnectionPool
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request

from geoservice import db
from geoservice.accounts.actions import token_identity
from geoservice.accounts.grants import GRANTS_OF_TOKEN
from geoservice.accounts.last_known import last_known
from geoservice.accounts.records import Grant, Identity
from geoservice.accounts.sessions import session_identity
from geoservice.commits import commit
from geoservice.errors import SignInRequiredError, UnavailableError
from geoservice.parameters import UNSTORABLE
from geoservice.settings import Settings
from geoservice.turns import TurnsByKey

# These two see no operational data (separation of duties); every other role includes viewer.
_WITHOUT_VIEWER = {"admin", "auditor"}
_TOKEN = re.compile(r"geoservice_(\d{1,18})_([\w-]{20,100})", re.ASCII | re.IGNORECASE)

# So long somebody waits who can be answered without the database, and so long nobody does after.
_AWAY_AFTER_S, _AWAY_FOR_S = 3.0, 5.0
_REQUEST_ID = re.compile(r"[\w.:-]{1,64}", re.ASCII)


@dataclass(frozen=True)
class Actor:
    """Somebody who asks; ``roles`` include viewer where they imply it, ``towns`` None is all.

    ``grants`` are those of a partner, who has no role and sees nothing else; None: no partner.
    ``is_last_known``: the database is away, and this is whom it knew when it last answered.
    """

    account_id: int | None
    name: str
    roles: frozenset[str]
    towns: frozenset[str] | None
    token_id: int | None = None
    grants: tuple[Grant, ...] | None = None
    is_last_known: bool = False

    def has(self, role: str) -> bool:
        """Return whether the actor holds the role."""
        return role in self.roles


ANONYMOUS = Actor(None, "anonymous", frozenset(), None)


def expanded(roles: Collection[str]) -> frozenset[str]:
    """Return the roles with viewer added where one of them includes it."""
    includes_viewer = bool(set(roles) - _WITHOUT_VIEWER)
    return frozenset(roles) | (frozenset({"viewer"}) if includes_viewer else frozenset())


def pool_of(request: Request) -> ConnectionPool[db.Connection]:
    """Return the pool of connections for this request: dispatch never waits for the others."""
    is_dispatch = request.url.path.startswith("/dispatch/")
    state = request.app.state
    pool: ConnectionPool[db.Connection] = state.dispatch_pool if is_dispatch else state.pool
    return pool


def door_pool_of(request: Request) -> ConnectionPool[db.Connection]:
    """Return the pool for what comes before every answer, short always: who asks, readiness."""
    pool: ConnectionPool[db.Connection] = request.app.state.door_pool
    return pool


def settings_of(request: Request) -> Settings:
    """Return the application's settings."""
    settings: Settings = request.app.state.settings
    return settings


def cookie_name(settings: Settings) -> str:
    """Return the cookie's name; browsers take `__Host-` only over https and for this host alone."""
    return "__Host-sid" if is_https(settings) else "sid"


def is_https(settings: Settings) -> bool:
    """Return whether people reach the service by https."""
    return settings.public_url.startswith("https://")


def session_secret(request: Request) -> str | None:
    """Return what the session cookie holds."""
    return request.cookies.get(cookie_name(settings_of(request)))


async def current_actor(request: Request) -> Actor:
    """Return who asks, found once a request.

    Raises
    ------
    SignInRequiredError
        The Authorization header is not that of a valid token. (An ended session is anonymous.)
    """
    known: Actor | None = getattr(request.state, "actor", None)
    if known is None:
        known = request.state.actor = await _found(request)
    return known


async def current_or_last_actor(request: Request) -> Actor:
    """Return who asks; while the database is away, the dispatcher that this was when it answered.

    Raises
    ------
    SignInRequiredError
        The Authorization header is not that of a valid token.
    UnavailableError
        The database is away, and this was no dispatcher when it last answered.
    """
    state = request.app.state
    if time.monotonic() >= getattr(state, "away_until", 0.0):
        try:
            return await _soon(current_actor(request))
        except (UnavailableError, TimeoutError):
            state.away_until = time.monotonic() + _AWAY_FOR_S
    header, now = request.headers.get("authorization"), datetime.now(UTC)
    parts = None if header is None else _TOKEN.fullmatch(_sent_token(header))
    secret = parts[2] if parts else session_secret(request) or ""
    known = last_known(settings_of(request).home, secret, at=now)
    if known is None:
        raise UnavailableError("the database does not answer", zh="数据库没有响应")
    towns = None if known.towns is None else frozenset(known.towns)
    actor = Actor(None, known.name, expanded(["dispatcher"]), towns, is_last_known=True)
    request.state.actor = actor
    return actor


async def _soon(asked: Coroutine[Any, Any, Actor]) -> Actor:
    """Return who it is, if the database says so soon: one that hangs is as good as away.

    Raises
    ------
    TimeoutError
        It did not; what was asked is left to itself, for a thread cannot be called back.
    """
    asking = asyncio.ensure_future(asked)
    asking.add_done_callback(lambda it: it.cancelled() or it.exception())  # looked at, if late
    return await asyncio.wait_for(asyncio.shield(asking), _AWAY_AFTER_S)


async def _found(request: Request) -> Actor:
    header, secret = request.headers.get("authorization"), session_secret(request)
    if header is None and not secret:
        return ANONYMOUS
    # A map asks for tiles by the hundred; those that wait together are of one identity.
    asking: TurnsByKey[Actor] = request.app.state.identities
    key = f"session {secret}" if header is None else f"header {header}"
    return await asking.answer(key, partial(run_in_threadpool, _identified, request))


def _identified(request: Request) -> Actor:
    header = request.headers.get("authorization")
    now = datetime.now(UTC)
    with db.pooled(door_pool_of(request)) as conn:
        if header is not None:
            identity = _token_identity(conn, header, now)
            if identity.is_partner:
                return _partner(identity, GRANTS_OF_TOKEN.all(conn, token_id=identity.token_id))
            return _of(identity)
        found = session_identity(conn, session_secret(request) or "", at=now)
    return ANONYMOUS if found is None else _of(found)


def _token_identity(conn: db.Connection, header: str, now: datetime) -> Identity:
    parts = _TOKEN.fullmatch(_sent_token(header))
    identity = token_identity(conn, int(parts[1]), parts[2], at=now) if parts else None
    if identity is None:
        raise SignInRequiredError(
            "the token is unknown, expired or revoked: "
            "send `Authorization: Bearer geoservice_...` as `geoservice token create` printed it, "
            "or Basic with the token as the password",
            zh="令牌不存在、已过期或已撤销：请按 geoservice token create 输出的内容发送 "
            "Authorization: Bearer geoservice_...，或以令牌为密码作 Basic 认证",
        )
    return identity


def _sent_token(header: str) -> str:
    """Return what may be a token: QGIS 3.22 and ArcGIS can be given a name and a password only."""
    scheme, _, value = header.strip().partition(" ")
    if scheme.lower() == "bearer":
        return value
    if scheme.lower() != "basic":
        return ""
    try:
        return b64decode(value, validate=True).decode("utf-8").partition(":")[2]
    except ValueError:  # neither base64 nor text
        return ""


def _of(identity: Identity) -> Actor:
    return Actor(
        account_id=identity.account_id,
        name=identity.name,
        roles=expanded(identity.roles),
        towns=None if identity.towns is None else frozenset(identity.towns),
        token_id=identity.token_id,
    )


def _partner(identity: Identity, grants: list[Grant]) -> Actor:
    return Actor(
        None, identity.name, frozenset(), None, token_id=identity.token_id, grants=tuple(grants)
    )


Who = Annotated[Actor, Depends(current_actor)]


def connection(request: Request, who: Who) -> Iterator[db.Connection]:
    """Lend a connection for one transaction in the actor's name.

    To be declared ``Depends(connection, scope="function")``: with the default scope the commit
    runs after the answer, and a failed one would still say 200.
    """
    with acting(request, who) as conn:
        yield conn


@contextmanager
def acting(request: Request, who: Actor) -> Iterator[db.Connection]:
    """Lend a connection for one transaction in the actor's name, committed at the end.

    Raises
    ------
    OutcomeUnknownError
        The database was lost while what was changed was committed.
    """
    with db.pooled(pool_of(request)) as conn:
        if request.method in ("GET", "HEAD"):
            db.set_actor(conn, who.name)
            yield conn
            return
        db.set_request(conn, who.name, **_circumstances(request))
        yield conn
        commit(conn)


def _circumstances(request: Request) -> dict[str, str]:
    """By which request, from where and why something is changed, for the audit."""
    said = request.headers.get("x-request-id", "")
    return {
        "request_id": said if _REQUEST_ID.fullmatch(said) else secrets.token_hex(8),
        "address": request.client.host if request.client else "",
        # What cannot be stored is refused by the route's own model, which is read after this.
        "reason": UNSTORABLE.sub("", request.query_params.get("reason", ""))[:500],
    }


Conn = Annotated[db.Connection, Depends(connection, scope="function")]
