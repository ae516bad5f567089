"""Sign-in over a real socket: cookies, links, locks, tokens, the first administrator."""

import threading
from base64 import b64encode
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import httpx2
import pytest

from geoservice import db
from geoservice.accounts import actions, first_start

Credentials = dict[str, str]
WRONG = {"password": "a wrong password"}


def _sign_in(browser: httpx2.Client, credentials: Credentials) -> httpx2.Response:
    return browser.post("/sign-in", json=credentials)


def test_sign_in_and_out(browser: httpx2.Client, wang: Credentials) -> None:
    answer = _sign_in(browser, wang)
    assert (answer.status_code, answer.content) == (204, b"")
    cookie = answer.headers["set-cookie"]
    assert cookie.startswith("sid=")
    for part in ("HttpOnly", "SameSite=lax", "Path=/"):
        assert part in cookie
    assert "Secure" not in cookie
    session = browser.get("/session")
    assert session.headers["cache-control"] == "no-store"
    assert session.json() == {
        "name": "wang", "roles": ["keeper", "viewer"], "towns": None,
        "demo": False, "setup": False, "district": None,
    }  # fmt: skip
    kept = dict(browser.cookies)
    assert browser.post("/sign-out").status_code == 204
    assert browser.get("/session").json()["name"] is None
    assert httpx2.get(f"{browser.base_url}/session", cookies=kept).json()["roles"] == []


def test_wrong_unknown_and_locked_answer_alike(browser: httpx2.Client, wang: Credentials) -> None:
    answers = [_sign_in(browser, wang | WRONG) for _ in range(5)]
    answers += [_sign_in(browser, wang | {"name": "nobody"}), _sign_in(browser, wang)]
    assert {answer.status_code for answer in answers} == {401}
    assert len({answer.text for answer in answers}) == 1
    assert "sid" not in browser.cookies


def test_lock_can_be_opened_and_success_forgets_failures(
    browser: httpx2.Client, wang: Credentials, clone_url: str
) -> None:
    for _ in range(5):
        _sign_in(browser, wang | WRONG)
    with db.connect(clone_url) as conn:
        actions.enable_account(conn, wang["name"])
    for _ in range(3):
        assert [_sign_in(browser, wang | WRONG).status_code for _ in range(4)] == [401] * 4
        assert _sign_in(browser, wang).status_code == 204


def test_guesses_side_by_side_do_not_outrun_the_lock(served: str, wang: Credentials) -> None:
    answers: list[int] = []

    def guess(password: str) -> None:
        answer = httpx2.post(f"{served}/sign-in", json={**wang, "password": password})
        answers.append(answer.status_code)

    guesses = [threading.Thread(target=guess, args=(f"wrong {n}",)) for n in range(12)]
    for thread in guesses:
        thread.start()
    for thread in guesses:
        thread.join()
    assert answers == [401] * 12
    guess(wang["password"])
    assert answers[-1] == 401


def test_disabled_account_is_out_at_the_next_request(
    browser: httpx2.Client, wang: Credentials, clone_url: str
) -> None:
    _sign_in(browser, wang)
    with db.connect(clone_url) as conn:
        actions.set_roles(conn, wang["name"], roles=["dispatcher"], towns=None)
    assert browser.get("/session").json()["roles"] == ["dispatcher", "viewer"]
    with db.connect(clone_url) as conn:
        actions.disable_account(conn, wang["name"], at=datetime.now(UTC))
    assert browser.get("/session").json()["roles"] == []
    assert _sign_in(browser, wang).status_code == 401


def test_one_time_link_signs_in_once(
    browser: httpx2.Client, served: str, new_link: Callable[[str], str]
) -> None:
    link = new_link(served)
    first = browser.get(link)
    assert (first.status_code, first.headers["location"]) == (303, "/")
    assert browser.get("/session").json()["name"] == "wang"
    again = httpx2.get(link)
    assert (again.status_code, again.headers["location"]) == (303, "/sign-in?reason=link")
    assert "set-cookie" not in again.headers


