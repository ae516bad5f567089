"""`/metrics`: what was asked and how long it took, summed over workers, and what lags behind."""

import os
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from dataclasses import replace
from pathlib import Path

import httpx2
import pytest
from fastapi import FastAPI
from starlette.testclient import TestClient

from geoservice import db
from geoservice.app import create_app
from geoservice.metrics.lagging import LAG
from geoservice.settings import Settings

TILE = "/ogc/collections/roads/tiles/WebMercatorQuad/10/401/833"


@pytest.fixture
def service(settings: Settings, demo_url: str) -> Iterator[TestClient]:
    """The application on one's own demonstration district, asked from its own machine."""
    with TestClient(create_app(settings, demo_url), client=("127.0.0.1", 50000)) as client:
        yield client


def _value(text: str, name: str, **labels: str) -> float:
    """The value of one sample, 0 when there is none."""
    for line in text.splitlines():
        found = re.fullmatch(rf"{name}(?:{{(.*)}})? (\S+)", line)
        if found and all(f'{key}="{value}"' in (found[1] or "") for key, value in labels.items()):
            return float(found[2])
    return 0.0


def _requests(text: str, route: str, status: int = 200, method: str = "GET") -> float:
    name = "geoservice_request_seconds_count"
    return _value(text, name, route=route, status=str(status), method=method)


def test_requests_are_counted_by_route_and_status(
    service: TestClient, token: Callable[..., dict[str, str]]
) -> None:
    before = service.get("/metrics")
    assert before.status_code == 200
    assert before.headers["content-type"].startswith("text/plain; version=")
    headers = token("dispatcher")
    nearest = "/dispatch/nearest"
    service.get(f"{nearest}?lon=113.2&lat=36.33&kind=depot", headers=headers)
    service.get(nearest, headers=headers)  # refused
    service.head("/healthz")
    service.get("/registry/depots/1/history", headers=headers)
    service.get("/nowhere/a")
    service.get("/nowhere/b")
    service.get("/ogc/collections/roads/items?limit=1")
    after = service.get("/metrics").text
    for route, status, method in (
        (nearest, 200, "GET"), (nearest, 400, "GET"), ("/healthz", 200, "HEAD"),
        ("/registry/{register}/{record_id}/history", 200, "GET"),
        ("/ogc/collections/{layer_id}/items", 200, "GET"),
    ):  # fmt: skip
        counted = _requests(after, route, status, method)
        assert counted - _requests(before.text, route, status, method) == 1, (route, status)
    assert _requests(after, "none", 404) - _requests(before.text, "none", 404) == 2
    assert 'route="/nowhere' not in after  # nobody can make labels up
    assert 'le="0.5"' in after


def test_tiles_from_memory_are_told_from_those_made(service: TestClient) -> None:
    before = service.get("/metrics").text
    for _ in range(3):
        assert service.get(TILE).status_code in {200, 204}
    after = service.get("/metrics").text
    grown = {
        found: _value(after, "geoservice_tiles_total", found=found)
        - _value(before, "geoservice_tiles_total", found=found)
        for found in ("made", "memory")
    }
    assert grown == {"made": 1, "memory": 2}
    route = "/ogc/collections/{layer_id}/tiles/WebMercatorQuad/{zoom}/{row}/{col}"
    counted = [sum(_requests(it, route, status) for status in (200, 204)) for it in (before, after)]
    assert counted[1] - counted[0] == 3


def test_pools_and_what_lags_behind_are_told(
    service: TestClient, token: Callable[..., dict[str, str]]
) -> None:
    service.get("/dispatch/nearest?lon=113.2&lat=36.33&kind=depot", headers=token("dispatcher"))
    text = service.get("/metrics").text
    assert _value(text, "geoservice_database_up") == 1
    assert _value(text, "geoservice_graph_version") >= 1
    for name in ("outbox_waiting", "outbox_failed", "audit_seal_lag_seconds"):
        assert f"\ngeoservice_{name} " in text
    assert _value(text, "geoservice_pool_connections", pool="dispatch", state="idle") > 0
    # Of whichever database this process asked last: a service has one, the tests have many.
    assert _value(text, "geoservice_network_graph_version") >= 1
    assert _value(text, "geoservice_pool_requests_total", pool="door") > 0


