"""A seam's inputs as a file, and the batch that derives it, as a person types it."""

import json
import runpy
from pathlib import Path

import pytest
import typer
from typer.testing import CliRunner

from geoservice import db
from geoservice.errors import NotFoundError
from geoservice.minewater.derive import derive
from geoservice.zoning import batch_commands
from geoservice.zoning.reading import read_inputs
from geoservice.zoning.rulesets import read_ruleset
from geoservice.zoning.tasks import write_seam_task

DATA = runpy.run_path(str(Path(__file__).parents[1] / "data" / "zone_mine.py"))


def test_a_batch_derives_from_the_file_what_the_registers_give(
    conn: db.Connection, tmp_path: Path
) -> None:
    DATA["set_up"](conn)
    ((mine_id, seam_id),) = conn.execute(
        "SELECT mine_id, id FROM core.mine_seam WHERE code = 'S3'"
    ).fetchall()
    task, broken, out = tmp_path / "s3.json", tmp_path / "broken.json", tmp_path / "out"
    write_seam_task(conn, home=tmp_path, mine_id=mine_id, seam="S3", ruleset="SX-2020", path=task)
    broken.write_text("{}")
    app = typer.Typer()
    batch_commands.add_to(app)
    asked = ["zone", "batch", str(task), str(broken), "--out", str(out), "--workers", "1"]
    said = CliRunner().invoke(app, asked)
    assert said.exit_code == 1
    assert str(out / "s3.json") in said.stdout
    assert "does not hold the inputs" in said.stderr
    told = json.loads((out / "s3.json").read_text("utf-8"))
    inputs = read_inputs(conn, home=tmp_path, mine_seam_id=seam_id).inputs
    found = derive(inputs, read_ruleset(conn, "SX-2020").rules)
    assert (told["inputs_hash"], told["geom_hash"]) == (found.inputs_hash, found.geom_hash)
    assert [it.name for it in out.iterdir()] == ["s3.json"]


def test_a_seam_that_is_not_there_has_no_file(conn: db.Connection, tmp_path: Path) -> None:
    DATA["set_up"](conn)
    ((mine_id,),) = conn.execute("SELECT mine_id FROM core.mine_seam WHERE code = 'S3'").fetchall()
    with pytest.raises(NotFoundError, match="no seam S9"):
        write_seam_task(
            conn, home=tmp_path, mine_id=mine_id, seam="S9", ruleset="SX-2020",
            path=tmp_path / "s9.json",
        )  # fmt: skip
