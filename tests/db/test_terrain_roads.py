"""Terrain and roads, in whichever order they come: gradients, and times that follow them."""

import runpy
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from typer.testing import CliRunner

from geoservice import db
from geoservice.cli import app
from geoservice.db import Connection
from geoservice.network.current import open_roads
from geoservice.roads.actions import load_roads
from geoservice.terrain.actions import load_dem
from geoservice.terrain.grading import grade_roads
from geoservice.terrain.records import DemRequest

DATA = Path(__file__).parents[1] / "data"
SMALL = runpy.run_path(str(DATA / "small_roads.py"))
MADE = runpy.run_path(str(DATA / "made_dem.py"))
NOW = datetime(2026, 11, 23, 8, tzinfo=UTC)
ARCS = """
SELECT r.osm_way_id, f.osm_node_id, t.osm_node_id, e.gradient_pct, e.length_m,
       r.is_bridge OR r.is_tunnel, ST_X(ST_StartPoint(e.geom)), ST_Y(ST_StartPoint(e.geom)),
       ST_X(ST_EndPoint(e.geom)), ST_Y(ST_EndPoint(e.geom))
  FROM core.road_edge e JOIN core.road r ON r.id = e.road_id
  JOIN core.road_node f ON f.id = e.from_node JOIN core.road_node t ON t.id = e.to_node
 ORDER BY 1, 2, 3, 5"""


@pytest.fixture
def home(tmp_path: Path) -> Path:
    return tmp_path / "home"


@pytest.fixture
def pbf(tmp_path: Path) -> Path:
    return Path(SMALL["write"](tmp_path / "small.osm.pbf"))


@pytest.fixture
def dem(tmp_path: Path) -> Path:
    west, south, east, north = SMALL["BOX"]
    size = (int((north - south + 0.1) / 0.0005), int((east - west + 0.1) / 0.0005))
    corner = (west - 0.05, north + 0.05)
    return Path(MADE["write_dem"](tmp_path / "dem.tif", corner, size, steep, step=0.0005))


def steep(lon: np.ndarray, lat: np.ndarray) -> np.ndarray:
    """A plane that rises 5,000 m a degree to the east: about 5.6 %."""
    return np.asarray(1000 + (lon - SMALL["BOX"][0]) * 5000 + lat * 0)


def load_terrain(conn: Connection, home: Path, dem: Path) -> Any:
    return load_dem(conn, home=home, paths=[dem], request=DemRequest("1985"))


def test_either_order_gives_the_same_gradients(
    conn: Connection, home: Path, pbf: Path, dem: Path
) -> None:
    SMALL["lay_district"](conn)
    load_roads(conn, path=pbf)
    assert grade_roads(conn, home=home) is None
    assert {row[3] for row in conn.execute(ARCS)} == {None}
    done = load_terrain(conn, home, dem)
    first = conn.execute(ARCS).fetchall()
    load_roads(conn, path=pbf)
    assert {row[3] for row in conn.execute(ARCS)} == {None}
    assert grade_roads(conn, home=home) == done.graded_arcs == len(first)
    assert conn.execute(ARCS).fetchall() == first


def test_gradients_are_those_of_the_plane(
    conn: Connection, home: Path, pbf: Path, dem: Path
) -> None:
    SMALL["lay_district"](conn)
    load_roads(conn, path=pbf)
    load_terrain(conn, home, dem)
    straight = 0
    for _, _, _, pct, length_m, _, lon, _, to_lon, _ in conn.execute(ARCS).fetchall():
        wanted = (to_lon - lon) * 5000 / length_m * 100
        if abs(wanted) > 1:  # a loop or a street to the north has none to speak of
            straight += 1
            assert pct == pytest.approx(wanted, abs=0.4)
    assert straight > 10


