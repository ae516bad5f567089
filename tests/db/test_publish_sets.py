"""`geoservice publish`: the whole set of one moment, switched to at once."""

import hashlib
import json
from pathlib import Path

import pyogrio
import pytest
import typer
from typer.testing import CliRunner

from geoservice import db
from geoservice.errors import FileError
from geoservice.exports.jobs import commands
from geoservice.exports.records import Export
from geoservice.exports.sets import publish_set
from geoservice.exports.snapshots import snapshot
from geoservice.publish.catalog import load_layers
from geoservice.publish.permit import Sight, for_the_city

LAYERS = load_layers()
SIGHTS = [sight for one in LAYERS.values() if (sight := for_the_city(one)) is not None]
FEW = [sight for sight in SIGHTS if sight.layer.id in ("depots", "hazard_sources", "stock_lots")]


def _publish(url: str, folder: Path, sights: list[Sight]) -> None:
    with db.connect(url) as conn, snapshot(conn):
        publish_set(conn, sights=sights, folder=folder, export=Export())


def test_every_layer_is_there_with_its_digest_and_no_telephone(
    demo_shared: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GEOSERVICE_DATABASE_URL", demo_shared)
    app = typer.Typer()
    commands.add_to(app)
    folder = tmp_path / "city"
    done = CliRunner().invoke(app, ["publish", str(folder), "--crs", "4547"])
    assert done.exit_code == 0, done.output
    manifest = json.loads((folder / "manifest.json").read_text("utf-8"))
    assert {one["layer"] for one in manifest["layers"]} == {one.layer.id for one in SIGHTS}
    assert len({one["taken_at"] for one in manifest["layers"]}) == 1
    for one in manifest["layers"]:
        content = (folder / one["files"][0]["name"]).read_bytes()
        assert hashlib.sha256(content).hexdigest() == one["files"][0]["sha256"]
    frame = pyogrio.read_dataframe(folder / "rescue_teams.gpkg")
    assert frame.crs.to_epsg() == 4547
    assert not {"phone", "leader"} & set(frame.columns)


def test_a_run_that_fails_or_is_stopped_leaves_the_old_set(demo_url: str, tmp_path: Path) -> None:
    folder = tmp_path / "city"
    _publish(demo_url, folder, FEW)
    before = (folder / "manifest.json").read_bytes()

    def stop(name: str) -> None:
        if name == "hazard_sources":
            raise KeyboardInterrupt

    with db.connect(demo_url) as conn, snapshot(conn), pytest.raises(KeyboardInterrupt):
        publish_set(conn, sights=FEW, folder=folder, export=Export(), on_layer=stop)
    assert (folder / "manifest.json").read_bytes() == before
    assert len(list(tmp_path.iterdir())) == 2
    with db.connect(demo_url) as conn:
        conn.execute("UPDATE core.depot SET name = '改名'")
    _publish(demo_url, folder, FEW)
    assert (pyogrio.read_dataframe(folder / "depots.gpkg")["name"] == "改名").all()


def test_a_folder_of_somebody_else_is_left_alone(demo_shared: str, tmp_path: Path) -> None:
    (tmp_path / "mine").mkdir()
    with pytest.raises(FileError, match="not published to before"):
        _publish(demo_shared, tmp_path / "mine", FEW)
