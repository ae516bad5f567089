"""A file by HTTP: sent, looked at, decided on, applied once; whose it is; what is refused."""

import io
import json
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from starlette.testclient import TestClient

from geoservice import db
from geoservice.accounts.actions import create_token
from geoservice.app import create_app
from geoservice.imports import jobs
from geoservice.settings import Settings

HEADING = "编号,名称,权属,级别,乡镇代码,经度,纬度\n"
GOOD = HEADING + "I1,甲库,政府,乡镇,140406100,113.23,36.33\n"
MIXED = GOOD + "I2,乙库,国王,乡镇,140406100,113.23,36.34\nI3,丙库,政府,乡镇,140406100,,\n"
Headers = Callable[..., dict[str, str]]


@pytest.fixture
def home(tmp_path: Path) -> Path:
    return tmp_path / "home"


@pytest.fixture
def service(settings: Settings, demo_url: str, home: Path) -> Iterator[TestClient]:
    app = create_app(replace(settings, public_url="http://testserver", home=home), demo_url)
    with TestClient(app, raise_server_exceptions=False) as client:
        yield client


@pytest.fixture
def token(demo_url: str) -> Headers:
    def headers(*roles: str, towns: list[str] | None = None, name: str = "") -> dict[str, str]:
        with db.connect(demo_url) as conn:
            made = create_token(conn, roles=list(roles), towns=towns, name=name or "+".join(roles))
        return {"Authorization": f"Bearer {made}"}

    return headers


@pytest.fixture
def send(service: TestClient) -> Callable[..., dict[str, Any]]:
    def post(headers: dict[str, str], text: str | bytes, **said: str) -> dict[str, Any]:
        data = {"register": "depots", "datum": "cgcs2000"} | said
        file = {"file": (r"C:\tmp\..\普查.csv", text if isinstance(text, bytes) else text.encode())}
        answer = service.post("/registry/imports", data=data, files=file, headers=headers)
        assert answer.status_code == 201, answer.text
        at = answer.headers["location"]
        found = answer.json()
        while found["state"] == "reading":
            time.sleep(0.1)
            found = service.get(at, headers=headers).json()
        return {**found, "at": at}

    return post


def test_a_file_from_sent_to_applied(
    service: TestClient, token: Headers, send: Callable[..., dict[str, Any]], home: Path
) -> None:
    keeper = token("keeper")
    job = send(keeper, MIXED.encode("gb18030"))
    assert (job["state"], job["register"], job["file_name"]) == ("staged", "depots", "普查.csv")
    assert job["counts"] == {"ok": 1, "refused": 1, "aside": 1}
    assert (job["found"]["encoding"], job["found"]["datum"]) == ("GB18030", "cgcs2000")
    assert job["found"]["columns"]["owner"] == "权属"
    assert job["extent"] == [113.23, 36.33, 113.23, 36.34]
    shown = [it["properties"]["name"] for it in job["preview"]["features"]]
    assert shown == ["乙库", "甲库"]  # what needs a look first
    (kept,) = (home / "uploads").iterdir()
    assert ((home / "uploads").stat().st_mode & 0o777, kept.stat().st_mode & 0o777) == (
        0o700,
        0o600,
    )

    rows = service.get(f"{job['at']}/rows?state=refused", headers=keeper).json()
    assert rows[0]["cells"]["权属"] == "国王"
    assert rows[0]["reasons"][0]["column"] == "权属"
    report = service.get(f"{job['at']}/report", headers=keeper)
    lines = list(openpyxl.load_workbook(io.BytesIO(report.content)).active.values)
    assert [line[-3] for line in lines[1:]] == ["新增 ok", "拒绝 refused", "待补位置 aside"]
    assert "国王" in service.get(f"{job['at']}/report?format=csv", headers=keeper).text

    stopped = service.post(f"{job['at']}/apply", json={}, headers=keeper)
    assert (stopped.status_code, stopped.json()["errors"][0]["where"]) == (409, "skip_bad")
    for _ in range(2):  # a repeated post answers the same
        done = service.post(f"{job['at']}/apply", json={"skip_bad": True}, headers=keeper)
        assert done.status_code == 200, done.text
        assert done.json()["state"] == "applied"
        assert done.json()["outcomes"] == {"inserted": 1, "refused": 1, "drafted": 1}
    drafts = service.get("/registry/drafts?register=depots", headers=keeper).json()
    assert [(it["values"]["name"], it["job_row"]) for it in drafts] == [("丙库", 4)]
    late = service.patch(job["at"], json={"datum": "wgs84"}, headers=keeper)
    assert late.status_code == 409


def test_options_are_changed_without_sending_again(
    service: TestClient, token: Headers, send: Callable[..., dict[str, Any]]
) -> None:
    keeper = token("keeper")
    job = send(keeper, GOOD, datum="")
    assert job["state"] == "staged" or "datum" in job["problem"]["en"]
    text = "甲,乙,权属,级别,经度,纬度\nI1,库,政府,乡镇,36.33,113.23\n"
    job = send(keeper, text)
    assert job["counts"] == {"refused": 1}
    change = {"columns": {"code": "甲", "name": "乙"}, "swap_axes": True}
    again = service.patch(job["at"], json=change, headers=keeper).json()
    while again["state"] == "reading":
        again = service.get(job["at"], headers=keeper).json()
    assert again["counts"] == {"ok": 1}
    assert again["options"]["datum"] == "cgcs2000"
    assert service.patch(job["at"], json={"datum": "xian80"}, headers=keeper).status_code == 422
    broken = send(keeper, b"\x89PNG\r\n\x1a\n\0\0")
    assert broken["state"] == "failed"
    assert broken["problem"]["en"].startswith("普查.csv: neither Excel")
    assert service.post(f"{broken['at']}/apply", json={}, headers=keeper).status_code == 409


