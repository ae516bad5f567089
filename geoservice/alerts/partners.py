"""Whom alerts are exchanged with: partners are made and ended here."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import get_args
from urllib.parse import urlsplit

from geoservice.accounts.actions import TOWN_CODES
from geoservice.accounts.grants import create_partner_token
from geoservice.alerts.exchange import ADD_PARTNER, KEEP_SECRET, RETIRE_PARTNER
from geoservice.alerts.message import Category
from geoservice.db import Connection
from geoservice.errors import InputError, NotFoundError, UnknownNameError
from geoservice.sensors.thresholds import LEVELS

DIRECTIONS = ("up", "down", "sideways")


@dataclass(frozen=True)
class Rules:
    """Which alerts a partner is given; categories and towns None are all."""

    least_level: str = "blue"
    categories: Sequence[str] | None = None
    town_codes: Sequence[str] | None = None
    takes_internal: bool = False
    takes_drills: bool = False


@dataclass(frozen=True)
class NewPartner:
    """A partner to be: with an endpoint it is delivered to, without one it fetches."""

    code: str
    name: str
    direction: str
    endpoint: str | None = None
    secret: str | None = None
    rules: Rules = Rules()


def add_partner(conn: Connection, new: NewPartner) -> str:
    """Make a partner, and return its API token, shown this once.

    With it the partner posts and fetches alerts, and reads what is granted to it; nothing else.

    Raises
    ------
    UnknownNameError, InputError
        A direction, level, category or town that there is not; an address that is none.
    ConflictError
        There is a partner of this code.
    """
    _check(conn, new)
    rules = new.rules
    partner_id = ADD_PARTNER.one(
        conn,
        code=new.code,
        name=new.name,
        direction=new.direction,
        endpoint=new.endpoint,
        token_id=None,
        least_level=rules.least_level,
        categories=None if rules.categories is None else list(rules.categories),
        town_codes=None if rules.town_codes is None else list(rules.town_codes),
        takes_internal=rules.takes_internal,
        takes_drills=rules.takes_drills,
    )
    if new.secret:
        KEEP_SECRET.run(conn, partner_id=partner_id, secret=new.secret)
    return create_partner_token(conn, new.code)


def retire_partner(conn: Connection, code: str) -> None:
    """End an exchange; what was exchanged stays on record.

    Raises
    ------
    NotFoundError
        There is no partner of this code.
    """
    if RETIRE_PARTNER.first(conn, code=code) is None:
        raise NotFoundError(f"there is no partner {code}", zh=f"没有交换伙伴 {code}")


def _check(conn: Connection, new: NewPartner) -> None:
    rules = new.rules
    _check_known("direction", [new.direction], DIRECTIONS)
    _check_known("level", [rules.least_level], LEVELS)
    _check_known("category", rules.categories or [], get_args(Category))
    _check_known("town", rules.town_codes or [], TOWN_CODES.all(conn))
    if new.endpoint is not None:
        parts = urlsplit(new.endpoint)
        if parts.scheme not in {"http", "https"} or not parts.hostname or parts.username:
            raise InputError(
                f"{new.endpoint!r}: an http(s) address without a name and password is needed",
                zh=f"{new.endpoint!r}：须为不含用户名密码的 http(s) 地址",
                where="endpoint",
            )


def _check_known(what: str, given: Sequence[str], known: Collection[str]) -> None:
    for one in given:
        if one not in known:
            raise UnknownNameError(
                f"no {what} {one!r}; there are: {', '.join(known)}",
                zh=f"没有“{one}”；可用：{'、'.join(known)}",
                where=what,
            )
