"""What holds of every derivation, over random and over spiteful inputs."""

import runpy
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import shapely
from affine import Affine
from hypothesis import given, settings
from hypothesis import strategies as st
from shapely import MultiPolygon, Polygon, box

from geoservice.crs import CGCS2000, reproject
from geoservice.minewater.coverage import coverage_of
from geoservice.minewater.derive import derive
from geoservice.minewater.edges import lines_between
from geoservice.minewater.grids import Grid
from geoservice.minewater.inputs import (
    Argument,
    Column,
    Fault,
    Goaf,
    InputShape,
    MineInputs,
    Pillar,
    RoofAquifer,
)
from geoservice.minewater.partition import (
    arranged,
    check_coverage,
    geometry_hash,
    worst,
)
from geoservice.minewater.results import Derivation
from geoservice.minewater.rulesets import shipped_ruleset

SCENE = runpy.run_path(str(Path(__file__).parents[1] / "data" / "minewater_mine.py"))
EAST, NORTH, CM_114, MINE, SEAM = (SCENE[it] for it in ("EAST", "NORTH", "CM_114", "MINE", "SEAM"))
ROUND = shipped_ruleset("NMSA-2022-85")
MOST_M2 = 1e-4  # the tolerance of every area here

place = st.tuples(st.floats(-300, 2300), st.floats(-300, 1300))
angle = st.floats(0, 3.2)


def turned(at: tuple[float, float], wide: float, high: float, angle_rad: float) -> MultiPolygon:
    rectangle = box(-wide / 2, -high / 2, wide / 2, high / 2)
    moved = shapely.affinity.rotate(rectangle, angle_rad, use_radians=True)
    return MultiPolygon([shapely.affinity.translate(moved, EAST + at[0], NORTH + at[1])])


@st.composite
def shapes(draw: st.DrawFn) -> list[InputShape]:
    """Give up to a dozen shapes anywhere about the mine."""
    made: list[InputShape] = []
    for number in range(draw(st.integers(1, 12))):
        at, code = draw(place), str(number)
        area = turned(at, draw(st.floats(1, 900)), draw(st.floats(1, 900)), draw(angle))
        x, y = EAST + at[0], NORTH + at[1]
        trace = shapely.LineString(
            [(x, y), (x + draw(st.floats(1, 800)), y + draw(st.floats(-800, 800)))]
        )
        kinds: list[InputShape] = [
            Goaf(code, area, pressure_mpa=draw(st.floats(0, 3)), edge="inferred"),
            Fault(code, trace, dip_deg=70.0, head_mpa=draw(st.floats(0, 3))),
            Column(code, area, head_mpa=1.0),
            Pillar(code, area),
            RoofAquifer(code, area, yield_class=draw(st.sampled_from(["medium", "strong", None]))),
            Argument(code, area, domains=SCENE["ALL"], document="A", is_approved=True),
        ]
        made.append(draw(st.sampled_from(kinds)))
    return made


@st.composite
def mines(draw: st.DrawFn) -> MultiPolygon:
    """Give an oblique mine, half of them with an excluded part."""
    mine = turned(
        (1000.0, 500.0), draw(st.floats(900, 2000)), draw(st.floats(400, 1000)), draw(angle)
    )
    if draw(st.booleans()):
        hole = turned(
            (1000.0, 500.0), draw(st.floats(20, 300)), draw(st.floats(20, 300)), draw(angle)
        )
        (mine,) = (
            it if isinstance(it, MultiPolygon) else MultiPolygon([it]) for it in [mine - hole]
        )
    return mine


@pytest.fixture(scope="module")
def rasters(tmp_path_factory: pytest.TempPathFactory) -> object:
    folder = tmp_path_factory.mktemp("rasters")
    return SCENE["strips"](folder, [0.045, 0.08, 0.105, float("nan")])


def given_inputs(mine: MultiPolygon, what: list[InputShape], rasters: object) -> MineInputs:
    return MineInputs(mine, SEAM, CM_114, tuple(what), rasters)  # type: ignore[arg-type]


def check_is_exact(found: Derivation, mine: MultiPolygon) -> None:
    zones = [it.geom for it in found.zones]
    assert abs(sum(it.area for it in zones) - mine.area) <= max(1e-6, 1e-13 * mine.area)
    assert shapely.union_all(zones).symmetric_difference(mine).area <= MOST_M2
    assert shapely.coverage_is_valid(np.array(zones))
    cells = np.array([it.geom for it in found.cells])
    check_coverage(coverage_of(cells), cells, mine)
    assert all(it.rules and it.evidence for it in found.cells)
    degrees = np.array([reproject(it, CM_114, CGCS2000) for it in zones])
    assert shapely.coverage_is_valid(degrees)
    rounded = np.array([shapely.transform(it, lambda xy: np.round(xy, 7)) for it in degrees])
    assert shapely.coverage_is_valid(rounded)
    assert shapely.is_valid(degrees).all()


@settings(max_examples=25, deadline=None)
@given(mine=mines(), what=shapes(), seed=st.integers(0, 99))
def test_the_zones_cover_the_mine_exactly_in_whatever_order(
    rasters: object, mine: MultiPolygon, what: list[InputShape], seed: int
) -> None:
    found = derive(given_inputs(mine, what, rasters), ROUND)
    check_is_exact(found, mine)
    order = np.random.default_rng(seed).permutation(len(what))
    again = derive(given_inputs(mine, [what[it] for it in order], rasters), ROUND)
    assert (again.geom_hash, again.inputs_hash) == (found.geom_hash, found.inputs_hash)


