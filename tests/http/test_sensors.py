"""`/sensors/...`: readings in, idempotent and item by item; the series out."""

import json
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import psycopg
import pytest
from starlette.testclient import TestClient

from geoservice import db
from geoservice.accounts.actions import create_token
from geoservice.app import create_app
from geoservice.settings import Settings

URL = "/sensors/observations"
ADD = (
    "INSERT INTO core.sensor (code, name, source_doc, kind, unit, interval_s, town_code, geom)"
    " SELECT %s, '瓦斯 ' || %s, '试验', 'methane', '%%', 60, t.code, ST_PointOnSurface(t.geom)"
    " FROM core.town t WHERE t.valid_to IS NULL ORDER BY t.code OFFSET %s LIMIT 1"
    " RETURNING town_code"
)


@dataclass(frozen=True)
class Here:
    """A service on one's own demonstration district with two sensors in two towns."""

    client: TestClient
    url: str
    towns: list[str]

    def headers(self, role: str = "keeper", towns: list[str] | None = None) -> dict[str, str]:
        with db.connect(self.url) as conn:
            token = create_token(conn, roles=[role], towns=towns, name="mine")
        return {"Authorization": f"Bearer {token}"}

    def post(self, items: list[Any], status: int = 200, **headers: str) -> dict[str, Any]:
        answer = self.client.post(
            URL, json={"observations": items}, headers=headers or self.headers()
        )
        assert answer.status_code == status, answer.text
        body: dict[str, Any] = answer.json()
        return body

    def rows(self, statement: str) -> list[tuple[Any, ...]]:
        with psycopg.connect(self.url) as conn:
            return conn.execute(statement).fetchall()


@pytest.fixture
def here(settings: Settings, demo_url: str) -> Iterator[Here]:
    with psycopg.connect(demo_url) as conn:
        found = [conn.execute(ADD, (code, code, n)).fetchone() for n, code in enumerate("AB")]
    towns = [row[0] for row in found if row]
    with TestClient(create_app(settings, demo_url), client=("127.0.0.1", 50000)) as client:
        yield Here(client, demo_url, towns)


def _at(minutes: float) -> str:
    return (datetime.now(UTC).replace(microsecond=0) + timedelta(minutes=minutes)).isoformat()


def _reading(sensor: str = "A", minutes: float = -1, value: Any = 0.4) -> dict[str, Any]:
    return {"sensor": sensor, "observed_at": _at(minutes), "value": value}


def test_each_item_is_accepted_known_or_refused(here: Here) -> None:
    good = [_reading(), _reading("B")]
    first = here.post([*good, _reading("C"), {"sensor": "A"}])
    assert (first["accepted"], first["known"]) == (2, 0)
    assert [(it["no"], it["reason"]) for it in first["refused"]] == [
        (2, "unknown_sensor"),
        (3, "time"),
    ]
    assert all(it["why"] and it["why_zh"] for it in first["refused"])
    again = here.post([*good, {**good[0], "value": 0.9}, _reading(minutes=-3)])
    assert (again["accepted"], again["known"]) == (1, 2)
    assert [(it["no"], it["reason"]) for it in again["refused"]] == [(2, "conflict")]
    other = here.post([{**good[0], "value": 0.9}, good[1]])
    assert (other["accepted"], other["known"], len(other["refused"])) == (0, 1, 1)
    assert here.rows("SELECT count(*) FROM core.observation WHERE NOT is_demo") == [(3,)]


def test_a_post_of_which_nothing_can_be_taken_is_refused(here: Here) -> None:
    refusal = here.post([_reading("C"), {"sensor": "A"}], 422)
    assert [it["where"] for it in refusal["errors"]] == ["observations.0", "observations.1"]
    wrong = here.client.post(
        URL, content=b"<a/>", headers={**here.headers(), "Content-Type": "text/xml"}
    )
    assert wrong.status_code == 415
    assert (
        here.client.post(URL, json={"observations": []}, headers=here.headers()).status_code == 400
    )


