"""`geoservice stock list|move|check`."""

import json

import psycopg
from typer.testing import CliRunner, Result

from geoservice.cli import app
from geoservice.errors import ConflictError


def run(url: str, *arguments: str) -> Result:
    environment = {"GEOSERVICE_DATABASE_URL": url, "COLUMNS": "160"}
    return CliRunner(env=environment).invoke(app, ["stock", *arguments])


def test_list_move_and_check(demo_url: str) -> None:
    lots = json.loads(run(demo_url, "list", "DEMO-DP-001", "--json").output)
    lot = next(it for it in lots if it["available"] > 5)
    assert lot["code"] in run(demo_url, "list", "DEMO-DP-001", "--item", lot["item_code"]).output
    move = ("move", "DEMO-DP-001", lot["code"], "issue", "5", "--reason", "演练", "--key", "k")
    shown = run(demo_url, *move)
    assert shown.exit_code == 0, shown.output
    assert f"{lot['quantity'] - 5:g}" in shown.output
    assert run(demo_url, *move).exit_code == 0
    left = json.loads(run(demo_url, "list", "DEMO-DP-001", "--json").output)
    assert next(it for it in left if it["code"] == lot["code"])["quantity"] == lot["quantity"] - 5
    counted = run(
        demo_url, "move", "DEMO-DP-001", lot["code"], "adjust", "7", "--reason", "盘点", "--json"
    )
    assert json.loads(counted.output)[0]["quantity_after"] == 7
    refused = run(demo_url, "move", "DEMO-DP-001", lot["code"], "loss", "8", "--reason", "x")
    assert isinstance(refused.exception, ConflictError)
    checked = run(demo_url, "check")
    assert checked.exit_code == 0
    assert "94 moves" in checked.output


def test_a_difference_is_an_honest_exit_status(demo_url: str) -> None:
    with psycopg.connect(demo_url) as conn:
        conn.execute("ALTER TABLE core.stock_lot DISABLE TRIGGER stock_lot_led")
        conn.execute("UPDATE core.stock_lot SET quantity = quantity + 1 WHERE code LIKE '%-001'")
    checked = run(demo_url, "check")
    assert checked.exit_code == 1
    assert "DEMO-SL-001" in checked.output
    assert json.loads(run(demo_url, "check", "--json").output)["differences"]
