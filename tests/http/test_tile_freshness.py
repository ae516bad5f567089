"""Tiles are of today, are not sent twice, and are kept for those alone who may see them."""

import gzip
import itertools
import random
from collections.abc import Callable, Iterator

import psycopg
import pytest
from fastapi import FastAPI
from starlette.testclient import TestClient

from geoservice import access, db
from geoservice.app import create_app
from geoservice.auth import ANONYMOUS, Actor, expanded
from geoservice.publish.drawing import drawn
from geoservice.publish.permit import may_read, sight_of
from geoservice.publish.select import tile
from geoservice.settings import Settings

Headers = Callable[..., dict[str, str]]
HERE = "/ogc/collections/{}/tiles/WebMercatorQuad/{}/{}/{}"
DISTRICT = (8, 100, 208)  # the whole of it
ROLES = ("viewer", "keeper", "planner", "dispatcher", "publisher", "admin", "auditor")


def _path(layer: str, zoom: int = 8, row: int = 100, col: int = 208) -> str:
    return HERE.format(layer, zoom, row, col)


@pytest.fixture
def own(settings: Settings, demo_url: str) -> Iterator[TestClient]:
    """Anonymous, on a demonstration district of one's own."""
    with TestClient(create_app(settings, demo_url), client=("127.0.0.1", 50000)) as client:
        yield client


def test_a_tile_that_is_held_is_not_sent_again(client: TestClient, as_role: Headers) -> None:
    viewer = as_role("viewer")
    for layer, headers, keeper in (
        ("roads", {}, "public"),
        ("roads", viewer, "private"),
        ("depots", viewer, "private"),
    ):
        first = client.get(_path(layer), headers=headers)
        assert first.status_code == 200
        assert first.headers["cache-control"] == f"{keeper}, no-cache"
        again = client.get(
            _path(layer), headers={**headers, "If-None-Match": first.headers["etag"]}
        )
        assert (again.status_code, again.content) == (304, b"")
        for name in ("etag", "cache-control", "vary", "x-content-type-options"):
            assert again.headers[name] == first.headers[name]


def test_a_tile_comes_compressed_to_who_takes_it_and_plain_to_others(client: TestClient) -> None:
    with client.stream("GET", _path("roads"), headers={"Accept-Encoding": "gzip"}) as answer:
        packed = b"".join(answer.iter_raw())
        assert answer.headers["content-encoding"] == "gzip"
    plain = client.get(_path("roads"), headers={"Accept-Encoding": "identity"})
    assert "content-encoding" not in plain.headers
    assert gzip.decompress(packed) == plain.content


def test_head_says_what_get_says(client: TestClient) -> None:
    got, head = client.get(_path("roads")), client.head(_path("roads"))
    assert head.content == b""
    assert head.headers == {**got.headers}
    held = client.head(_path("roads"), headers={"If-None-Match": got.headers["etag"]})
    assert held.status_code == 304


def test_an_edit_shows_at_the_next_request_and_leaves_other_layers_held(
    own: TestClient, demo_url: str
) -> None:
    held = {layer: own.get(_path(layer)).headers["etag"] for layer in ("roads", "towns")}
    with psycopg.connect(demo_url, autocommit=True) as conn:
        for number in range(20):
            conn.execute(
                "UPDATE core.road SET name = %s WHERE road_class = 'trunk'", [f"改{number}"]
            )
            answer = own.get(_path("roads"), headers={"If-None-Match": held["roads"]})
            assert f"改{number}".encode() in answer.content
            held["roads"] = answer.headers["etag"]
    same = own.get(_path("towns"), headers={"If-None-Match": held["towns"]})
    assert same.status_code == 304


def _actors(conn: db.Connection) -> list[Actor]:
    towns = [code for (code,) in conn.execute("SELECT code FROM core.town ORDER BY code LIMIT 2")]
    scopes = (None, frozenset(towns[:1]), frozenset(towns), frozenset[str]())
    return [ANONYMOUS, *(Actor(None, role, expanded([role]), scope)
                         for role, scope in itertools.product(ROLES, scopes))]  # fmt: skip


def test_no_tile_crosses_roles_or_towns(
    app: FastAPI, client: TestClient, as_role: Headers, demo_shared: str
) -> None:
    """Every role and scope asks for every layer twice, in a mixed order, over one memory."""
    layers = [layer for layer in app.state.layers.values() if layer.is_drawn]
    expected, headers = {}, {}
    with db.connect(demo_shared) as conn:
        actors = _actors(conn)
        for actor, layer in itertools.product(actors, layers):
            if may_read(layer, actor):
                asked = tile(drawn(sight_of(layer, actor), DISTRICT[0]), *DISTRICT)
                row = conn.execute(asked.text, asked.values).fetchone()
                expected[actor, layer.id] = bytes(row[0])
    for actor in actors[1:]:
        towns = None if actor.towns is None else sorted(actor.towns)
        headers[actor] = as_role(actor.name, towns=towns)
    questions = list(itertools.product(actors, (layer.id for layer in layers))) * 2
    random.Random(5).shuffle(questions)  # noqa: S311  # an order, no secret
    contents: dict[str, bytes] = {}
    for actor, layer_id in questions:
        answer = client.get(_path(layer_id), headers=headers.get(actor, {}))
        if (actor, layer_id) not in expected:
            assert answer.status_code in {401, 403}, (actor, layer_id)
            continue
        assert answer.content == expected[actor, layer_id], (actor, layer_id)
        assert contents.setdefault(answer.headers["etag"], answer.content) == answer.content
    assert len(set(contents.values())) > len(layers)


def test_the_table_of_access_rules_the_short_way_too(
    client: TestClient, as_role: Headers, monkeypatch: pytest.MonkeyPatch
) -> None:
    route = ("GET", "/ogc/collections/{layer_id}/tiles/WebMercatorQuad/{zoom}/{row}/{col}")
    assert client.get(_path("roads")).status_code == 200
    monkeypatch.setitem(access.ROUTES, route, access.DISPATCHER)
    assert client.get(_path("roads")).status_code == 401
    assert client.get(_path("roads"), headers=as_role("viewer")).status_code == 403
    assert client.get(_path("roads"), headers=as_role("dispatcher")).status_code == 200


def test_what_is_wrong_with_a_plain_request_is_said_in_full(client: TestClient) -> None:
    for path, status in (
        (_path("nowhere"), 404),
        (_path("depots"), 401),
        (_path("roads", 3, 9), 404),
        (_path("stock_lots"), 401),
        (_path("roads") + "?x=1", 400),
    ):
        answer = client.get(path)
        assert answer.status_code == status, path
        assert answer.headers["content-type"] == "application/problem+json"
        assert answer.json()["detail_zh"]
    wrong = client.get(_path("roads"), headers={"Authorization": "Bearer geoservice_1_" + "x" * 30})
    assert wrong.status_code == 401
