"""`/dispatch/book`: fresh while the database answers, the last one while it does not."""

import shutil
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from dataclasses import replace
from email.utils import parsedate_to_datetime
from pathlib import Path

import psycopg
import pytest
from starlette.testclient import TestClient

from geoservice import db
from geoservice.app import create_app
from geoservice.book.kept import last_folder
from geoservice.book.writing import Writer
from geoservice.settings import Settings

TOWN = "140406100"


@pytest.fixture
def home(tmp_path: Path) -> Path:
    return tmp_path


@pytest.fixture
def service(settings: Settings, demo_url: str, home: Path) -> Iterator[TestClient]:
    """The application with a state folder of its own: the books are there."""
    own = replace(settings, public_url="http://testserver", home=home)
    with TestClient(create_app(own, demo_url), raise_server_exceptions=False) as client:
        yield client


def test_the_book_is_one_page_for_dispatchers(
    service: TestClient, token: Callable[..., dict[str, str]]
) -> None:
    answer = service.get("/dispatch/book", headers=token("dispatcher"))
    assert answer.status_code == 200
    assert answer.headers["content-type"] == "text/html; charset=utf-8"
    assert int(answer.headers["age"]) <= 1
    assert "演示区级物资储备库 01" in answer.text
    assert "000-0000-0101" in answer.text
    assert "演示数据" in answer.text
    assert "数据库无法访问" not in answer.text


def test_it_comes_as_a_table_and_on_paper(
    service: TestClient, token: Callable[..., dict[str, str]]
) -> None:
    headers = token("dispatcher")
    table = service.get("/dispatch/book?format=csv", headers=headers)
    assert table.headers["content-type"] == "text/csv; charset=utf-8"
    assert table.content.startswith(b"\xef\xbb\xbf")
    paper = service.get("/dispatch/book?format=pdf", headers=headers)
    assert paper.headers["content-type"] == "application/pdf"
    assert paper.content.startswith(b"%PDF-")
    assert "dispatch-book-" in paper.headers["content-disposition"]


def test_a_form_that_there_is_not_is_refused(
    service: TestClient, token: Callable[..., dict[str, str]]
) -> None:
    answer = service.get("/dispatch/book?format=docx", headers=token("dispatcher"))
    assert answer.status_code == 400
    assert answer.json()["errors"][0]["where"] == "format"


@pytest.mark.parametrize(("role", "status"), [(None, 401), ("viewer", 403), ("admin", 403)])
def test_telephones_are_for_dispatchers(
    service: TestClient, token: Callable[..., dict[str, str]], role: str | None, status: int
) -> None:
    headers = {} if role is None else token(role)
    answer = service.get("/dispatch/book", headers=headers)
    assert answer.status_code == status
    assert answer.headers["content-type"] == "application/problem+json"


def test_a_dispatcher_of_one_town_reads_that_town(
    service: TestClient, token: Callable[..., dict[str, str]]
) -> None:
    headers = token("dispatcher", towns=[TOWN])
    text = service.get("/dispatch/book", headers=headers).text
    assert TOWN in text
    assert "140406001" not in text
    assert "应急救援总指挥部" in text


def test_while_the_database_is_away_the_last_book_is_served_with_its_age(
    service: TestClient,
    token: Callable[..., dict[str, str]],
    demo_url: str,
    home: Path,
    away: Callable[[], AbstractContextManager[None]],
) -> None:
    dispatcher, viewer = token("dispatcher", towns=[TOWN]), token("viewer")
    with db.open_pool(demo_url) as pool:
        Writer(home, 30)(pool)
    with away():
        answer = service.get("/dispatch/book", headers=dispatcher)
        assert answer.status_code == 200, answer.text
        assert "数据库无法访问：这是最后一份手册" in answer.text
        assert TOWN in answer.text
        assert "140406001" not in answer.text  # its scope holds all the same
        asked_at = parsedate_to_datetime(answer.headers["last-modified"])
        started = time.monotonic()
        again = service.get("/dispatch/book?format=csv", headers=dispatcher)
        assert time.monotonic() - started < 1  # nobody waits for a database known to be away
        assert (again.status_code, again.content[:3]) == (200, b"\xef\xbb\xbf")
        assert parsedate_to_datetime(again.headers["last-modified"]) == asked_at
        for headers in (viewer, {}, {"Authorization": "Bearer geoservice_1_" + "x" * 43}):
            refused = service.get("/dispatch/book", headers=headers)
            assert refused.status_code == 503
            assert refused.headers["content-type"] == "application/problem+json"
        assert service.get("/dispatch/orders", headers=dispatcher).status_code == 503


def test_a_database_that_does_not_come_to_it_counts_as_away(
    service: TestClient, token: Callable[..., dict[str, str]], demo_url: str, home: Path
) -> None:
    dispatcher = token("dispatcher")
    with db.open_pool(demo_url) as pool:
        Writer(home, 30)(pool)
    with psycopg.connect(demo_url) as other:
        other.execute("LOCK TABLE core.api_token IN ACCESS EXCLUSIVE MODE")
        answer = service.get("/dispatch/book?format=csv", headers=dispatcher)
    assert answer.status_code == 200
    time.sleep(5)  # so long it is taken at its word
    assert "数据库无法访问" not in service.get("/dispatch/book", headers=dispatcher).text


def test_without_any_book_the_answer_says_so(
    service: TestClient,
    token: Callable[..., dict[str, str]],
    demo_url: str,
    home: Path,
    away: Callable[[], AbstractContextManager[None]],
) -> None:
    dispatcher = token("dispatcher")
    with db.open_pool(demo_url) as pool:
        Writer(home, 10_000)(pool)
    shutil.rmtree(last_folder(home))
    with away():
        answer = service.get("/dispatch/book", headers=dispatcher)
    assert answer.status_code == 503
    assert "no dispatch book was written yet" in answer.json()["detail"]
