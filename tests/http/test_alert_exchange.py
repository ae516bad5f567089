"""Partners: what their rules give them, delivery in order, replay after an outage, fetching."""

import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any

import psycopg
import pytest
from httpx2 import Response
from psycopg_pool import ConnectionPool
from starlette.testclient import TestClient

from geoservice import db
from geoservice.accounts.actions import create_token
from geoservice.alerts.cap import read_cap
from geoservice.alerts.delivery import deliver_due, wait_after
from geoservice.alerts.partners import NewPartner, Rules, add_partner, retire_partner
from geoservice.app import create_app
from geoservice.errors import InputError, NotFoundError, UnknownNameError
from geoservice.settings import Settings

INFO = {"language": "zh-CN", "category": ["Met"], "event": "暴雨", "urgency": "Expected",
        "severity": "Severe", "certainty": "Likely"}  # fmt: skip
SENT = "2026-07-01T07:30:00+08:00"


def _alert(name: str, **changed: Any) -> dict[str, Any]:
    return {"identifier": name, "sender": "town@here", "sent": SENT, "status": "Actual",
            "msgType": "Alert", "scope": "Public", "info": [INFO], **changed}  # fmt: skip


@dataclass
class Receiver:
    """A partner's service: keeps what it is sent, and answers as it is told to."""

    url: str = ""
    status: int = 200
    got: list[tuple[str, str | None]] = field(default_factory=list)


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    it = Receiver()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            name = read_cap(body)[0].identifier
            if it.status < 300:
                it.got.append((name, self.headers["Authorization"]))
            self.send_response(it.status)
            self.send_header("Location", "http://127.0.0.1:1/elsewhere")
            self.send_header("Content-Length", "2")
            self.end_headers()
            self.wfile.write(b"{}")

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    server = HTTPServer(("127.0.0.1", 0), Handler)
    it.url = f"http://127.0.0.1:{server.server_port}/alerts"
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield it
    server.shutdown()
    thread.join()
    server.server_close()


@dataclass(frozen=True)
class Here:
    """A service of one's own, whose deliveries the test runs itself."""

    client: TestClient
    url: str
    pool: ConnectionPool[db.Connection]

    def partner(self, code: str, **more: Any) -> dict[str, str]:
        rules = more.pop("rules", Rules())
        new = NewPartner(code, f"伙伴 {code}", more.pop("direction", "up"), rules=rules, **more)
        with db.connect(self.url) as conn:
            return {"Authorization": f"Bearer {add_partner(conn, new)}"}

    def send(self, message: dict[str, Any], headers: dict[str, str] | None = None) -> Response:
        if headers is None:
            with db.connect(self.url) as conn:
                token = create_token(conn, roles=["dispatcher"], towns=None, name="centre")
            headers = {"Authorization": f"Bearer {token}"}
        answer = self.client.post("/alerts", json=message, headers=headers)
        assert answer.status_code in {200, 201}, answer.text
        return answer

    def waiting(self, headers: dict[str, str], **query: Any) -> list[str]:
        answer = self.client.get("/alerts/outbox", headers=headers, params=query)
        assert answer.status_code == 200, answer.text
        return [it["message"]["identifier"] for it in answer.json()]

    def rows(self, statement: str) -> list[tuple[Any, ...]]:
        with psycopg.connect(self.url) as conn:
            return conn.execute(statement).fetchall()

    def due_now(self) -> None:
        with psycopg.connect(self.url) as conn:
            conn.execute("UPDATE core.outbox SET next_at = now() - interval '1 s'")


