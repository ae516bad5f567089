"""What a partner department may read: grants by layer and field, and the tokens that hold them."""

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from geoservice.accounts import sessions
from geoservice.accounts.actions import TOWN_CODES
from geoservice.accounts.records import Grant, StoredGrant
from geoservice.db import Connection, Query
from geoservice.errors import ConflictError, InputError, NotFoundError, UnknownNameError
from geoservice.publish.catalog import LayerDef, layer_named

GRANTS_OF_TOKEN = Query("grants", "grants_of_token", Grant)
GRANTS_OF_PARTNER = Query("grants", "grants_of_partner", Grant)
PARTNER_ID = Query("grants", "partner_id", int)
ADD_PARTNER_TOKEN = Query("grants", "add_partner_token", int)
ADD_GRANT = Query("grants", "add_grant", int)
GRANTS = Query("grants", "grants", StoredGrant)
REVOKE_GRANT = Query("grants", "revoke_grant", int)


@dataclass(frozen=True)
class NewGrant:
    """A grant to be; ``fields`` None: all that a viewer sees, ``towns`` None: all."""

    partner: str
    layer: str
    fields: Sequence[str] | None = None
    towns: Sequence[str] | None = None
    with_internal: bool = True


def grant(conn: Connection, new: NewGrant, *, layers: Mapping[str, LayerDef]) -> int:
    """Let a partner read a layer, and return the grant's number.

    Raises
    ------
    UnknownNameError, NotFoundError
        There is no such layer, field, town or partner.
    InputError
        The layer is not for viewers, so that nobody may hand it on.
    ConflictError
        The partner has a grant of this layer: revoke that one first.
    """
    layer = layer_named(layers, new.layer)
    if not layer.is_for_viewers:
        raise InputError(
            f"{layer.id} is not for viewers: it is not granted",
            zh=f"图层“{layer.title.zh}”不对查看者开放，不能授权",
            where="layer",
        )
    _check_known("field", new.fields, [field.name for field in layer.fields])
    _check_known("town", new.towns, TOWN_CODES.all(conn))
    number = ADD_GRANT.first(
        conn,
        partner_id=_partner_id(conn, new.partner),
        layer=layer.id,
        fields=None if new.fields is None else sorted(set(new.fields)),
        towns=None if new.towns is None else sorted(set(new.towns)),
        secrecies=["public", "internal"] if new.with_internal else ["public"],
    )
    if number is None:
        raise ConflictError(
            f"{new.partner} has a grant of {layer.id}: revoke it first",
            zh=f"{new.partner} 已有图层“{layer.title.zh}”的授权：请先撤销",
            where="layer",
        )
    return number


def list_grants(conn: Connection) -> list[StoredGrant]:
    """Return every grant, revoked ones too, by number."""
    return GRANTS.all(conn)


def revoke_grant(conn: Connection, number: int) -> None:
    """End a grant; it is refused from the next request on.

    Raises
    ------
    NotFoundError
        There is no such grant, or it is revoked already.
    """
    if REVOKE_GRANT.first(conn, id=number) is None:
        raise NotFoundError(
            f"there is no grant {number} that is not revoked", zh=f"没有编号为 {number} 的有效授权"
        )


def create_partner_token(
    conn: Connection, code: str, *, name: str = "", expires_at: datetime | None = None
) -> str:
    """Make a token that has no role and reads what is granted to a partner; shown this once.

    Raises
    ------
    NotFoundError
        There is no such partner.
    """
    secret = secrets.token_urlsafe(32)
    token_id = ADD_PARTNER_TOKEN.one(
        conn,
        sha256=sessions.digest(secret),
        name=name or f"partner {code}",
        partner_id=_partner_id(conn, code),
        expires_at=expires_at,
    )
    return f"geoservice_{token_id}_{secret}"


def _partner_id(conn: Connection, code: str) -> int:
    found = PARTNER_ID.first(conn, code=code)
    if found is None:
        raise NotFoundError(f"there is no partner {code}", zh=f"没有交换伙伴 {code}")
    return found


def _check_known(what: str, given: Sequence[str] | None, known: Sequence[str]) -> None:
    for one in given or ():
        if one not in known:
            raise UnknownNameError(
                f"no {what} {one!r}; there are: {', '.join(known)}",
                zh=f"没有“{one}”；可用：{'、'.join(known)}",
                where=what,
            )
