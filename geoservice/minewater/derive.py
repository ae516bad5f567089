"""The three zones of one seam from its inputs by a rule set."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass, replace
from functools import partial

import numpy as np
import shapely

from geoservice import __version__
from geoservice.minewater.checks import check_inputs
from geoservice.minewater.classes import ClassRaster, Met, classified, outside
from geoservice.minewater.deciding import Judged, judged_cells
from geoservice.minewater.edges import lines_between
from geoservice.minewater.facts import Claim, Facts
from geoservice.minewater.grids import lowest_floor_m, open_stack
from geoservice.minewater.hashes import inputs_hash
from geoservice.minewater.inputs import InputShape, MineInputs, SurfaceWater
from geoservice.minewater.partition import Arrangement, Geoms, arranged, geometry_hash
from geoservice.minewater.results import Derivation, Evidence, Note, StoppedError
from geoservice.minewater.rules_above import (
    above_conditions,
    collar_notes,
    reach_notes,
    roof_claims,
    steep_evidence,
    surface_claims,
    surface_pillar,
)
from geoservice.minewater.rules_floor import floor_claims, floor_conditions, vulnerability_claims
from geoservice.minewater.rules_goaf import goaf_evidence, goaf_notes
from geoservice.minewater.rules_planner import (
    clearance_evidence,
    clearance_notes,
    lowering_evidence,
    raised_evidence,
)
from geoservice.minewater.rules_structures import (
    borehole_evidence,
    boundary_evidence,
    column_evidence,
    fault_evidence,
    pillar_evidence,
    structure_notes,
)
from geoservice.minewater.rulesets import RuleSet
from geoservice.minewater.setting import Setting

METHOD = 1  # of derivation: another number where the same inputs may give other zones
STEPS = ("checking", "classifying", "partitioning", "judging", "dissolving")
Progress = Callable[[str, int, int], None]
_SHAPE_RULES: tuple[Callable[[Setting], list[Evidence]], ...] = (
    steep_evidence, pillar_evidence, boundary_evidence, fault_evidence, column_evidence,
    borehole_evidence, goaf_evidence, clearance_evidence, raised_evidence,
)  # fmt: skip
_CELL_RULES: tuple[Callable[[Setting, Facts], list[Claim]], ...] = (
    surface_claims, roof_claims, floor_claims, vulnerability_claims,
)  # fmt: skip
_NOTES: tuple[Callable[[Setting], list[Note]], ...] = (
    collar_notes, reach_notes, structure_notes, goaf_notes, clearance_notes,
)  # fmt: skip


def derive(
    inputs: MineInputs,
    ruleset: RuleSet,
    *,
    progress: Progress | None = None,
    should_stop: Callable[[], bool] | None = None,
) -> Derivation:
    """Return the zones of a seam, the cells they consist of, and the evidence of each.

    Every domain is judged by itself and the worst decides; a domain of which nothing is known in a
    place is slow mining there, the floor no mining. The same inputs give the same hashes, in
    whatever order.

    Parameters
    ----------
    progress
        Told each of `STEPS` as it begins: step, done, of how many.
    should_stop
        Asked before each step.

    Raises
    ------
    RecordError
        The inputs are not fit to be zoned from; all that is wrong is in it.
    FileError, DatumError, InputError
        The rasters are not: unreadable, misaligned, without CRS, in another unit.
    StoppedError
        ``should_stop`` said so.
    """
    begin = partial(_begin, progress, should_stop)
    begin("checking")
    check_inputs(inputs)
    inputs = _normalised(inputs)
    with ThreadPoolExecutor(1) as beside:  # what rasters hold is hashed while they are worked on
        hashed = beside.submit(inputs_hash, inputs, ruleset)
        judged, notes = _judged(inputs, ruleset, begin)
        return _derivation(judged, notes, hashed.result())


def _judged(
    inputs: MineInputs, ruleset: RuleSet, begin: Callable[[str], None]
) -> tuple[Judged, list[Note]]:
    begin("classifying")
    raster = _raster(inputs, ruleset)
    setting = _setting(inputs, ruleset, raster)
    begin("partitioning")
    shaped, lowering = _shape_evidence(setting), lowering_evidence(setting)
    conditions = _conditions(setting)
    areas = [_area(it, setting) for it in conditions]
    shapes = [*(it.geom for it in shaped), *(it.geom for _, it in lowering), *areas]
    arrangement = arranged(inputs.licence, shapes, _lines(raster))
    begin("judging")
    cells = _cells(arrangement, shapes, raster)
    facts = Facts(cells.codes, conditions, cells.covers[len(shapes) - len(areas) :])
    claims = [Claim(it, cells.covers[no]) for no, it in enumerate(shaped)]
    claims += [claim for rule in _CELL_RULES for claim in rule(setting, facts)]
    lowered = [
        (override, Claim(evidence, cells.covers[len(shaped) + no]))
        for no, (override, evidence) in enumerate(lowering)
    ]
    begin("dissolving")
    judged = judged_cells(arrangement, claims, lowered, inputs.licence)
    return judged, [note for rule in _NOTES for note in rule(setting)]


@dataclass(frozen=True)
class _Cells:
    codes: np.ndarray[tuple[int], np.dtype[np.uint8]]
    covers: list[np.ndarray[tuple[int], np.dtype[np.bool_]]]


def _begin(progress: Progress | None, should_stop: Callable[[], bool] | None, step: str) -> None:
    if should_stop is not None and should_stop():
        raise StoppedError
    if progress is not None:
        progress(step, STEPS.index(step), len(STEPS))


def _normalised(inputs: MineInputs) -> MineInputs:
    """Let no order of vertices or parts show in the last bits of a buffer."""
    shapes = tuple(replace(it, geom=shapely.normalize(it.geom)) for it in inputs.shapes)
    return replace(inputs, licence=shapely.normalize(inputs.licence), shapes=shapes)


def _raster(inputs: MineInputs, ruleset: RuleSet) -> ClassRaster | None:
    if inputs.rasters is None or inputs.crs is None:
        return None
    with ExitStack() as held:
        stack = open_stack(inputs.rasters, inputs.licence, inputs.crs, held)
        return classified(stack, inputs.seam, ruleset)


def _setting(inputs: MineInputs, ruleset: RuleSet, raster: ClassRaster | None) -> Setting:
    met = Met() if raster is None else raster.met
    return Setting(inputs, ruleset, met, partial(lowest_floor_m, inputs.rasters))


def _shape_evidence(setting: Setting) -> list[Evidence]:
    found = [it for rule in _SHAPE_RULES for it in rule(setting)]
    return [it for it in found if not it.geom.is_empty]


def _conditions(setting: Setting) -> list[InputShape]:
    found: list[InputShape] = [*floor_conditions(setting), *above_conditions(setting)]
    return list({id(it): it for it in found}.values())  # an argument may be of both


def _area(shape: InputShape, setting: Setting) -> shapely.MultiPolygon:
    if isinstance(shape, SurfaceWater):
        return surface_pillar(setting, shape)
    return setting.around(shape.geom, 0.0)


def _lines(raster: ClassRaster | None) -> Geoms:
    if raster is None:
        return np.empty(0, dtype=object)
    return lines_between(raster.classes, raster.grid, outside(raster.kinds))


def _cells(
    arrangement: Arrangement, shapes: list[shapely.MultiPolygon], raster: ClassRaster | None
) -> _Cells:
    xy = shapely.get_coordinates(arrangement.points)
    codes = np.zeros(len(xy), dtype=np.uint8)
    if raster is not None:
        codes = raster.at(xy[:, 0], xy[:, 1])
    shape, cell = arrangement.covered_by(shapes)
    covers = [np.zeros(len(xy), dtype=bool) for _ in shapes]
    for number in range(len(shapes)):
        covers[number][cell[shape == number]] = True
    return _Cells(codes, covers)


def _derivation(judged: Judged, notes: list[Note], hashed: str) -> Derivation:
    return Derivation(
        cells=judged.cells,
        zones=judged.zones,
        evidence=judged.evidence,
        notes=(*notes, *judged.notes),
        inputs_hash=hashed,
        geom_hash=geometry_hash({it.zone: it.geom for it in judged.zones}),
        geos_version=shapely.geos_version_string,
        code_version=f"{__version__}+minewater.{METHOD}",
    )
