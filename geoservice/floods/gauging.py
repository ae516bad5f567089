"""The level of a gauge -> the zone of its family that is in force (pure)."""

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Rung:
    """A scenario of a family and the level (m, the gauge's datum) at the gauge that it is for."""

    scenario_id: int
    level_m: float


@dataclass(frozen=True)
class Picked:
    """Which scenario a level asks for, None: none; ``is_above_all``: higher than every one."""

    scenario_id: int | None
    is_above_all: bool = False


def pick(
    level_m: float, rungs: Sequence[Rung], *, from_m: float, margin_m: float, now: int | None
) -> Picked:
    """Return the lowest zone that is not below the water, the highest if all are.

    Falling water keeps its zone until it is ``margin_m`` below where the lower one begins, so that
    a level that trembles does not close and open roads.

    Parameters
    ----------
    level_m
        Of the water at the gauge.
    rungs
        The family's scenarios, in any order; none pick none.
    from_m
        Below it water is in its bed, and nothing is in force.
    now
        The scenario that the gauge has in force.
    """
    order = sorted(rungs, key=lambda it: (it.level_m, it.scenario_id))
    rising = _number(level_m, order, from_m)
    falling = _number(level_m + margin_m, order, from_m)
    held = next((i for i, it in enumerate(order) if it.scenario_id == now), -1)
    number = rising if rising >= held else min(held, falling)
    is_above = bool(order) and level_m >= from_m and level_m > order[-1].level_m
    return Picked(order[number].scenario_id if number >= 0 else None, is_above)


def _number(level_m: float, order: Sequence[Rung], from_m: float) -> int:
    """Return the place of the zone of a level; -1: none."""
    if level_m < from_m or not order:
        return -1
    return next((i for i, it in enumerate(order) if it.level_m >= level_m), len(order) - 1)
