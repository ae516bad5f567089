"""`geoservice demo load` and `geoservice demo clear`."""

import getpass
import json
from collections.abc import Iterable
from dataclasses import asdict
from datetime import UTC, datetime
from typing import Annotated

import typer

from geoservice import db
from geoservice.accounts.first_start import end_demo_accounts, write_demo_accounts
from geoservice.demo import actions
from geoservice.migrate import migrate
from geoservice.server import running_database
from geoservice.settings import Settings

demo = typer.Typer(help="演示行政区 · the demonstration district.", no_args_is_help=True)

AsJson = Annotated[bool, typer.Option("--json", help="供程序读取 · for programs")]


def add_to(app: typer.Typer) -> None:
    """Offer ``demo load`` and ``demo clear``."""
    app.add_typer(demo, name="demo")


@demo.command("load")
def _load(*, as_json: AsJson = False) -> None:
    """载入演示行政区（服务须为空） · load the demonstration into an empty service."""
    settings = Settings.from_environment()
    with running_database(settings) as url:
        migrate(url)
        with db.connect(url) as conn:
            db.set_actor(conn, getpass.getuser())
            loaded = actions.load_demo(conn, now=datetime.now(UTC))
            lines = write_demo_accounts(conn, settings.home)
    if as_json:
        typer.echo(json.dumps(asdict(loaded), ensure_ascii=False))
        return
    if loaded.was_there:
        typer.echo("演示行政区已在库中 · the demonstration district is there already")
    _echo_counts(loaded.counts)
    typer.echo("\n".join(lines))


@demo.command("clear")
def _clear(*, as_json: AsJson = False) -> None:
    """清除全部演示数据与演示账户 · remove all demonstration data and accounts."""
    settings = Settings.from_environment()
    with running_database(settings) as url:
        migrate(url)
        with db.connect(url) as conn:
            db.set_actor(conn, getpass.getuser())
            removed = actions.clear_demo(conn)
            end_demo_accounts(conn, settings.home, at=datetime.now(UTC))
    if as_json:
        typer.echo(json.dumps([asdict(count) for count in removed], ensure_ascii=False))
        return
    if not removed:
        typer.echo("库中没有演示数据 · there is no demonstration data")
    _echo_counts(removed)


def _echo_counts(counts: Iterable[actions.Count]) -> None:
    for count in counts:
        typer.echo(f"  {count.row_count:>6}  {count.table_name}")
