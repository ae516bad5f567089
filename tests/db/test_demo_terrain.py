"""The demonstration district has terrain: its own, which a real one replaces."""

from pathlib import Path

import numpy as np
import pytest
import shapely

from geoservice import db
from geoservice.demo.actions import clear_demo
from geoservice.demo.heights import lay_terrain
from geoservice.demo.sources import read_ground
from geoservice.demo.terrain import terrain_of
from geoservice.terrain.store import open_terrain, terrain_folder


@pytest.fixture
def laid(demo_conn: db.Connection, tmp_path: Path) -> db.Connection:
    assert lay_terrain(demo_conn, home=tmp_path)
    return demo_conn


def test_it_is_the_invented_terrain_over_the_whole_district(
    laid: db.Connection, tmp_path: Path
) -> None:
    terrain, ground = open_terrain(laid, tmp_path), read_ground()
    assert (terrain.datum, terrain.cell_m, terrain.row.void_count) == ("local", 50, 0)
    assert "demonstration" in terrain.row.source_doc
    box = shapely.box(*terrain.bounds)
    assert box.contains(ground.boundary_m.buffer(2900))
    rng = np.random.default_rng(1)
    west, south, east, north = ground.boundary_m.bounds
    places = np.column_stack([rng.uniform(west, east, 2000), rng.uniform(south, north, 2000)])
    wanted = terrain_of(ground).height_m(*places.T)
    off = np.abs(terrain.heights_at(places) - wanted)
    assert np.median(off) < 0.2
    assert np.percentile(off, 99) < 5  # rivers have sharp banks
    assert terrain.path.stat().st_size < 3_000_000


def test_its_roads_have_gradients(laid: db.Connection) -> None:
    known, total, most = laid.execute(
        "SELECT count(gradient_pct), count(*), max(abs(gradient_pct)) FROM core.road_edge"
    ).fetchone() or (0, 0, 0)
    assert known == total > 1000
    assert 2 < most <= 35


def test_it_is_laid_once_and_cleared_with_the_rest(laid: db.Connection, tmp_path: Path) -> None:
    assert not lay_terrain(laid, home=tmp_path)
    assert len(list(terrain_folder(tmp_path).iterdir())) == 1
    removed = {count.table_name: count.row_count for count in clear_demo(laid)}
    assert removed["terrain"] == 1
