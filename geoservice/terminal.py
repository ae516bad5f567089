"""What every command of the command line shares: the database, in the name of who types."""

import getpass
import json
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import typer

from geoservice import db
from geoservice.migrate import migrate
from geoservice.network.folders import keep_network_in
from geoservice.server import running_database
from geoservice.settings import Settings


@dataclass(frozen=True)
class AtWork:
    """A connection in one transaction, where it came from, and the migrations applied just now."""

    conn: db.Connection
    settings: Settings
    migrated: list[str]


@contextmanager
def at_work() -> Iterator[AtWork]:
    """Lend the database, started and migrated as needed; an error undoes everything.

    Raises
    ------
    SetupError
        No database can be used here.
    """
    settings = Settings.from_environment()
    keep_network_in(settings.home)
    with running_database(settings) as url:
        migrated = migrate(url)
        with db.connect(url) as conn:
            db.set_actor(conn, f"cli:{getpass.getuser()}")
            yield AtWork(conn, settings, migrated)


def say(text: str) -> None:
    """Tell the person at the terminal."""
    sys.stdout.write(text + "\n")
    sys.stdout.flush()


def say_json(value: object) -> None:
    """Print a value for a program; dates and paths as text."""
    say(json.dumps(value, ensure_ascii=False, indent=2, default=str))


def dispatch_group(app: typer.Typer) -> typer.Typer:
    """Return the group `geoservice dispatch`, made at first asking: several areas share it."""
    for known in app.registered_groups:
        if known.name == "dispatch" and known.typer_instance is not None:
            return known.typer_instance
    group = typer.Typer(help="指挥调度 · dispatch", no_args_is_help=True)
    app.add_typer(group, name="dispatch")
    return group
