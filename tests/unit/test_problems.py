"""Every refusal is problem+json in both languages, and no class of error is forgotten."""

import logging
from collections.abc import Iterator
from typing import Annotated, Literal

import psycopg
import pytest
from fastapi import FastAPI, Query
from pydantic import Field
from starlette.testclient import TestClient

from geoservice import errors, problems
from geoservice.middleware import MAX_BODY_BYTES, BodyLimit, HeadFromGet, ProtectiveHeaders
from geoservice.parameters import Body, NoQuery, Parameters


class _Ask(Parameters):
    lon: float = Field(ge=-180, le=180)
    kind: Literal["depot", "rescue_team"] = "depot"


class _Order(Body):
    items: list[int] = Field(max_length=2)
    note: str = ""


def _tree(root: type[errors.GeoServiceError]) -> Iterator[type[errors.GeoServiceError]]:
    yield root
    for child in root.__subclasses__():
        yield from _tree(child)


@pytest.fixture(scope="module")
def client() -> Iterator[TestClient]:
    app = FastAPI()

    @app.get("/ask")
    def ask(query: Annotated[_Ask, Query()]) -> float:
        return query.lon

    @app.get("/plain")
    def plain(_: Annotated[NoQuery, Query()]) -> str:
        return "fine"

    @app.post("/order")
    def order(body: _Order) -> int:
        return len(body.items)

    @app.get("/fails/{what}")
    def fails(what: str) -> None:
        raise FAILURES[what]

    problems.install(app)
    for layer in (BodyLimit, HeadFromGet, ProtectiveHeaders):
        app.add_middleware(layer)
    with TestClient(app) as client:  # re-raises what the service would let through to the server
        yield client


FAILURES: dict[str, Exception] = {
    "bug": ZeroDivisionError("secret detail"),
    "broken": psycopg.errors.UndefinedTable("relation core.secret does not exist"),
    "away": psycopg.OperationalError("connection to server at 10.0.0.9 failed"),
    "busy": errors.BusyError("busy", zh="忙"),
    "stranger": errors.SignInRequiredError("who?", zh="谁？"),
    "field": errors.DatumError("no such datum", zh="没有这个基准", where="datum"),
    "setup": errors.SetupError("/srv/secret is missing", zh="缺少 /srv/secret"),
}


@pytest.mark.parametrize("error", list(_tree(errors.GeoServiceError)), ids=lambda e: e.__name__)
def test_every_error_class_has_a_row(error: type[errors.GeoServiceError]) -> None:
    kind = problems.KINDS[error]
    assert 400 <= kind.status <= 599
    assert kind.zh
    assert kind.en


def test_types_are_told_apart() -> None:
    slugs = {kind.slug: kind for kind in problems.ALL_KINDS}
    assert len(slugs) == len(set(problems.ALL_KINDS))


@pytest.mark.parametrize(
    ("method", "path", "status", "where"),
    [
        ("GET", "/ask", 400, "lon"),
        ("GET", "/ask?lon=east", 400, "lon"),
        ("GET", "/ask?lon=inf", 400, "lon"),
        ("GET", "/ask?lon=nan", 400, "lon"),
        ("GET", "/ask?lon=999", 400, "lon"),
        ("GET", "/ask?lon=1&kind=boat", 400, "kind"),
        ("GET", "/ask?lon=1&speed=9", 400, "speed"),
        ("GET", "/plain?x=1", 400, "x"),
        ("GET", "/nowhere", 404, None),
        ("DELETE", "/plain", 405, None),
        ("GET", "/fails/bug", 500, None),
        ("GET", "/fails/broken", 500, None),
        ("GET", "/fails/setup", 500, None),
        ("GET", "/fails/away", 503, None),
        ("GET", "/fails/busy", 429, None),
        ("GET", "/fails/stranger", 401, None),
        ("GET", "/fails/field", 400, "datum"),
    ],
)
def test_refusals_are_problem_json_in_two_languages(
    client: TestClient, method: str, path: str, status: int, where: str | None
) -> None:
    answer = client.request(method, path)
    assert answer.status_code == status
    assert answer.headers["content-type"] == "application/problem+json"
    body = answer.json()
    assert body["status"] == status
    assert body["type"].startswith("/problems/")
    for name in ("title", "detail", "title_zh", "detail_zh"):
        assert body[name]
    assert any("\u4e00" <= c <= "\u9fff" for c in body["title_zh"])
    if where is not None:
        assert body["errors"][0]["where"] == where
        assert body["errors"][0]["why"]
        assert body["errors"][0]["why_zh"]


@pytest.mark.parametrize(
    ("content", "where"),
    [
        (b'{"items": ["a"]}', "items.0"),
        (b'{"items": [1, 2, 3]}', "items"),
        (b'{"items": [1], "extra": 1}', "extra"),
        (b'{"items": [1], "note": "a\\u0000b"}', "note"),
        (b'{"items": [1], "note": "\\ud800"}', "note"),
        (b'{"items": [1], "\\ud800": 1}', "body"),
        (b'{"items": [1', "body"),
        (b"[]", "body"),
        (b"", "body"),
    ],
)
def test_bad_bodies_answer_422_and_name_the_field(
    client: TestClient, content: bytes, where: str
) -> None:
    answer = client.post("/order", content=content, headers={"content-type": "application/json"})
    assert answer.status_code == 422
    assert answer.json()["errors"][0]["where"] == where


def test_at_most_twenty_errors_and_never_the_input(client: TestClient) -> None:
    names = "&".join(f"p{n}=hunter2" for n in range(50))
    answer = client.get(f"/ask?lon=hunter2&{names}")
    assert len(answer.json()["errors"]) == 20
    assert "hunter2" not in answer.text


def test_the_unexpected_tells_an_incident_number_and_nothing_else(
    client: TestClient, caplog: pytest.LogCaptureFixture
) -> None:
    for what in ("bug", "broken", "setup", "away"):
        with caplog.at_level(logging.ERROR):
            caplog.clear()
            answer = client.get(f"/fails/{what}")
        assert answer.json()["incident"] in caplog.text
        assert str(FAILURES[what]) in caplog.text
        assert "secret" not in answer.text
        assert "10.0.0.9" not in answer.text
        assert answer.headers["content-security-policy"]


def test_refusals_carry_the_headers_their_status_asks_for(client: TestClient) -> None:
    assert client.get("/fails/busy").headers["retry-after"]
    assert client.get("/fails/away").headers["retry-after"]
    assert client.get("/fails/stranger").headers["www-authenticate"].startswith("Bearer")
    assert client.delete("/plain").headers["allow"] == "GET"


def test_body_over_the_limit_is_413_declared_or_not(client: TestClient) -> None:
    too_much = b" " * (MAX_BODY_BYTES + 1)
    json_type = {"content-type": "application/json"}
    assert client.post("/order", content=too_much, headers=json_type).status_code == 413
    chunks = (too_much[n : n + 65536] for n in range(0, len(too_much), 65536))
    answer = client.post("/order", content=chunks, headers=json_type)
    assert answer.status_code == 413
    assert answer.headers["content-type"] == "application/problem+json"


def test_head_is_answered_where_get_is(client: TestClient) -> None:
    answer = client.head("/plain")
    assert (answer.status_code, answer.content) == (200, b"")
    assert client.head("/nowhere").status_code == 404
