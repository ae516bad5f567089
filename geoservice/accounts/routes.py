"""Sign in, sign out, who am I, and the first administrator."""

import re
from datetime import UTC, datetime
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Query
from pydantic import Field
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from geoservice import auth
from geoservice.accounts import first_start, sessions, signing_in
from geoservice.accounts.records import SETUP_NAME, DistrictCard
from geoservice.auth import Conn, Who
from geoservice.db import Query as Statement
from geoservice.db import pooled, set_actor
from geoservice.errors import ForbiddenError
from geoservice.origins import is_from_here
from geoservice.pages import page
from geoservice.parameters import Body, NoQuery, Parameters

router = APIRouter(tags=["accounts"])

DISTRICT_CARD = Statement("accounts", "district_card", DistrictCard)
# A path of ours: one slash first, no second slash or backslash that would name another host.
_LOCAL_PATH = re.compile(r"/(?![/\\])[!-\[\]-~]*")


class SignInQuery(Parameters):
    """What the sign-in page may be opened with."""

    once: str | None = Field(default=None, max_length=100)
    next: str = Field(default="/", max_length=2000)
    reason: Literal["link", "insecure", "setup"] | None = None


class Credentials(Body):
    """A name and its password."""

    name: str = Field(min_length=1, max_length=60)
    password: str = Field(min_length=1, max_length=200)


@router.get("/sign-in", include_in_schema=False)
def sign_in_page(request: Request, query: Annotated[SignInQuery, Query()]) -> Response:
    """Answer the page, or use up a one-time link and go on to the map."""
    if query.once is None:
        return page(request, "sign-in.html")
    if not _may_sign_in(request):
        return RedirectResponse("/sign-in?reason=insecure", 303)
    now = datetime.now(UTC)
    with pooled(auth.pool_of(request)) as conn:
        identity = sessions.use_link(conn, query.once, at=now)
        if identity is None or identity.account_id is None:
            return RedirectResponse("/sign-in?reason=link", 303)
        set_actor(conn, identity.name)
        secret = sessions.open_session(conn, identity.account_id, at=now)
    target = query.next if _LOCAL_PATH.fullmatch(query.next) else "/"
    response = RedirectResponse(
        "/sign-in?reason=setup" if identity.name == SETUP_NAME else target, 303
    )
    return _with_cookie(request, response, secret)


@router.post("/sign-in", summary="登录 · sign in", status_code=204)
def sign_in(request: Request, credentials: Credentials, _: Annotated[NoQuery, Query()]) -> Response:
    """Open a session by name and password; the cookie is its only trace in the browser."""
    _refuse_insecure(request)
    secret = signing_in.sign_in(
        auth.pool_of(request), credentials.name, credentials.password, at=datetime.now(UTC)
    )
    return _with_cookie(request, Response(status_code=204), secret)


@router.post("/sign-out", summary="退出 · sign out", status_code=204)
def sign_out(request: Request, conn: Conn, _: Annotated[NoQuery, Query()]) -> Response:
    """End the session."""
    sessions.close_session(conn, auth.session_secret(request) or "")
    response = Response(status_code=204)
    settings = auth.settings_of(request)
    response.delete_cookie(
        auth.cookie_name(settings), secure=auth.is_https(settings), httponly=True, samesite="lax"
    )
    return response


@router.get("/session", summary="当前身份与行政区 · who asks, which district")
def session(
    conn: Conn, who: Who, response: Response, _: Annotated[NoQuery, Query()]
) -> dict[str, Any]:
    """Say who asks and which district this is: the state of the page."""
    response.headers["Cache-Control"] = "no-store"
    card = DISTRICT_CARD.first(conn)
    return {
        "name": who.name if who.roles else None,
        "roles": sorted(who.roles),
        "towns": None if who.towns is None else sorted(who.towns),
        "demo": card is not None and card.is_demo,
        "setup": who.account_id is not None and who.name == SETUP_NAME,
        "district": card
        and {
            "name": card.name,
            "code": card.code,
            "bbox": card.bbox,
            "time_zone": card.time_zone,
        },
    }


@router.post("/accounts/first", summary="首个管理员 · the first administrator", status_code=204)
def first_admin(
    conn: Conn, who: Who, credentials: Credentials, _: Annotated[NoQuery, Query()]
) -> None:
    """Make the first administrator, once, for who came by the set-up link."""
    first_start.make_first_admin(
        conn,
        who.name,
        name=credentials.name,
        password=credentials.password,
        at=datetime.now(UTC),
    )


def _may_sign_in(request: Request) -> bool:
    """Passwords and cookies travel by https, or not beyond this machine."""
    return auth.is_https(auth.settings_of(request)) or is_from_here(request)


def _refuse_insecure(request: Request) -> None:
    if not _may_sign_in(request):
        raise ForbiddenError(
            "signing in from another machine over plain http is refused, because the password "
            "could be read on the way: put a TLS proxy in front and set GEOSERVICE_PUBLIC_URL to "
            "its https address",
            zh="拒绝从其他计算机经明文 http 登录，因为密码可能在途中被截获：请在前面设置 TLS 代理，"
            "并把 GEOSERVICE_PUBLIC_URL 设为它的 https 地址",
        )


def _with_cookie(request: Request, response: Response, secret: str) -> Response:
    settings = auth.settings_of(request)
    response.set_cookie(
        auth.cookie_name(settings),
        secret,
        max_age=int(sessions.ABSOLUTE.total_seconds()),
        path="/",
        secure=auth.is_https(settings),
        httponly=True,
        samesite="lax",
    )
    response.headers["Cache-Control"] = "no-store"
    return response
