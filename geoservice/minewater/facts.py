"""What holds in each cell: its class, and which conditions cover it (pure).

A rule that joins a raster with areas, or areas with one another, claims cells; the shape of what it
found is those cells dissolved, so that no difference of shapes is ever taken.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from geoservice.minewater.inputs import Domain, InputShape
from geoservice.minewater.results import Evidence

Mask = NDArray[np.bool_]


@dataclass(frozen=True)
class Claim:
    """Evidence, and the cells that it covers; its shape follows from them."""

    evidence: Evidence
    cells: Mask


@dataclass(frozen=True)
class Facts:
    """The cells of a mine: a class each, and by condition which it covers."""

    codes: NDArray[np.uint8]
    conditions: Sequence[InputShape]
    covers: Sequence[Mask]

    @property
    def none(self) -> Mask:
        """No cell."""
        return np.zeros(len(self.codes), dtype=bool)

    def of(self, condition: InputShape) -> Mask:
        """Return the cells that a condition covers."""
        return self.covers[self.conditions.index(condition)]

    def any_of(self, conditions: Sequence[InputShape]) -> Mask:
        """Return the cells that any of these covers."""
        found = self.none
        for condition in conditions:
            found |= self.of(condition)
        return found

    def by_documents(
        self, cells: Mask, conditions: Sequence[InputShape]
    ) -> Iterator[tuple[Mask, tuple[InputShape, ...]]]:
        """Give the cells in groups that the same of these conditions cover."""
        if not cells.any():
            return
        if not conditions:
            yield cells, ()
            return
        held = np.column_stack([self.of(it) for it in conditions])[cells]
        kinds, group = np.unique(held, axis=0, return_inverse=True)
        places = np.flatnonzero(cells)
        for number, kind in enumerate(kinds):
            found = self.none
            found[places[group.ravel() == number]] = True
            yield found, tuple(it for it, is_held in zip(conditions, kind, strict=True) if is_held)


def speaks_of(domain: Domain, shape: InputShape) -> bool:
    """Return whether an argument or a treatment is of a domain."""
    domains = getattr(shape, "domains", None)
    return domain in domains if domains is not None else getattr(shape, "domain", None) == domain
