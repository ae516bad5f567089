"""The class raster of a seam: one byte a cell that says what its numbers mean (pure).

The low three bits are the band of the inrush coefficient, the others are marks. Cells of which
any number is missing, or whose aquiclude is not above zero, are `UNCLEAR`.
"""

from dataclasses import dataclass, field

import numpy as np
from affine import Affine
from numpy.typing import NDArray

from geoservice.minewater.formulas import exceeds, pressure_mpa
from geoservice.minewater.fracture import conducting_heights_m
from geoservice.minewater.grids import Array, Band, Grid, Stack
from geoservice.minewater.inputs import Seam
from geoservice.minewater.rulesets import RuleSet

Classes = NDArray[np.uint8]
LOW, MIDDLE, HIGH, UNCLEAR = 1, 2, 3, 4
BAND = 7
THICK = 8  # of the middle band: the aquiclude is thick
THIN = 16  # the aquiclude is under pressure and thinner than the floor is damaged
REACHED = 32  # water above is within H_li + Hb
COVER_UNKNOWN = 64
VULNERABLE = 128


@dataclass
class Range:
    """The least and the greatest of what was met."""

    low: float = np.inf
    high: float = -np.inf

    def take(self, values: Array) -> None:
        """Widen the range to these values."""
        if len(values):
            self.low = min(self.low, float(values.min()))
            self.high = max(self.high, float(values.max()))

    @property
    def is_empty(self) -> bool:
        """Whether nothing was met."""
        return self.low > self.high


@dataclass
class Met:
    """What was met inside the mine, for the reasons: T by band, and numbers by name."""

    inrush: dict[int, Range] = field(default_factory=dict)
    numbers: dict[str, Range] = field(default_factory=dict)

    def take(self, name: str, values: Array) -> None:
        """Widen the range of a name."""
        self.numbers.setdefault(name, Range()).take(values)

    def of(self, name: str) -> Range:
        """Return the range of a name, empty where it was not met."""
        return self.numbers.get(name, Range())


@dataclass(frozen=True)
class ClassRaster:
    """Classes of the cells round a mine; what lies outside is `UNCLEAR`."""

    classes: Classes
    grid: Grid
    met: Met
    kinds: frozenset[str]

    def at(self, x: Array, y: Array) -> Classes:
        """Return the class at each place."""
        transform: Affine = self.grid.transform
        cols = np.floor((x - transform.c) / transform.a).astype(np.int64)
        rows = np.floor((y - transform.f) / transform.e).astype(np.int64)
        is_in = (cols >= 0) & (cols < self.grid.cols) & (rows >= 0) & (rows < self.grid.rows)
        found = np.full(len(x), outside(self.kinds), dtype=np.uint8)
        found[is_in] = self.classes[rows[is_in], cols[is_in]]
        return found


def outside(kinds: frozenset[str]) -> int:
    """Return the class of a place that the rasters do not cover."""
    return UNCLEAR | (COVER_UNKNOWN if "overburden_m" in kinds else 0)


def classified(stack: Stack, seam: Seam, rules: RuleSet) -> ClassRaster:
    """Return the class of every cell, worked out in bands of rows in float64."""
    classes = np.empty((stack.grid.rows, stack.grid.cols), dtype=np.uint8)
    met = Met()
    for band in stack.bands():
        rows = slice(band.first_row, band.first_row + len(band.is_inside))
        classes[rows] = _floor(band, stack, seam, rules, met) | _above(band, seam, rules, met)
    return ClassRaster(classes, stack.grid, met, stack.kinds)


def _floor(band: Band, stack: Stack, seam: Seam, rules: RuleSet, met: Met) -> Classes:
    """Give the band of T = P/M, never dividing by M; NaN compares as unclear."""
    codes = np.full(band.is_inside.shape, UNCLEAR, dtype=np.uint8)
    if not stack.kinds >= {"head_m", "floor_m", "aquiclude_m"}:
        return codes
    aquiclude = band.values["aquiclude_m"]
    pressure = pressure_mpa(
        band.values["head_m"], band.values["floor_m"], aquiclude,
        datum=stack.rasters.pressure_datum, gravity=rules.number("gravity_mpa_per_m"),
    )  # fmt: skip
    margin = rules.number("compare_margin_mpa")
    is_known = np.isfinite(pressure) & (aquiclude > 0.0)
    codes[is_known] = LOW
    codes[is_known & exceeds(pressure, aquiclude, rules.number("inrush_broken"), margin)] = MIDDLE
    codes[is_known & exceeds(pressure, aquiclude, rules.number("inrush_intact"), margin)] = HIGH
    _meet(codes, pressure, aquiclude, band, met)
    is_thick = (codes == MIDDLE) & (aquiclude > rules.number("thick_aquiclude_m"))
    is_thin = is_known & (pressure > 0.0) & (aquiclude < damage_m(seam, rules))
    codes[is_thick] |= THICK
    codes[is_thin] |= THIN
    return codes


def damage_m(seam: Seam, rules: RuleSet) -> float:
    """Return how deep mining damages the floor: as measured, else the rule set's."""
    given = seam.floor_damage_m
    return rules.number("floor_damage_m") if given is None else given


def _meet(codes: Classes, pressure: Array, aquiclude: Array, band: Band, met: Met) -> None:
    met_here = band.is_inside & (codes != UNCLEAR)
    head, thickness, code = pressure[met_here], aquiclude[met_here], codes[met_here]
    met.take("pressure_mpa", head)
    met.take("aquiclude_m", thickness)
    inrush = head / thickness
    for kind in (LOW, MIDDLE, HIGH):
        met.inrush.setdefault(kind, Range()).take(inrush[code == kind])


def _above(band: Band, seam: Seam, rules: RuleSet, met: Met) -> Classes:
    """Give the marks of water above and of the vulnerability index."""
    codes = np.zeros(band.is_inside.shape, dtype=np.uint8)
    if "overburden_m" in band.values:
        cover = band.values["overburden_m"]
        taken = band.values.get("seam_thickness_m", np.full(cover.shape, seam.mining_height_m))
        reach = conducting_heights_m(seam, taken, rules)
        codes[cover <= reach] = REACHED
        codes[np.isnan(cover)] = COVER_UNKNOWN
        met.take("cover_m", cover[band.is_inside & (codes == REACHED)])
    if "seam_thickness_m" in band.values:
        thickness = band.values["seam_thickness_m"]
        met.take("thickness_m", thickness[band.is_inside & np.isfinite(thickness)])
    if "vulnerability" in band.values:
        index = band.values["vulnerability"]
        is_over = index >= rules.number("vulnerability_slow")
        codes[is_over] |= VULNERABLE
        met.take("vulnerability", index[band.is_inside & is_over])
    return codes