def test_a_database_that_is_away_is_told_and_the_rest_is_there(
    service: TestClient, away: Callable[[], AbstractContextManager[None]]
) -> None:
    service.get("/healthz")
    with away():
        answer = service.get("/metrics")
    assert answer.status_code == 200
    assert "\ngeoservice_database_up 0.0" in answer.text
    assert "geoservice_request_seconds_count{" in answer.text
    assert "geoservice_audit_unsealed" not in answer.text


def test_lag_counts_events_without_a_seal_and_messages_without_an_answer(
    demo_conn: db.Connection,
) -> None:
    demo_conn.execute("SELECT core.seal_audit()")
    before = LAG.one(demo_conn)
    demo_conn.execute("UPDATE core.depot SET keeper = 'x' WHERE code = 'DEMO-DP-001'")
    lag = LAG.one(demo_conn)
    assert lag.unsealed == before.unsealed + 1
    assert 0 <= lag.unsealed_oldest_s < 60 or before.unsealed
    waiting = "SELECT count(*) FROM core.outbox WHERE state IN ('pending', 'sent')"
    assert (lag.outbox_waiting,) == demo_conn.execute(waiting).fetchone()


@pytest.mark.parametrize(
    ("client", "address"),
    [(("10.0.0.9", 5), "http://127.0.0.1:8000"), (("127.0.0.1", 5), "https://map.example")],
    ids=["from elsewhere", "from here behind a proxy"],
)
def test_from_elsewhere_it_is_for_administrators(
    settings: Settings,
    demo_shared: str,
    as_role: Callable[..., dict[str, str]],
    client: tuple[str, int],
    address: str,
) -> None:
    app: FastAPI = create_app(replace(settings, public_url=address), demo_shared)
    with TestClient(app, client=client) as asking:
        assert asking.get("/metrics").status_code == 401
        assert asking.get("/metrics", headers=as_role("viewer")).status_code == 403
        assert asking.get("/metrics", headers=as_role("admin")).status_code == 200


def test_it_takes_no_parameters(service: TestClient) -> None:
    assert service.get("/metrics?name=x").status_code == 400


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def test_every_worker_tells_the_sum_of_all(clone_url: str, tmp_path: Path) -> None:
    address = f"http://127.0.0.1:{_free_port()}"
    environment = {
        **os.environ, "GEOSERVICE_HOME": str(tmp_path), "GEOSERVICE_DATABASE_URL": clone_url,
        "GEOSERVICE_PORT": address.rsplit(":", 1)[1], "GEOSERVICE_WORKERS": "2",
        "GEOSERVICE_DEMO": "0", "GEOSERVICE_BOOK_MIN": "0",
    }  # fmt: skip
    command = [sys.executable, "-m", "geoservice", "serve"]
    with subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, text=True) as service:
        try:
            assert service.stdout is not None
            assert any("the map is served at" in line for line in service.stdout)
            for _ in range(30):  # a connection each: they go to either worker
                assert httpx2.get(f"{address}/ogc/conformance").status_code == 200
            told = []
            while len(told) < 8:
                text = httpx2.get(f"{address}/metrics").text
                told.append(_requests(text, "/ogc/conformance"))
                time.sleep(0.05)
        finally:
            service.send_signal(signal.SIGTERM)
            service.communicate(timeout=30)
    assert told == [30] * 8
    counted_by = {it.stem.rsplit("_", 1)[1] for it in (tmp_path / "metrics").glob("*.db")}
    assert len(counted_by) == 2
