"""What a listener is told between two states, and what it may not know."""

import asyncio
import json
from typing import Any

import pytest

from geoservice.auth import Actor, expanded
from geoservice.errors import BusyError
from geoservice.events import hub as hubs
from geoservice.events.hub import Hub
from geoservice.events.news import AlertNow, Listener, State, first_news, id_of, news
from geoservice.publish.catalog import load_layers
from geoservice.publish.permit import sight_of

ALERTS = load_layers()["alerts"]


def _listener(role: str = "viewer", towns: frozenset[str] | None = None) -> Listener:
    actor = Actor(None, role, expanded([role]), towns)
    return Listener(("roads", "alerts"), sight_of(ALERTS, actor))


def _alert(number: int, secrecy: str = "internal", town: str | None = None) -> AlertNow:
    return AlertNow(number, secrecy, town, f"预警 {number}", "red", "Actual", "Alert", "暴雨")


def _state(roads: str, alerts: str, *inside: AlertNow) -> State:
    versions = {"roads": roads, "alerts": alerts, "depots": roads}
    return State(versions, {one.id: one for one in inside})


def _told(texts: Any) -> list[tuple[str, dict[str, Any]]]:
    found = []
    for text in texts:
        assert text.endswith("\n\n")
        fields = dict(line.split(": ", 1) for line in text.strip().split("\n"))
        found.append((fields["event"], json.loads(fields["data"])))
    return found


def test_a_listener_is_told_of_its_layers_only() -> None:
    before, now = _state("aaaaaaaa", "bbbbbbbb"), _state("cccccccc", "bbbbbbbb")
    assert _told(news(before, now, _listener())) == [("layers", {"changed": ["roads"]})]
    assert _told(news(before, now, Listener(("alerts",), None))) == []
    assert _told(news(now, now, _listener())) == []


def test_alerts_come_and_go_for_who_may_know_them() -> None:
    before = _state("a" * 8, "b" * 8, _alert(1))
    now = _state("a" * 8, "c" * 8, _alert(2), _alert(3, "restricted"), _alert(4, town="T1"))
    told = _told(news(before, now, _listener()))
    assert [(name, data.get("id")) for name, data in told] == [
        ("alert_raised", 2), ("alert_raised", 4), ("alert_ended", 1), ("layers", None)
    ]  # fmt: skip
    assert told[0][1] == {"id": 2, "name": "预警 2", "level": "red", "status": "Actual",
                          "msg_type": "Alert", "event": "暴雨"}  # fmt: skip
    scoped = _told(news(before, now, _listener("dispatcher", frozenset({"T2"}))))
    assert [data["id"] for name, data in scoped if name == "alert_raised"] == [2, 3]


def test_who_comes_back_is_told_what_changed_meanwhile() -> None:
    listener = _listener()
    before, now = _state("aaaaaaaa", "bbbbbbbb"), _state("aaaaaaaa", "dddddddd")
    assert id_of(before, listener) == "roads:aaaaaa,alerts:bbbbbb"
    back = _told(first_news(now, listener, id_of(before, listener)))
    assert back == [("layers", {"changed": ["alerts"]})]
    assert _told(first_news(now, listener, None)) == [("layers", {"changed": []})]
    # With another role meanwhile: a layer it did not have before counts as changed.
    assert _told(first_news(now, listener, "roads:aaaaaa")) == [("layers", {"changed": ["alerts"]})]
    for nonsense in ("", ":", "x" * 100_000, "roads"):
        assert _told(first_news(now, listener, nonsense))[0][0] == "layers"


def test_one_task_asks_for_all_and_none_when_nobody_listens() -> None:
    asked: list[State | None] = []

    async def ask(before: State | None) -> State:
        asked.append(before)
        return _state(f"{len(asked) // 3:08}", "b" * 8)

    async def listen(hub: Hub) -> list[State | None]:
        async with hub.listening():
            first = await hub.after(None, 2)
            return [first, await hub.after(first, 2)]

    async def scene() -> None:
        hub = Hub(ask, every_s=0.01)
        heard = await asyncio.gather(*(listen(hub) for _ in range(50)))
        assert all(one == heard[0] for one in heard)
        assert heard[0][0] != heard[0][1]
        count = len(asked)
        assert count <= 10
        assert hub.listeners == 0
        await asyncio.sleep(0.05)
        assert len(asked) == count

    asyncio.run(scene())


def test_a_hub_says_when_it_cannot_ask_and_lets_go_when_closed() -> None:
    async def ask(_: State | None) -> State:
        raise OSError("away")

    async def scene() -> None:
        hub = Hub(ask, every_s=0.01)
        async with hub.listening():
            assert await hub.after(None, 0.05) is None
            assert not hub.is_well
            waiting = asyncio.create_task(hub.after(None, 30))
            await asyncio.sleep(0)
            hub.close()
            assert await asyncio.wait_for(waiting, 1) is None

    asyncio.run(scene())


def test_listeners_are_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    async def ask(_: State | None) -> State:
        return _state("a" * 8, "b" * 8)

    async def scene() -> None:
        hub = Hub(ask)
        async with hub.listening():
            with pytest.raises(BusyError):
                async with hub.listening():
                    raise AssertionError("one too many was let in")

    monkeypatch.setattr(hubs, "MOST_LISTENERS", 1)
    asyncio.run(scene())
