"""How high the rock above a worked seam breaks and leads water, and what is kept above (pure)."""

import math
from dataclasses import dataclass
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from geoservice.minewater.inputs import RoofClass, Seam
from geoservice.minewater.rulesets import RuleSet

Array = NDArray[np.float64]
Mask = NDArray[np.bool_]
N = TypeVar("N", float, Array)
_ROOFS: tuple[RoofClass, ...] = ("hard", "medium", "soft", "very_soft")


@dataclass(frozen=True)
class Height:
    """A height above the seam, metres.

    Parameters
    ----------
    is_out_of_range
        The formulas were not made for this: a measured value is needed.
    """

    value_m: float
    is_out_of_range: bool = False
    is_measured: bool = False


def fracture_1_m(total_m: N, roof: RoofClass, rules: RuleSet) -> N:
    """Return formula 1 of the water-conducting fracture zone with its plus deviation."""
    return _ratio(total_m, rules.numbers(f"fracture_{roof}"))


def fracture_2_m(total_m: float, roof: RoofClass, rules: RuleSet) -> float | None:
    """Return formula 2, ``a sqrt(S) + b``; None for a very soft roof, which has none."""
    if roof == "very_soft":
        return None
    factor, constant = rules.numbers(f"fracture_root_{roof}")
    return factor * math.sqrt(total_m) + constant


def caved_m(total_m: float, roof: RoofClass, rules: RuleSet) -> float:
    """Return the height of the caved zone with its plus deviation."""
    return _ratio(total_m, rules.numbers(f"caved_{roof}"))


def steep_fracture_m(total_m: N, stage_height_m: float, roof: RoofClass, rules: RuleSet) -> N:
    """Return the fracture zone of a steep seam with its plus deviation.

    A very soft roof has no formula of its own and gets that of the soft, which is higher than it.
    """
    kind = "hard" if roof == "hard" else "other"
    factor, constant, deviation = rules.numbers(f"fracture_steep_{kind}")
    return total_m * (100.0 * stage_height_m / (factor * stage_height_m + constant)) + deviation


def steep_caved_m(fracture_m: float, rules: RuleSet) -> float:
    """Return the caved zone of a steep seam, a share of its fracture zone."""
    return rules.number("caved_steep_share") * fracture_m


def is_steep(seam: Seam, rules: RuleSet) -> bool:
    """Return whether the seam counts as steep."""
    return seam.dip_deg >= rules.number("steep_deg")


def fracture_height(seam: Seam, total_m: float, rules: RuleSet) -> Height:
    """Return how high rock leads water above a seam of which ``total_m`` is taken.

    The higher of the formulas, plus deviation: safety comes before economy. What was measured
    takes their place. One cut of more than 3.5 m, top-coal caving, slices above 3 m or more than
    15 m in all are out of range: the formulas under-predict there. A steep seam without its stage
    height has the gentle formulas and is out of range too.
    """
    value, is_out = _fracture(seam, np.array([total_m]), rules)
    is_measured = seam.fracture_height_m is not None
    return Height(float(value[0]), bool(is_out[0]), is_measured)


def conducting_heights_m(seam: Seam, totals_m: Array, rules: RuleSet) -> Array:
    """Return ``H_li + Hb`` of many heights taken: ``inf`` where out of range or not known."""
    value, is_out = _fracture(seam, totals_m, rules)
    reach = value + protection_m(seam, totals_m, rules)
    return np.where(is_out | ~(totals_m > 0.0), np.inf, reach)


def protection_m(seam: Seam, total_m: N, rules: RuleSet) -> N:
    """Return the protection layer Hb above the fracture zone: a multiple of ``S / slices``."""
    times = rules.numbers(f"protection_{rules.word('protection_bed')}")
    return total_m * times[_ROOFS.index(seam.roof_class)] / seam.slices


def conducting_m(seam: Seam, total_m: float, rules: RuleSet) -> Height:
    """Return ``H_li + Hb``: water closer to the roof of the seam than this is within reach."""
    height = fracture_height(seam, total_m, rules)
    value = height.value_m + protection_m(seam, total_m, rules)
    return Height(value, height.is_out_of_range, height.is_measured)


def outcrop_pillar_m(seam: Seam, total_m: float, rules: RuleSet, *, is_water_rich: bool) -> float:
    """Return the height kept under an outcrop: over ``H_li`` where the loose bed is rich in water.

    Else over the caved zone; never below the least of the rule set.
    """
    if is_water_rich:
        height = fracture_height(seam, total_m, rules).value_m
    else:
        height = caved_m(total_m, seam.roof_class, rules)
    return max(height + protection_m(seam, total_m, rules), rules.number("outcrop_least_m"))


def _fracture(seam: Seam, totals_m: Array, rules: RuleSet) -> tuple[Array, Mask]:
    if seam.fracture_height_m is not None:
        measured = np.full_like(totals_m, seam.fracture_height_m)
        return measured, np.zeros(totals_m.shape, dtype=bool)
    is_out = _is_out_of_range(seam, totals_m, rules)
    roof = seam.roof_class
    if is_steep(seam, rules) and seam.stage_height_m is not None:
        steep = steep_fracture_m(totals_m, seam.stage_height_m, roof, rules)
        return steep, is_out | (roof == "very_soft")
    value = fracture_1_m(totals_m, roof, rules)
    if roof != "very_soft":
        factor, constant = rules.numbers(f"fracture_root_{roof}")
        value = np.maximum(value, factor * np.sqrt(totals_m) + constant)
    return value, is_out | is_steep(seam, rules)


def _ratio(total_m: N, numbers: tuple[float, ...]) -> N:
    factor, constant, deviation = numbers
    return total_m * 100.0 / (total_m * factor + constant) + deviation


def _is_out_of_range(seam: Seam, totals_m: Array, rules: RuleSet) -> Mask:
    single = rules.number("fracture_single_most_m")
    most = single if seam.slices == 1 else rules.number("fracture_slice_most_m")
    is_thick = totals_m / seam.slices > most
    is_much = totals_m > rules.number("fracture_total_most_m")
    return np.asarray(is_thick | is_much | (seam.mining_method == "thick_cut"), dtype=bool)
