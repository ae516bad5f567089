"""Floods worked out from terrain: datum, voids, extents; real terrain, file to consequences."""

import runpy
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import shapely
from skimage.morphology import reconstruction

from geoservice.crs import stored, to_metric
from geoservice.db import Connection
from geoservice.errors import DatumError, InputError, NoTerrainError
from geoservice.floods import consequences
from geoservice.floods.actions import list_scenarios
from geoservice.floods.answers import Scenario
from geoservice.floods.consequences import Sighting
from geoservice.floods.deriving import Derivation, derive
from geoservice.jobs.telling import StoppedError
from geoservice.roads.actions import load_roads
from geoservice.terrain.actions import load_dem
from geoservice.terrain.records import DemRequest
from geoservice.terrain.store import open_terrain

DATA = Path(__file__).parents[1] / "data"
SMALL = runpy.run_path(str(DATA / "small_roads.py"))
MADE = runpy.run_path(str(DATA / "made_dem.py"))
NOW = datetime(2026, 11, 25, tzinfo=UTC)
ALL = Sighting(("public", "internal", "restricted"), None)
CHANNEL = stored(shapely.LineString([(113.2, 36.25), (113.2, 36.45)]))
LON, FOOT_M, RISE = 113.2, 900.0, 1000.0  # a valley along a meridian, so much per degree aside


def _valley(lon: np.ndarray, lat: np.ndarray) -> np.ndarray:
    return FOOT_M + np.abs(lon - LON) * RISE + (lat - lat)


@pytest.fixture
def valley(conn: Connection, tmp_path: Path) -> tuple[Connection, Path]:
    """A straight valley, 90 m cells, with a hole in its side."""
    SMALL["lay_district"](conn, (113.0, 36.2, 113.4, 36.5))
    holes = (slice(140, 160), slice(350, 380))
    path = MADE["write_dem"](tmp_path / "v.tif", (112.9, 36.6), (500, 600), _valley, voids=holes)
    load_dem(conn, home=tmp_path, paths=[path], request=DemRequest("1985"))
    return conn, tmp_path


def _derive(valley: tuple[Connection, Path], **said: Any) -> Scenario:
    conn, home = valley
    usual = {"name": "试", "method": "bathtub", "height_datum": "1985", "channel": CHANNEL}
    return derive(conn, Derivation(**{**usual, **said}), home=home, at=NOW)


def _width_m(found: Scenario, valley: tuple[Connection, Path]) -> float:
    """Return how wide the water is in the middle of the valley."""
    across = "SRID=4490;LINESTRING(113 36.3, 113.4 36.3)"
    found_m = valley[0].execute(
        "SELECT ST_Length(ST_Intersection(ST_Union(b.geom), %s::geometry)::geography)"
        " FROM core.flood_band b WHERE b.flood_scenario_id = %s",
        [across, found.id],
    )
    row = found_m.fetchone()
    assert row is not None
    return float(row[0])


def test_level_water_is_as_wide_as_the_valley_at_that_height(
    valley: tuple[Connection, Path],
) -> None:
    found = _derive(valley, level_m=902.0)
    # 2 m up is 0.002 degrees aside, 179.6 m on either hand; a cell is 100 m.
    assert _width_m(found, valley) == pytest.approx(2 * 179.6, abs=110)
    assert (found.standing, found.state, found.method_version) == (
        "screening",
        "draft",
        "bathtub-1",
    )
    assert found.parameters["terrain"]["sha256"] == open_terrain(*valley).row.sha256
    assert found.deepest_m == 2.0
    assert [it.level_m for it in found.of_depth] == [902.0] * len(found.of_depth)
    assert found.geom_hash == _derive(valley, level_m=902.0).geom_hash
    assert found.geom_hash != _derive(valley, level_m=903.0).geom_hash


