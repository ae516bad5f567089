"""The version of each layer: equal versions mean equal rows, at the moment of asking.

Counted in the transaction that writes (migration 0010), so that there is nothing to notify and
nothing to miss; asked of the database after the request came, so that there is nothing to expire.
"""

import hashlib
import secrets
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields
from datetime import datetime, tzinfo
from typing import Any

from psycopg import sql

from geoservice.db import Connection, Query
from geoservice.publish.catalog import LayerDef
from geoservice.publish.pipeline import Pipeline
from geoservice.publish.pools import ReadPools, fetch_one, fetch_soon
from geoservice.publish.select.beside import beside
from geoservice.publish.statement import Statement
from geoservice.timezones import zone_named
from geoservice.turns import Turns


@dataclass(frozen=True)
class Pulse:
    """What stands for everything published: as long as it is the same, so are all versions."""

    counted_in: str
    minute: datetime
    changes: int


@dataclass(frozen=True)
class ViewChanges:
    """How often the tables below each view changed, and what the clock says."""

    counted_in: str
    minute: datetime
    changes: int
    time_zone: str | None
    views: dict[str, int]

    @property
    def pulse(self) -> Pulse:
        """The pulse at which this was read."""
        return Pulse(self.counted_in, self.minute, self.changes)


PULSE = Query("versions", "pulse", Pulse)
VIEW_CHANGES = Query("versions", "view_changes", ViewChanges)
FOLD = Query("versions", "fold", int)
_PULSE = Statement(sql.SQL(PULSE.text), {})
_VIEW_CHANGES = Statement(sql.SQL(VIEW_CHANGES.text), {})
_PULSE_TEXT = PULSE.text.rstrip("; \n")
_PULSE_COLUMNS = len(fields(Pulse))


class Versions:
    """Answers which version a layer has now; to be made inside the event loop."""

    def __init__(self, pool: Pipeline, layers: Mapping[str, LayerDef]) -> None:
        self._pool = pool
        self._layers = layers
        self._known: tuple[Pulse, dict[str, str]] | None = None
        self._turns = Turns(self._asked)

    async def of(self, layer_id: str) -> str:
        """Return the layer's version, not older than this call.

        Raises
        ------
        UnavailableError
            The database does not answer.
        """
        return (await self._turns.answer()).get(layer_id) or _unknown()

    async def of_all(self, layer_ids: Iterable[str]) -> dict[str, str]:
        """Return the version of each of these layers, all of the same moment."""
        found = await self._turns.answer()
        return {layer_id: found.get(layer_id) or _unknown() for layer_id in layer_ids}

    async def with_row(
        self, layer_id: str, pools: ReadPools, statement: Statement
    ) -> tuple[str, tuple[Any, ...]]:
        """Return the layer's version and the row of a short statement, all None if there is none.

        One question for both as long as nothing has changed since the last; else the version
        first, so that the row is never older than it.
        """
        both = beside(_PULSE_TEXT, statement)
        row = await fetch_soon(pools, both)
        if self._known is None or self._known[0] != Pulse(*row[:_PULSE_COLUMNS]):
            version = await self.of(layer_id)
            row = await fetch_soon(pools, both)
        else:
            version = self._known[1].get(layer_id) or _unknown()
        return version, row[_PULSE_COLUMNS:]

    async def _asked(self) -> dict[str, str]:
        pulse = Pulse(*await fetch_one(self._pool, _PULSE))
        if self._known is None or self._known[0] != pulse:
            found = ViewChanges(*await fetch_one(self._pool, _VIEW_CHANGES))
            self._known = found.pulse, _versions(found, self._layers.values())
        return self._known[1]


def version_now(conn: Connection, layer: LayerDef) -> str:
    """Return the layer's version as this transaction sees it."""
    return _versions(VIEW_CHANGES.one(conn), [layer]).get(layer.id) or _unknown()


def _unknown() -> str:
    """Return a version that no other equals: of a view that nobody watches."""
    return secrets.token_urlsafe(9)


def _versions(found: ViewChanges, layers: Iterable[LayerDef]) -> dict[str, str]:
    return {
        layer.id: _word(found.counted_in, found.views[layer.view], _clock(layer, found))
        for layer in layers
        if layer.view in found.views
    }


def _clock(layer: LayerDef, found: ViewChanges) -> str:
    if layer.changes_with is None:
        return ""
    if layer.changes_with == "minute":
        return f"{found.minute.timestamp():.0f}"
    zone: tzinfo | None = zone_named(found.time_zone) if found.time_zone else None
    return f"{found.minute.astimezone(zone):%Y-%m-%d}"


def _word(*parts: object) -> str:
    """Return the parts as a short word: the numbers themselves are nobody's business."""
    said = "\n".join(str(part) for part in parts)
    return hashlib.blake2b(said.encode(), digest_size=9).hexdigest()


def fold(conn: Connection) -> None:
    """Move the marks of changes into the count; of several workers one does it."""
    FOLD.one(conn)
