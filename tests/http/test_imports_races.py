"""One at a time works on an import: whoever comes meanwhile is told so, and nothing is spoilt."""

import threading
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from starlette.testclient import TestClient

from geoservice import db
from geoservice.accounts.actions import create_token
from geoservice.app import create_app
from geoservice.imports.holding import held
from geoservice.jobs.records import TELL_PROGRESS
from geoservice.settings import Settings

HEADING = "编号,名称,权属,级别,乡镇代码,经度,纬度\n"
Send = Callable[..., dict[str, Any]]


@pytest.fixture
def keeper(demo_url: str) -> dict[str, str]:
    with db.connect(demo_url) as conn:
        made = create_token(conn, roles=["keeper"], towns=None, name="keeper")
    return {"Authorization": f"Bearer {made}"}


@pytest.fixture
def send(settings: Settings, demo_url: str, tmp_path: Path, keeper: dict[str, str]) -> "Send":
    home = tmp_path / "home"
    app = create_app(replace(settings, public_url="http://testserver", home=home), demo_url)
    with TestClient(app, raise_server_exceptions=False) as client:

        def post(text: str) -> dict[str, Any]:
            answer = client.post(
                "/registry/imports", data={"register": "depots", "datum": "cgcs2000"},
                files={"file": ("a.csv", text.encode())}, headers=keeper,
            )  # fmt: skip
            assert answer.status_code == 201, answer.text
            return settled(client, keeper, answer.json()["id"])

        post.client = client  # type: ignore[attr-defined]
        yield post


def settled(client: TestClient, keeper: dict[str, str], job: str) -> dict[str, Any]:
    while True:
        found = client.get(f"/registry/imports/{job}?preview=false", headers=keeper).json()
        if found["state"] != "reading":
            return found
        time.sleep(0.1)


def test_who_comes_while_it_is_applied_is_told_so(
    send: Send, keeper: dict[str, str], demo_url: str
) -> None:
    client, job = send.client, send(HEADING + "I1,甲库,政府,乡镇,140406100,113.23,36.33\n")
    at = f"/registry/imports/{job['id']}"
    with db.connect(demo_url) as conn:
        TELL_PROGRESS.one(conn, job=job["id"], step="applying", done=5, total=9)
        conn.commit()
        held(conn, job["id"])  # as what applies it does, for as long as it takes
        answers = [
            client.post(f"{at}/apply", json={}, headers=keeper),
            client.patch(at, json={"datum": "wgs84"}, headers=keeper),
            client.patch(at, json={"decisions": {"2": "skip"}}, headers=keeper),
            client.delete(at, headers=keeper),
        ]
        seen = client.get(at, headers=keeper).json()["progress"]
        conn.rollback()
    assert seen == {"step": "applying", "done": 5, "total": 9}  # of the one that is at it
    for answer in answers:
        assert answer.status_code == 409, answer.text
        assert (
            answer.json()["detail"] == "this import is being checked or applied: ask again shortly"
        )
        assert answer.json()["errors"][0]["where"] == "state"
    done = client.post(f"{at}/apply", json={}, headers=keeper)
    assert (done.status_code, done.json()["outcomes"]) == (200, {"inserted": 1})


def test_changes_that_come_at_once_never_leave_it_failed(
    send: Send, keeper: dict[str, str]
) -> None:
    lines = (f"I{n},库{n},政府,乡镇,140406100,113.2{n % 10},36.33\n" for n in range(400))
    client, job = send.client, send(HEADING + "".join(lines))
    at = f"/registry/imports/{job['id']}"
    told: list[int] = []

    def change(source: str) -> None:
        told.append(client.patch(at, json={"source": source}, headers=keeper).status_code)

    for turn in range(3):
        threads = [threading.Thread(target=change, args=(f"{turn}{n}",)) for n in range(4)]
        for it in threads:
            it.start()
        for it in threads:
            it.join()
        found = settled(client, keeper, job["id"])
        assert (found["state"], found["problem"], found["counts"]) == ("staged", None, {"ok": 400})
    assert set(told) <= {200, 409}
    assert told.count(200) >= 3
    rows = client.get(f"{at}/rows?limit=1", headers=keeper).json()
    assert rows[0]["values"]["source_doc"] == found["options"]["source"]