def test_csv_and_lines_are_taken(here: Here) -> None:
    table = f"sensor,observed_at,value\nA,{_at(-2)},1.5\nB,{_at(-2)},n/a\n"
    answer = here.client.post(
        URL, content=table, headers={**here.headers(), "Content-Type": "text/csv"}
    )
    assert (answer.json()["accepted"], answer.json()["refused"][0]["reason"]) == (1, "value")
    lines = "\n".join(json.dumps(_reading(minutes=-n)) for n in (4, 5))
    headers = {**here.headers(), "Content-Type": "application/x-ndjson"}
    assert here.client.post(URL, content=lines, headers=headers).json()["accepted"] == 2


def test_a_token_reports_for_its_towns_and_no_other(here: Here) -> None:
    taken = here.post([_reading(), _reading("B")], **here.headers(towns=here.towns[:1]))
    assert taken["accepted"] == 1
    assert [(it["sensor"], it["reason"]) for it in taken["refused"]] == [("B", "unknown_sensor")]
    series = here.client.get(
        "/sensors/B/observations", headers=here.headers("viewer", here.towns[:1])
    )
    assert series.status_code == 404


def test_two_posters_of_the_same_readings_store_them_once(here: Here) -> None:
    items = [_reading(sensor, -n) for n in range(1, 400) for sensor in "AB"]
    headers = here.headers()
    taken: list[dict[str, Any]] = []
    posters = [
        threading.Thread(target=lambda part=part: taken.append(here.post(part, **headers)))
        for part in (items, items[::-1], items)
    ]
    for poster in posters:
        poster.start()
    for poster in posters:
        poster.join()
    assert sum(one["accepted"] for one in taken) == len(items)
    assert sum(one["known"] for one in taken) == 2 * len(items)
    assert here.rows("SELECT count(*) FROM core.observation WHERE NOT is_demo") == [(len(items),)]


def test_late_readings_are_in_the_series_and_do_not_become_the_last(here: Here) -> None:
    here.post([_reading(minutes=-1, value=0.5)])
    here.post([_reading(minutes=-30, value=2.0), _reading(minutes=-10, value=0.1)])
    headers = here.headers("viewer")
    series = here.client.get("/sensors/A/observations", headers=headers).json()
    assert [one["value"] for one in series["observations"]] == [2.0, 0.1, 0.5]
    assert series["is_partial"] is False
    assert series["sensor"]["unit"] == "%"
    query = {"from": _at(-12), "to": _at(0), "limit": 1}
    part = here.client.get("/sensors/A/observations", params=query, headers=headers).json()
    assert ([one["value"] for one in part["observations"]], part["is_partial"]) == ([0.5], True)
    shown = here.rows("SELECT state, last_value, age_min FROM published.sensors WHERE code = 'A'")
    assert shown == [("normal", 0.5, 1)]
    assert here.rows("SELECT state FROM published.sensors WHERE code = 'B'") == [("silent",)]


@pytest.mark.parametrize(
    "query", [{"from": "2026-11-24T08:00:00"}, {"limit": 0}, {"form": "x"},
              {"from": "2026-11-24T08:00:00Z", "to": "2026-11-24T07:00:00Z"}]
)  # fmt: skip
def test_wrong_spans_are_refused(here: Here, query: dict[str, Any]) -> None:
    answer = here.client.get(
        "/sensors/A/observations", params=query, headers=here.headers("viewer")
    )
    assert answer.status_code == 400
    assert answer.headers["content-type"] == "application/problem+json"


def test_readings_are_never_changed_or_taken_away(here: Here) -> None:
    here.post([_reading()])
    for statement in ("UPDATE core.observation SET value = 1", "DELETE FROM core.observation",
                      "TRUNCATE core.observation"):  # fmt: skip
        with psycopg.connect(here.url) as conn, pytest.raises(psycopg.errors.RaiseException):
            conn.execute(statement)


def test_ten_thousand_readings_go_in_at_once(here: Here) -> None:
    items = [_reading("AB"[n % 2], -n / 4, n / 1000) for n in range(10_000)]
    assert here.post(items)["accepted"] == 10_000
    assert here.post(items)["known"] == 10_000
