"""A request that is sent again is done once and answered as the first time.

The key (`Idempotency-Key`) belongs to who asks. Key and work are in one transaction: what failed
leaves no key behind, and of two at once the second waits for the first.
"""

import hashlib
import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from geoservice.db import Connection, Query
from geoservice.errors import KeyReusedError


@dataclass(frozen=True)
class KeptAnswer:
    """What was asked with a key, and answered."""

    request_sha256: str
    answer: Any


@dataclass(frozen=True)
class Answered:
    """The answer, and whether it was given before."""

    answer: Any
    is_replayed: bool


BEGIN_ANSWER = Query("common", "begin_answer", bool)
KEEP_ANSWER = Query("common", "keep_answer", str)
REPLAY_ANSWER = Query("common", "replay_answer", KeptAnswer)


def answer_once(
    conn: Connection, *, key: str, request: object, work: Callable[[], object]
) -> Answered:
    """Do the work unless this actor's key was used before, and return its answer as JSON values.

    Parameters
    ----------
    key
        Chosen by who asks, one for each thing to be done.
    request
        All that was asked, as JSON values: the same key with another request is refused.
    work
        Does it in this transaction; what it returns is kept as JSON.

    Raises
    ------
    KeyReusedError
        The key was used for another request.
    """
    asked = hashlib.sha256(_json(request).encode()).hexdigest()
    if BEGIN_ANSWER.first(conn, key=key, request_sha256=asked):
        answer = _json(work())
        KEEP_ANSWER.run(conn, key=key, answer=answer)
        return Answered(json.loads(answer), is_replayed=False)
    before = REPLAY_ANSWER.one(conn, key=key)
    if before.request_sha256 != asked:
        raise KeyReusedError(
            f"the Idempotency-Key {key} was used for another request: take a new one",
            zh=f"Idempotency-Key {key} 已用于另一请求：请换一个",
            where="Idempotency-Key",
        )
    return Answered(before.answer, is_replayed=True)


def _json(value: object) -> str:
    return json.dumps(value, default=str, ensure_ascii=False, sort_keys=True)