def test_times_follow_the_gradients(conn: Connection, home: Path, pbf: Path, dem: Path) -> None:
    SMALL["lay_district"](conn)
    load_roads(conn, path=pbf)
    level = open_roads(conn, profile="car", at=NOW)
    load_terrain(conn, home, dem)
    graded = open_roads(conn, profile="car", at=NOW)
    assert graded.graph_version > level.graph_version
    steep_pct = np.maximum(np.abs(graded.network.gradient_pct) - 4, 0)
    assert steep_pct.max() > 1
    np.testing.assert_array_equal(level.network.ids, graded.network.ids)
    by_id = np.argsort(graded.network.arc_ids), np.argsort(level.network.arc_ids)
    now_s, then_s = graded.free.arc_s[by_id[0]], level.free.arc_s[by_id[1]]
    finite = np.isfinite(then_s)
    np.testing.assert_allclose(
        now_s[finite], then_s[finite] / (1 - 0.03 * steep_pct[by_id[0]])[finite], rtol=1e-9
    )


def test_roads_beyond_the_terrain_have_no_gradient(
    conn: Connection, home: Path, pbf: Path, tmp_path: Path
) -> None:
    SMALL["lay_district"](conn)
    load_roads(conn, path=pbf)
    west, _, _, north = SMALL["BOX"]
    corner = MADE["write_dem"](tmp_path / "c.tif", (west, north), (40, 40), steep)
    done = load_terrain(conn, home, corner)
    known = [row[3] for row in conn.execute(ARCS) if row[3] is not None]
    assert len(known) == done.graded_arcs < len(conn.execute(ARCS).fetchall())


def test_the_commands_do_it_and_say_so(
    clone_url: str, home: Path, pbf: Path, dem: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GEOSERVICE_DATABASE_URL", clone_url)
    monkeypatch.setenv("GEOSERVICE_HOME", str(home))
    monkeypatch.setenv("COLUMNS", "100")
    with db.connect(clone_url) as conn:
        SMALL["lay_district"](conn)
    run = CliRunner()
    said = run.invoke(app, ["load", "dem", str(dem), "--datum", "1985", "--licence", "CC0"])
    assert said.exit_code == 0, said.output
    for words in ("高程基准 · height datum", "1985", "CC0", "100.0 %"):
        assert words in said.stdout
    assert "gradients of roads" in said.stderr
    roads = run.invoke(app, ["load", "roads", str(pbf)])
    assert "已定坡度的弧 · arcs graded" in roads.stdout
    with db.connect(clone_url) as conn:
        assert None not in {row[3] for row in conn.execute(ARCS)}
    wrong = run.invoke(app, ["load", "dem", str(dem), "--datum", "2000"])
    assert "unknown height datum" in str(wrong.exception)
    # A lost raster is said, and the roads are loaded all the same.
    for path in (home / "terrain").iterdir():
        path.unlink()
    bare = run.invoke(app, ["load", "roads", str(pbf), "--json"])
    assert bare.exit_code == 0, bare.output
    assert '"graded_arcs": null' in bare.stdout
    assert "load it again" in bare.stderr


def test_andorra_s_mountain_roads_are_steep_and_its_tunnels_are_not(
    conn: Connection, home: Path, shared_data: Path
) -> None:
    SMALL["lay_district"](conn, (1.2, 42.2, 2.0, 42.9))
    load_roads(conn, path=shared_data / "roads" / "andorra.osm.pbf")
    tile = shared_data / "dem" / "N42E001.hgt.zip"
    load_dem(conn, home=home, paths=[tile], request=DemRequest("EGM96", fill_voids=True))
    rows = [row for row in conn.execute(ARCS).fetchall() if row[4] > 200]
    assert None not in {row[3] for row in rows}
    pct = np.array([abs(row[3]) for row in rows])
    assert 3 < np.median(pct) < 12
    assert np.percentile(pct, 95) < 30
    tunnels = [abs(row[3]) for row in rows if row[5]]
    assert len(tunnels) > 5
    assert np.median(tunnels) < np.median(pct)
    there = {(row[0], row[1], row[2], round(row[4], 3)): row[3] for row in rows}
    for (way, a, b, length), gradient in there.items():
        back = there.get((way, b, a, length))
        assert back is None or a == b or back == pytest.approx(-gradient, abs=1e-6)
