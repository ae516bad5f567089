"""`/alerts`: messages in and out, idempotent, acting on what they refer to."""

import xml.etree.ElementTree as ET  # reads what we wrote
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import psycopg
import pytest
from httpx2 import Response
from starlette.testclient import TestClient

from geoservice import db
from geoservice.accounts.actions import create_token
from geoservice.alerts.cap import MEDIA_TYPE, message_of, read_cap, write_cap
from geoservice.app import create_app
from geoservice.settings import Settings

SQUARE = "36.30,113.20 36.30,113.30 36.40,113.30 36.40,113.20 36.30,113.20"
AREA = {"areaDesc": "潞城区北部", "polygon": [SQUARE]}
INFO: dict[str, Any] = {
    "language": "zh-CN", "category": ["Met"], "event": "暴雨", "urgency": "Expected",
    "severity": "Severe", "certainty": "Likely", "headline": "暴雨橙色预警 <山洪>", "area": [AREA],
}  # fmt: skip
ALERT: dict[str, Any] = {
    "identifier": "CZ-1", "sender": "qx@changzhi", "sent": "2026-07-01T07:30:00+08:00",
    "status": "Actual", "msgType": "Alert", "scope": "Public", "info": [INFO],
}  # fmt: skip
REFERENCE = "qx@changzhi,CZ-1,2026-07-01T07:30:00+08:00"


@dataclass(frozen=True)
class Here:
    """A service on one's own demonstration district."""

    client: TestClient
    url: str

    def headers(self, role: str, towns: list[str] | None = None) -> dict[str, str]:
        with db.connect(self.url) as conn:
            token = create_token(conn, roles=[role], towns=towns, name="city")
        return {"Authorization": f"Bearer {token}"}

    def send(self, message: dict[str, Any], role: str = "keeper", **scope: Any) -> Response:
        return self.client.post("/alerts", json=message, headers=self.headers(role, **scope))

    def send_xml(self, body: bytes) -> Response:
        headers = {**self.headers("keeper"), "Content-Type": MEDIA_TYPE}
        return self.client.post("/alerts", content=body, headers=headers)

    def get(self, path: str, role: str = "viewer", **headers: str) -> Response:
        return self.client.get(path, headers={**self.headers(role), **headers})

    def rows(self, statement: str) -> list[tuple[Any, ...]]:
        with psycopg.connect(self.url) as conn:
            return conn.execute(statement).fetchall()

    def states(self) -> dict[str, str]:
        return dict(self.rows("SELECT identifier, state FROM core.alert WHERE NOT is_demo"))


@pytest.fixture
def here(settings: Settings, demo_url: str) -> Iterator[Here]:
    app = create_app(settings, demo_url)
    with TestClient(app, client=("127.0.0.1", 50000), raise_server_exceptions=False) as client:
        yield Here(client, demo_url)


def test_a_message_goes_in_as_xml_and_out_as_both(here: Here) -> None:
    document = write_cap(message_of(ALERT))
    answer = here.send_xml(document)
    assert answer.status_code == 201, answer.text
    filed = answer.json()
    assert (filed["state"], filed["is_repeat"], filed["notes"]) == ("active", False, [])
    path = answer.headers["location"]
    assert path == f"/alerts/{filed['id']}"
    out = here.get(path, Accept=MEDIA_TYPE)
    assert out.headers["content-type"] == MEDIA_TYPE
    assert out.content == here.get(f"{path}?f=cap").content == document
    assert message_of(here.get(path).json()) == read_cap(document)[0]
    (shown,) = here.rows("SELECT name, level, event, ST_AsText(ST_Envelope(geom)) FROM"
                         " published.alerts WHERE NOT is_demo")  # fmt: skip
    assert shown[:3] == ("暴雨橙色预警 <山洪>", "orange", "暴雨")
    assert shown[3].startswith("POLYGON((113.2 36.3,113.2 36.4,113.3 36.4")


def test_the_same_again_is_a_repeat_and_another_of_its_name_a_conflict(here: Here) -> None:
    first = here.send(ALERT).json()
    again = here.send_xml(write_cap(message_of(ALERT)))
    assert (again.status_code, again.json()["id"], again.json()["is_repeat"]) == (
        200,
        first["id"],
        True,
    )
    other = here.send({**ALERT, "status": "Test"})
    assert (other.status_code, other.json()["errors"][0]["where"]) == (409, "alert.identifier")
    assert here.states() == {"CZ-1": "active"}


def test_updates_and_cancellations_end_what_they_refer_to(here: Here) -> None:
    here.send(ALERT)
    update = {**ALERT, "identifier": "CZ-2", "msgType": "Update", "references": REFERENCE}
    updated = here.send(update).json()
    assert (len(updated["ended"]), updated["unknown"]) == (1, [])
    assert here.states() == {"CZ-1": "updated", "CZ-2": "active"}
    cancel = {**ALERT, "identifier": "CZ-3", "msgType": "Cancel", "info": [],
              "references": f"{REFERENCE} {REFERENCE.replace('CZ-1', 'CZ-2')}"}  # fmt: skip
    cancelled = here.send(cancel).json()
    assert (len(cancelled["ended"]), len(cancelled["unknown"])) == (1, 1)
    assert here.states() == {"CZ-1": "updated", "CZ-2": "cancelled", "CZ-3": "kept"}
    assert [it["code"] for it in _active(here)] == []


def _active(here: Here) -> list[dict[str, Any]]:
    found = here.get("/ogc/collections/alerts/items").json()["features"]
    return [it["properties"] for it in found if not it["properties"]["is_demo"]]


