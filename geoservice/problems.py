"""Every refusal as problem+json (RFC 9457), in both languages, from one table.

What is ours to say comes from the error; a database's or library's own words go to the log, under
an incident number that the answer carries.
"""

import logging
import secrets
from dataclasses import dataclass
from typing import Any

import psycopg
from fastapi import FastAPI
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from geoservice import errors
from geoservice.complaints import complaints

LOG = logging.getLogger("geoservice.problems")
MEDIA_TYPE = "application/problem+json"
RETRY_AFTER_S = 2


@dataclass(frozen=True)
class Kind:
    """A kind of problem: what a program can tell apart."""

    status: int
    slug: str
    zh: str
    en: str


KINDS: dict[type[errors.GeoServiceError], Kind] = {
    errors.GeoServiceError: Kind(500, "internal", "服务内部错误", "Internal error"),
    errors.SetupError: Kind(500, "setup", "服务安装不完整", "The service is not set up"),
    errors.InputError: Kind(400, "invalid-input", "输入有误", "Invalid input"),
    errors.UnknownNameError: Kind(400, "unknown-name", "名称不存在", "Unknown name"),
    errors.DatumError: Kind(400, "datum", "坐标基准有误", "Datum missing or not usable"),
    errors.GeometryError: Kind(400, "geometry", "图形有误", "Invalid geometry"),
    errors.FileError: Kind(400, "file", "文件无法读取", "Unreadable file"),
    errors.OutsideDistrictError: Kind(
        400, "outside-district", "超出服务范围", "Outside the district"
    ),
    errors.RecordError: Kind(422, "invalid-record", "记录有误", "Invalid record"),
    errors.KeyReusedError: Kind(422, "key-reused", "请求标识重复使用", "Idempotency-Key reused"),
    errors.NotFoundError: Kind(404, "not-found", "没有找到", "Not found"),
    errors.SignInRequiredError: Kind(401, "sign-in-required", "需要登录", "Sign-in required"),
    errors.ForbiddenError: Kind(403, "forbidden", "没有权限", "Not allowed"),
    errors.ConflictError: Kind(409, "conflict", "与现状冲突", "Conflict with the present state"),
    errors.VersionError: Kind(412, "changed-meanwhile", "记录已被他人修改", "Changed meanwhile"),
    errors.ExpiredTokenError: Kind(410, "token-expired", "增量标记已失效", "Token expired"),
    errors.VersionMissingError: Kind(428, "version-missing", "缺少版本", "Version missing"),
    errors.NoDistrictError: Kind(409, "no-district", "尚未设定行政区", "No district yet"),
    errors.NoTerrainError: Kind(409, "no-terrain", "尚未导入地形", "No terrain yet"),
    errors.BusyError: Kind(429, "busy", "请求过多", "Too many requests"),
    errors.UnavailableError: Kind(503, "unavailable", "暂时无法服务", "Temporarily unavailable"),
    errors.CrowdedError: Kind(503, "crowded", "数据库繁忙", "The database is busy"),
    errors.NoPdfError: Kind(503, "no-pdf", "无法生成 PDF", "No PDF can be made"),
    errors.OutcomeUnknownError: Kind(503, "outcome-unknown", "结果未知", "Outcome unknown"),
}
QUERY = Kind(400, "invalid-parameter", "参数有误", "Invalid parameter")
BODY = Kind(422, "invalid-body", "请求内容有误", "Invalid request body")

# What the web framework refuses by itself, with the sentence that says what would be right.
HTTP: dict[int, tuple[Kind, str, str]] = {
    400: (Kind(400, "bad-request", "请求有误", "Bad request"),
          "请求无法解析", "the request cannot be read"),
    404: (KINDS[errors.NotFoundError], "该地址没有内容", "there is nothing at this address"),
    405: (Kind(405, "method-not-allowed", "不支持此方法", "Method not allowed"),
          "该地址不支持此方法", "this address does not take this method"),
    408: (Kind(408, "too-slow", "接收超时", "Request timeout"),
          "请求内容未在 60 秒内到达", "the request body did not arrive within a minute"),
    413: (Kind(413, "too-large", "内容过大", "Content too large"),
          "请求内容超过上限", "the request body is over the limit"),
    415: (Kind(415, "media-type", "媒体类型不支持", "Unsupported media type"),
          "不支持此媒体类型", "this media type is not taken here"),
}  # fmt: skip
ALL_KINDS = (*KINDS.values(), QUERY, BODY, *(kind for kind, _, _ in HTTP.values()))