def test_levels_of_another_datum_are_converted_or_refused(valley: tuple[Connection, Path]) -> None:
    found = _derive(valley, level_m=902.029, height_datum="1956")
    assert found.geom_hash == _derive(valley, level_m=902.0).geom_hash
    assert (found.level_m, found.height_datum) == (902.029, "1956")
    for datum in ("local", "EGM96"):
        with pytest.raises(DatumError, match=datum):
            _derive(valley, level_m=902.0, height_datum=datum)


def test_a_hole_in_the_heights_is_unknown_and_never_dry(valley: tuple[Connection, Path]) -> None:
    found = _derive(valley, level_m=902.0)
    # 20 x 30 cells of a thousandth of a degree.
    assert found.unknown_area_ha == pytest.approx(20 * 30 * 0.0998 * 0.111 * 90, rel=0.15)
    assert any("不能当作未淹" in note.zh for note in found.notes)
    told = consequences.of_scenario(valley[0], found.id, profile="car", at=NOW, sighting=ALL)
    assert told.in_unknown == ()  # nobody lives there


def test_an_area_bounds_what_is_told_and_beyond_the_terrain_is_unknown(
    valley: tuple[Connection, Path],
) -> None:
    area = stored(shapely.box(113.19, 36.28, 113.21, 36.32))
    found = _derive(valley, level_m=902.0, area=area)
    whole = _derive(valley, level_m=902.0)
    assert 0 < found.area_ha < whole.area_ha
    assert found.area_ha * 1e4 < to_metric(area, LON).area
    assert found.unknown_area_ha == 0


def test_height_above_a_channel_and_hollows(valley: tuple[Connection, Path]) -> None:
    found = _derive(valley, method="hand", stage_m=2.0, height_datum=None, drainage_km2=0.5)
    assert (found.method, found.height_datum, found.level_m) == ("hand", "1985", None)
    given = _derive(valley, method="hand", stage_m=2.0, channel=CHANNEL)
    assert _width_m(given, valley) == pytest.approx(2 * 179.6, abs=110)
    with pytest.raises(InputError, match="no water"):
        _derive(valley, method="fill", channel=None)  # nothing is hollow


@pytest.mark.parametrize(
    ("said", "why"),
    [
        ({"level_m": 899.0}, "below the ground"),
        ({"level_m": 902.0, "channel": None}, "channel"),
        ({"level_m": 902.0, "water_body": "NONE"}, "water body"),
        ({"level_m": None}, "level_m"),
        ({"method": "hand"}, "stage_m"),
        ({"level_m": 902.0, "area": stored(shapely.box(100, 20, 100.1, 20.1))}, "outside"),
    ],
)
def test_what_is_missing_or_wrong_is_told(
    valley: tuple[Connection, Path], said: dict[str, Any], why: str
) -> None:
    with pytest.raises(InputError, match=why):
        _derive(valley, **said)


def test_a_derivation_that_is_stopped_stores_nothing(valley: tuple[Connection, Path]) -> None:
    conn, home = valley
    told: list[str] = []

    def tell(step: str, done: int, _total: int) -> None:
        told.append(step)
        if (step, done) == ("areas", 1):
            raise StoppedError

    asked = Derivation("试", "bathtub", "1985", level_m=902.0, channel=CHANNEL)
    with pytest.raises(StoppedError):
        derive(conn, asked, home=home, at=NOW, tell=tell)
    assert set(told) == {"read", "water", "areas"}
    assert list_scenarios(conn, at=NOW) == []


def test_without_terrain_nothing_is_worked_out(conn: Connection, tmp_path: Path) -> None:
    SMALL["lay_district"](conn, (113.0, 36.2, 113.4, 36.5))
    with pytest.raises(NoTerrainError):
        _derive((conn, tmp_path), level_m=902.0)


