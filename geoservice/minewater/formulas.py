"""Inrush coefficient, pillars and lines of the water-control rules: numbers in, numbers out (pure).

Lengths in metres, pressures and strengths in MPa, angles in degrees. Which page says what is with
the parameters of the rule sets.
"""

import math
from typing import overload

import numpy as np
from numpy.typing import NDArray

from geoservice.minewater.inputs import Edge, PressureDatum
from geoservice.minewater.rulesets import RuleSet

Array = NDArray[np.float64]
_FLAT_DEG = 90.0


@overload
def pressure_mpa(
    head_m: Array, floor_m: Array, aquiclude_m: Array, *, datum: PressureDatum, gravity: float
) -> Array: ...
@overload
def pressure_mpa(
    head_m: float, floor_m: float, aquiclude_m: float, *, datum: PressureDatum, gravity: float
) -> float: ...
def pressure_mpa(
    head_m: Array | float,
    floor_m: Array | float,
    aquiclude_m: Array | float,
    *,
    datum: PressureDatum,
    gravity: float,
) -> Array | float:
    """Return the head on the floor aquiclude: at its base, or at the floor of the seam.

    The datum changes zones: reports use both, so it is never assumed. Negative where the head is
    below the place.
    """
    below = aquiclude_m if datum == "aquiclude_base" else 0.0
    return gravity * (head_m - (floor_m - below))


@overload
def exceeds(
    pressure: Array, aquiclude_m: Array, limit: float, margin: float
) -> NDArray[np.bool_]: ...  # fmt: skip
@overload
def exceeds(pressure: float, aquiclude_m: float, limit: float, margin: float) -> bool: ...
def exceeds(
    pressure: Array | float, aquiclude_m: Array | float, limit: float, margin: float
) -> NDArray[np.bool_] | bool:
    """Return where T = P/M is above ``limit`` MPa/m; the limit itself is not above.

    Without dividing by M. Where M <= 0 there is no coefficient: the caller tells that apart.
    """
    return pressure > limit * aquiclude_m + margin


def in_seam_pillar_m(pressure: float, height_m: float, tensile_mpa: float, rules: RuleSet) -> float:
    """Return the width of a waterproof pillar along the seam, at least the rule set's least.

    ``0.5 K M sqrt(3 p / Kp)``; no pressure gives the least width.
    """
    width = 0.5 * rules.number("pillar_safety") * height_m
    width *= math.sqrt(3.0 * max(pressure, 0.0) / tensile_mpa)
    return max(width, rules.number("pillar_least_m"))


def fault_damage_m(pressure: float, rules: RuleSet) -> float:
    """Return ``Ha = p/Ts + 10``: what a conducting fault asks for across the strata."""
    return max(pressure, 0.0) / rules.number("fault_critical_mpa_per_m") + rules.number(
        "fault_belt_m"
    )


def fault_pillar_m(pressure: float, dip_deg: float, rules: RuleSet) -> float:
    """Return ``Ha / sin(dip)``, at least the least width: the seam is above the aquifer."""
    width = fault_damage_m(pressure, rules) / math.sin(math.radians(dip_deg))
    return max(width, rules.number("pillar_least_m"))


def facing_pillar_m(
    pressure: float, dip_deg: float, fracture_m: float, movement_deg: float, rules: RuleSet
) -> float:
    """Return ``Ha csc t + HL cot t + HL cot d``: the fault sets the seam against an aquifer.

    ``t`` is the fault's dip and ``d`` the movement angle; at least the least width.
    """
    dip, movement = math.radians(dip_deg), math.radians(movement_deg)
    across = fault_damage_m(pressure, rules) / math.sin(dip)
    width = across + fracture_m / math.tan(dip) + fracture_m / math.tan(movement)
    return max(width, rules.number("pillar_least_m"))


def heading_aquiclude_m(
    pressure: float, width_m: float, unit_weight_mn_m3: float, tensile_mpa: float
) -> float:
    """Return the aquiclude that a heading needs: ``L (sqrt(g2 L2 + 8 Kp p) - g L) / (4 Kp)``."""
    weight = unit_weight_mn_m3 * width_m
    root = math.sqrt(weight * weight + 8.0 * tensile_mpa * max(pressure, 0.0))
    return width_m * (root - weight) / (4.0 * tensile_mpa)


def heading_clearance_m(heading_height_m: float, rules: RuleSet) -> float:
    """Return how far under flooded workings a heading stays: ten times its height."""
    return rules.number("heading_clear_times") * heading_height_m


def exploration_m(edge: Edge, pressure: float | None, rules: RuleSet) -> float:
    """Return how far from the edge of goaf water, in coal, the exploration line is.

    The distance of a surveyed edge holds up to 1 MPa; above, or where the pressure is not known,
    that of an inferred edge is taken.
    """
    if edge != "sure":
        return rules.number(f"exploration_{edge}_m")
    is_low = pressure is not None and pressure <= rules.number("exploration_sure_most_mpa")
    sure, inferred = (rules.number(f"exploration_{it}_m") for it in ("sure", "inferred"))
    return sure if is_low else max(sure, inferred)


def warning_m(exploration_line_m: float, rules: RuleSet) -> float:
    """Return how far from the edge the warning line is."""
    return exploration_line_m + rules.number("warning_m")


def yield_class_of(q_l_s_m: float, rules: RuleSet) -> str:
    """Return how water-rich an aquifer is by its q; a limit belongs to the lower class."""
    names = ("weak", "medium", "strong", "very_strong")
    return names[sum(q_l_s_m > limit for limit in rules.numbers("yield_limits"))]
