"""A load of terrain that is stopped, or goes on beside questions and other loads."""

import os
import runpy
import signal
import subprocess
import sys
import time
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pytest

from geoservice import db
from geoservice.network.current import GRAPH_UIDS, open_roads, prepare
from geoservice.network.folders import network_folder
from geoservice.roads.actions import load_roads
from geoservice.terrain.actions import load_dem
from geoservice.terrain.grading import gradients_on, write_gradients
from geoservice.terrain.records import DemRequest
from geoservice.terrain.store import Terrain, open_terrain, terrain_folder

DATA = Path(__file__).parents[1] / "data"
SMALL = runpy.run_path(str(DATA / "small_roads.py"))
MADE = runpy.run_path(str(DATA / "made_dem.py"))
NOW = datetime(2026, 11, 23, 8, tzinfo=UTC)
ASKED = DemRequest("1985")
WEST, SOUTH, EAST, NORTH = SMALL["BOX"]


@pytest.fixture
def home(tmp_path: Path) -> Path:
    return tmp_path / "home"


@pytest.fixture
def url(clone_url: str, tmp_path: Path) -> str:
    """A database with the small roads, committed."""
    with db.connect(clone_url) as conn:
        SMALL["lay_district"](conn)
        load_roads(conn, path=SMALL["write"](tmp_path / "small.osm.pbf"))
        prepare(conn)
        conn.commit()
    return clone_url


def slope(rise: float, tmp_path: Path) -> Path:
    """A plane that rises so many metres a degree to the east."""
    return Path(MADE["write_dem"](
        tmp_path / f"{rise}.tif", (WEST - 0.05, NORTH + 0.05),
        (int((NORTH - SOUTH + 0.1) / 0.001), int((EAST - WEST + 0.1) / 0.001)),
        lambda lon, lat: 1000 + (lon - WEST) * rise + lat * 0,
    ))  # fmt: skip


def load(conn: db.Connection, home: Path, dem: Path) -> Terrain:
    load_dem(conn, home=home, paths=[dem], request=ASKED)
    return open_terrain(conn, home)


def test_questions_are_answered_while_terrain_is_put_in_force(
    url: str, home: Path, tmp_path: Path
) -> None:
    with db.connect(url) as loading, db.connect(url) as asking:
        asking.execute("SET lock_timeout = '2s'")
        before = open_roads(asking, profile="car", at=NOW)
        load(loading, home, slope(6000, tmp_path))
        prepare(loading)
        # Not committed yet: the roads are as they were, and nobody waits.
        assert open_roads(asking, profile="car", at=NOW) is before
        asking.rollback()
        coming = network_folder() / f"{GRAPH_UIDS.one(loading).arcs_uid}.1"
        assert coming.is_dir()  # made before anybody can ask for it
        loading.commit()
        after = open_roads(asking, profile="car", at=NOW)
        now = GRAPH_UIDS.one(asking)
    assert after.state.arcs_uid == now.arcs_uid != before.state.arcs_uid
    assert not before.network.gradient_pct.any()
    assert np.abs(after.network.gradient_pct).max() > 4


def test_roads_replaced_while_gradients_are_worked_out_get_theirs(
    url: str, home: Path, tmp_path: Path
) -> None:
    with db.connect(url) as loading, db.connect(url) as other:
        terrain = load(loading, home, slope(6000, tmp_path))
        loading.commit()
        old = gradients_on(loading, terrain)
        load_roads(other, path=tmp_path / "small.osm.pbf")
        other.commit()
        known = write_gradients(loading, terrain, old)
        loading.commit()
        row = loading.execute("SELECT count(gradient_pct), count(*) FROM core.road_edge").fetchone()
    assert row == (known, known)
    assert known == old.ids.size > 0


def test_a_load_that_fails_midway_leaves_what_was_in_force(
    url: str, home: Path, tmp_path: Path
) -> None:
    def stop(step: str, done: int, _total: int | None) -> None:
        if step == "roads" and done == 0:
            raise KeyboardInterrupt

    with db.connect(url) as conn:
        first = load(conn, home, slope(6000, tmp_path))
        conn.commit()
        with pytest.raises(KeyboardInterrupt):
            load_dem(conn, home=home, paths=[slope(100, tmp_path)], request=ASKED, on_progress=stop)
        conn.rollback()
        assert open_terrain(conn, home).row == first.row
        assert [p.name for p in home.iterdir()] == ["terrain"]
        # The raster that never came in force is gone with the next load.
        left = set(terrain_folder(home).iterdir()) - {first.path}
        assert len(left) == 1
        load(conn, home, slope(100, tmp_path))
        assert not left & set(terrain_folder(home).iterdir())


def test_ctrl_c_stops_it_and_leaves_nothing(url: str, home: Path, tmp_path: Path) -> None:
    killed = home / ".terrain-killed"
    killed.mkdir(parents=True)
    process = subprocess.Popen(
        [sys.executable, "-m", "geoservice", "load", "dem", str(slope(6000, tmp_path)),
         "--datum", "1985", "--cell", "4"],
        env={**os.environ, "GEOSERVICE_DATABASE_URL": url, "GEOSERVICE_HOME": str(home)},
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
    )  # fmt: skip
    deadline = time.monotonic() + 120
    while not list(home.glob(".terrain-*/terrain.tif")):
        assert time.monotonic() < deadline
        assert process.poll() is None, process.communicate()
        time.sleep(0.05)
    process.send_signal(signal.SIGINT)
    _, said = process.communicate(timeout=120)
    assert process.returncode == 130
    assert "the terrain is as before" in said
    assert not list(home.glob(".terrain-*"))  # nor what a load that was killed had left
    with db.connect(url) as conn:
        assert conn.execute("SELECT count(*) FROM core.terrain").fetchone() == (0,)
