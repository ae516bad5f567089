"""The sign-in page: what is refused, and why, in the reader's language."""

import re
from collections.abc import Callable
from typing import Any

from playwright.sync_api import Page, expect

Opener = Callable[..., Page]


def password_of(live: Any, name: str) -> str:
    text = (live.home / "demo-accounts.txt").read_text("utf-8")
    found = re.search(rf"^\s*{name}\s+(\S+)", text, re.M)
    assert found
    return found[1]


def sign_in(page: Page, name: str, password: str) -> None:
    form = page.locator("#sign-in")
    form.get_by_label("账号").fill(name)
    form.get_by_label("密码").fill(password)
    page.keyboard.press("Enter")


def test_a_viewer_signs_in_goes_on_and_signs_out(opened: Opener, live: Any) -> None:
    page = opened("/sign-in?next=/dispatch", anonymous=True)
    sign_in(page, "demo-viewer", password_of(live, "demo-viewer"))
    page.wait_for_url(f"{live.url}/dispatch")
    page.evaluate("app.ready")
    expect(page.locator("#session")).to_contain_text("demo-viewer")
    expect(page.locator("#nearest-need")).to_contain_text("demo-viewer（查看）")
    page.get_by_role("button", name="退出").click()
    expect(page.locator("#session")).to_contain_text("未登录")


def test_another_sites_address_is_not_gone_to(opened: Opener, live: Any) -> None:
    page = opened("/sign-in?next=//elsewhere.example/", anonymous=True)
    sign_in(page, "demo-viewer", password_of(live, "demo-viewer"))
    page.wait_for_url(f"{live.url}/")


def test_a_used_link_says_so(opened: Opener) -> None:
    page = opened("/sign-in?once=used-long-ago-or-never-made", anonymous=True)
    expect(page.locator("#message")).to_contain_text("已经用过或已过期")
    page.locator("#language").click()
    expect(page.locator("#message")).to_contain_text("was used or has expired")
    expect(page.locator("#sign-in")).to_be_visible()
    expect(page.locator("#setup")).to_be_hidden()


def test_a_wrong_password_is_refused_in_both_languages(opened: Opener) -> None:
    page = opened("/sign-in", anonymous=True, may_fail=True)
    sign_in(page, "demo-keeper", "not the password at all")
    message = page.locator("#message")
    expect(message).to_contain_text(re.compile("密码|账号|账户"))
    page.locator("#language").click()
    expect(message).to_contain_text(re.compile("password", re.IGNORECASE))
    expect(page).to_have_url(re.compile("/sign-in$"))
