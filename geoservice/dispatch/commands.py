"""`geoservice nearest`: who is there soonest, from the command line."""

from typing import Annotated

import typer
from pydantic import TypeAdapter
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from geoservice.dispatch.actions import asked_place, nearest_by_road
from geoservice.dispatch.answers import KINDS, NearestAnswer, NearestQuestion
from geoservice.dispatch.options import (
    AtOption,
    JsonOption,
    ProfileOption,
    WhatIfOption,
    instant,
    supposed,
)
from geoservice.terminal import at_work, say


def add_to(app: typer.Typer) -> None:
    """Add this area's commands."""
    # A negative longitude is an argument here, not an option.
    settings = {"ignore_unknown_options": True}
    app.command("nearest", context_settings=settings)(_nearest)


def _nearest(  # noqa: PLR0913  # each is an option
    lon: Annotated[float | None, typer.Argument(help="经度 · degrees")] = None,
    lat: Annotated[float | None, typer.Argument(help="纬度 · degrees")] = None,
    *,
    kind: Annotated[str, typer.Option(help=" | ".join(KINDS))],
    incident: Annotated[
        int | None, typer.Option(help="事件序号，代替经纬度 · id of an incident, for lon and lat")
    ] = None,
    k: Annotated[int, typer.Option("-k", "--k", help="最多几个 · how many at most")] = 5,
    profile: ProfileOption = "car",
    within_min: Annotated[
        float | None, typer.Option(help="行车不超过（分钟） · leave out who drives longer")
    ] = None,
    item: Annotated[
        str | None, typer.Option(help="物资代码或其前缀 · depots with some of it free")
    ] = None,
    skill: Annotated[str | None, typer.Option(help="救援专长 · teams that can do it")] = None,
    type_no: Annotated[int | None, typer.Option("--type", help="类型 1-4 · or better")] = None,
    at: AtOption = None,
    what_if: WhatIfOption = None,
    as_json: JsonOption = False,
) -> None:
    """按到达时间查找最近的资源 · who is there soonest by road."""
    closures = [one.what_if() for one in supposed(what_if)]
    with at_work() as work:
        place = asked_place(work.conn, lon, lat, incident)
        question = NearestQuestion(*place, kind, k, profile, within_min, item, skill, type_no)
        answer = nearest_by_road(work.conn, question, at=instant(at), towns=None, what_if=closures)
    if as_json:
        say(TypeAdapter(NearestAnswer).dump_json(answer, indent=2).decode())
    else:
        _show(Console(), answer)


def _show(console: Console, answer: NearestAnswer) -> None:
    if answer.stage:
        stage = answer.stage
        console.print(f"[bold]{escape(stage.note.zh)}[/] ({stage.lon:.5f}, {stage.lat:.5f})")
        console.print(escape(stage.note.en))
    for note in (*answer.snap.notes, *answer.notes[: -1 if answer.found else None]):
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
    for note in answer.notes[-1:] if answer.found else ():
        console.print(f"{escape(note.zh)}\n{escape(note.en)}", style="dim")
    closures = ", ".join(escape(f"{c.name} ({c.effect})") for c in answer.closures_met)
    console.print(
        f"路网版本 · graph version {answer.graph_version}"
        f"   封闭 · closures in force: {closures or '无 · none'}"
    )


def _table(answer: NearestAnswer) -> Table:
    table = Table("#", "编码 · code", "名称 · name")
    for column in ("到达 · ETA min", "行车 · drive min", "公里 · km"):
        table.add_column(column, justify="right")
    for it in answer.found:
        eta = f"{it.eta_s / 60:.0f} ({it.eta_low_s / 60:.0f}-{it.eta_high_s / 60:.0f})"
        row = (eta, f"{it.drive_s / 60:.1f}", f"{it.distance_m / 1000:.1f}")
        table.add_row(str(it.rank), escape(it.code), escape(it.name), *row)
    return table
