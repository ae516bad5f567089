"""Partners, what waits for them, and what they acknowledged."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from geoservice.alerts.actions import Filed, Origin, file_message
from geoservice.alerts.message import Message
from geoservice.db import Connection, Query
from geoservice.errors import ForbiddenError, NotFoundError


@dataclass(frozen=True)
class Known:
    """A partner, as far as its messages need it."""

    id: int
    code: str
    name: str
    is_demo: bool


@dataclass(frozen=True)
class Partner:
    """A partner with its rules, and how many messages wait for it or were refused by it."""

    id: int
    code: str
    name: str
    direction: str
    endpoint: str | None
    token_id: int | None
    least_level: str
    categories: list[str] | None
    town_codes: list[str] | None
    takes_internal: bool
    takes_drills: bool
    waiting: int
    failed: int


@dataclass(frozen=True)
class Waiting:
    """A message that a partner has not acknowledged."""

    id: int
    alert_id: int
    state: str
    created_at: datetime
    message: dict[str, Any]


@dataclass(frozen=True)
class Exchanged:
    """A line of the exchange log."""

    id: int
    at: datetime
    partner: str
    direction: str
    outcome: str
    alert_id: int | None
    detail: str | None
    actor: str


@dataclass(frozen=True)
class Caller:
    """Who asks: the token, if it comes with one, and what its roles allow."""

    token_id: int | None
    origin: Origin
    may_file: bool
    may_see_all: bool


# The local administrator at the command line.
COMMAND = Origin(may_end_others=True)

PARTNER_OF_TOKEN = Query("exchange", "partner_of_token", Known)
PARTNER_OF_CODE = Query("exchange", "partner_of_code", Known)
PARTNERS = Query("exchange", "partners", Partner)
ADD_PARTNER = Query("exchange", "add_partner", int)
KEEP_SECRET = Query("exchange", "keep_secret", str)
RETIRE_PARTNER = Query("exchange", "retire_partner", int)
WAITING = Query("exchange", "waiting", Waiting)
MARK_FETCHED = Query("exchange", "mark_fetched", str)
ACK = Query("exchange", "ack", int)
IN_OUTBOX = Query("exchange", "in_outbox", str)
NOTE_RECEIVED = Query("exchange", "note_received", str)
EXCHANGE_LOG = Query("exchange", "exchange_log", Exchanged)


def receive(conn: Connection, message: Message, *, caller: Caller) -> Filed:
    """File a message that somebody sends here; a partner's is logged, and not sent back to it.

    Raises
    ------
    ForbiddenError
        The caller is neither a partner nor one who may alert.
    ConflictError, GeometryError, NoDistrictError
        As `file_message` says.
    """
    partner = _partner_of(conn, caller)
    if partner is None and not caller.may_file:
        raise ForbiddenError(
            "alerts come from keepers, dispatchers, publishers and partners",
            zh="只有数据员、调度员、发布员和交换伙伴可以报送预警",
        )
    source = partner.id if partner else None
    filed = file_message(conn, message, caller.origin, from_partner=source)
    if partner is not None:
        outcome = "repeated" if filed.is_repeat else "received"
        NOTE_RECEIVED.run(conn, partner_id=partner.id, alert_id=filed.id, outcome=outcome)
        if message.msg_type == "Ack":
            ACK.all(conn, partner_id=partner.id, id=None, codes=list(message.referred()))
    return filed


def waiting_for(
    conn: Connection, *, caller: Caller, code: str | None, since: int, limit: int
) -> list[Waiting]:
    """Return what a partner has not acknowledged, in order, and note that it was fetched.

    Raises
    ------
    NotFoundError
        There is no such partner, or the caller is not it.
    """
    partner = _partner_here(conn, caller, code)
    found = WAITING.all(conn, partner_id=partner.id, since=since, limit=limit)
    if _partner_of(conn, caller) is not None:  # a publisher who looks has not fetched them
        MARK_FETCHED.run(conn, ids=[one.id for one in found])
    return found


def acknowledge(conn: Connection, *, caller: Caller, code: str | None, outbox_id: int) -> bool:
    """Mark a message as received by its partner; return False when it was so already.

    Raises
    ------
    NotFoundError
        There is no such row in the outbox of the caller.
    """
    partner = _partner_here(conn, caller, code)
    if IN_OUTBOX.first(conn, id=outbox_id, partner_id=partner.id) is None:
        raise NotFoundError(
            "there is no such message in this outbox", zh="发件箱中没有这条消息", where="id"
        )
    return bool(ACK.all(conn, partner_id=partner.id, id=outbox_id, codes=[]))


def list_partners(conn: Connection) -> Sequence[Partner]:
    """Return the partners by code."""
    return PARTNERS.all(conn)


def exchanged(conn: Connection, *, partner: str | None, limit: int) -> Sequence[Exchanged]:
    """Return the exchange log, the newest first; of one partner, by its code."""
    return EXCHANGE_LOG.all(conn, partner=partner, limit=limit)


def _partner_of(conn: Connection, caller: Caller) -> Known | None:
    if caller.token_id is None:
        return None
    return PARTNER_OF_TOKEN.first(conn, token_id=caller.token_id)


def _partner_here(conn: Connection, caller: Caller, code: str | None) -> Known:
    own = _partner_of(conn, caller)
    if own is not None and code in {None, own.code}:
        return own
    found = PARTNER_OF_CODE.first(conn, code=code) if code and caller.may_see_all else None
    if found is None:
        raise NotFoundError(
            "there is no such partner, or you are not it", zh="没有这个交换伙伴，或您不是它",
            where="partner",
        )  # fmt: skip
    return found
