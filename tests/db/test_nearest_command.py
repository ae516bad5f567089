"""`geoservice nearest`, against the demonstration district."""

import json
from pathlib import Path

import psycopg
import pytest
from typer.testing import CliRunner, Result

from geoservice.cli import app
from geoservice.errors import InputError, NotFoundError, OutsideDistrictError, UnknownNameError


@pytest.fixture
def depot(demo_shared: str) -> tuple[str, str, str]:
    """Code and place of a depot: its own nearest."""
    with psycopg.connect(demo_shared) as conn:
        row = conn.execute(
            "SELECT code, ST_X(geom)::text, ST_Y(geom)::text FROM core.depot"
            " WHERE valid_to IS NULL ORDER BY code"
        ).fetchone()
    assert row is not None
    return row


def run(url: str, *arguments: str) -> Result:
    environment = {"GEOSERVICE_DATABASE_URL": url, "COLUMNS": "120"}
    return CliRunner(env=environment).invoke(app, ["nearest", *arguments])


def test_table_ranks_and_says_why(demo_shared: str, depot: tuple[str, str, str]) -> None:
    code, lon, lat = depot
    result = run(demo_shared, lon, lat, "--kind", "depot", "-k", "50")
    assert result.exit_code == 0, result.output
    assert code in result.output
    assert "行车" in result.output
    assert "min by road" in result.output
    assert "graph version" in result.output
    assert "ETA = loading or turning out + driving" in result.output


def test_json_is_the_answer_of_the_service(demo_shared: str, depot: tuple[str, str, str]) -> None:
    code, lon, lat = depot
    result = run(demo_shared, lon, lat, "--kind", "depot", "--json", "--within-min", "1")
    answer = json.loads(result.output)
    assert answer["found"][0]["code"] == code
    assert answer["found"][0]["route"]["type"] == "LineString"
    assert {u["reason"]["en"] for u in answer["unreachable"]} >= {"more than 1 min by road"}


def test_closures_in_a_file_are_supposed(
    demo_shared: str, depot: tuple[str, str, str], tmp_path: Path
) -> None:
    _, lon, lat = depot
    file = tmp_path / "what_if.geojson"
    file.write_text(f'{{"type": "Point", "coordinates": [{lon}, {lat}]}}', "utf-8")
    result = run(demo_shared, lon, lat, "--kind", "depot", "--json", "--what-if", str(file))
    assert result.exit_code == 0, result.output
    met = json.loads(result.output)["closures_met"]
    assert [it["effect"] for it in met if it["kind"] == "what_if"] == ["closed"]


def test_negative_longitude_is_a_place_not_an_option(demo_shared: str) -> None:
    result = run(demo_shared, "-1.5", "42.5", "--kind", "depot")
    assert isinstance(result.exception, OutsideDistrictError)


def test_unknown_kind_lists_what_there_is(demo_shared: str) -> None:
    result = run(demo_shared, "113.2", "36.3", "--kind", "boat")
    assert isinstance(result.exception, UnknownNameError)
    assert "depot, rescue_team" in str(result.exception)


def test_an_incident_is_a_place_and_half_a_place_is_none(demo_shared: str) -> None:
    nothing = run(demo_shared, "--incident", "999999999", "--kind", "fire_station")
    assert isinstance(nothing.exception, NotFoundError)
    half = run(demo_shared, "113.2", "--kind", "depot")
    assert isinstance(half.exception, InputError)
    assert half.exception.where == "lat"


def test_an_instant_is_said_as_iso_8601(demo_shared: str, depot: tuple[str, str, str]) -> None:
    _, lon, lat = depot
    asked = (lon, lat, "--kind", "depot", "--at")
    before = run(demo_shared, *asked, "2020-01-01T08:00+08:00", "--json")
    assert json.loads(before.output)["closures_met"] == []
    assert isinstance(run(demo_shared, *asked, "明天").exception, InputError)
