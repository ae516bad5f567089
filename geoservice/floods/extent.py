"""What lies in a body of water, as it is told layer by layer (pure)."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import groupby

from geoservice.floods import wording
from geoservice.floods.answers import InWater, LayerInWater
from geoservice.floods.records import BandRow


@dataclass(frozen=True)
class ThingRow:
    """Something in the water; ``band`` is the number of the deepest body it is in."""

    layer: str
    code: str
    name: str
    amount: float | None
    detail: str | None
    band: int
    is_in_scope: bool


def by_layer(things: Iterable[ThingRow], water: Sequence[BandRow]) -> tuple[LayerInWater, ...]:
    """Return what is in the water by layer, in the order of `wording.LAYERS`; none left out.

    Parameters
    ----------
    things
        Of the caller's towns, by layer and code.
    water
        The bodies that they are numbered by; none: it is not known how deep.
    """
    found = {layer: list(some) for layer, some in groupby(things, lambda it: it.layer)}
    return tuple(_layer(name, found.get(name, []), water) for name in wording.LAYERS)


def _layer(name: str, things: Sequence[ThingRow], water: Sequence[BandRow]) -> LayerInWater:
    label, amount_of = wording.LAYERS[name]
    amount = sum(it.amount or 0 for it in things) if amount_of else None
    return LayerInWater(
        layer=name,
        label=label,
        count=len(things),
        amount=amount,
        amount_of=amount_of,
        items=tuple(_item(it, water[it.band] if water else None) for it in things),
    )


def _item(thing: ThingRow, band: BandRow | None) -> InWater:
    return InWater(
        code=thing.code,
        name=thing.name,
        amount=thing.amount,
        detail=thing.detail,
        depth_min_m=0.0 if band is None else band.depth_min_m,
        depth_max_m=None if band is None else band.depth_max_m,
        grade=None if band is None else band.grade,
        arrival_min=None if band is None else band.arrival_min,
    )
