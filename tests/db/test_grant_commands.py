"""`geoservice grant` and `geoservice token create --partner` as an administrator types them."""

import json
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest
import typer
from typer.testing import CliRunner

from geoservice import db
from geoservice.accounts import commands, grant_commands
from geoservice.accounts.actions import token_identity
from geoservice.alerts.partners import NewPartner, add_partner
from geoservice.errors import ConflictError, NotFoundError, UnknownNameError

Run = Callable[..., str]


@pytest.fixture
def run(clone_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    """Type a command and return what it printed; there is the partner WATER."""
    monkeypatch.setenv("GEOSERVICE_DATABASE_URL", clone_url)
    monkeypatch.setenv("GEOSERVICE_HOME", str(tmp_path))
    app = typer.Typer()
    commands.add_to(app)
    grant_commands.add_to(app)
    with db.connect(clone_url) as conn:
        add_partner(conn, NewPartner("WATER", "水务局", "sideways"))

    def type_in(*words: str) -> str:
        result = CliRunner().invoke(app, words)
        if result.exception is not None:
            raise result.exception
        return result.output

    return type_in


def test_a_partners_token_is_the_last_word_and_has_no_role(run: Run, clone_url: str) -> None:
    _, number, secret = run("token", "create", "--partner", "WATER").split()[-1].split("_", 2)
    with db.connect(clone_url) as conn:
        found = token_identity(conn, int(number), secret, at=datetime.now(UTC))
    assert found is not None
    assert (found.roles, found.is_partner) == ([], True)
    assert "伙伴 · partner WATER" in run("token", "list")
    listed = json.loads(run("token", "list", "--json"))
    assert [(it["roles"], it["partner"]) for it in listed] == [([], "WATER")] * 2
    with pytest.raises(NotFoundError):
        run("token", "create", "--partner", "NOBODY")
    with pytest.raises(SystemExit, match="2"):
        run("token", "create", "--partner", "WATER", "--role", "viewer")


def test_a_grant_is_made_once_listed_revoked_and_noted(run: Run, clone_url: str) -> None:
    run("grant", "add", "WATER", "depots", "--field", "phone", "--field", "code")
    with pytest.raises(ConflictError):
        run("grant", "add", "WATER", "depots")
    (one,) = json.loads(run("grant", "list", "--json"))
    assert (one["partner"], one["layer"], one["fields"]) == ("WATER", "depots", ["code", "phone"])
    assert one["granted_by"].startswith("cli:")
    run("grant", "revoke", str(one["id"]))
    with pytest.raises(NotFoundError):
        run("grant", "revoke", str(one["id"]))
    assert "revoked" in run("grant", "list")
    run("grant", "add", "WATER", "depots")
    with db.connect(clone_url) as conn:
        noted = conn.execute(
            "SELECT action FROM core.audit_event WHERE table_name = 'partner_grant' ORDER BY id"
        ).fetchall()
    assert noted == [("grant",), ("revoke",), ("grant",)]


@pytest.mark.parametrize(
    "words", [["lakes"], ["depots", "--field", "colour"], ["depots", "--town", "1"]]
)
def test_what_there_is_not_is_not_granted(run: Run, words: list[str]) -> None:
    with pytest.raises(UnknownNameError):
        run("grant", "add", "WATER", *words)
    assert json.loads(run("grant", "list", "--json")) == []
