"""Readings that reach a threshold: one warning, escalated and cleared in the same transaction."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import psycopg
import pytest
from starlette.testclient import TestClient

from geoservice import db
from geoservice.accounts.actions import create_token
from geoservice.alerts.actions import end_expired
from geoservice.app import create_app
from geoservice.registry.actions import store
from geoservice.registry.records import Sensor, SensorThreshold
from geoservice.sensors.rain import rain_thresholds
from geoservice.sensors.warnings import end_silent_sums
from geoservice.settings import Settings

LIMITS = (("yellow", 0.8), ("red", 1.5))


@dataclass(frozen=True)
class Here:
    """A service with a methane sensor `A` and a rain gauge `R` of its own."""

    client: TestClient
    url: str
    now: datetime
    headers: dict[str, str]

    def post(self, *values: tuple[float, float], sensor: str = "A", **more: Any) -> list[Any]:
        """Post values at minutes before now; return what was warned: message type, level."""
        items = [
            {"sensor": sensor, "observed_at": (self.now - timedelta(minutes=m)).isoformat(),
             "value": value, **more}
            for m, value in values
        ]  # fmt: skip
        answer = self.client.post("/sensors/observations", json=items, headers=self.headers)
        assert answer.status_code == 200, answer.text
        return [(it["msg_type"], it["level"]) for it in answer.json()["alerts"]]

    def rows(self, statement: str) -> list[tuple[Any, ...]]:
        with psycopg.connect(self.url) as conn:
            return conn.execute(statement).fetchall()

    def alerts(self) -> list[tuple[Any, ...]]:
        return self.rows(
            "SELECT msg_type, level, state FROM core.alert WHERE NOT is_demo ORDER BY id"
        )


@pytest.fixture
def here(settings: Settings, demo_url: str) -> Iterator[Here]:
    with db.connect(demo_url) as conn:
        place = conn.execute("SELECT geom FROM core.depot ORDER BY code LIMIT 1").fetchone()
        assert place is not None
        common: dict[str, Any] = {"source_doc": "试验", "geom": place[0]}
        methane = Sensor(code="A", name="甲", kind="methane", unit="%", interval_s=60, **common)
        rain = Sensor(code="R", name="雨", kind="rain", unit="mm", interval_s=600, **common)
        store(conn, "sensors", [methane, rain])
        gas = [
            SensorThreshold(
                code=f"A-{level}", name=level, source_doc="工作值", sensor_code="A", level=level,
                value=value, clear_margin=0.1, clear_hold_s=120,
            )
            for level, value in LIMITS
        ]  # fmt: skip
        store(conn, "sensor_thresholds", [*gas, *rain_thresholds(rain)])
        token = create_token(conn, roles=["keeper"], towns=None, name="mine")
    headers = {"Authorization": f"Bearer {token}"}
    with TestClient(create_app(settings, demo_url), client=("127.0.0.1", 50000)) as client:
        yield Here(client, demo_url, datetime.now(UTC).replace(microsecond=0), headers)


def test_a_warning_is_raised_escalated_and_cleared_once_each(here: Here) -> None:
    assert here.post((60, 0.5)) == []
    assert here.post((59, 0.9)) == [("Alert", "yellow")]
    assert here.post((58, 0.9), (57, 1.0)) == []
    assert here.post((56, 1.6)) == [("Update", "red")]
    assert here.post((56, 1.6)) == []  # the same again is known
    assert here.post((55, 0.1), (54, 0.1)) == []
    assert here.post((53, 0.1)) == [("Cancel", None)]
    assert here.alerts() == [
        ("Alert", "yellow", "updated"), ("Update", "red", "cancelled"), ("Cancel", None, "kept")
    ]  # fmt: skip
    shown = here.rows("SELECT state, level FROM published.sensors WHERE code = 'A'")
    assert shown == [("silent", None)]  # the last reading is 53 minutes old


def test_what_stands_is_shown_with_its_repeats_and_age(here: Here) -> None:
    here.post((3, 1.0), (2, 1.0), (1, 1.1))
    (alert,) = here.rows(
        "SELECT level, status, repeats, age_min, sensor_code, description,"
        " ST_AsText(geom) LIKE 'POINT%' FROM published.alerts WHERE NOT is_demo"
    )
    assert alert[:5] == ("yellow", "Actual", 2, 0, "A")
    assert "阈值未核实" in alert[5]
    assert alert[6]
    assert here.rows("SELECT state FROM published.sensors WHERE code = 'A'") == [("yellow",)]


def test_a_whole_outage_posted_at_once_is_told_in_order(here: Here) -> None:
    told = here.post((60, 0.2), (50, 0.9), (40, 1.7), (30, 0.2), (20, 0.2))
    assert told == [("Alert", "yellow"), ("Update", "red"), ("Cancel", None)]


def test_a_late_peak_is_told_and_taken_back(here: Here) -> None:
    here.post((30, 0.2), (10, 0.2), (5, 0.2))
    assert here.post((20, 1.9)) == [("Alert", "red"), ("Cancel", None)]
    assert here.post((21, 0.2)) == []


def test_calibration_gas_warns_nobody(here: Here) -> None:
    assert here.post((5, 2.0), quality="calibration") == []
    assert here.post((4, 2.0), quality="bad") == []
    assert here.post((3, 2.0), quality="suspect") == [("Alert", "red")]


def test_what_a_dispatcher_cancelled_is_not_raised_again_by_the_next_reading(here: Here) -> None:
    here.post((10, 1.0))
    with db.connect(here.url) as conn:
        token = create_token(conn, roles=["dispatcher"], towns=None, name="centre")
    headers = {"Authorization": f"Bearer {token}"}
    alerts = here.client.get("/alerts", headers=headers).json()
    (mine,) = [it for it in alerts if it["status"] == "Actual"]
    message = here.client.get(f"/alerts/{mine['id']}", headers=headers).json()
    reference = ",".join(message[key] for key in ("sender", "identifier", "sent"))
    cancel = {"status": "Actual", "msgType": "Cancel", "scope": "Public", "references": reference}
    answer = here.client.post("/alerts", json=cancel, headers=headers)
    assert len(answer.json()["ended"]) == 1, answer.text
    assert here.post((9, 1.0)) == []
    assert here.post((8, 1.6)) == [("Alert", "red")]


def test_rain_over_any_window_warns(here: Here) -> None:
    assert here.post(*[(60 - 10 * n, 62 / 6) for n in range(6)], sensor="R")[-1] == (
        "Update",
        "orange",
    )
    (row,) = here.rows("SELECT level, categories, message #>> '{info,0,description}'"
                       " FROM core.alert WHERE state = 'active' AND NOT is_demo")  # fmt: skip
    assert row[:2] == ("orange", ["Met"])
    assert "60 分钟累计 62 mm" in row[2]


def test_the_demonstration_warns_as_a_drill(here: Here) -> None:
    shown = here.rows("SELECT status, name, level FROM published.alerts WHERE is_demo")
    assert [row[0] for row in shown] == ["Exercise"]
    assert shown[0][1].startswith("【演练】演示")


def test_a_silent_gauge_does_not_keep_its_warning_for_ever(here: Here) -> None:
    here.post(*[(60 - 10 * n, 62 / 6) for n in range(6)], sensor="R")
    here.post((50, 1.0), (40, 1.6))  # methane too: judged by each reading, it keeps its warning
    with db.connect(here.url) as conn:
        assert end_silent_sums(conn) == []
        conn.execute(
            "UPDATE core.sensor_state SET observed_at = now() - interval '25 hours'"
            " WHERE level IS NOT NULL"
        )
        ended = end_silent_sums(conn)
        assert end_silent_sums(conn) == []
    mine = [(it.sensor, it.msg_type, it.level) for it in ended if it.sensor in {"A", "R"}]
    assert mine == [("R", "Cancel", None)]
    assert here.rows(
        "SELECT name, name_en, description LIKE '%没有读数%' FROM core.alert"
        " WHERE msg_type = 'Cancel' AND NOT is_demo"
    ) == [("雨：降雨量预警结束，没有读数", "R: rain warning over, no readings", True)]
    standing = here.rows("SELECT level FROM core.alert WHERE state = 'active' AND NOT is_demo")
    assert standing == [("red",)]  # of the methane


def test_an_alert_whose_time_is_over_says_so_everywhere(here: Here) -> None:
    here.post((3, 1.0))
    with db.connect(here.url) as conn:
        conn.execute(
            "UPDATE core.alert SET expires_at = now() - interval '1 min' WHERE NOT is_demo"
        )
    headers = here.headers
    (told,) = [it for it in here.client.get("/alerts?state=all", headers=headers).json()
               if it["status"] == "Actual"]  # fmt: skip
    assert told["state"] == "expired"
    with db.connect(here.url) as conn:
        end_expired(conn)
    assert here.alerts() == [("Alert", "yellow", "expired")]
    assert here.rows("SELECT count(*) FROM published.alerts WHERE NOT is_demo") == [(0,)]
    # Methane that is still too high warns anew.
    assert here.post((2, 1.6)) == [("Alert", "red")]
