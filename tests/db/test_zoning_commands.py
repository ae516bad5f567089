"""`geoservice zone ...`: from derivation to in force, and every question, at the command line."""

import json
from pathlib import Path
from typing import Any

import pytest
import shapely
from typer.testing import CliRunner

from geoservice import db
from geoservice.cli import app
from geoservice.errors import ConflictError, ForbiddenError, InputError, RecordError
from geoservice.zoning.plane import district_plane

RUN = CliRunner()


def run(*args: str, status: int = 0) -> str:
    done = RUN.invoke(app, ["zone", *args], catch_exceptions=False)
    assert done.exit_code == status, done.output
    return done.output


def told(*args: str) -> Any:
    return json.loads(run(*args, "--json"))


@pytest.fixture(autouse=True)
def database(demo_url: str, monkeypatch: pytest.MonkeyPatch) -> str:
    monkeypatch.setenv("GEOSERVICE_DATABASE_URL", demo_url)
    monkeypatch.setenv("COLUMNS", "220")
    monkeypatch.setenv("LOGNAME", "wang")
    return demo_url


def _place(url: str, version: int, zone: str) -> tuple[str, str, Any]:
    """A point well inside a zone, and a box of some metres around it."""
    with db.connect(url) as conn:
        plane = district_plane(conn)
        (geom,) = conn.execute(
            "SELECT geom FROM core.zone_polygon WHERE zone_version_id = %s AND zone = %s"
            " AND valid_to IS NULL",
            [version, zone],
        ).fetchone()
    widest = max(shapely.get_parts(plane.metres(geom)), key=lambda it: it.area)
    at = shapely.Point(shapely.get_coordinates(shapely.maximum_inscribed_circle(widest))[0])
    point = plane.degrees(at)
    return str(point.x), str(point.y), plane.degrees(at.buffer(2, cap_style="square"))


def _words(database: str, tmp_path: Path, version: int) -> Path:
    """Say a word by a conversion, and take it back; the file of its place."""
    number = str(version)
    lon, lat, box = _place(database, version, "no_mining")
    file = tmp_path / "area.geojson"
    file.write_text(shapely.to_geojson(box), "utf-8")
    with pytest.raises(ConflictError, match="needs an approved conversion"):
        run("override", number, "workable", str(file), "--reason", "已治理")
    run("conversion", "DEMO-MINE-1", str(file), "--document", "转 1", "--from", "no_mining",
        "--to", "slow_mining", "--signer", "李总工", "--approved-on", "2026-10-01")  # fmt: skip
    with db.connect(database) as conn:
        (conversion,) = conn.execute("SELECT id FROM core.zone_conversion").fetchone()
    lowered = told("override", number, "slow_mining", str(file), "--reason", "已治理",
                   "--conversion", str(conversion))  # fmt: skip
    assert lowered["overrides"] == 1
    assert told("why", number, lon, lat)["zone"] == "slow_mining"
    with db.connect(database) as conn:
        (override,) = conn.execute("SELECT id FROM core.zone_override").fetchone()
    assert told("take-back", number, str(override))["overrides"] == 0
    return file


