"""`geoservice dispatch coverage`: who is covered, what is cut off, from the command line."""

from pathlib import Path
from typing import Annotated

import typer
from pydantic import TypeAdapter
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from geoservice.coverage.actions import coverage, isochrones
from geoservice.coverage.answers import KINDS, CoverageAnswer, Covered, Isochrones, Stranded
from geoservice.coverage.routes import CoverageParameters
from geoservice.dispatch.options import AtOption, JsonOption, ProfileOption, instant
from geoservice.incidents.said import checked
from geoservice.terminal import at_work, dispatch_group, say


def add_to(app: typer.Typer) -> None:
    """Add this area's commands."""
    dispatch_group(app).command("coverage")(_coverage)


def _coverage(  # each is an option
    *,
    kind: Annotated[str, typer.Option(help=" | ".join(KINDS))] = "fire_station",
    minutes: Annotated[str, typer.Option(help="行车分钟 · of driving, with commas")] = "5,10,15,30",
    what_if: Annotated[
        str | None, typer.Option("--what-if", help="假设站点 经度,纬度 · LON,LAT of one more")
    ] = None,
    out: Annotated[
        Path | None, typer.Option(help="范围写入 GeoJSON 文件 · write the areas to a file")
    ] = None,
    profile: ProfileOption = "car",
    at: AtOption = None,
    as_json: JsonOption = False,
) -> None:
    """服务范围：覆盖人口、盲区、孤立居民点 · who is covered, gaps, what is cut off."""
    said = checked(CoverageParameters, kind=kind, minutes=minutes, what_if=what_if, profile=profile)
    with at_work() as work:
        if out is None:
            answer = coverage(work.conn, said.question(), at=instant(at), towns=None)
        else:
            found = isochrones(work.conn, said.question(), at=instant(at), towns=None)
            out.write_bytes(TypeAdapter(Isochrones).dump_json(found))
            answer = found.coverage
    if as_json:
        say(TypeAdapter(CoverageAnswer).dump_json(answer, indent=2).decode())
    else:
        _show(Console(soft_wrap=True), answer)


def _show(console: Console, answer: CoverageAnswer) -> None:
    for note in answer.notes:
        console.print(f"{escape(note.zh)}\n{escape(note.en)}", style="dim")
    table = Table("乡镇 · town")
    for column in ("人口 · people", *(f"{it:g} min" for it in answer.minutes)):
        table.add_column(column, justify="right")
    for town in answer.towns:
        name = escape(town.town or town.town_code or "-")
        table.add_row(name, str(town.people), *(_cell(it) for it in town.covered))
    table.add_row("合计 · all", str(answer.people), *(_cell(it) for it in answer.covered))
    console.print(table)
    console.print(
        f"盲区 · beyond {answer.minutes[-1]:g} min: {len(answer.gaps)} 处 · settlements, "
        f"{answer.people_in_gaps} 人 · people"
    )
    for one in answer.cut_off:
        console.print(_line("孤立居民点 · cut off", one))
    for one in answer.stranded:
        console.print(_line("被困储备点 · stranded depot", one))


def _cell(covered: Covered) -> str:
    if covered.people_with_what_if is None:
        return str(covered.people)
    more = covered.people_with_what_if - covered.people
    return f"{covered.people} (+{more})"


def _line(what: str, one: Stranded) -> str:
    return f"[red]{what}[/] {escape(one.name)}: {escape(one.reason.zh)} · {escape(one.reason.en)}"