def problem(kind: Kind, zh: str, en: str, **more: Any) -> JSONResponse:
    """Return the answer for one problem; ``more`` are further members."""
    members = {
        "type": f"/problems/{kind.slug}",
        "status": kind.status,
        "title": kind.en,
        "title_zh": kind.zh,
        "detail": en,
        "detail_zh": zh,
        **more,
    }
    return JSONResponse(members, kind.status, _headers(kind), media_type=MEDIA_TYPE)


def _headers(kind: Kind) -> dict[str, str]:
    headers = {"Cache-Control": "no-store"}
    if kind.status in {429, 503}:
        headers["Retry-After"] = str(RETRY_AFTER_S)
    if kind.status == 401:
        headers["WWW-Authenticate"] = 'Bearer realm="geoservice"'  # RFC 9110 section 15.5.2
    return headers


def of_ours(request: Request, error: errors.GeoServiceError) -> JSONResponse:
    """Answer one of our own errors."""
    kind = next(KINDS[base] for base in type(error).__mro__ if base in KINDS)
    if kind.status >= 500 and not isinstance(error, errors.UnavailableError):
        return of_unexpected(request, error)
    more: dict[str, Any] = {}
    if isinstance(error, errors.VersionError):
        more["current"] = dict(error.current)
    if isinstance(error, errors.ConflictError) and error.changes:
        more["changes"] = [dict(it) for it in error.changes]
    wrongs = error.wrongs if isinstance(error, errors.RecordError) else (error,)
    entries = [{"where": it.where, "why": it.message, "why_zh": it.zh} for it in wrongs if it.where]
    if entries:
        more["errors"] = entries
    return problem(kind, error.zh, error.message, **more)


def of_validation(_request: Request, error: RequestValidationError) -> JSONResponse:
    """Answer wrong parameters (400) or a wrong body (422), each named with its reason."""
    found = complaints(error.errors())
    in_body = any(entry["loc"][0] == "body" for entry in error.errors())
    first = found[0]
    return problem(
        BODY if in_body else QUERY,
        f"{first['where']}：{first['why_zh']}",
        f"{first['where']}: {first['why']}",
        errors=found,
    )


def of_http(request: Request, error: HTTPException) -> JSONResponse:
    """Answer what the web framework refuses."""
    other = Kind(error.status_code, f"http-{error.status_code}", "请求未能完成", "Request failed")
    kind, zh, en = HTTP.get(error.status_code, (other, other.zh, other.en))
    allowed = (error.headers or {}).get("Allow")
    if allowed:
        zh, en = f"{zh}；可用：{allowed}", f"{en}; it takes {allowed}"
    if error.status_code >= 500:
        return of_unexpected(request, error)
    response = problem(kind, zh, en)
    response.headers.update(error.headers or {})
    return response


def of_unexpected(request: Request, error: Exception) -> JSONResponse:
    """Answer anything else: the database away is 503, the rest 500 with an incident number."""
    incident = secrets.token_hex(4)
    LOG.error("incident %s: %s %r", incident, request.method, request.url.path, exc_info=error)
    if isinstance(error, psycopg.OperationalError | psycopg.InterfaceError):
        away = KINDS[errors.UnavailableError]
        return problem(away, "数据库没有响应", "the database does not answer", incident=incident)
    return problem(
        KINDS[errors.GeoServiceError],
        f"服务出错，已记录。请把事件编号 {incident} 告诉管理员",
        f"something failed and was logged. Tell the administrator incident {incident}",
        incident=incident,
    )


class LastResort:
    """Turns what no handler took into an answer, inside the layers that add headers."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on and answer what it raises."""
        started = False

        async def noting(message: Message) -> None:
            nonlocal started
            started = started or message["type"] == "http.response.start"
            await send(message)

        try:
            await self.app(scope, receive, noting)
        except Exception as error:
            if started or scope["type"] != "http":
                raise
            await of_unexpected(Request(scope), error)(scope, receive, send)


def install(app: FastAPI) -> None:
    """Make ``app`` answer every refusal this way."""
    handlers: dict[Any, Any] = {
        errors.GeoServiceError: of_ours,
        RequestValidationError: of_validation,
        HTTPException: of_http,
    }
    for error, handler in handlers.items():
        app.add_exception_handler(error, handler)
    app.add_middleware(LastResort)
