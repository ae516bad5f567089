"""`geoservice account` and `geoservice token` as an administrator types them."""

import json
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest
import typer
from typer.testing import CliRunner

from geoservice import db
from geoservice.accounts import commands
from geoservice.accounts.actions import token_identity
from geoservice.errors import NotFoundError, UnknownNameError

Run = Callable[..., str]


@pytest.fixture
def run(clone_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    """Type a command and return what it printed; errors come through as they are."""
    monkeypatch.setenv("GEOSERVICE_DATABASE_URL", clone_url)
    monkeypatch.setenv("GEOSERVICE_HOME", str(tmp_path))
    app = typer.Typer()
    commands.add_to(app)

    def type_in(*words: str, text: str = "") -> str:
        result = CliRunner().invoke(app, words, input=text)
        if result.exception is not None:
            raise result.exception
        return result.output

    return type_in


def test_token_is_the_last_word_and_works(run: Run, clone_url: str) -> None:
    token = run("token", "create", "--role", "viewer", "--role", "keeper").split()[-1]
    _, number, secret = token.split("_", 2)
    with db.connect(clone_url) as conn:
        found = token_identity(conn, int(number), secret, at=datetime.now(UTC))
    assert found is not None
    assert found.roles == ["viewer", "keeper"]
    assert secret not in run("token", "list")
    run("token", "revoke", number)
    assert json.loads(run("token", "list", "--json"))[0]["revoked_at"]


def test_unknown_role_or_town_makes_no_token(run: Run) -> None:
    with pytest.raises(UnknownNameError, match="king"):
        run("token", "create", "--role", "king")
    with pytest.raises(UnknownNameError, match="999999999"):
        run("token", "create", "--role", "viewer", "--town", "999999999")
    with pytest.raises(SystemExit, match="2"):
        run("token", "create")
    assert json.loads(run("token", "list", "--json")) == []


def test_account_is_made_changed_and_closed(run: Run) -> None:
    run("account", "create", "wang", "--role", "keeper", text="correct horse battery\n")
    run("account", "roles", "wang", "--role", "dispatcher")
    assert "/sign-in?once=" in run("account", "link", "wang").split()[-1]
    run("account", "disable", "wang")
    account = json.loads(run("account", "list", "--json"))[0]
    assert account["roles"] == ["dispatcher"]
    assert account["disabled_at"]
    assert account["created_by"].startswith("cli:")
    assert "hash" not in json.dumps(account)
    with pytest.raises(NotFoundError):
        run("account", "link", "wang")
    run("account", "enable", "wang")
    run("account", "password", "wang", text="another long one\n")
    with pytest.raises(NotFoundError):
        run("account", "disable", "nobody")