def test_token_is_taken_from_the_header_and_never_from_a_cookie(
    served: str, clone_url: str
) -> None:
    with db.connect(clone_url) as conn:
        token = actions.create_token(conn, roles=["viewer"], name="city")
    number = int(token.split("_")[1])
    good = {"Authorization": f"Bearer {token}"}
    assert httpx2.get(f"{served}/session", headers=good).json()["name"] == f"token {number} city"
    assert httpx2.get(f"{served}/session", cookies={"sid": token}).json()["name"] is None
    for name in ("", "qgis", "城市"):  # what QGIS 3.22 and ArcGIS can be told to send
        basic = b64encode(f"{name}:{token}".encode()).decode()
        answer = httpx2.get(f"{served}/session", headers={"Authorization": f"Basic {basic}"})
        assert answer.json()["name"] == f"token {number} city"
    for bad in ("Bearer nonsense", f"Bearer {token}x", "Basic d2FuZzp4", "Basic /w==", "Basic é",
                f"Basic {token}", "Digest x", "", token):  # fmt: skip
        sent = {"Authorization": bad.encode("latin-1")}
        answer = httpx2.get(f"{served}/session", headers=sent)
        assert answer.status_code == 401, bad
        assert answer.headers["www-authenticate"].startswith("Bearer")
    with db.connect(clone_url) as conn:
        actions.revoke_token(conn, number, at=datetime.now(UTC))
    assert httpx2.get(f"{served}/session", headers=good).status_code == 401


def test_set_up_link_leads_to_the_first_admin_and_ends(
    browser: httpx2.Client, clone_url: str, served: str
) -> None:
    with db.connect(clone_url) as conn:
        link = first_start.set_up_link(conn, served, at=datetime.now(UTC))
    assert browser.get(link).headers["location"] == "/sign-in?reason=setup"
    assert browser.get("/session").json()["setup"] is True
    weak = browser.post("/accounts/first", json={"name": "li", "password": "short"})
    assert (weak.status_code, weak.json()["errors"][0]["where"]) == (400, "password")
    li = {"name": "li", "password": "another long one"}
    made = browser.post("/accounts/first", json=li)
    assert made.status_code == 204
    assert browser.get("/session").json() | {"district": None} == {
        "name": None, "roles": [], "towns": None, "demo": False, "setup": False, "district": None,
    }  # fmt: skip
    assert _sign_in(browser, li).status_code == 204
    assert browser.get("/session").json()["roles"] == ["admin"]
    again = browser.post("/accounts/first", json={**li, "name": "zhao"})
    assert again.status_code == 403


def test_demo_passwords_in_the_file_work(
    browser: httpx2.Client, clone_url: str, tmp_path: Path
) -> None:
    with db.connect(clone_url) as conn:
        first_start.write_demo_accounts(conn, tmp_path)
    rows = (tmp_path / first_start.DEMO_FILE).read_text("utf-8").splitlines()[1:]
    for row in rows:
        name, password = row.split()
        assert _sign_in(browser, {"name": name, "password": password}).status_code == 204
        assert name.removeprefix("demo-") in browser.get("/session").json()["roles"]


@pytest.mark.parametrize(
    ("content", "where"),
    [
        ('{"name": "wang"}', "password"),
        ('{"name": "wang", "password": "x", "admin": true}', "admin"),
        ('{"name": "wa\\u0000ng", "password": "x"}', "name"),
        ('{"name": ["wang"], "password": "x"}', "name"),
        ("not json", "body"),
    ],
)
def test_bad_sign_in_bodies_name_the_field(
    browser: httpx2.Client, content: str, where: str
) -> None:
    json_type = {"Content-Type": "application/json"}
    answer = browser.post("/sign-in", content=content, headers=json_type)
    assert answer.status_code == 422
    assert answer.json()["errors"][0]["where"] == where


def test_sign_in_page_refuses_unknown_parameters(browser: httpx2.Client) -> None:
    page = browser.get("/sign-in?reason=link&next=/plan")
    assert page.status_code == 200
    assert page.headers["content-type"].startswith("text/html")
    assert browser.get("/sign-in?reason=because").status_code == 400
    assert browser.get("/sign-in?who=me").status_code == 400
