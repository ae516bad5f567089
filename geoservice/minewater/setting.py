"""What every rule is given: the inputs, the rule set, and what is read off them (pure)."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar

from shapely import MultiPolygon
from shapely.geometry.base import BaseGeometry

from geoservice.minewater.buffers import safety_buffer
from geoservice.minewater.classes import Met
from geoservice.minewater.formulas import in_seam_pillar_m
from geoservice.minewater.fracture import Height, conducting_m
from geoservice.minewater.inputs import Domain, InputShape, MineInputs
from geoservice.minewater.results import Hazard
from geoservice.minewater.rulesets import RuleSet

S = TypeVar("S", bound=InputShape)
HAZARD_OF: dict[Domain, Hazard] = {"surface": "SW", "roof": "RW", "floor": "FW", "goaf": "GW"}


@dataclass(frozen=True)
class Setting:
    """One seam under one rule set.

    Parameters
    ----------
    met
        What the rasters have inside the mine.
    lowest_floor_m
        The lowest floor under a shape, by raster.
    """

    inputs: MineInputs
    rules: RuleSet
    met: Met
    lowest_floor_m: Callable[[BaseGeometry], float | None]

    def shapes(self, kind: type[S]) -> list[S]:
        """Return the shapes of a class by code."""
        found = [it for it in self.inputs.shapes if isinstance(it, kind)]
        return sorted(found, key=lambda it: it.code)

    @property
    def height_m(self) -> float:
        """The thickest that coal is here: what a pillar along the seam reckons with."""
        seam = self.inputs.seam
        return max(seam.thickness_m, seam.mining_height_m, self.met.of("thickness_m").high)

    @property
    def tensile_mpa(self) -> float:
        """The tensile strength of the coal."""
        given = self.inputs.seam.coal_tensile_mpa
        return self.rules.number("coal_tensile_mpa") if given is None else given

    @property
    def movement_deg(self) -> float:
        """The movement angle of the rock."""
        given = self.inputs.seam.movement_deg
        return self.rules.number("movement_deg") if given is None else given

    @property
    def reach(self) -> Height:
        """How far above the seam water is within reach, where the most is taken."""
        seam = self.inputs.seam
        taken = max(seam.mining_height_m, self.met.of("thickness_m").high)
        return conducting_m(seam, taken, self.rules)

    def head_mpa(self, given: float | None) -> float | None:
        """Return the head at a structure: as given, else the highest of the rasters."""
        highest = self.met.of("pressure_mpa")
        return given if given is not None else None if highest.is_empty else highest.high

    def pillar_m(self, pressure_mpa: float | None) -> float:
        """Return the width of a pillar along the seam; the least where there is no pressure."""
        return in_seam_pillar_m(pressure_mpa or 0.0, self.height_m, self.tensile_mpa, self.rules)

    def around(self, shape: BaseGeometry, width_m: float) -> MultiPolygon:
        """Return what is within a width of a shape, never less."""
        return safety_buffer(shape, width_m, self.rules)


PILLAR = ("pillar_safety", "pillar_least_m", "coal_tensile_mpa", "buffer_join", "buffer_quad_segs")


def named(shape: InputShape) -> str:
    """Return how evidence names a shape."""
    return f"{shape.kind}:{shape.code}"
