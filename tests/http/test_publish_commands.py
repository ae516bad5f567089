"""`geoservice export` and `geoservice situation-map` at the command line."""

from pathlib import Path

import pyogrio
import pytest
import typer
from typer.testing import CliRunner

from geoservice.errors import FileError, UnknownNameError
from geoservice.exports import commands as exports
from geoservice.publish import commands

RUN = CliRunner().invoke


@pytest.fixture
def app(demo_shared: str, monkeypatch: pytest.MonkeyPatch) -> typer.Typer:
    monkeypatch.setenv("GEOSERVICE_DATABASE_URL", demo_shared)
    app = typer.Typer()
    commands.add_to(app)
    exports.add_to(app)
    return app


def test_a_layer_is_written_whole_with_phones_for_the_administrator(
    app: typer.Typer, tmp_path: Path
) -> None:
    path = tmp_path / "teams.gpkg"
    done = RUN(app, ["export", "rescue_teams", str(path), "--crs", "4547"])
    assert done.exit_code == 0, done.output
    assert "EPSG:4547" in done.output
    frame = pyogrio.read_dataframe(path)
    assert f"{len(frame)} 行" in done.output
    assert frame["phone"].notna().any()
    assert frame.crs.to_epsg() == 4547
    assert [one.name for one in tmp_path.iterdir()] == ["teams.gpkg"]


@pytest.mark.parametrize(
    ("arguments", "error"),
    [
        (["nothing", "x.gpkg"], UnknownNameError),
        (["depots", "x.dwg"], UnknownNameError),
        (["depots", "x.csv", "--encoding", "latin1"], UnknownNameError),
        (["depots", "no/such/folder/x.gpkg"], FileError),
    ],
)
def test_what_cannot_be_done_is_refused(
    app: typer.Typer, tmp_path: Path, arguments: list[str], error: type[Exception]
) -> None:
    done = RUN(app, ["export", arguments[0], str(tmp_path / arguments[1]), *arguments[2:]])
    assert isinstance(done.exception, error)
    assert list(tmp_path.iterdir()) == []


def test_the_situation_map_is_one_file(app: typer.Typer, tmp_path: Path) -> None:
    path = tmp_path / "map.html"
    done = RUN(app, ["situation-map", str(path)])
    assert done.exit_code == 0, done.output
    assert "应急态势图" in path.read_text("utf-8")