@pytest.fixture
def here(settings: Settings, demo_url: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[Here]:
    monkeypatch.setattr("geoservice.app.APART", {})  # the test says when to deliver
    app = create_app(settings, demo_url)
    with TestClient(app, client=("127.0.0.1", 50000)) as client:
        yield Here(client, demo_url, app.state.pool)


STATES = (
    "SELECT a.identifier, o.state FROM core.outbox o JOIN core.alert a ON a.id = o.alert_id"
    " ORDER BY o.id"
)


def test_an_outage_is_replayed_in_order_and_nothing_twice(here: Here, receiver: Receiver) -> None:
    here.partner("CZ", endpoint=receiver.url, secret="geheim")  # noqa: S106  # invented
    here.send(_alert("A"))
    assert deliver_due(here.pool) == 1
    receiver.status = 503
    for name in "BCD":
        here.send(_alert(name))
    assert deliver_due(here.pool) == 1  # the first one waits, and the others behind it
    assert deliver_due(here.pool) == 0
    assert here.rows(STATES) == [("A", "acked"), *[(name, "pending") for name in "BCD"]]
    assert here.rows(
        "SELECT last_error FROM core.outbox WHERE attempts = 1 AND state = 'pending'"
    ) == [("503 {}",)]
    receiver.status = 200
    here.due_now()
    assert deliver_due(here.pool) == 3
    assert receiver.got == [(name, "Bearer geheim") for name in "ABCD"]
    here.send(_alert("A"))  # a repeat goes nowhere again
    assert deliver_due(here.pool) == 0
    log = here.rows("SELECT outcome FROM core.exchange_log ORDER BY id")
    assert [one for (one,) in log] == ["acked", "retried", "acked", "acked", "acked"]


def test_a_partner_that_is_away_is_tried_again_and_one_that_refuses_is_not(
    here: Here, receiver: Receiver
) -> None:
    here.partner("GONE", endpoint="http://127.0.0.1:9/alerts")
    here.partner("CZ", endpoint=receiver.url)
    receiver.status = 422
    here.send(_alert("A"))
    here.send(_alert("B"))
    assert deliver_due(here.pool) == 3
    states = here.rows(
        "SELECT p.code, o.state, o.last_error IS NULL FROM core.outbox o"
        " JOIN core.partner p ON p.id = o.partner_id ORDER BY p.code, o.id"
    )
    assert states == [("CZ", "failed", False), ("CZ", "failed", False),
                      ("GONE", "pending", False), ("GONE", "pending", True)]  # fmt: skip
    receiver.status = 307  # never followed
    here.send(_alert("C"))
    assert deliver_due(here.pool) == 1
    assert here.rows(STATES)[-1] == ("C", "pending")


def test_waits_are_doubled_within_bounds() -> None:
    assert [wait_after(n) for n in (1, 2, 3)] == [timedelta(seconds=s) for s in (5, 10, 20)]
    assert wait_after(1000) == timedelta(minutes=15)


def test_only_one_worker_delivers_at_a_time(here: Here, receiver: Receiver) -> None:
    here.partner("CZ", endpoint=receiver.url)
    for n in range(12):
        here.send(_alert(f"N{n}"))
    workers = [threading.Thread(target=deliver_due, args=[here.pool]) for _ in range(3)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    here.due_now()
    deliver_due(here.pool)
    assert [name for name, _ in receiver.got] == [f"N{n}" for n in range(12)]


def test_a_partner_fetches_until_it_acknowledges(here: Here) -> None:
    mine, other = here.partner("TOWN", direction="down"), here.partner("DEPT", direction="sideways")
    here.send(_alert("A"))
    here.send(_alert("B"))
    assert here.waiting(mine) == here.waiting(mine) == ["A", "B"]
    first = here.client.get("/alerts/outbox", headers=mine).json()[0]
    path = f"/alerts/outbox/{first['id']}/ack"
    assert here.client.post(path, headers=other).status_code == 404
    assert here.client.post(path, headers=mine).json() == {"id": first["id"], "is_repeat": False}
    assert here.client.post(path, headers=mine).json()["is_repeat"] is True
    assert here.waiting(mine) == ["B"]
    ack = _alert("ACK", msgType="Ack", info=[], references=f"town@here,B,{SENT}")
    here.send(ack, mine)
    assert here.waiting(mine) == []
    assert here.waiting(other) == ["A", "B"]
    assert here.client.get("/alerts/outbox?partner=DEPT", headers=mine).status_code == 404


def test_rules_say_what_a_partner_is_given(here: Here) -> None:
    everything = Rules(takes_internal=True, takes_drills=True)
    high = here.partner("HIGH", rules=Rules(least_level="red"))
    fire = here.partner("FIRE", rules=Rules(categories=["Fire"]))
    every = here.partner("ALL", rules=everything)
    here.send(_alert("A"))
    here.send(_alert("DRILL", status="Exercise"))
    here.send(_alert("INTERNAL", scope="Restricted", restriction="x"))
    here.send(_alert("PRIVATE", scope="Private", addresses="x"))
    red = [{**INFO, "severity": "Extreme"}]
    here.send(_alert("UP", msgType="Update", references=f"town@here,A,{SENT}", info=red))
    here.send(_alert("OFF", msgType="Cancel", references=f"town@here,UP,{SENT}", info=[]))
    assert here.waiting(high) == ["UP", "OFF"]  # to whom the update went, its cancellation goes
    assert here.waiting(fire) == []
    assert here.waiting(every) == ["A", "DRILL", "INTERNAL", "UP", "OFF"]


def test_what_a_partner_sends_is_logged_and_not_sent_back(here: Here) -> None:
    city, town = here.partner("CITY"), here.partner("TOWN", direction="down")
    here.send(_alert("A", sender="city@up"), city)
    here.send(_alert("A", sender="city@up"), city)
    assert (here.waiting(city), here.waiting(town)) == ([], ["A"])
    with db.connect(here.url) as conn:
        token = create_token(conn, roles=["publisher"], towns=None, name="desk")
    desk = {"Authorization": f"Bearer {token}"}
    log = here.client.get("/alerts/exchange", headers=desk).json()
    assert [(it["partner"], it["direction"], it["outcome"]) for it in log] == [
        ("TOWN", "out", "fetched"), ("CITY", "in", "repeated"), ("CITY", "in", "received")
    ]  # fmt: skip
    assert here.waiting(desk, partner="TOWN") == ["A"]
    assert here.client.get("/alerts/exchange", headers=town).status_code == 403
    viewer = {"Authorization": f"Bearer {_viewer(here)}"}
    refused = here.client.post("/alerts", json=_alert("V"), headers=viewer)
    assert refused.status_code == 403


def _viewer(here: Here) -> str:
    with db.connect(here.url) as conn:
        return create_token(conn, roles=["viewer"], towns=None, name="reader")


def test_a_partner_is_checked_when_made_and_ends(here: Here) -> None:
    for error, wrong in [
        (UnknownNameError, NewPartner("X", "x", "left")),
        (UnknownNameError, NewPartner("X", "x", "up", rules=Rules(least_level="pink"))),
        (UnknownNameError, NewPartner("X", "x", "up", rules=Rules(categories=["Weather"]))),
        (UnknownNameError, NewPartner("X", "x", "up", rules=Rules(town_codes=["1"]))),
        (InputError, NewPartner("X", "x", "up", "file:///etc/passwd")),
        (InputError, NewPartner("X", "x", "up", "http://user:word@host/")),
    ]:
        with db.connect(here.url) as conn, pytest.raises(error):
            add_partner(conn, wrong)
    headers = here.partner("P")
    with db.connect(here.url) as conn:
        retire_partner(conn, "P")
        with pytest.raises(NotFoundError):
            retire_partner(conn, "P")
    here.send(_alert("A"))
    assert here.client.get("/alerts/outbox", headers=headers).status_code == 404
