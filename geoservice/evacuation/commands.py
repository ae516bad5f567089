"""`geoservice dispatch evacuate`: who goes to which shelter, from the command line."""

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Any

import typer
from pydantic import TypeAdapter
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from geoservice.dispatch.options import JsonOption, ProfileOption, instant
from geoservice.errors import InputError
from geoservice.evacuation.actions import plan_evacuation
from geoservice.evacuation.answers import EvacuationAnswer
from geoservice.evacuation.bodies import EvacuationBody
from geoservice.incidents.said import checked
from geoservice.terminal import at_work, dispatch_group, say


def add_to(app: typer.Typer) -> None:
    """Add this area's commands."""
    dispatch_group(app).command("evacuate")(_evacuate)


def _evacuate(
    arrival: Annotated[
        str,
        typer.Option("--arrival", help="灾害到达时刻 · when it arrives: 2026-11-25T18:00+08:00"),
    ],
    *,
    area: Annotated[
        Path | None, typer.Option(help="危险范围 GeoJSON 文件 · a file with a (Multi)Polygon")
    ] = None,
    flood: Annotated[
        str | None, typer.Option(help="淹没情景或淹没区编码 · code of a flood scenario or zone")
    ] = None,
    settlement: Annotated[
        list[str] | None, typer.Option(help="居民点编码，可多个 · code; may be repeated")
    ] = None,
    margin: Annotated[
        float, typer.Option("--margin", help="提前量（分钟） · there so many minutes before")
    ] = 30,
    profile: ProfileOption = "car",
    as_json: JsonOption = False,
) -> None:
    """编制转移方案 · who goes to which shelter, and when they must leave."""
    body = checked(
        EvacuationBody, arrival_at=instant(arrival), area=_area(area), flood=flood,
        settlements=tuple(settlement or ()), margin_min=margin, profile=profile,
    )  # fmt: skip
    with at_work() as work:
        answer = plan_evacuation(work.conn, body.question(), at=datetime.now(UTC), towns=None)
    if as_json:
        say(TypeAdapter(EvacuationAnswer).dump_json(answer, indent=2).decode())
    else:
        _show(Console(soft_wrap=True), answer)


def _area(path: Path | None) -> dict[str, Any] | None:
    """Return the geometry in a file: itself, a feature, or the only one of a collection."""
    if path is None:
        return None
    try:
        found = json.loads(path.read_text("utf-8-sig"))
        if found.get("type") == "FeatureCollection":
            (found,) = found["features"]
        geometry = found["geometry"] if found.get("type") == "Feature" else found
        return {"type": geometry["type"], "coordinates": geometry["coordinates"]}
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise InputError(
            f"{path}: one GeoJSON Polygon or MultiPolygon is needed ({error})",
            zh=f"{path}：须为一个 GeoJSON Polygon 或 MultiPolygon",
            where="area",
        ) from error


def _show(console: Console, answer: EvacuationAnswer) -> None:
    for note in answer.notes:
        console.print(f"{escape(note.zh)}\n{escape(note.en)}", style="dim")
    if answer.moves:
        console.print(_table(answer))
    for it in answer.left:
        console.print(
            f"[red]✗[/] {escape(it.settlement)} {it.people} 人 · people: "
            f"{escape(it.reason.zh)} · {escape(it.reason.en)}"
        )
    for name in answer.uncounted:
        console.print(f"[yellow]?[/] {escape(name)}: 人口未登记 · population not on record")
    console.print(
        f"危险范围内 · in danger {answer.people}   按时安置 · in time {answer.placed_in_time}"
        f"   迟到 · late {answer.placed_late}   [bold]未安置 · unplaced {answer.unplaced}[/]"
    )


def _table(answer: EvacuationAnswer) -> Table:
    table = Table("最迟出发 · leave by", "居民点 · settlement", "避难场所 · shelter")
    for column in ("人数 · people", "行车 · min", "公里 · km"):
        table.add_column(column, justify="right")
    for it in answer.moves:
        late = f" [red]+{it.late_s / 60:.0f}[/]" if it.late_s else ""
        table.add_row(
            f"{it.depart_by:%m-%d %H:%M}{late}", escape(it.settlement), escape(it.shelter),
            str(it.people), f"{it.drive_s / 60:.0f}", f"{it.distance_m / 1000:.1f}",
        )  # fmt: skip
    return table
