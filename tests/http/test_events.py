"""`/events` over a real socket: what changed, to whom, and again after a break."""

import json
import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

import httpx2
import pytest
import uvicorn

from geoservice import db
from geoservice.accounts.actions import create_token
from geoservice.accounts.grants import NewGrant, grant
from geoservice.alerts.actions import file_message
from geoservice.alerts.cap import message_of
from geoservice.alerts.partners import NewPartner, add_partner
from geoservice.app import create_app
from geoservice.publish.catalog import load_layers
from geoservice.settings import Settings

ALERT = {"identifier": "CZ-1", "sender": "qx@changzhi", "sent": "2026-07-01T07:30:00+08:00",
         "status": "Actual", "msgType": "Alert", "scope": "Public",
         "info": [{"category": ["Met"], "event": "暴雨", "urgency": "Expected",
                   "severity": "Severe", "certainty": "Likely"}]}  # fmt: skip


@pytest.fixture
def served(settings: Settings, demo_url: str) -> Iterator[str]:
    """The application on one's own demonstration district, behind a socket."""
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{listening.getsockname()[1]}"
        app = create_app(replace(settings, public_url=url), demo_url)
        config = uvicorn.Config(app, log_level="warning", timeout_graceful_shutdown=2)
        server = uvicorn.Server(config)
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]})
        thread.start()
        while not server.started:
            time.sleep(0.01)
        yield url
        app.state.hub.close()
        server.should_exit = True
        thread.join()


@pytest.fixture
def as_role(demo_url: str) -> Callable[[str], dict[str, str]]:
    def headers(role: str) -> dict[str, str]:
        with db.connect(demo_url) as conn:
            token = create_token(conn, roles=[role], towns=None, name="wall")
        return {"Authorization": f"Bearer {token}"}

    return headers


@contextmanager
def _listening(url: str, headers: dict[str, str]) -> Iterator[Iterator[tuple[str, Any, str]]]:
    """Give the events of a stream: name, data, id."""
    with (
        httpx2.Client(timeout=20) as client,
        client.stream("GET", f"{url}/events", headers=headers) as answer,
    ):
        assert answer.status_code == 200
        assert answer.headers["content-type"].startswith("text/event-stream")
        assert answer.headers["cache-control"] == "no-store"
        yield _events(answer.iter_lines())


def _events(lines: Iterator[str]) -> Iterator[tuple[str, Any, str]]:
    fields: dict[str, str] = {}
    for line in lines:
        if line:
            name, _, value = line.partition(": ")
            fields[name] = value
        elif "event" in fields:
            yield fields["event"], json.loads(fields["data"]), fields.get("id", "")
            fields = {}


def _until(events: Iterator[tuple[str, Any, str]], name: str) -> tuple[str, Any, str]:
    return next(one for one in events if one[0] == name)


def _send(url: str) -> None:
    with db.connect(url) as conn:
        file_message(conn, message_of(ALERT))


def test_an_alert_is_told_as_soon_as_it_is_there_and_missed_ones_on_return(
    served: str, demo_url: str, as_role: Callable[[str], dict[str, str]]
) -> None:
    viewer = as_role("viewer")
    with _listening(served, viewer) as events:
        first = _until(events, "layers")
        assert first[1] == {"changed": []}
        assert _until(events, "beat")[1]["database"] is True
        _send(demo_url)
        raised = _until(events, "alert_raised")[1]
        assert (raised["name"], raised["level"]) == ("暴雨", "orange")
        assert "alerts" in _until(events, "layers")[1]["changed"]
    back = {**viewer, "Last-Event-ID": first[2]}
    with _listening(served, back) as events:
        assert "alerts" in _until(events, "layers")[1]["changed"]


def test_visitors_hear_of_public_layers_only(served: str, demo_url: str) -> None:
    with _listening(served, {}) as events:
        first = _until(events, "layers")
        assert "alerts:" not in first[2]
        assert "roads:" in first[2]
        _send(demo_url)
        with db.connect(demo_url) as conn:
            conn.execute("UPDATE core.road_closure SET name = name || '.'")
        name, data, _ = next(one for one in events if one[0] != "beat")
        assert name == "layers"
        assert "alerts" not in data["changed"]


def test_the_head_of_a_stream_ends(served: str) -> None:
    answer = httpx2.head(f"{served}/events", timeout=5)
    assert (answer.status_code, answer.content) == (200, b"")
    refused = httpx2.get(f"{served}/events?more=1", timeout=5)
    assert refused.status_code == 400


def test_a_partner_hears_of_what_is_granted_to_it_alone(served: str, demo_url: str) -> None:
    with db.connect(demo_url) as conn:
        token = add_partner(conn, NewPartner("WATER", "水务局", "sideways"))
        grant(conn, NewGrant("WATER", "depots"), layers=load_layers())
    with _listening(served, {"Authorization": f"Bearer {token}"}) as events:
        _until(events, "beat")
        _send(demo_url)  # of a layer that is not granted: an alert, which changes `alerts`
        with db.connect(demo_url) as conn:
            conn.execute("UPDATE core.hazard_source SET remark = 'x' WHERE id = 1")
        with db.connect(demo_url) as conn:
            conn.execute("UPDATE core.depot SET name = '改' WHERE id = 1")
        name, told, number = next(events)
        assert (name, told) == ("layers", {"changed": ["depots"]})
        assert [one.split(":")[0] for one in number.split(",")] == ["depots"]
