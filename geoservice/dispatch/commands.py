"""`geoservice nearest`: who is there soonest, from the command line."""

from datetime import UTC, datetime
from typing import Annotated

import typer
from pydantic import TypeAdapter
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from geoservice.dispatch.actions import nearest_by_road
from geoservice.dispatch.answers import NearestAnswer, NearestQuestion
from geoservice.terminal import at_work, say


def add_to(app: typer.Typer) -> None:
    """Add this area's commands."""
    # A negative longitude is an argument here, not an option.
    settings = {"ignore_unknown_options": True}
    app.command("nearest", context_settings=settings)(_nearest)


def _nearest(
    lon: Annotated[float, typer.Argument(help="经度 · degrees")],
    lat: Annotated[float, typer.Argument(help="纬度 · degrees")],
    kind: Annotated[str, typer.Option(help="depot | rescue_team")],
    k: Annotated[int, typer.Option("-k", "--k", help="最多几个 · how many at most")] = 5,
    profile: Annotated[
        str, typer.Option(help="car | truck | fire_engine | heavy_rescue | boat_carrier")
    ] = "car",
    within_min: Annotated[
        float | None, typer.Option(help="行车不超过（分钟） · leave out who drives longer")
    ] = None,
    as_json: Annotated[
        bool, typer.Option("--json", help="JSON，供程序使用 · for machines")
    ] = False,
) -> None:
    """按行车时间查找最近的储备点或队伍 · the nearest depots or teams by road."""
    question = NearestQuestion(lon, lat, kind, k, profile, within_min)
    with at_work() as work:
        answer = nearest_by_road(work.conn, question, at=datetime.now(UTC), towns=None)
    if as_json:
        say(TypeAdapter(NearestAnswer).dump_json(answer, indent=2).decode())
    else:
        _show(Console(), answer)


def _show(console: Console, answer: NearestAnswer) -> None:
    for note in (*answer.snap.notes, *answer.notes):
        console.print(f"{escape(note.zh)}\n{escape(note.en)}")
    if answer.found:
        console.print(_table(answer))
    for found in answer.found:
        console.print(f"[bold]{found.rank}[/] " + escape("；".join(r.zh for r in found.reasons)))
        console.print("  " + escape("; ".join(r.en for r in found.reasons)), style="dim")
    for missed in answer.unreachable:
        name = escape(f"{missed.code} {missed.name}")
        console.print(f"[red]✗[/] {name}: {escape(missed.reason.zh)} · {escape(missed.reason.en)}")
    if answer.farther:
        console.print(f"另有 {answer.farther} 个较远 · {answer.farther} more, farther away")
    closures = ", ".join(escape(f"{c.name} ({c.effect})") for c in answer.closures_met)
    console.print(
        f"路网版本 · graph version {answer.graph_version}"
        f"   封闭 · closures in force: {closures or '无 · none'}"
    )


def _table(answer: NearestAnswer) -> Table:
    table = Table("#", "编码 · code", "名称 · name")
    table.add_column("分钟 · min", justify="right")
    table.add_column("公里 · km", justify="right")
    for found in answer.found:
        minutes, km = f"{found.drive_s / 60:.1f}", f"{found.distance_m / 1000:.1f}"
        table.add_row(str(found.rank), escape(found.code), escape(found.name), minutes, km)
    return table
