"""ETags of features and documents: 304 as long as nothing changed, never across callers."""

from collections.abc import Callable
from typing import Any

import httpx2
import pytest
from starlette.testclient import TestClient

from geoservice import db
from geoservice.demo.actions import load_demo

Headers = Callable[..., dict[str, str]]
TEAMS = "/ogc/collections/rescue_teams"
FORMS = ["", "?f=html", "?f=csv", "?f=fgb", "?sortby=-name", "?filter=id>0", "?limit=5&count=true"]


@pytest.mark.parametrize("form", FORMS)
def test_what_has_not_changed_is_not_sent_again(
    client: TestClient, as_role: Headers, form: str
) -> None:
    headers = as_role("viewer")
    first = client.get(f"{TEAMS}/items{form}", headers=headers)
    assert first.headers["etag"].startswith('W/"')
    assert first.headers["cache-control"] == "private, no-cache"
    again = client.get(
        f"{TEAMS}/items{form}", headers={**headers, "If-None-Match": first.headers["etag"]}
    )
    assert (again.status_code, again.content) == (304, b"")
    assert again.headers["etag"] == first.headers["etag"]


@pytest.mark.parametrize("path", ["/ogc/collections", TEAMS, f"{TEAMS}/items/1"])
def test_documents_and_single_features_have_tags_too(
    client: TestClient, as_role: Headers, path: str
) -> None:
    headers = as_role("viewer")
    tags = {}
    for form in ("json", "html"):
        tags[form] = client.get(f"{path}?f={form}", headers=headers).headers["etag"]
        held = {**headers, "If-None-Match": f'"other", {tags[form]}'}
        assert client.get(f"{path}?f={form}", headers=held).status_code == 304
    assert tags["json"] != tags["html"]
    crossed = {**headers, "If-None-Match": tags["html"]}
    assert client.get(f"{path}?f=json", headers=crossed).status_code == 200


@pytest.mark.parametrize("path", ["/ogc/collections", TEAMS, f"{TEAMS}/items", f"{TEAMS}/items/1"])
def test_a_tag_of_one_caller_is_none_of_another(
    client: TestClient, as_role: Headers, path: str
) -> None:
    callers = [as_role("viewer"), as_role("dispatcher"), as_role("viewer", towns=["140406100"])]
    answers = [client.get(path, headers=caller) for caller in callers]
    tags = [answer.headers["etag"] for answer in answers if answer.is_success]
    assert len(set(tags)) == len(tags) >= 2
    for tag, caller in ((tags[1], callers[0]), (tags[0], callers[1])):
        again = client.get(path, headers={**caller, "If-None-Match": tag})
        assert again.status_code == 200
        assert "authorization" in again.headers["vary"].lower()


def test_a_public_layer_may_be_kept_by_anybody_when_nobody_is_signed_in(
    client: TestClient, as_role: Headers
) -> None:
    path = "/ogc/collections/towns/items"
    assert client.get(path).headers["cache-control"] == "public, no-cache"
    signed_in = client.get(path, headers=as_role("viewer"))
    assert signed_in.headers["cache-control"] == "private, no-cache"


def test_a_change_is_seen_by_the_next_request(served: str, clone_url: str) -> None:
    from datetime import UTC, datetime

    with db.connect(clone_url) as conn:
        db.set_actor(conn, "tests")
        load_demo(conn, now=datetime.now(UTC))
        conn.commit()
    with db.connect(clone_url) as conn, httpx2.Client(base_url=served) as client:
        _follow_a_change(conn, client)


def _follow_a_change(conn: Any, client: httpx2.Client) -> None:
    item = client.get("/ogc/collections/towns/items?limit=1").json()["features"][0]["id"]
    paths = ["/ogc/collections", "/ogc/collections/towns", "/ogc/collections/towns/items",
             f"/ogc/collections/towns/items/{item}"]  # fmt: skip
    for number in range(5):
        tags = {path: client.get(path).headers["etag"] for path in paths}
        held = {path: {"If-None-Match": tag} for path, tag in tags.items()}
        assert [client.get(path, headers=held[path]).status_code for path in paths] == [304] * 4
        conn.execute("UPDATE core.town SET name = %s WHERE id = %s", [f"新名 {number}", item])
        conn.commit()
        assert [client.get(path, headers=held[path]).status_code for path in paths] == [200] * 4
        assert client.get(paths[3]).json()["properties"]["name"] == f"新名 {number}"
        assert client.get(paths[3]).headers["etag"].split("-")[1] != tags[paths[3]].split("-")[1]


def test_a_count_is_right_after_a_change(served: str, clone_url: str) -> None:
    from datetime import UTC, datetime

    with db.connect(clone_url) as conn:
        db.set_actor(conn, "tests")
        load_demo(conn, now=datetime.now(UTC))
        conn.commit()
    path = "/ogc/collections/dangerous_sections/items?limit=2"
    with db.connect(clone_url) as conn, httpx2.Client(base_url=served) as client:
        before = client.get(path).json()["numberMatched"]
        assert client.get(path).json()["numberMatched"] == before
        conn.execute("UPDATE core.dangerous_section SET secrecy = 'internal' WHERE id = 1")
        conn.commit()
        assert client.get(path).json()["numberMatched"] == before - 1


@pytest.mark.parametrize(
    "path",
    ["items", "items?limit=3&sortby=-name", "items?f=csv", "items?f=fgb", "items?limit=5000",
     "items/1", "items/1?f=html", "items?filter=NOPE", "items?nothing=1", "items?limit=1&limit=2",
     "items/99999", "items/abc", "items?crs=x"],
)  # fmt: skip
@pytest.mark.parametrize("role", ["", "auditor", "viewer"])
def test_the_short_way_answers_as_the_long_one_does(
    client: TestClient, as_role: Headers, monkeypatch: Any, path: str, role: str
) -> None:
    headers = as_role(role) if role else {}

    def asked(method: str) -> tuple[int, dict[str, str], Any]:
        answer = client.request(method, f"{TEAMS}/{path}", headers=headers)
        kept = {name: value for name, value in answer.headers.items() if name not in WAY}
        is_json = "json" in answer.headers["content-type"] and method == "GET"
        body = answer.json() if is_json else answer.content
        if is_json:
            body.pop("timeStamp", None)
        return answer.status_code, kept, body

    short = [asked(method) for method in ("GET", "HEAD")]
    monkeypatch.setattr("geoservice.publish.item_shortcut._are_left_to_the_layer", lambda: False)
    assert [asked(method) for method in ("GET", "HEAD")] == short


# How the body was packed on the way.
WAY = {"content-length", "content-encoding", "vary", "transfer-encoding"}
