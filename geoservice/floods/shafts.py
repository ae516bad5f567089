"""Shafts and yards of mines against the level of the water there: rule S2 (pure)."""

from collections.abc import Sequence
from dataclasses import dataclass

from geoservice.floods.answers import ShaftInWater
from geoservice.floods.records import BandRow
from geoservice.heights import converted
from geoservice.minewater.collars import Against, against_water


@dataclass(frozen=True)
class ShaftRow:
    """A shaft or yard in the extent; ``band`` is the number of the deepest body it is in."""

    code: str
    name: str
    mine: str
    kind: str
    collar_m: float | None
    height_datum: str | None
    defence_doc: str | None
    band: int


def shafts_in_water(rows: Sequence[ShaftRow], water: Sequence[BandRow]) -> tuple[ShaftInWater, ...]:
    """Return each shaft with how its collar stands to the water; what endangers people first."""
    found = [_told(it, water[it.band]) for it in rows]
    order = ("below", "unknown", "defended", "above")
    return tuple(sorted(found, key=lambda it: (order.index(it.standing), it.code)))


def _told(row: ShaftRow, body: BandRow) -> ShaftInWater:
    return ShaftInWater(
        row.code, row.name, row.mine, row.kind, row.collar_m, row.height_datum, body.level_m,
        body.height_datum, standing_of(row, body.level_m, body.height_datum), row.defence_doc,
    )  # fmt: skip


def standing_of(row: ShaftRow, level_m: float | None, datum: str) -> Against:
    """Return how a collar stands to water of a level; unknown where datums do not compare."""
    if row.height_datum is None or level_m is None:
        return "unknown"
    there_m = converted(level_m, datum, row.height_datum)
    return against_water(row.collar_m, there_m, row.defence_doc)
