"""Where a sign-in or a change may come from: this machine or TLS, and our own pages."""

from collections.abc import Callable
from dataclasses import replace

import httpx2
import pytest
from starlette.testclient import TestClient

from geoservice.app import create_app
from geoservice.settings import Settings

HERE = ("127.0.0.1", 50000)


@pytest.mark.parametrize(
    ("wanted", "given"),
    [
        ("/plan", "/plan"),
        ("/dispatch?x=1", "/dispatch?x=1"),
        ("//evil.example/", "/"),
        ("/\\evil.example/", "/"),
        ("https://evil.example/", "/"),
        ("/a\\b", "/"),
        ("/a\nb", "/"),
        ("plan", "/"),
    ],
)
def test_link_goes_on_to_local_paths_only(
    new_link: Callable[[str], str], clone_url: str, settings: Settings, wanted: str, given: str
) -> None:
    with TestClient(create_app(settings, clone_url), client=HERE, follow_redirects=False) as client:
        once = new_link("").split("once=")[1]
        answer = client.get("/sign-in", params={"once": once, "next": wanted})
    assert (answer.status_code, answer.headers["location"]) == (303, given)


@pytest.mark.parametrize("address", ["192.168.1.20", "2001:db8::1", "::ffff:10.0.0.1", "nonsense"])
def test_plain_http_from_another_machine_is_refused_with_the_reason(
    wang: dict[str, str],
    new_link: Callable[[str], str],
    clone_url: str,
    settings: Settings,
    address: str,
) -> None:
    app = create_app(settings, clone_url)
    link = new_link("")
    with TestClient(app, client=(address, 50000), follow_redirects=False) as client:
        answer = client.post("/sign-in", json=wang)
        assert answer.status_code == 403
        assert "GEOSERVICE_PUBLIC_URL" in answer.json()["detail"]
        assert "GEOSERVICE_PUBLIC_URL" in answer.json()["detail_zh"]
        refused = client.get(link)
        assert refused.headers["location"] == "/sign-in?reason=insecure"
        assert "set-cookie" not in refused.headers
    with TestClient(app, client=HERE, follow_redirects=False) as client:
        assert client.get(link).cookies, "the refusal did not use up the link"


@pytest.mark.parametrize("address", ["127.8.8.8", "::1", "::ffff:127.0.0.1"])
def test_plain_http_from_this_machine_is_taken(
    wang: dict[str, str], clone_url: str, settings: Settings, address: str
) -> None:
    with TestClient(create_app(settings, clone_url), client=(address, 50000)) as client:
        answer = client.post("/sign-in", json=wang)
        assert answer.status_code == 204


def test_behind_tls_the_cookie_is_for_this_host_only(
    wang: dict[str, str], clone_url: str, settings: Settings
) -> None:
    public = "https://map.example.cn"
    app = create_app(replace(settings, public_url=public), clone_url)
    with TestClient(app, base_url=public, client=("10.0.0.1", 50000)) as client:
        answer = client.post("/sign-in", json=wang, headers={"Origin": public})
        assert answer.status_code == 204
        cookie = answer.headers["set-cookie"]
        assert cookie.startswith("__Host-sid=")
        assert "Secure" in cookie
        assert "Domain" not in cookie
        assert client.get("/session").json()["name"] == "wang"
        # Opened past the proxy the browser would drop the cookie: said, not looped.
        past = client.post("/sign-in", json=wang, headers={"Origin": "http://10.0.0.5:8000"})
        assert past.status_code == 403
        assert public in past.json()["detail"]


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "https://evil.example"},
        {"Origin": "null"},
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
        {"Sec-Fetch-Site": "none"},
        {"Origin": "https://evil.example", "Sec-Fetch-Site": "same-origin"},
        {},
    ],
)
def test_other_sites_cannot_act_with_a_visitors_cookie(
    browser: httpx2.Client, wang: dict[str, str], headers: dict[str, str]
) -> None:
    browser.post("/sign-in", json=wang)
    kept = dict(browser.cookies)
    with httpx2.Client(base_url=browser.base_url, cookies=kept, headers=headers) as other:
        assert other.post("/sign-out").status_code == 403
        if headers:
            assert other.post("/sign-in", json=wang).status_code == 403
    assert browser.get("/session").json()["name"] == "wang"
    same = {"Sec-Fetch-Site": "same-origin"}
    with httpx2.Client(base_url=browser.base_url, cookies=kept, headers=same) as own:
        assert own.post("/sign-out").status_code == 204
