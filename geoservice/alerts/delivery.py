"""Deliver what waits in the outbox: in order, each until its partner has it.

A message is claimed and settled in two short transactions, with the network between them, so that
no transaction waits for a partner. Delivery is at least once: receivers know a message they have.
"""

import http.client
import logging
import urllib.error
import urllib.request
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import IO, Any

from psycopg_pool import ConnectionPool

from geoservice.alerts.cap import MEDIA_TYPE, message_of, write_cap
from geoservice.db import Connection, Query, pooled, set_actor

LOG = logging.getLogger("geoservice.delivery")
TIMEOUT_S = 5.0
LEASE = timedelta(seconds=60)
FIRST_WAIT, LONGEST_WAIT = timedelta(seconds=5), timedelta(minutes=15)
_MOST_AT_ONCE = 50
_MOST_BYTES = 65_536
# A receiver's word about the message itself, which asking again will not change.
_REFUSED = frozenset({400, 406, 409, 410, 413, 415, 422})


@dataclass(frozen=True)
class Claimed:
    """A message to be delivered now."""

    id: int
    partner_id: int
    alert_id: int
    attempts: int
    endpoint: str
    message: dict[str, Any]
    secret: str | None


@dataclass(frozen=True)
class Outcome:
    """What a receiver made of a message: acked, failed for good, or pending."""

    state: str
    error: str | None = None


HOLD_DELIVERY = Query("exchange", "hold_delivery", bool)
CLAIM = Query("exchange", "claim", Claimed)
SETTLE = Query("exchange", "settle", str)


class _NoRedirect(urllib.request.HTTPRedirectHandler):
    """A partner's address is what an administrator wrote; the secret goes nowhere else."""

    def redirect_request(
        self,
        req: urllib.request.Request,
        fp: IO[bytes],
        code: int,
        msg: str,
        headers: http.client.HTTPMessage,
        newurl: str,
    ) -> None:
        """Follow none: the answer is an error."""


# Never by the proxy of the environment: partners are in the government's own network.
_OPENER = urllib.request.build_opener(urllib.request.ProxyHandler({}), _NoRedirect)


def deliver_due(pool: ConnectionPool[Connection]) -> int:
    """Deliver what is due, and return how many messages were tried."""
    for tried in range(_MOST_AT_ONCE):
        with pooled(pool) as conn:
            set_actor(conn, "delivery")
            claimed = CLAIM.first(conn, lease=LEASE) if HOLD_DELIVERY.one(conn) else None
        if claimed is None:
            return tried
        outcome = send(claimed)
        with pooled(pool) as conn:
            set_actor(conn, "delivery")
            SETTLE.run(conn, id=claimed.id, wait=wait_after(claimed.attempts), state=outcome.state,
                       error=outcome.error)  # fmt: skip
    return _MOST_AT_ONCE


def wait_after(attempts: int) -> timedelta:
    """Return how long to wait after so many attempts: doubled each time, within bounds."""
    return min(FIRST_WAIT * (1 << min(attempts - 1, 20)), LONGEST_WAIT)


def send(claimed: Claimed, timeout_s: float = TIMEOUT_S) -> Outcome:
    """Post one message to its partner's endpoint, and return what it said."""
    headers = {"Content-Type": MEDIA_TYPE, "Accept": "application/json"}
    if claimed.secret is not None:
        headers["Authorization"] = f"Bearer {claimed.secret}"
    body = write_cap(message_of(claimed.message))
    request = urllib.request.Request(claimed.endpoint, body, headers, method="POST")  # noqa: S310  # http(s) by the table's check
    return _answered(lambda: _OPENER.open(request, timeout=timeout_s))


def _answered(post: Callable[[], Any]) -> Outcome:
    try:
        with post() as answer:
            answer.read(_MOST_BYTES)
        return Outcome("acked")
    except urllib.error.HTTPError as error:
        with error:
            said = error.read(200).decode("utf-8", "replace").replace("\x00", "")
        state = "failed" if error.code in _REFUSED else "pending"
        return Outcome(state, f"{error.code} {said}".strip())
    except (OSError, http.client.HTTPException, ValueError) as error:
        return Outcome("pending", f"{type(error).__name__}: {error}"[:300])
