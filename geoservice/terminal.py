"""What every command of the command line shares: the database, in the name of who types."""

import getpass
import json
import signal
import sys
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from types import FrameType

import typer
from rich.console import Console
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    SpinnerColumn,
    TextColumn,
    TimeElapsedColumn,
)

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
            with _interruptible():
                yield AtWork(conn, settings, migrated)


@contextmanager
def _interruptible() -> Iterator[None]:
    """Let no Ctrl-C be lost: one that falls into a clean-up of a library is swallowed there."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    has_come = False

    def heed(number: int, frame: FrameType | None) -> None:
        nonlocal has_come
        has_come = True
        signal.default_int_handler(number, frame)

    before = signal.signal(signal.SIGINT, heed)
    try:
        yield
        if has_come:
            raise KeyboardInterrupt
    finally:
        signal.signal(signal.SIGINT, before)


def say(text: str) -> None:
    """Tell the person at the terminal."""
    sys.stdout.write(text + "\n")
    sys.stdout.flush()


def say_json(value: object) -> None:
    """Print a value for a program; dates and paths as text."""
    say(json.dumps(value, ensure_ascii=False, indent=2, default=str))


@contextmanager
def bars(steps: Mapping[str, str]) -> Iterator[Callable[[str, int, int | None], None]]:
    """Show one bar a step on the error stream; a step of unknown size is a spinner with a count.

    What is lent is told the step, how much of it is done, and how much there is, if known.
    """
    columns = (
        SpinnerColumn(),
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
    )
    with Progress(*columns, console=Console(stderr=True)) as shown:
        tasks = {}

        def tell(step: str, done: int, total: int | None) -> None:
            if step not in tasks:
                tasks[step] = shown.add_task(steps[step], total=total)
            shown.update(tasks[step], completed=done, total=total)

        yield tell


def dispatch_group(app: typer.Typer) -> typer.Typer:
    """Return the group `geoservice dispatch`."""
    return _group(app, "dispatch", "指挥调度 · dispatch")


def load_group(app: typer.Typer) -> typer.Typer:
    """Return the group `geoservice load`."""
    return _group(app, "load", "导入数据 · load data from files")


def zone_group(app: typer.Typer) -> typer.Typer:
    """Return the group `geoservice zone`."""
    return _group(app, "zone", "矿井水害三区 · mine-water zones")


def _group(app: typer.Typer, name: str, about: str) -> typer.Typer:
    """Return a group that several areas share, made at first asking."""
    for known in app.registered_groups:
        if known.name == name and known.typer_instance is not None:
            return known.typer_instance
    group = typer.Typer(help=about, no_args_is_help=True)
    app.add_typer(group, name=name)
    return group