@settings(max_examples=15, deadline=None)
@given(mine=mines(), what=shapes(), at=place, wide=st.floats(1, 500))
def test_more_no_mining_evidence_never_shrinks_no_mining(
    rasters: object,
    mine: MultiPolygon,
    what: list[InputShape],
    at: tuple[float, float],
    wide: float,
) -> None:
    more = Pillar("more", turned(at, wide, wide, 0.3))
    before = derive(given_inputs(mine, what, rasters), ROUND)
    after = derive(given_inputs(mine, [*what, more], rasters), ROUND)
    lost = no_mining(before).difference(no_mining(after)).area
    assert lost <= MOST_M2


def no_mining(found: Derivation) -> MultiPolygon:
    return next((it.geom for it in found.zones if it.zone == "no_mining"), MultiPolygon())


@pytest.mark.parametrize("seed", range(12))
def test_shapes_that_all_but_touch_leave_no_gap(seed: int) -> None:
    """Shapes on and by a hair off the lines of a checkered raster, in a mine with a hole."""
    rng = np.random.default_rng(seed)
    classes = rng.integers(1, 5, (40, 40)).astype(np.uint8)
    grid = Grid(Affine(10, 0, EAST, 0, -10, NORTH + 400), 40, 40)
    shell = [(EAST + x, NORTH + y) for x, y in [(3, 5), (395, 12), (370, 390), (20, 370)]]
    hole = [(EAST + x, NORTH + y) for x, y in [(150, 150), (170, 151), (160, 190)]]
    mine = MultiPolygon([Polygon(shell, [hole])])
    parts = []
    for _ in range(60):
        west, south = EAST + 10.0 * rng.integers(0, 38), NORTH + 10.0 * rng.integers(0, 38)
        off = rng.choice([0.0, 1e-9, 1e-7, 1e-5, 1e-3]) * rng.choice([-1, 1])
        parts.append(box(west + off, south - off, west + off + 25, south + 30 - off))
    lines = lines_between(classes, grid, 4)
    one = arranged(mine, parts, lines)
    order = rng.permutation(60)
    other = arranged(mine, [parts[it] for it in order], lines[rng.permutation(len(lines))])
    hashes = []
    for found in (one, other):
        assert found.coverage.is_planar
        assert shapely.is_valid(found.cells).all()
        shape, cell = found.covered_by(parts)
        rank = worst(len(found.cells), cell, np.full(len(shape), 2))
        zones = {
            "workable": found.coverage.dissolved(rank == 0),
            "no_mining": found.coverage.dissolved(rank == 2),
        }
        whole = shapely.union_all(list(zones.values()))
        assert whole.symmetric_difference(mine).area <= MOST_M2
        assert len(found.cells) > 500
        hashes.append(geometry_hash(zones))
    assert hashes[0] == hashes[1]


def test_a_raster_edge_gives_the_lines_that_gdal_finds() -> None:
    from rasterio.features import shapes as polygons_of

    rng = np.random.default_rng(5)
    classes = rng.integers(1, 4, (30, 50)).astype(np.uint8)
    grid = Grid(Affine(5, 0, EAST, 0, -5, NORTH), 30, 50)
    found = polygons_of(classes, connectivity=4, transform=grid.transform)
    others = shapely.union_all([shapely.geometry.shape(it).boundary for it, _ in found])
    lines = shapely.union_all(lines_between(classes, grid, 4))
    assert lines.length == pytest.approx(others.length)
    assert lines.symmetric_difference(others).length == pytest.approx(0.0, abs=1e-6)


def test_a_raster_of_one_class_has_no_lines() -> None:
    grid = Grid(Affine(5, 0, EAST, 0, -5, NORTH), 3, 3)
    assert len(lines_between(np.full((3, 3), 4, dtype=np.uint8), grid, 4)) == 0
    ring = lines_between(np.full((3, 3), 1, dtype=np.uint8), grid, 4)
    assert [it.length for it in ring] == [60.0]
    assert shapely.get_num_coordinates(ring[0]) <= 6


@pytest.mark.parametrize(
    "boxes",
    [[(0, 0, 1, 1)], [(0, 0, 1, 1), (1.5, 0, 2.5, 1)], [(0, 0, 1.5, 1), (1, 0, 2, 1)]],
    ids=["gap", "beside", "overlap"],
)
def test_cells_that_do_not_cover_the_mine_are_refused(boxes: list[tuple[float, ...]]) -> None:
    mine = MultiPolygon([box(0, 0, 2, 1)])
    whole = shapely.normalize(np.array([box(0, 0, 1, 1), box(1, 0, 2, 1)]))
    check_coverage(coverage_of(whole), whole, mine)
    cells = shapely.normalize(np.array([box(*it) for it in boxes]))
    with pytest.raises(ValueError, match="exactly"):
        check_coverage(coverage_of(cells), cells, mine)


def test_the_worked_partition_stays_exact_in_degrees(rasters: object) -> None:
    what = [
        *SCENE["clearances"](),
        SCENE["argument"](),
        SCENE["GOAF"],
        replace(SCENE["GOAF"], code="G-2", geom=SCENE["at"](1900, 900, 2100, 1100)),
    ]
    found = derive(given_inputs(MINE, what, rasters), SCENE["RULES"])
    check_is_exact(found, MINE)
