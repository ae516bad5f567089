"""Many dispatchers at once: each sends an order, with one key, again and again until answered."""

import asyncio
import json
import random
from collections import Counter
from dataclasses import dataclass, field
from typing import Any
from uuid import uuid4

_ANSWERED_WITHIN_S = 12.0
_FINAL = {200, 201, 409}


@dataclass
class Log:
    """What the clients were told: acknowledged orders by key, cancelled ones, all answers."""

    acked: dict[str, int] = field(default_factory=dict)
    cancelled: set[int] = field(default_factory=set)
    statuses: Counter[int] = field(default_factory=Counter)
    kinds: Counter[str] = field(default_factory=Counter)
    unanswered: int = 0
    without_reason: list[str] = field(default_factory=list)
    replayed: int = 0


@dataclass(frozen=True)
class Scene:
    """What is there to be ordered, by id."""

    incidents: list[int]
    lots: list[int]
    teams: list[int]


async def send(
    port: int, token: str, path: str, body: dict[str, Any], key: str, log: Log
) -> tuple[int, Any] | None:
    """Send one request on a connection of its own; None when the connection was lost."""
    said = json.dumps(body).encode()
    head = (
        f"POST {path} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nAuthorization: Bearer {token}\r\n"
        f"Content-Type: application/json\r\nContent-Length: {len(said)}\r\n"
        f"Idempotency-Key: {key}\r\nConnection: close\r\n\r\n"
    )
    try:
        async with asyncio.timeout(_ANSWERED_WITHIN_S):
            reader, writer = await asyncio.open_connection("127.0.0.1", port)
            try:
                writer.write(head.encode() + said)
                answer = await reader.read()
            finally:
                writer.close()
        top, _, content = answer.partition(b"\r\n\r\n")
        status, told = int(top.split(b" ", 2)[1]), json.loads(content)
    except (OSError, TimeoutError, ValueError, IndexError):
        log.unanswered += 1
        return None
    log.statuses[status] += 1
    log.replayed += b"idempotent-replayed: true" in top.lower()
    if status >= 400:
        log.kinds[told["type"]] += 1
        if not (told["detail"] and told["detail_zh"]):
            log.without_reason.append(f"{status} {told}")
        if status == 503 and b"retry-after" not in top.lower():
            log.without_reason.append(f"503 without Retry-After: {told}")
    return status, told


async def until_answered(
    port: int, token: str, path: str, body: dict[str, Any], key: str, log: Log
) -> tuple[int, Any]:
    """Send a request again and again with its key until it is done or refused for good."""
    while True:
        answer = await send(port, token, path, body, key, log)
        if answer is not None and answer[0] in _FINAL:
            return answer
        if answer is not None and answer[0] != 503:
            log.without_reason.append(f"unexpected {answer}")
            return answer
        await asyncio.sleep(0.1 + random.random() * 0.3)  # noqa: S311  # no secret


async def dispatcher(
    port: int, token: str, scene: Scene, log: Log, dice: random.Random, until: float
) -> None:
    """Place orders, and cancel some, until the time is up."""
    clock = asyncio.get_running_loop().time
    while clock() < until:
        key = str(uuid4())
        lots = dice.sample(scene.lots, dice.choice((1, 1, 2)))
        if dice.random() < 0.3:
            lots = [scene.lots[0]]  # the one that everybody wants
        body = {
            "incident_id": dice.choice(scene.incidents), "note": key,
            "lines": [{"lot_id": lot, "quantity": dice.randint(1, 3)} for lot in lots],
            "teams": [{"team_id": dice.choice(scene.teams)}] if dice.random() < 0.2 else [],
        }  # fmt: skip
        status, told = await until_answered(port, token, "/dispatch/orders", body, key, log)
        if status not in {200, 201}:
            continue
        log.acked[key] = told["id"]
        if dice.random() < 0.4:
            path, key = f"/dispatch/orders/{told['id']}/cancel", str(uuid4())
            status, _ = await until_answered(port, token, path, {}, key, log)
            if status == 200:
                log.cancelled.add(told["id"])


async def crowd(
    port: int, tokens: list[str], scene: Scene, log: Log, *, clients: int, seconds: float
) -> None:
    """Let so many dispatchers work for so long; all their orders are answered at the end."""
    until = asyncio.get_running_loop().time() + seconds
    async with asyncio.TaskGroup() as group:
        for number in range(clients):
            dice = random.Random(number)  # noqa: S311  # no secret
            token = tokens[number % len(tokens)]
            group.create_task(dispatcher(port, token, scene, log, dice, until))
