"""A real Chromium on a real service; every page is watched for what it must never do."""

import os
import shutil
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, ConsoleMessage, Page, StorageState, sync_playwright

# Drawn by the processor alone, so that a machine without a graphics card draws the same. OpenGL in
# software (`--use-angle=swiftshader`) draws the same too, and takes twice the time for a page.
FLAGS = ["--no-sandbox", "--disable-background-networking", "--disable-gpu"]
NAMES = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome")

Opener = Callable[..., Page]
Clicker = Callable[..., None]


# For a file, not a session: while Playwright is there its event loop runs in this thread, where the
# files that come after may want one of their own.
@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """The system's Chromium; bin/test installs it."""
    path = next((found for name in NAMES if (found := shutil.which(name))), None)
    assert path, f"none of {', '.join(NAMES)} is installed (PATH {os.environ.get('PATH')})"
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=path, args=FLAGS)
        yield chromium
        chromium.close()


@pytest.fixture(scope="session")
def sessions() -> dict[str, StorageState]:
    """By the address of the service: who signed in stays so, in whatever browser."""
    return {}


@pytest.fixture(scope="module")
def signed_in(browser: Browser, live: Any, sessions: dict[str, StorageState]) -> StorageState:
    """Cookies of a session with every demonstration role, by the link that the service told."""
    if live.url not in sessions:
        context = browser.new_context()
        context.new_page().goto(live.first_link)
        sessions[live.url] = context.storage_state()
        context.close()
    return sessions[live.url]


@pytest.fixture
def opened(browser: Browser, live: Any, signed_in: StorageState) -> Iterator[Opener]:
    """Open a path of the service, signed in or not, and fail if the page misbehaves."""
    contexts: list[Any] = []
    wrongs: list[str] = []

    def open_page(
        path: str = "/", *, anonymous: bool = False, may_fail: bool = False, **options: Any
    ) -> Page:
        """``may_fail``: answers of the service may be refusals, which browsers log."""
        state = None if anonymous else signed_in
        options.setdefault("viewport", {"width": 1280, "height": 800})
        context = browser.new_context(
            base_url=live.url, locale="zh-CN", storage_state=state, **options
        )
        contexts.append(context)
        page = context.new_page()
        page.on("request", lambda request: _note_foreign(request.url, live.url, wrongs))
        page.on("pageerror", lambda error: wrongs.append(f"script error: {error}"))
        page.on("console", lambda message: _note_error(message, may_fail, wrongs))
        page.on("dialog", lambda dialog: wrongs.append(f"dialog: {dialog.message}"))
        page.goto(path)
        page.evaluate("window.app?.ready")
        return page

    yield open_page
    for context in contexts:
        context.close()
    assert wrongs == []


@pytest.fixture
def click_map() -> Clicker:
    """Click these pixels of the map, one after another."""

    def click(page: Page, *spots: tuple[int, int]) -> None:
        for x, y in spots:
            page.locator("#map").click(position={"x": x, "y": y})
            page.wait_for_timeout(350)  # two clicks near in time would be one double click

    return click


def _note_error(message: ConsoleMessage, may_fail: bool, wrongs: list[str]) -> None:
    refused = message.text.startswith("Failed to load resource")
    if message.type == "error" and not (may_fail and refused):
        wrongs.append(message.text)


def _note_foreign(url: str, ours: str, wrongs: list[str]) -> None:
    if not url.startswith((ours, "data:", "blob:")):
        wrongs.append(f"a request leaves for {url}")