def test_from_derivation_to_in_force(
    database: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = told("derive", "DEMO-MINE-1", "--zoned-on", "2026-11-25")
    number = str(made["id"])
    assert (made["state"], made["drawn_by"], made["zoned_on"]) == (
        "draft", ["cli:wang"], "2026-11-25",
    )  # fmt: skip
    assert made["code"] in run("show", number)
    assert number in run("list", "DEMO-MINE-1")
    lon, lat, _ = _place(database, made["id"], "no_mining")
    why = told("why", number, lon, lat)
    assert (why["zone"], bool(why["reasons"])) == ("no_mining", True)
    assert "禁采区" in run("why", number, lon, lat)

    file = _words(database, tmp_path, made["id"])

    signed = ("--document", "N1", "--signer", "李总工", "--signed-on", "2026-11-20")
    assert told("submit", number)["state"] == "submitted"
    with pytest.raises(ForbiddenError, match="cli:wang drew this version"):
        run("check", number)
    monkeypatch.setenv("LOGNAME", "zhang")
    assert told("check", number)["state"] == "checked"
    assert told("return", number, "--reason", "重画")["state"] == "draft"
    for step in ("submit", "check"):
        run(step, number)
    assert told("approve", number, *signed)["approval_signer"] == "李总工"
    assert told("file", number)["state"] == "filed"
    assert told("enforce", number)["state"] == "effective"
    states = {it["code"]: it["state"] for it in told("list")}
    assert (states["DEMO-ZV-1"], states[made["code"]]) == ("superseded", "effective")

    assert not json.loads(run("may", "stoping", lon, lat, "--json", status=1))["may"]
    assert "不得回采" in run("may", "stoping", "--shape", str(file), status=1)
    for name in ("a.pdf", "a.png"):
        run("sheet", number, str(tmp_path / name), "--size", "A4")
        assert (tmp_path / name).stat().st_size > 10_000
    for name in ("a.html", "a.csv"):
        run("report", number, str(tmp_path / name))
        assert made["code"] in run("show", number)
    with pytest.raises(InputError, match=r"\.pdf"):
        run("sheet", number, str(tmp_path / "a.svg"))
    assert told("revoke", number, "--reason", "有误")["end_reason"] == "有误"


def test_versions_are_compared_and_drawn_from_files(database: str, tmp_path: Path) -> None:
    first, second = (told("derive", "DEMO-MINE-1") for _ in range(2))
    pair = (str(first["id"]), str(second["id"]))
    rows = told("compare", *pair)["transitions"]
    assert all(not it["is_changed"] for it in rows)
    assert "由 · from" in run("compare", *pair)
    with db.connect(database) as conn:
        zones = conn.execute(
            "SELECT zone, geom FROM core.zone_polygon WHERE zone_version_id = %s", [second["id"]]
        ).fetchall()
    raised = [("no_mining" if zone == "slow_mining" else zone, geom) for zone, geom in zones]
    features = [
        {"type": "Feature", "geometry": json.loads(shapely.to_geojson(geom)),
         "properties": {"zone": zone, "reason": "从严"}}
        for zone, geom in raised
    ]  # fmt: skip
    file = tmp_path / "zones.geojson"
    file.write_text(json.dumps({"type": "FeatureCollection", "features": features}), "utf-8")
    drawn = told("draw", pair[1], str(file))
    slow = sum(it["area_m2"] for it in second["areas"] if it["zone"] == "slow_mining")
    before, after = (
        {it["zone"]: it["area_m2"] for it in version["areas"]} for version in (second, drawn)
    )
    assert after["no_mining"] == pytest.approx(before["no_mining"] + slow, abs=1e-3)
    assert after.get("slow_mining", 0) == pytest.approx(0, abs=1e-3)


def test_rule_sets_are_shown_and_changed() -> None:
    assert "SX-2020" in run("rulesets")
    assert "pillar_least_m" in run("rulesets", "NMSA-2022-85")
    run("rulesets", "NMSA-2022-85", "--set", "pillar_least_m=25", "--source", "官方文本")
    current = next(it for it in told("rulesets", "NMSA-2022-85") if it["is_current"])
    assert current["params"]["pillar_least_m"]["value"] == 25
    with pytest.raises(InputError, match="--source"):
        run("rulesets", "NMSA-2022-85", "--set", "pillar_least_m=25")
    once = told("derive", "DEMO-MINE-1", "--parameter", "pillar_least_m=40")
    assert once["parameters"]["pillar_least_m"]["value"] == 40


def test_wrong_words_are_refused() -> None:
    with pytest.raises(RecordError):
        run("may", "digging", "113", "36")
    with pytest.raises(InputError, match="LON LAT"):
        run("may", "stoping")
    with pytest.raises(InputError, match="NAME=VALUE"):
        run("derive", "DEMO-MINE-1", "--parameter", "x")
    with pytest.raises(InputError, match="as 2026-11-25"):
        run("derive", "DEMO-MINE-1", "--zoned-on", "gestern")
