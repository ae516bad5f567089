"""The vehicles that the network is driven by, and what an open arc takes each of them (pure)."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from geoservice.errors import InputError
from geoservice.network.graph import Floats, RoadNetwork

HAZMAT = "hazmat"
_KPH = 3.6
_FULL_DEG, _HALF_DEG = 360, 180


@dataclass(frozen=True)
class VehicleProfile:
    """One kind of vehicle. Turn costs are seconds on top of the drive.

    Water deeper than ``wading_m``, or whose depth times velocity is above ``max_flow_m2s``, stops
    it.
    """

    code: str
    height_m: float
    weight_t: float
    wading_m: float
    carries_hazmat: bool
    speed_factor: float
    max_kph: float
    turn_right_s: float
    turn_left_s: float
    turn_sharp_s: float
    turn_back_s: float
    max_flow_m2s: float = 0.6

    def is_of(self, classes: list[str]) -> bool:
        """Return whether what is said of these classes is said of it; no classes are all."""
        return not classes or self.code in classes or (self.carries_hazmat and HAZMAT in classes)


@dataclass(frozen=True)
class RoadRules:
    """How surface, gradient, grade of danger and water change speeds, and what a turn is.

    The register `risk_parameters` holds them, each with its source.
    """

    sections: Mapping[str, float]
    surfaces: Mapping[str, float]
    gradient_from_pct: float
    gradient_per_pct: float
    gradient_least: float
    turn_from_deg: float
    sharp_from_deg: float
    water_a: float
    water_b: float
    water_c: float

    @classmethod
    def from_values(cls, values: Mapping[str, Mapping[str, Any]]) -> "RoadRules":
        """Return the rules of the parameters ``road_...``, by code.

        Raises
        ------
        InputError
            One is missing, or is not what it should be.
        """
        try:
            slopes, turns, water = (values[f"road_{n}"] for n in ("gradients", "turns", "flood"))
            rules = cls(
                sections={k: float(v) for k, v in values["road_sections"].items()},
                surfaces={k: float(v) for k, v in values["road_surfaces"].items()},
                gradient_from_pct=float(slopes["from_pct"]),
                gradient_per_pct=float(slopes["per_pct"]),
                gradient_least=float(slopes["least"]),
                turn_from_deg=float(turns["turn_from_deg"]),
                sharp_from_deg=float(turns["sharp_from_deg"]),
                water_a=float(water["a"]),
                water_b=float(water["b"]),
                water_c=float(water["c"]),
            )
            shares = (*rules.sections.values(), *rules.surfaces.values(), rules.gradient_least)
            if not all(0 < share <= 1 for share in shares):
                raise ValueError("a share of the speed is above 0 and at most 1")
        except (KeyError, TypeError, ValueError) as error:
            raise InputError(
                f"risk_parameters, road_...: {error}: amend it, or add it again",
                zh=f"风险计算参数 road_… 有误（{error}）：请修改或重新登记",
            ) from error
        return rules

    def water_kph(self, depth_m: float) -> float:
        """Return the speed at which water of a depth can be driven through at most.

        The curve (Pregnolato 2017) was fitted for cars up to 300 mm; beyond its lowest point, at
        307 mm, it would rise again: from there on its lowest value holds.
        """
        lowest_mm = -self.water_b / (2 * self.water_a) if self.water_a > 0 else np.inf
        depth_mm = min(depth_m * 1000, lowest_mm)
        return max(self.water_a * depth_mm**2 + self.water_b * depth_mm + self.water_c, 0.1)


def open_s(network: RoadNetwork, profile: VehicleProfile, rules: RoadRules) -> Floats:
    """Return the seconds that each arc takes a vehicle with nothing closed; ``inf``: not passable.

    Speed is that of the sign, or of the class, by surface, gradient and vehicle, up to the
    vehicle's own limit. A road lower or weaker than the vehicle is not passable. Shape ``(m,)``.
    """
    surfaces = np.array([rules.surfaces.get(name, 1.0) for name in network.surfaces] or [1.0])
    steep_pct = np.maximum(np.abs(network.gradient_pct) - rules.gradient_from_pct, 0)
    slope = np.maximum(1 - rules.gradient_per_pct * steep_pct, rules.gradient_least)
    kph = network.speed_kph * surfaces[network.surface] * slope * profile.speed_factor
    seconds = network.length_m / np.minimum(kph, profile.max_kph) * _KPH
    too_big = (network.max_height_m < profile.height_m) | (network.max_weight_t < profile.weight_t)
    found: Floats = np.where(too_big, np.inf, seconds)
    return found


def turn_costs(profile: VehicleProfile, rules: RoadRules) -> NDArray[np.float64]:
    """Return the seconds of a turn by its whole degrees to the right, and at 360 of turning back.

    Below ``turn_from_deg`` one goes straight on; from ``sharp_from_deg`` on a turn is sharp.
    """
    right = np.arange(_FULL_DEG)
    aside = np.minimum(right, _FULL_DEG - right)
    side_s = np.where(right <= _HALF_DEG, profile.turn_right_s, profile.turn_left_s)
    seconds = np.where(aside < rules.turn_from_deg, 0.0, side_s)
    seconds = np.where(aside >= rules.sharp_from_deg, profile.turn_sharp_s, seconds)
    return np.append(seconds, profile.turn_back_s)
