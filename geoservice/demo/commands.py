"""`geoservice demo load` and `geoservice demo clear`."""

from collections.abc import Iterable
from dataclasses import asdict
from datetime import UTC, datetime
from typing import Annotated

import typer

from geoservice.accounts.first_start import end_demo_accounts, write_demo_accounts
from geoservice.demo import actions
from geoservice.demo.heights import lay_terrain
from geoservice.terminal import at_work, say, say_json
from geoservice.terrain.actions import forget_unused

demo = typer.Typer(help="演示行政区 · the demonstration district.", no_args_is_help=True)

AsJson = Annotated[bool, typer.Option("--json", help="供程序读取 · for programs")]


def add_to(app: typer.Typer) -> None:
    """Offer ``demo load`` and ``demo clear``."""
    app.add_typer(demo, name="demo")


@demo.command("load")
def _load(*, as_json: AsJson = False) -> None:
    """载入演示行政区（服务须为空） · load the demonstration into an empty service."""
    with at_work() as work:
        loaded = actions.load_demo(work.conn, now=datetime.now(UTC))
        lay_terrain(work.conn, home=work.settings.home)
        lines = write_demo_accounts(work.conn, work.settings.home)
    if as_json:
        say_json(asdict(loaded))
        return
    if loaded.was_there:
        say("演示行政区已在库中 · the demonstration district is there already")
    _say_counts(loaded.counts)
    for line in lines:
        say(line)


@demo.command("clear")
def _clear(*, as_json: AsJson = False) -> None:
    """清除全部演示数据与演示账户 · remove all demonstration data and accounts."""
    with at_work() as work:
        removed = actions.clear_demo(work.conn)
        forget_unused(work.conn, work.settings.home)
        end_demo_accounts(work.conn, work.settings.home, at=datetime.now(UTC))
    if as_json:
        say_json([asdict(count) for count in removed])
        return
    if not removed:
        say("库中没有演示数据 · there is no demonstration data")
    _say_counts(removed)


def _say_counts(counts: Iterable[actions.Count]) -> None:
    for count in counts:
        say(f"  {count.row_count:>6}  {count.table_name}")