def test_duplicates_are_decided_row_by_row(
    service: TestClient, token: Headers, send: Callable[..., dict[str, Any]]
) -> None:
    keeper = token("keeper")
    first = send(keeper, GOOD)
    assert service.post(f"{first['at']}/apply", json={}, headers=keeper).status_code == 200
    job = send(keeper, GOOD.replace("I1", "I9").replace("政府", "企业"))
    assert (job["counts"], job["undecided"]) == ({"duplicate": 1}, 1)
    (row,) = service.get(f"{job['at']}/rows", headers=keeper).json()
    assert (row["match"]["code"], row["match"]["distance_m"]) == ("I1", 0.0)
    decided = service.patch(job["at"], json={"decisions": {"2": "merge"}}, headers=keeper)
    assert decided.json()["undecided"] == 0
    done = service.post(f"{job['at']}/apply", json={}, headers=keeper).json()
    assert done["outcomes"] == {"amended": 1}


def test_whose_an_import_is_and_who_may(
    service: TestClient, token: Headers, send: Callable[..., dict[str, Any]]
) -> None:
    town = token("keeper", towns=["140406101"], name="town keeper")
    job = send(town, GOOD)
    assert job["counts"] == {"refused": 1}
    other = token("keeper", towns=["140406102"], name="other keeper")
    assert service.get(job["at"], headers=other).status_code == 404
    assert service.get(job["at"], headers=token("keeper", name="chief")).status_code == 200
    assert service.get("/registry/imports", headers=other).json() == []
    assert service.get(job["at"], headers=token("viewer")).status_code == 403
    file = {"file": ("a.csv", GOOD)}
    for headers, status in ((token("viewer"), 403), ({}, 401)):
        answer = service.post(
            "/registry/imports", data={"register": "depots"}, files=file, headers=headers
        )
        assert answer.status_code == status
    dispatcher = token("dispatcher")
    answer = service.post(
        "/registry/imports", data={"register": "depots"}, files=file, headers=dispatcher
    )
    assert answer.status_code == 403
    assert service.delete(job["at"], headers=town).status_code == 204
    assert service.get(job["at"], headers=town).status_code == 404


def test_bodies_that_are_refused(service: TestClient, token: Headers) -> None:
    keeper = token("keeper")

    def post(said: dict[str, str], file: bytes | None = GOOD.encode()) -> tuple[int, str]:
        files = {"file": ("a.csv", file)} if file is not None else None
        answer = service.post("/registry/imports", data=said, files=files, headers=keeper)
        return answer.status_code, answer.json()["type"].rpartition("/")[2]

    assert post({"register": "depots"}, None) == (400, "file")
    assert post({"register": "volcanoes"}) == (404, "not-found")
    assert post({"register": "depots", "datum": "xian80"}) == (422, "invalid-body")
    assert post({"register": "depots", "columns": "{"}) == (400, "invalid-input")
    assert post({"register": "depots", "colour": "red"}) == (422, "invalid-body")
    assert post({"register": "depots", "zone": "Mars/Base"}) == (400, "invalid-input")
    assert post({"register": "depots"}, b"x" * 50_000_001) == (413, "too-large")


def test_two_uploads_at_once_each(service: TestClient, token: Headers) -> None:
    keeper = token("keeper")
    name = service.get("/session", headers=keeper).json()["name"]
    with jobs.upload_slot(name), jobs.upload_slot(name):
        answer = service.post(
            "/registry/imports", data={"register": "depots"}, files={"file": ("a", GOOD)},
            headers=keeper,
        )  # fmt: skip
    assert (answer.status_code, answer.json()["title"]) == (429, "Too many requests")


def test_a_template_filled_in_is_imported_without_its_example(
    service: TestClient, token: Headers, send: Callable[..., dict[str, Any]]
) -> None:
    keeper = token("keeper")
    answer = service.get("/registry/depots/template", headers=keeper)
    book = openpyxl.load_workbook(io.BytesIO(answer.content))
    sheet = book.active
    headings = [cell.value for cell in sheet[1]]
    filled = {
        "编号": "T-1", "名称": "模板库", "权属": "政府", "级别": "乡镇", "经度": 113.23,
        "纬度": 36.33,
    }  # fmt: skip
    assert set(filled) <= set(headings), headings
    sheet.append([filled.get(heading) for heading in headings])
    target = io.BytesIO()
    book.save(target)
    job = send(keeper, target.getvalue())
    assert (job["found"]["form"], job["counts"]) == ("Excel", {"ok": 1})
    assert any("example rows 2 are skipped" in it["en"] for it in job["found"]["notes"])
    assert json.dumps(job["found"]["columns_left"]) == "[]"
    assert service.get("/registry/volcanoes/template", headers=keeper).status_code == 404
