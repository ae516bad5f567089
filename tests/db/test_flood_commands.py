"""`geoservice flood ...` on the demonstration district."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from typer.testing import CliRunner

from geoservice.cli import app
from geoservice.errors import FileError, NotFoundError

Run = Callable[..., str]


@pytest.fixture
def run(demo_url: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Run:
    monkeypatch.setenv("GEOSERVICE_DATABASE_URL", demo_url)
    monkeypatch.setenv("GEOSERVICE_HOME", str(tmp_path))
    monkeypatch.setenv("COLUMNS", "200")

    def call(*words: str) -> str:
        result = CliRunner().invoke(app, ["flood", *words], catch_exceptions=False)
        assert result.exit_code == 0, result.output
        return result.stdout

    return call


def test_a_flood_is_listed_told_put_in_force_and_lifted(run: Run, tmp_path: Path) -> None:
    listed = {it["code"]: it for it in json.loads(run("list", "--json"))}
    number = str(listed["DEMO-FS-100"]["id"])
    assert "DEMO-FS-100" in run("list")
    assert "特大洪水" in run("show", number)
    told = run("consequences", number)
    assert "居民点 · settlements" in told
    assert "桥面高程" in told
    assert json.loads(run("enforce", number, "--json"))["is_in_force"] is True
    assert json.loads(run("lift", number, "--json"))["state"] == "ended"
    area = tmp_path / "area.geojson"
    area.write_text(
        '{"type": "Feature", "properties": {}, "geometry": {"type": "Polygon", "coordinates":'
        " [[[113.2, 36.3], [113.25, 36.3], [113.25, 36.35], [113.2, 36.3]]]}}"
    )
    found = json.loads(run("consequences", "--shape", str(area), "--depth-m", "0.4", "--json"))
    assert found["standing"] == "drawn"
    model = tmp_path / "model.geojson"
    model.write_text(
        '{"type": "FeatureCollection", "features": [{"type": "Feature", "properties": {"h": 1.2,'
        ' "t": 0.5}, "geometry": {"type": "Polygon", "coordinates":'
        " [[[113.2, 36.3], [113.21, 36.3], [113.21, 36.31], [113.2, 36.3]]]}}]}"
    )
    said = ("--name", "溃坝", "--height-datum", "1985", "--source", "某院", "--datum", "cgcs2000")
    how = ("--column", "arrival=t", "--arrival-unit", "h", "--official-doc", "文 1", "--json")
    brought = json.loads(run("import", str(model), *said, *how))
    assert (brought["standing"], brought["grade"], brought["arrival_min"]) == (
        "official", "orange", 30.0,
    )  # fmt: skip
    with pytest.raises(NotFoundError):
        run("show", "999999")
    with pytest.raises(FileError, match="scenario's number"):
        run("consequences", number, "--shape", str(area))
