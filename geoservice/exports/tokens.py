"""The word that stands for "as of this export" (pure).

It holds the transaction below which all was seen, and a digest of what the numbers depend on: which
life of the database, which layer, views, fields and filter, and what the caller may see. Where any
of it is another one, only a full export is right.
"""

import base64
import binascii
import hashlib
import json
from dataclasses import dataclass
from datetime import UTC, date, datetime

from geoservice.errors import ExpiredTokenError, InputError
from geoservice.publish.catalog import LayerDef
from geoservice.publish.permit import Sight
from geoservice.publish.statement import Filters


@dataclass(frozen=True)
class Moment:
    """A snapshot: ``horizon`` is the oldest transaction that it may not see."""

    horizon: str
    at: datetime
    day: date
    life: str

    def clock(self, layer: LayerDef) -> str:
        """Return what the layer's rows depend on besides what is written: the day, the minute."""
        if layer.changes_with is None:
            return "-"
        minute = (
            "" if layer.changes_with == "day" else f"{self.at.astimezone(UTC):_%Y-%m-%dT%H:%MZ}"
        )
        return f"{self.day.isoformat()}{minute}"


@dataclass(frozen=True)
class Seen:
    """What an earlier export saw: all below a transaction, by a day and an instant of the clock."""

    horizon: str
    day: date | None = None
    at: datetime | None = None


def token_of(moment: Moment, sight: Sight, filters: Filters) -> str:
    """Return the token of an export made at this moment."""
    clock = moment.clock(sight.layer)
    text = f"{moment.horizon}.{clock}.{_digest(moment, sight, filters)}"
    return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")


def seen_by(token: str, moment: Moment, sight: Sight, filters: Filters) -> Seen | None:
    """Return what the export that the token is of saw; None: no column tells what the clock did.

    Raises
    ------
    InputError
        It is not a token of this service.
    ExpiredTokenError
        It is of another life of the database, or of an export that asked for something else.
    """
    try:
        text = base64.b64decode(token + "=" * (-len(token) % 4), altchars=b"-_", validate=True)
        horizon, clock, digest = text.decode("ascii").split(".")
        given = int(horizon) if horizon.isdigit() else -1
    except (binascii.Error, ValueError):
        given, clock, digest = -1, "", ""
    if given < 0:
        raise InputError(
            "since: not a word of this service; send the since_token of the last manifest as it is",
            zh="since：不是本服务给出的值；请原样使用上次清单中的 since_token",
            where="since",
        )
    if digest != _digest(moment, sight, filters) or given > int(moment.horizon):
        raise ExpiredTokenError(
            "since: the database was restored or upgraded since, or this asks for another layer, "
            "filter or fields than that export: take a full export",
            zh="since：数据库已恢复或升级，或图层、筛选、字段、权限与上次导出不同：请重新全量导出",
            where="since",
        )
    return _seen(horizon, clock, moment, sight.layer)


def _seen(horizon: str, clock: str, moment: Moment, layer: LayerDef) -> Seen | None:
    if layer.changes_with is None:
        return Seen(horizon)
    if not layer.is_told_by_turns:
        return Seen(horizon) if clock == moment.clock(layer) else None
    day, _, minute = clock.partition("_")
    try:
        before = date.fromisoformat(day)
        at = datetime.fromisoformat(minute) if minute else None
    except ValueError:  # of a version that wrote it otherwise
        return None
    if (layer.changes_with == "minute") != (at is not None):
        return None
    is_back = before > moment.day or (at is not None and at > moment.at)
    return None if is_back else Seen(horizon, before, at)


def _digest(moment: Moment, sight: Sight, filters: Filters) -> str:
    condition = filters.condition.text if filters.condition else ""
    parts = [
        moment.life, sight.layer.id, [one.name for one in sight.fields], sight.secrecies,
        sight.towns, sight.open_to, condition, sorted(filters.values.items()),
    ]  # fmt: skip
    said = json.dumps(
        parts, default=lambda value: value.hex() if isinstance(value, bytes) else str(value)
    )
    return hashlib.blake2b(said.encode(), digest_size=12).hexdigest()
