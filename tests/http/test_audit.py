"""The audit by HTTP and by the command line: for auditors, with refusals in it."""

import json
import os
import subprocess
import sys
from collections.abc import Callable

from starlette.testclient import TestClient

from geoservice import db

Token = Callable[..., dict[str, str]]


def test_an_auditor_sees_who_was_refused_what(service: TestClient, token: Token) -> None:
    refused = service.post("/registry/depots", json={}, headers=token("viewer"))
    assert refused.status_code == 403
    auditor = token("auditor")
    found = service.get("/audit/events?action=refused", headers=auditor).json()
    assert found[0]["actor"].endswith("viewer")
    assert found[0]["change"] == {"method": "POST", "path": "/registry/depots"}
    assert found[0]["result"] == "403"
    assert service.get("/audit/verification", headers=auditor).json()["is_sound"]


def test_nobody_else_reads_it(service: TestClient, token: Token) -> None:
    assert service.get("/audit/events").status_code == 401
    for role in ("viewer", "keeper", "dispatcher", "publisher", "admin"):
        assert service.get("/audit/events", headers=token(role)).status_code == 403
    assert service.get("/audit/events?limit=0", headers=token("auditor")).status_code == 400


def test_the_command_verifies_and_says_so_by_its_status(demo_url: str) -> None:
    env = {**os.environ, "GEOSERVICE_DATABASE_URL": demo_url}
    command = [sys.executable, "-m", "geoservice", "audit", "verify", "--json"]
    done = subprocess.run(command, env=env, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["is_sound"]
    with db.connect(demo_url, role="none") as conn:
        conn.execute("SET session_replication_role = replica")
        conn.execute("UPDATE core.audit_event SET actor = 'x' WHERE id = 1")
        conn.commit()
    done = subprocess.run(command, env=env, capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert json.loads(done.stdout)["broken"][0]["n"] == 1
