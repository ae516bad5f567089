"""Pages, files, the description of the API, and health."""

import re
import time

import pytest
from fastapi import FastAPI
from starlette.testclient import TestClient

from geoservice import assets
from geoservice.access import BY_LAYER, PUBLIC, ROUTES
from geoservice.app import create_app
from geoservice.errors import SetupError
from geoservice.settings import Settings

PAGES = ["/", "/plan", "/dispatch", "/sign-in", "/docs"]


@pytest.mark.parametrize("path", PAGES)
def test_pages_are_ours_alone_and_kept_by_the_browser(client: TestClient, path: str) -> None:
    page = client.get(path)
    assert page.status_code == 200
    assert page.headers["content-type"] == "text/html; charset=utf-8"
    policy = page.headers["content-security-policy"]
    assert "default-src 'self'" in policy
    assert "frame-ancestors 'none'" in policy
    assert "script-src" not in policy, "scripts come from our own origin, none inline"
    assert page.headers["x-content-type-options"] == "nosniff"
    again = client.get(path, headers={"If-None-Match": page.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")


@pytest.mark.parametrize("path", PAGES)
def test_everything_a_page_asks_for_is_there_and_from_our_origin(
    client: TestClient, path: str
) -> None:
    html = client.get(path).text
    assert not re.findall(r"<script(?![^>]*\bsrc=)", html), "an inline script would not run"
    wanted = re.findall(r'<(?:script|link)[^>]*\b(?:src|href)="([^"]+)"', html)
    assert wanted
    for address in wanted:
        assert address.startswith("/"), address
        assert client.get(address).status_code == 200, address


def test_libraries_are_kept_for_a_year_under_their_version(client: TestClient) -> None:
    found = assets.find_assets()
    assert {name.rsplit("-", 1)[0] for name in found.folders.values()} == set(assets.LIBRARIES)
    answer = client.get(f"/web/lib/{found.folders['ol']}/ol.js")
    assert answer.status_code == 200
    assert answer.headers["cache-control"] == "public, max-age=31536000, immutable"
    assert client.get("/web/lib/ol-0.0.0/ol.js").status_code == 404


def test_own_files_are_asked_for_anew_and_compressed(client: TestClient) -> None:
    answer = client.get("/web/js/main.js", headers={"Accept-Encoding": "gzip"})
    assert answer.status_code == 200
    assert answer.headers["cache-control"] == "no-cache"
    assert answer.headers["content-encoding"] == "gzip"
    assert answer.headers["content-type"].startswith("text/javascript")
    etag = {"If-None-Match": f'"other", {answer.headers["etag"]}'}
    assert client.get("/web/js/main.js", headers=etag).status_code == 304


@pytest.mark.parametrize(
    "path",
    [
        "/web/../pyproject.toml",
        "/web/..%2fpyproject.toml",
        "/web/%2e%2e/pyproject.toml",
        "/web/js/..%2f..%2fpyproject.toml",
        "/web/..%5cpyproject.toml",
        "/web//etc/passwd",
        "/web/%00",
        "/web/package.json",
        "/web/package-lock.json",
        "/web/node_modules/ol/package.json",
        "/web/lib/ol-10.11.0/../../../pyproject.toml",
        "/web/lib/ol/package.json",
        "/web/lib/typescript-5.0.0/lib/typescript.js",
        "/web/index.html",
        "/web/",
        "/web",
    ],
)
def test_nothing_else_can_be_read(client: TestClient, path: str) -> None:
    answer = client.get(path)
    assert answer.status_code == 404
    assert answer.headers["content-type"] == "application/problem+json"


def test_missing_library_stops_the_start_and_says_what_to_do(
    settings: Settings, tmp_path_factory: pytest.TempPathFactory
) -> None:
    assert settings
    root = tmp_path_factory.mktemp("web")
    lock = assets.folder("web") / "package-lock.json"
    (root / "package-lock.json").write_text(lock.read_text("utf-8"), "utf-8")
    with pytest.raises(SetupError, match="npm ci"):
        assets.find_assets(root)


def test_description_names_every_route_of_the_table_with_its_roles(client: TestClient) -> None:
    answer = client.get("/openapi.json")
    assert answer.headers["content-type"] == "application/vnd.oai.openapi+json;version=3.1"
    document = answer.json()
    assert document["openapi"].startswith("3.1")
    for path, operations in document["paths"].items():
        for method, operation in operations.items():
            rule = ROUTES[method.upper(), path]
            assert "422" not in operation["responses"]
            assert "application/problem+json" in operation["responses"]["default"]["content"]
            schemes = operation["security"]
            if rule == PUBLIC:
                assert schemes == [{}]
            elif rule != BY_LAYER:
                assert {role for scheme in schemes for role in next(iter(scheme.values()))} == rule
    text = answer.text
    assert "HTTPValidationError" not in text
    for name in set(re.findall(r'"#/components/schemas/([^"]+)"', text)):
        assert name in document["components"]["schemas"]


def test_health_says_alive_and_ready(client: TestClient) -> None:
    assert client.get("/healthz").json() == {"status": "ok"}
    assert client.get("/readyz").json() == {"status": "ready"}


def test_problem_types_can_be_looked_up(client: TestClient) -> None:
    kind = client.get("/nowhere").json()["type"]
    assert client.get(kind).json()["status"] == 404
    assert client.get("/problems/none").status_code == 404


def test_without_a_database_alive_but_not_ready_and_pages_still_come(
    settings: Settings, tmp_path_factory: pytest.TempPathFactory
) -> None:
    nowhere = f"host={tmp_path_factory.mktemp('none')} dbname=none"
    app: FastAPI = create_app(settings, nowhere)
    with TestClient(app, raise_server_exceptions=False) as client:
        assert client.get("/healthz").status_code == 200
        assert client.get("/").status_code == 200
        begun = time.monotonic()
        answer = client.get("/readyz")
        assert time.monotonic() - begun < 2
        assert answer.status_code == 503
        assert answer.headers["retry-after"]
        session = client.get("/session")
        assert (session.status_code, session.json()["type"]) == (503, "/problems/unavailable")


def test_the_description_is_there_in_the_words_of_openapi_3_0(client: TestClient) -> None:
    answer = client.get("/openapi-3.0.json")
    assert answer.headers["content-type"] == "application/vnd.oai.openapi+json;version=3.0"
    document = answer.json()
    assert document["openapi"] == "3.0.3"
    assert document["paths"].keys() == client.get("/openapi.json").json()["paths"].keys()
    assert '"null"' not in answer.text
    assert "prefixItems" not in answer.text
    links = client.get("/ogc").json()["links"]
    described = [one["href"] for one in links if one["type"].endswith("version=3.0")]
    assert described[0].endswith("/openapi-3.0.json")