def test_a_cancellation_may_come_before_what_it_cancels(here: Here) -> None:
    cancel = {**ALERT, "identifier": "CZ-3", "msgType": "Cancel", "references": REFERENCE}
    assert len(here.send(cancel).json()["unknown"]) == 1
    assert here.send(ALERT).json()["state"] == "cancelled"


def test_nobody_ends_what_another_sent_but_dispatchers(here: Here) -> None:
    here.send(ALERT)
    cancel = {**ALERT, "identifier": "X", "sender": "other", "msgType": "Cancel",
              "references": REFERENCE}  # fmt: skip
    assert here.send(cancel).json()["ended"] == []
    assert here.states()["CZ-1"] == "active"
    assert len(here.send({**cancel, "identifier": "Y"}, "dispatcher").json()["ended"]) == 1
    assert here.states()["CZ-1"] == "cancelled"


def test_only_dispatchers_and_publishers_send_in_our_name(here: Here) -> None:
    ours = {
        key: value for key, value in ALERT.items() if key not in {"identifier", "sender", "sent"}
    }
    assert here.send(ours).status_code == 403
    filed = here.send(ours, "dispatcher").json()
    message = here.get(f"/alerts/{filed['id']}").json()
    assert message["sender"] == "geoservice-140406"
    assert message["sent"].endswith("+08:00")
    # A partner that hands our own message back is told that it is known.
    assert here.send(message).status_code == 200


def test_a_town_alerts_for_itself_only(here: Here) -> None:
    towns = ["140406001"]
    assert here.send(ALERT, towns=towns).status_code == 403
    coded = {"areaDesc": "镇", "geocode": [{"valueName": "GB/T 10114", "value": "140406001000"}]}
    filed = here.send({**ALERT, "info": [{**INFO, "area": [coded]}]}, towns=towns)
    assert filed.status_code == 201, filed.text
    same = here.rows("SELECT ST_Equals(a.geom, t.geom) FROM core.alert a JOIN core.town t"
                     " ON t.code = a.town_code WHERE NOT a.is_demo")  # fmt: skip
    assert same == [(True,)]


def test_alerts_without_a_place_here_are_legal_and_say_so(here: Here) -> None:
    bare = here.send({**ALERT, "info": [{**INFO, "area": []}]}).json()
    assert bare["notes"] == []
    far = {"areaDesc": "北京", "circle": ["39.9,116.4 5"]}
    away = here.send({**ALERT, "identifier": "BJ", "info": [{**INFO, "area": [far]}]}).json()
    assert away["notes"] == ["no area of it lies here"]
    assert len(_active(here)) == 2


@pytest.mark.parametrize(
    ("changed", "where"),
    [({"sent": "2026-07-01T07:30:00Z"}, "alert.sent"), ({"status": "Real"}, "alert.status"),
     ({"info": [{**INFO, "severity": "High"}]}, "alert.info.0.severity"),
     ({"info": [{**INFO, "area": [{**AREA, "polygon": ["113,36 113,37 114,37 113,36"]}]}]},
      "alert.info.0.area.0.polygon.0")],
)  # fmt: skip
def test_what_is_wrong_is_named_and_nothing_kept(here: Here, changed: Any, where: str) -> None:
    answer = here.send({**ALERT, **changed})
    assert answer.status_code == 400
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json()["errors"][0]["where"] == where
    assert here.states() == {}


def test_entities_and_other_media_types_are_refused(here: Here) -> None:
    bomb = b'<!DOCTYPE a [<!ENTITY a SYSTEM "file:///etc/passwd">]><alert>&a;</alert>'
    refused = here.send_xml(bomb)
    assert refused.status_code == 400
    assert "root:" not in refused.text
    headers = {**here.headers("keeper"), "Content-Type": "text/plain"}
    assert here.client.post("/alerts", content=b"x", headers=headers).status_code == 415
    assert here.client.post("/alerts", json=[], headers=here.headers("keeper")).status_code == 400
    assert here.send(ALERT, "viewer").status_code == 403


def test_the_list_is_json_or_atom_and_knows_expired_and_restricted(here: Here) -> None:
    here.send(ALERT)
    old = {**ALERT, "identifier": "OLD", "info": [{**INFO, "expires": "2026-07-01T09:00:00+08:00"}]}
    here.send(old)
    here.send({**ALERT, "identifier": "P", "scope": "Private", "addresses": "a b"})
    mine = [it for it in here.get("/alerts").json() if it["sender"] == "qx@changzhi"]
    assert [(it["identifier"], it["state"]) for it in mine] == [("CZ-1", "active")]
    every = here.get("/alerts?state=all&limit=2", "dispatcher").json()
    assert [(it["identifier"], it["state"]) for it in every] == [
        ("P", "active"),
        ("OLD", "expired"),
    ]
    older = here.get(f"/alerts?state=all&before={every[-1]['id']}").json()
    assert older[0]["identifier"] == "CZ-1"
    feed = here.get("/alerts", Accept="application/atom+xml")
    assert feed.headers["content-type"].startswith("application/atom+xml")
    root = ET.fromstring(feed.content)  # noqa: S314  # our own
    titles = [it.text for it in root.iter("{http://www.w3.org/2005/Atom}title")]
    assert "暴雨橙色预警 <山洪>" in titles
    private = here.rows("SELECT id FROM core.alert WHERE identifier = 'P'")[0][0]
    assert here.get(f"/alerts/{private}").status_code == 404
