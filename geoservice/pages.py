"""The web application's pages and files, and what tells programs about the service."""

import hashlib
from typing import Annotated, Any, Final

from fastapi import APIRouter, Query
from starlette.requests import Request
from starlette.responses import FileResponse, HTMLResponse, JSONResponse, Response

from geoservice import openapi30
from geoservice.assets import Assets
from geoservice.errors import NotFoundError
from geoservice.parameters import NoQuery
from geoservice.problems import ALL_KINDS

router = APIRouter(include_in_schema=False)

_MUST_ASK: Final = "no-cache"
_A_YEAR: Final = "public, max-age=31536000, immutable"
OPENAPI_TYPE = "application/vnd.oai.openapi+json;version=3.1"


@router.get("/")
@router.get("/plan")
@router.get("/dispatch")
def application(request: Request) -> Response:
    """Answer the one page behind the three doors; its query belongs to its own script."""
    return page(request, "index.html")


@router.get("/docs")
def documentation(request: Request, _: Annotated[NoQuery, Query()]) -> Response:
    """Answer the page that explains the API, from our own origin."""
    return page(request, "docs.html")


@router.get("/openapi.json")
def description(request: Request, _: Annotated[NoQuery, Query()]) -> Response:
    """Describe the API (OpenAPI 3.1)."""
    return JSONResponse(request.app.openapi(), media_type=OPENAPI_TYPE)


@router.get("/openapi-3.0.json")
def older_description(request: Request, _: Annotated[NoQuery, Query()]) -> Response:
    """Describe the API in the words of OpenAPI 3.0, for clients that read no newer one."""
    return JSONResponse(openapi30.as_3_0(request.app.openapi()), media_type=openapi30.MEDIA_TYPE)


@router.get("/problems/{slug}")
def explanation(slug: str, _: Annotated[NoQuery, Query()]) -> dict[str, Any]:
    """Say what a problem's type means."""
    for kind in ALL_KINDS:
        if kind.slug == slug:
            return {"status": kind.status, "title": kind.en, "title_zh": kind.zh}
    raise NotFoundError("there is no such type of problem", zh="没有这种问题类型")


@router.get("/web/lib/{folder}/{path:path}")
def library_file(
    request: Request, folder: str, path: str, _: Annotated[NoQuery, Query()]
) -> Response:
    """Answer a library's file; its folder names the version, so it may be kept for ever."""
    return _file(request, _assets(request).libraries, f"{folder}/{path}", _A_YEAR)


@router.get("/web/{path:path}")
def own_file(request: Request, path: str, _: Annotated[NoQuery, Query()]) -> Response:
    """Answer one of our own files; browsers keep it but ask whether it changed."""
    return _file(request, _assets(request).own, path, _MUST_ASK)


def page(request: Request, name: str) -> Response:
    """Return a page of the web folder, or 304 when the browser has it."""
    html = _assets(request).page(name)
    etag = f'W/"{hashlib.sha256(html.encode()).hexdigest()[:24]}"'
    headers = {"ETag": etag, "Cache-Control": _MUST_ASK}
    if _has(request, etag):
        return Response(status_code=304, headers=headers)
    return HTMLResponse(html, headers=headers)


def _assets(request: Request) -> Assets:
    assets: Assets = request.app.state.assets
    return assets


def _file(request: Request, files: dict[str, Any], name: str, cache: str) -> Response:
    path = files.get(name)
    if path is None or not path.is_file():
        raise NotFoundError("there is no such file", zh="没有这个文件")
    facts = path.stat()
    # Weak: what is sent may be compressed on the way.
    etag = f'W/"{facts.st_mtime_ns:x}-{facts.st_size:x}"'
    headers = {"ETag": etag, "Cache-Control": cache}
    if _has(request, etag):
        return Response(status_code=304, headers=headers)
    return FileResponse(path, headers=headers, stat_result=facts)


def _has(request: Request, etag: str) -> bool:
    known = request.headers.get("if-none-match", "")
    return etag in (part.strip() for part in known.split(","))
