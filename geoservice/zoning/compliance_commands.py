"""`geoservice zone compliance`, `geoservice zone shafts`: what a mine lacks against water."""

from datetime import datetime
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from geoservice.dispatch.options import JsonOption
from geoservice.terminal import at_work, say_json, zone_group
from geoservice.zoning.callers import Caller
from geoservice.zoning.complying import check_shafts, mine_compliance, shaft_told
from geoservice.zoning.input_commands import MineOption, mine_named
from geoservice.zoning.versions import read_mine

# The local administrator at the command line sees everything.
_WHOLE = Caller("")
_YES = {True: "[green]齐 yes[/]", False: "[red]缺 no[/]", None: "-"}


def add_to(app: typer.Typer) -> None:
    """Add this area's commands."""
    zone = zone_group(app)
    zone.command("compliance")(_compliance)
    zone.command("shafts")(_shafts)


def _compliance(
    mine: MineOption,
    on: Annotated[
        datetime | None, typer.Option(formats=["%Y-%m-%d"], help="日期 · day; today without")
    ] = None,
    as_json: JsonOption = False,
) -> None:
    """三专两探一撤：缺什么 · what a mine and its headings lack; status 1 when something."""
    with at_work() as work:
        it = read_mine(work.conn, mine_named(work.conn, mine), _WHOLE)
        found = mine_compliance(
            work.conn, mine_id=it.id, hydro_type=it.hydro_type, on=on.date() if on else None
        )
    if as_json:
        say_json(found)
    else:
        _show(it.name, found)
    raise typer.Exit(0 if found["is_compliant"] else 1)


def _shafts(mine: MineOption, as_json: JsonOption = False) -> None:
    """井口与最高洪水位 · collars against the flood level; status 1 when one is flagged."""
    with at_work() as work:
        found = check_shafts(work.conn, mine_id=mine_named(work.conn, mine))
    if as_json:
        say_json([shaft_told(it) for it in found])
    else:
        for it in found:
            mark = "[red]✗[/]" if it.is_flag else "[green]✓[/]"
            Console().print(f"{mark} {escape(it.text.zh)}\n  {escape(it.text.en)}")
    raise typer.Exit(1 if any(it.is_flag for it in found) else 0)


def _show(name: str, found: dict[str, Any]) -> None:
    console = Console()
    console.print(
        f"{escape(name)} · {found['on']}：技术人员 technicians {found['technicians']}/"
        f"{found['technicians_needed']}，队伍 team {found['team_headcount']}，钻机 rigs "
        f"{found['rigs']}"
    )
    for it in found["missing"]:
        console.print(f"[red]✗[/] {escape(it['zh'])} · {escape(it['en'])}")
    table = Table(
        "工作面 heading", "状态 state", "物探 geophysics", "钻探 drilling", "齐全", "缺 lacks"
    )
    for it in found["headings"]:
        lacks = "\n".join(f"{one['zh']} · {one['en']}" for one in it["missing"])
        table.add_row(
            escape(it["name"]), it["state"] or "?", str(it["geophysics_on"] or "-"),
            str(it["drilling_on"] or "-"), _YES[it["is_compliant"]], escape(lacks),
        )  # fmt: skip
    console.print(table)
    if not found["rule"]["is_verified"]:
        console.print(f"暂定 · provisional: {escape(found['rule']['source_doc'])}")