def test_real_terrain_from_file_to_bands_to_consequences(
    conn: Connection, tmp_path: Path, shared_data: Path
) -> None:
    SMALL["lay_district"](conn, (1.2, 42.2, 2.0, 42.9))
    request = DemRequest("EGM96", source="SRTM", licence="public domain")
    load_dem(conn, home=tmp_path, paths=[shared_data / "dem" / "N42E001.hgt.zip"], request=request)
    load_roads(conn, path=shared_data / "roads" / "andorra.osm.pbf")
    terrain = open_terrain(conn, tmp_path)
    area = stored(shapely.box(1.45, 42.45, 1.60, 42.60))  # the main valley
    asked = Derivation("洼地", "fill", area=area, least_m=0.5)
    hollows = derive(conn, asked, home=tmp_path, at=NOW)
    assert hollows.area_ha == pytest.approx(_hollows_ha(terrain, area), abs=0.006)
    river = _lowest_path(terrain, area)
    said = Derivation(
        "安道尔", "bathtub", "EGM96", level_m=river[1] + 4, channel=river[0], area=area
    )
    flood = derive(conn, said, home=tmp_path, at=NOW)
    told = consequences.of_scenario(conn, flood.id, profile="car", at=NOW, sighting=ALL)
    car = next(it for it in told.vehicles if it.profile == "car")
    assert car.closed_segments > 0
    # A brute-force judge: the arcs of no bridge or tunnel that the water touches at all.
    rows = conn.execute(
        "SELECT count(DISTINCT e.id) FROM core.road_edge e JOIN core.road r ON r.id = e.road_id"
        " JOIN core.flood_band b ON ST_Intersects(e.geom, b.geom) WHERE b.flood_scenario_id = %s"
        " AND NOT (r.is_bridge OR r.is_tunnel)",
        [flood.id],
    ).fetchone()
    assert rows is not None
    assert 0 < sum(it.segments for it in told.roads) <= rows[0]


def _hollows_ha(terrain: Any, area: Any) -> float:
    """Return the area where scikit-image's fill stands 0.5 m or more above the ground."""
    from geoservice.floods.deriving import MARGIN_M, to_metric_of

    outline = to_metric_of(terrain, area)
    west, south, east, north = outline.bounds
    grid = terrain.window((west - MARGIN_M, south - MARGIN_M, east + MARGIN_M, north + MARGIN_M))
    ground = np.pad(grid.array.astype(np.float64), 1, constant_values=np.nan)
    seed = np.full(ground.shape, np.nanmax(ground))
    void = np.isnan(ground)
    low = np.where(void, -9999.0, ground)  # a void is an outlet, as the rim is
    beside = np.zeros_like(void)
    for shift in [(r, c) for r in (-1, 0, 1) for c in (-1, 0, 1)]:
        beside |= np.roll(void, shift, (0, 1))
    seed[beside | void] = low[beside | void]
    filled = reconstruction(seed, low, method="erosion", footprint=np.ones((3, 3)))
    depth = (filled - low)[1:-1, 1:-1].astype(np.float32)
    wet = np.argwhere((depth >= 0.5) & ~void[1:-1, 1:-1])
    x = grid.transform.c + (wet[:, 1] + 0.5) * terrain.cell_m
    y = grid.transform.f - (wet[:, 0] + 0.5) * terrain.cell_m
    inside = shapely.contains_xy(outline, x, y)
    return float(inside.sum() * terrain.cell_m**2 / 1e4)


def _lowest_path(terrain: Any, area: Any) -> tuple[Any, float]:
    """Return a short stretch around the lowest place of the area, and its height."""
    from geoservice.crs import to_store
    from geoservice.floods.deriving import to_metric_of

    west, south, east, north = to_metric_of(terrain, area).buffer(-300).bounds
    grid = terrain.window((west, south, east, north))
    row, col = np.unravel_index(np.nanargmin(grid.array), grid.array.shape)
    x = grid.transform.c + (col + 0.5) * terrain.cell_m
    y = grid.transform.f - (row + 0.5) * terrain.cell_m
    return to_store(shapely.Point(x, y), terrain.crs), float(grid.array[row, col])
