"""Villages below flash floods: the example table's values, their own, and the words."""

from datetime import UTC, datetime

import pytest

from geoservice.alerts.ours import Sending
from geoservice.floods.flash import Measured, VillageGauge, verdict_of
from geoservice.floods.flash_wording import village_message
from geoservice.timezones import zone_named

NONE = (None,) * 5
TOLD = Sending(
    "id1", "s", "本区", datetime(2026, 7, 20, 3, tzinfo=UTC), zone_named("Asia/Shanghai")
)


def _village(kind: str = "rain", **said: object) -> VillageGauge:
    usual = {
        "id": 1, "code": "V1", "name": "某村", "town_code": None, "secrecy": "internal",
        "is_demo": False, "lon": 113.2, "lat": 36.3, "population": 320, "is_verified": False,
        "source_doc": "某县山洪调查", "prepare_mm": NONE, "transfer_mm": NONE,
        "prepare_stage_m": None, "transfer_stage_m": None, "level": None, "reference": None,
        "sensor_id": 9, "sensor_code": "R1", "sensor": "雨量站", "kind": kind,
    }  # fmt: skip
    return VillageGauge(**{**usual, **said})  # type: ignore[arg-type]


def _level(village: VillageGauge, *fallen_mm: float, last: float | None = None) -> str | None:
    found = verdict_of([village], {9: Measured(9, fallen_mm or (0.0,) * 5, last)})
    return found and found.level


@pytest.mark.parametrize(
    ("fallen_mm", "level"),
    [
        ((40, 62, 62, 62, 62), "orange"),  # 1 h 62 mm
        ((0, 30, 120, 120, 120), "red"),  # 3 h 120 mm
        ((0, 34.9, 54, 69, 99), None),
        ((34, 35, 35, 35, 35), "blue"),
        ((0, 0, 0, 95, 95), "yellow"),
        ((0, 0, 0, 0, 200), "red"),
    ],
)
def test_without_thresholds_of_its_own_the_published_example_counts(
    fallen_mm: tuple[float, ...], level: str | None
) -> None:
    assert _level(_village(), *fallen_mm) == level


def test_its_own_thresholds_go_before_the_example() -> None:
    village = _village(
        prepare_mm=(20, 45, None, None, None), transfer_mm=(30, 70, None, None, None)
    )
    assert _level(village, 19, 44, 500, 500, 500) is None
    assert _level(village, 20, 20, 20, 20, 20) == "orange"
    assert _level(village, 20, 70, 70, 70, 70) == "red"


def test_a_river_gauge_counts_by_its_stage_and_a_rain_gauge_near_by_by_its_rain() -> None:
    own = _village("stage", prepare_stage_m=2.0, transfer_stage_m=3.0)
    assert [_level(own, last=it) for it in (1.9, 2.0, 3.0, None)] == [None, "orange", "red", None]
    near = _village("rain", prepare_mm=(None, 50, None, None, None), sensor_id=8)
    seen = {9: Measured(9, (0.0,) * 5, 2.5), 8: Measured(8, (0, 60, 60, 60, 60), None)}
    found = verdict_of([own, near], seen)
    assert found is not None
    assert (found.level, found.limit, found.span_min) == ("orange", 2.0, None)  # 1.25 x its limit
    assert verdict_of([own], {}) is None


def test_the_message_says_what_to_do_by_which_rain_and_that_nobody_verified_it() -> None:
    village = _village()
    verdict = verdict_of([village], {9: Measured(9, (0, 62, 62, 62, 62), None)})
    message = village_message(village, verdict, TOLD)
    zh, en = message.info
    assert (message.msg_type, message.status, message.scope) == ("Alert", "Actual", "Restricted")
    assert (zh.severity, zh.headline) == ("Severe", "某村：山洪橙色预警，准备转移")
    assert "1 小时雨量 62 毫米，达到指标 60 毫米" in zh.description
    assert "未核实" in zh.description
    assert "another county" in en.description
    red = village_message(
        _village(reference="s,id0,2026-07-20T10:00:00+08:00"),
        verdict_of([village], {9: Measured(9, (0, 0, 120, 120, 120), None)}), TOLD,
    )  # fmt: skip
    assert (red.msg_type, red.info[1].instruction) == ("Update", "Leave at once.")
    over = village_message(_village(reference="s,id0,2026-07-20T10:00:00+08:00"), None, TOLD)
    assert (over.msg_type, over.info[0].headline) == ("Cancel", "某村：山洪预警解除")
