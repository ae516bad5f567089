"""What is printed of a version (pure): zones on paper, and the words beside them."""

from dataclasses import dataclass

from shapely import MultiPolygon

MARGIN = 0.03  # of the sheet's height
# Told apart without colour: crosses, strokes, dots.
HATCHES = {"no_mining": "xxx", "slow_mining": "///", "workable": ".."}


@dataclass(frozen=True)
class Area:
    """A zone on paper: its name, metres, its colour, and what the map writes into it."""

    zone: str
    name: str
    geom: MultiPolygon
    colour: str
    label: str


@dataclass(frozen=True)
class Sheet:
    """What is printed.

    Parameters
    ----------
    rows
        The area table: zone, hectares, per cent; the last is the sum.
    facts
        What else is said of the version, a pair a line.
    signatures
        Who made, checked, approved and filed it, a line each.
    banner
        What must not be overlooked (a draft, a demonstration); None: nothing.
    """

    title: str
    subtitle: str
    areas: tuple[Area, ...]
    rows: tuple[tuple[str, str, str], ...]
    facts: tuple[tuple[str, str], ...]
    signatures: tuple[str, ...]
    banner: str | None
