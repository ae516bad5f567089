"""A post of readings: three forms, and each item judged by itself."""

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from geoservice.errors import FileError, InputError
from geoservice.sensors.bodies import CSV, JSON, LINES, MOST_READINGS, items_of
from geoservice.sensors.readings import Checked, check_items

NOW = datetime(2026, 11, 24, 8, 0, tzinfo=UTC)
AT = "2026-11-24T15:30:00+08:00"


def _item(**changed: Any) -> dict[str, Any]:
    return {"sensor": "CH4-1", "observed_at": AT, "value": 0.42, **changed}


def _checked(*items: Any) -> Checked:
    return check_items(items, NOW)


def test_the_three_forms_say_the_same() -> None:
    wanted = [_item(quality="good", id="7")]
    text = json.dumps(wanted[0])
    assert items_of(json.dumps({"observations": wanted}).encode(), JSON) == wanted
    assert items_of(f"[{text}]".encode(), JSON) == wanted
    assert items_of(f"\n{text}\n\n".encode(), LINES) == wanted
    table = f"\ufeffsensor,observed_at,value,quality,id\r\nCH4-1,{AT},0.42,good,7\r\n"
    from_table = items_of(table.encode(), CSV)
    assert _checked(*from_table) == _checked(*wanted)
    assert _checked(*wanted).readings[0].observed_at == NOW - timedelta(minutes=30)


@pytest.mark.parametrize(
    ("body", "media_type", "why"),
    [
        (b"[", JSON, "not JSON"),
        (b'{"observations": {}}', JSON, "a list of readings"),
        (b'{"observations": [1], "more": 1}', JSON, "no member 'more'"),
        (b"[]", JSON, "0 readings"),
        (b"1", JSON, "a list of readings"),
        (b"\xff\xfe", JSON, "not UTF-8"),
        (b"{}\n{", LINES, "line 2: not JSON"),
        (b"sensor,value\nA,1\n", CSV, "names the columns"),
        (b'sensor,observed_at,value\n"A', CSV, "not CSV"),
        (b"[" * 200_000, JSON, "not JSON"),
    ],
)
def test_a_body_that_is_not_readings_is_refused(body: bytes, media_type: str, why: str) -> None:
    with pytest.raises((FileError, InputError), match=why):
        items_of(body, media_type)


def test_ten_thousand_readings_are_the_most() -> None:
    assert len(items_of(b"[" + b"0," * (MOST_READINGS - 1) + b"0]", JSON)) == MOST_READINGS
    with pytest.raises(InputError, match="10001 readings"):
        items_of(b"[" + b"0," * MOST_READINGS + b"0]", JSON)
    with pytest.raises(InputError, match="10001 readings"):
        items_of(b"0\n" * (MOST_READINGS + 500), LINES)


@pytest.mark.parametrize(
    ("item", "reason"),
    [
        (3, "form"),
        (_item(extra=1), "form"),
        (_item(sensor=None), "form"),
        (_item(sensor="a" * 101), "form"),
        (_item(sensor="a\x00b"), "form"),
        (_item(sensor=True), "form"),
        (_item(quality="fine"), "quality"),
        (_item(quality=[]), "quality"),
        (_item(observed_at="2026-11-24T15:30:00"), "time"),
        (_item(observed_at=1732433400), "time"),
        (_item(observed_at="yesterday"), "time"),
        (_item(observed_at="2026-11-24T16:05:01+08:00"), "future"),
        (_item(observed_at="9999-12-31T23:59:59-14:00"), "future"),
        (_item(observed_at="0001-01-01T00:00:00+14:00"), "too_old"),
        (_item(observed_at="1970-01-01T00:00:00Z"), "too_old"),
        (_item(value=None), "value"),
        (_item(value=True), "value"),
        (_item(value="0,42"), "value"),
        (_item(value=float("nan")), "value"),
        (_item(value=float("inf")), "value"),
        (_item(value=10**400), "value"),
        (_item(value="1e999"), "value"),
    ],
)
def test_what_cannot_be_taken_says_why(item: Any, reason: str) -> None:
    checked = _checked(_item(sensor="other"), item)
    assert [it.reason for it in checked.refused] == [reason]
    assert checked.refused[0].no == 1
    assert len(checked.readings) == 1


def test_five_minutes_ahead_are_still_taken() -> None:
    assert len(_checked(_item(observed_at="2026-11-24T16:05:00+08:00")).readings) == 1


def test_the_same_instant_twice_in_a_post_is_one_reading_or_a_conflict() -> None:
    same = _item(observed_at="2026-11-24T07:30:00Z", id="8")
    assert _checked(_item(), same).repeated == 1
    checked = _checked(_item(), _item(value=0.43))
    assert checked.repeated == 0
    assert [(it.no, it.reason) for it in checked.refused] == [(1, "conflict")]


def test_no_items_give_nothing() -> None:
    assert _checked() == Checked((), (), 0)
