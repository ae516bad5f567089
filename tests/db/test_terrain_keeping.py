"""Terrain is a part of what is kept: backed up, restored, examined."""

import os
import runpy
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import psycopg
import pytest
from psycopg.conninfo import conninfo_to_dict, make_conninfo

from geoservice import db
from geoservice.keeping.actions import back_up, restore
from geoservice.keeping.checks import Finding, examine
from geoservice.settings import Settings
from geoservice.terrain.actions import load_dem
from geoservice.terrain.records import DemRequest
from geoservice.terrain.store import Terrain, open_terrain

MADE = runpy.run_path(str(Path(__file__).parents[1] / "data" / "made_dem.py"))
AT = datetime(2026, 11, 25, 8, tzinfo=UTC)


@pytest.fixture
def home(tmp_path: Path) -> Path:
    return tmp_path / "home"


@pytest.fixture
def kept_databases(cluster_url: str) -> Iterator[None]:
    """Whatever a restore kept is dropped afterwards."""
    yield
    with psycopg.connect(make_conninfo(cluster_url, dbname="postgres"), autocommit=True) as conn:
        for (name,) in conn.execute(
            "SELECT datname FROM pg_database WHERE datname LIKE '%\\_before\\_%'"
        ).fetchall():
            conn.execute(f'DROP DATABASE "{name}" WITH (FORCE)')


def load(url: str, home: Path, tmp_path: Path, **asked: slice) -> Terrain:
    dem = MADE["write_dem"](tmp_path / "a.tif", (112.9, 36.6), (400, 600), **asked)
    with db.connect(url) as conn:
        load_dem(conn, home=home, paths=[dem], request=DemRequest("1985"))
        conn.commit()
        return open_terrain(conn, home)


def examined(url: str, home: Path) -> Finding:
    settings = replace(Settings.from_environment(os.environ), home=home, database_url=url)
    return next(it for it in examine(settings, at=AT) if it.name == "terrain")


@pytest.mark.usefixtures("kept_databases")
def test_terrain_comes_back_from_a_backup(demo_url: str, home: Path, tmp_path: Path) -> None:
    terrain = load(demo_url, home, tmp_path)
    heights = terrain.read(slice(0, 50), slice(0, 50))
    made = back_up(demo_url, home=home, target=tmp_path / "b", at=AT, tell=str)
    terrain.path.write_bytes(b"lost")
    with psycopg.connect(demo_url) as conn:
        conn.execute("DELETE FROM core.terrain")
    done = restore(demo_url, home=home, source=made.folder, at=AT, is_trial=False, tell=str)
    assert "terrain" in done.files
    assert done.kept_as == f"{conninfo_to_dict(demo_url)['dbname']}_before_20261125_080000"
    with db.connect(demo_url) as conn:
        again = open_terrain(conn, home)
    assert replace(again.row, id=0) == replace(terrain.row, id=0)
    np.testing.assert_array_equal(again.read(slice(0, 50), slice(0, 50)), heights)
    assert examined(demo_url, home).state == "good"


def test_the_doctor_knows_terrain(demo_url: str, home: Path, tmp_path: Path) -> None:
    home.mkdir()
    assert examined(demo_url, home).detail_en.startswith("none loaded")
    terrain = load(demo_url, home, tmp_path)
    found = examined(demo_url, home)
    assert (found.state, found.detail_en.split(", ")[-1]) == ("good", "1985")
    with terrain.path.open("ab") as raster:
        raster.write(b"x")
    assert (examined(demo_url, home).state, "changed" in examined(demo_url, home).detail_en) == (
        "bad",
        True,
    )
    terrain.path.unlink()
    assert "missing or damaged" in examined(demo_url, home).detail_en
    load(demo_url, home, tmp_path, voids=(slice(5, 9), slice(5, 9)))
    assert examined(demo_url, home).state == "doubtful"
