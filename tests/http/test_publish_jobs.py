"""`/exports/jobs`: the publisher's jobs, and the service that runs them."""

import time
from collections.abc import Callable
from typing import Any

from starlette.testclient import TestClient

Token = Callable[..., dict[str, str]]
JOB = {"name": "city", "folder": "city", "layers": ["depots"]}
DATABASE = {"host": "127.0.0.1", "port": 9, "database": "gis", "user": "gis", "password": "geheim"}


def _until(service: TestClient, headers: dict[str, str], results: list[str]) -> Any:
    """Wait for the service to have run the job."""
    deadline = time.monotonic() + 30
    while True:
        runs = service.get("/exports/jobs/city/runs", headers=headers).json()
        if [one["result"] for one in runs] == results:
            return runs
        assert time.monotonic() < deadline, runs
        time.sleep(0.1)


def test_a_job_is_added_run_by_the_service_and_removed(service: TestClient, token: Token) -> None:
    headers = token("publisher")
    made = service.post("/exports/jobs", json=JOB, headers=headers)
    assert made.status_code == 201, made.text
    assert made.headers["location"] == "/exports/jobs/city"
    assert (made.json()["next_at"], made.json()["last_result"]) == (None, None)
    asked = service.post("/exports/jobs/city/runs", headers=headers)
    assert (asked.status_code, asked.json()["asked_by"]) == (202, "token 1 publisher")
    (run,) = _until(service, headers, ["done"])
    assert (run["cause"], run["started_by"], run["layers"]) == ("asked", "token 1 publisher", 1)
    (job,) = service.get("/exports/jobs", headers=headers).json()
    assert (job["last_result"], job["asked_by"]) == ("done", None)
    assert job["target"].endswith("/published/city")
    assert service.delete("/exports/jobs/city", headers=headers).status_code == 204
    assert service.get("/exports/jobs/city", headers=headers).status_code == 404
    assert service.get("/exports/jobs", headers=headers).json() == []


def test_a_database_that_does_not_answer_is_told_and_its_password_is_not(
    service: TestClient, token: Token
) -> None:
    headers = token("publisher")
    body = {"name": "city", "database": DATABASE, "layers": ["depots"], "every_min": 60}
    made = service.post("/exports/jobs", json=body, headers=headers)
    assert made.status_code == 201, made.text
    (run,) = _until(service, headers, ["failed"])
    assert "does not answer" in run["error_en"]
    told = service.get("/exports/jobs/city", headers=headers)
    assert (told.json()["failures"], told.json()["has_password"]) == (1, True)
    assert "geheim" not in told.text + str(run) + made.text


def test_when_a_job_runs_is_changed_and_it_is_switched_off(
    service: TestClient, token: Token
) -> None:
    headers = token("publisher")
    service.post("/exports/jobs", json=JOB, headers=headers)
    daily = service.patch("/exports/jobs/city", json={"daily_at": "02:30"}, headers=headers).json()
    assert (daily["daily_at"], daily["every_min"], daily["is_enabled"]) == ("02:30", None, True)
    assert daily["next_at"] is not None
    off = service.patch("/exports/jobs/city", json={"is_enabled": False}, headers=headers).json()
    assert (off["daily_at"], off["is_enabled"]) == ("02:30", False)
    both = {"daily_at": "02:30", "every_min": 5}
    assert service.patch("/exports/jobs/city", json=both, headers=headers).status_code == 400
    wrong = service.patch("/exports/jobs/city", json={"daily_at": "25:00"}, headers=headers)
    assert wrong.status_code == 422
    secret = service.patch("/exports/jobs/city", json={"password": "x"}, headers=headers)
    assert (secret.status_code, secret.json()["errors"][0]["where"]) == (400, "password")


def test_what_a_job_may_not_say_is_refused(service: TestClient, token: Token) -> None:
    headers = token("publisher")
    for more in (
        {"folder": "../x"},
        {"folder": None},
        {"database": DATABASE},
        {"folder": None, "database": {**DATABASE, "host": "/var/run/postgresql"}},
        {"layers": ["nothing"]},
        {"format": "odt"},
    ):
        answer = service.post("/exports/jobs", json=JOB | more, headers=headers)
        assert answer.status_code == 400, (more, answer.text)
        assert answer.headers["content-type"] == "application/problem+json"
    assert service.post("/exports/jobs", json=JOB | {"x": 1}, headers=headers).status_code == 422
    assert service.post("/exports/jobs", json=JOB, headers=headers).status_code == 201
    assert service.post("/exports/jobs", json=JOB, headers=headers).status_code == 409


def test_a_publisher_of_some_towns_publishes_nothing(service: TestClient, token: Token) -> None:
    headers = token("publisher", towns=["140406001"])
    assert service.get("/exports/jobs", headers=headers).status_code == 403
    assert service.post("/exports/jobs", json=JOB, headers=headers).status_code == 403
    assert service.get("/exports/jobs", headers=token("viewer")).status_code == 403
    assert service.get("/exports/jobs").status_code == 401
