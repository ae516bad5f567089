"""`geoservice dispatch closure ...` and `geoservice dispatch flood ...`."""

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Any, cast, get_args

import typer
from pydantic import TypeAdapter
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from geoservice.closures import actions
from geoservice.closures.bodies import ClosureBody, FloodChanges
from geoservice.closures.records import Closure, Flood
from geoservice.errors import InputError
from geoservice.incidents.said import checked
from geoservice.registry.editing import Editor
from geoservice.terminal import at_work, dispatch_group, say

JsonOption = Annotated[bool, typer.Option("--json", help="输出 JSON · for machines")]
Number = Annotated[int, typer.Argument(help="序号 · number")]
Until = Annotated[datetime | None, typer.Option(help="至 · until, as 2026-11-25T18:00")]
_CLOSURES, _FLOODS = TypeAdapter(list[Closure]), TypeAdapter(list[Flood])


def add_to(app: typer.Typer) -> None:
    """Add this area's commands."""
    closure = typer.Typer(help="道路封闭 · closures", no_args_is_help=True)
    closure.command("add", context_settings={"ignore_unknown_options": True})(_add)
    closure.command("list")(_list)
    closure.command("reopen")(_reopen)
    dispatch_group(app).add_typer(closure, name="closure")
    flood = typer.Typer(help="洪水情景 · floods", no_args_is_help=True)
    flood.command("list")(_list_floods)
    flood.command("set")(_set_flood)
    dispatch_group(app).add_typer(flood, name="flood")


def _add(  # noqa: PLR0913  # each is an option
    cause: Annotated[str, typer.Argument(help="flood landslide accident works ice control other")],
    *,
    point: Annotated[str | None, typer.Option(help="经度,纬度 · LON,LAT")] = None,
    shape: Annotated[Path | None, typer.Option(help="GeoJSON 几何文件 · a geometry")] = None,
    name: Annotated[str | None, typer.Option(help="名称 · name")] = None,
    until: Until = None,
    factor: Annotated[float, typer.Option(help="车速系数，0 为封闭 · share of the speed")] = 0,
    depth_m: Annotated[float | None, typer.Option(help="水深（米） · depth of water")] = None,
    vehicle: Annotated[list[str] | None, typer.Option(help="车辆类型 · only for these")] = None,
    structures: Annotated[bool, typer.Option("--structures", help="含桥隧 · bridges too")] = False,
    as_json: JsonOption = False,
) -> None:
    """封闭道路 · close a road."""
    body = checked(
        ClosureBody, cause=cause, geometry=_geometry(point, shape), name=name,
        ends_at=_zoned(until), factor=factor, depth_m=depth_m, vehicle_classes=vehicle or (),
        includes_structures=structures,
    )  # fmt: skip
    with at_work() as work:
        closure = actions.close_road(
            work.conn, body.model_dump(mode="json"), at=datetime.now(UTC), editor=Editor()
        )
    _tell([closure], as_json=as_json)


def _list(
    *,
    state: Annotated[str, typer.Option(help="in_force | to_come | past | all")] = "in_force",
    as_json: JsonOption = False,
) -> None:
    """列出封闭 · list closures."""
    wanted = get_args(actions.State)
    if state not in wanted:
        raise InputError(
            f"state {state!r}: one of {', '.join(wanted)}",
            zh=f"state“{state}”：须为 {'、'.join(wanted)} 之一",
            where="state",
        )
    with at_work() as work:
        found = actions.list_closures(
            work.conn, at=datetime.now(UTC), state=cast("actions.State", state), most=1000
        )
    _tell(found, as_json=as_json)


def _reopen(number: Number, as_json: JsonOption = False) -> None:
    """解除封闭 · open the road again."""
    with at_work() as work:
        closure = actions.reopen_road(
            work.conn, number, at=datetime.now(UTC), version=None, editor=Editor()
        )
    _tell([] if closure is None else [closure], as_json=as_json)


def _list_floods(as_json: JsonOption = False) -> None:
    """列出洪水情景 · list flood scenarios."""
    with at_work() as work:
        _tell_floods(actions.list_floods(work.conn, at=datetime.now(UTC)), as_json=as_json)


def _set_flood(
    number: Number,
    state: Annotated[str, typer.Argument(help="in_force | ended | draft")],
    until: Until = None,
    as_json: JsonOption = False,
) -> None:
    """洪水生效或解除 · put a flood on the roads, or take it off."""
    changes = checked(FloodChanges, state=state, ends_at=_zoned(until)).model_dump()
    with at_work() as work:
        now = datetime.now(UTC)
        flood = actions.set_flood(work.conn, number, changes, at=now, version=None)
    _tell_floods([flood], as_json=as_json)


def _geometry(point: str | None, shape: Path | None) -> dict[str, Any]:
    if (point is None) == (shape is None):
        raise InputError("give --point or --shape", zh="请给出 --point 或 --shape 之一")
    try:
        if shape is not None:
            found = json.loads(shape.read_text("utf-8"))
            return dict(found.get("geometry", found))
        lon, lat = (float(part) for part in str(point).split(","))
    except (OSError, ValueError, AttributeError, TypeError) as error:
        raise InputError(f"no place: {error}", zh=f"位置无法识别：{error}") from error
    return {"type": "Point", "coordinates": [lon, lat]}


def _zoned(instant: datetime | None) -> datetime | None:
    return None if instant is None else instant.astimezone(UTC)


def _tell(closures: list[Closure], *, as_json: bool) -> None:
    if as_json:
        say(_CLOSURES.dump_json(closures, indent=2).decode())
        return
    table = Table(
        "序号 · no.", "编号 · code", "名称 · name", "原因 · cause", "起 · from", "止 · until"
    )
    table.add_column("路段 · arcs", justify="right")
    for it in closures:
        starts, ends = (f"{t:%m-%d %H:%M}" if t else "" for t in (it.starts_at, it.ends_at))
        table.add_row(
            str(it.id), escape(it.code), escape(it.name), it.cause, starts, ends, str(it.arcs)
        )
    console = Console()
    console.print(table)
    for note in (note for it in closures for note in it.notes):
        console.print(f"{escape(note.zh)}\n{escape(note.en)}", style="yellow")


def _tell_floods(floods: list[Flood], *, as_json: bool) -> None:
    if as_json:
        say(_FLOODS.dump_json(floods, indent=2).decode())
        return
    table = Table("序号 · no.", "编号 · code", "名称 · name", "状态 · state", "最深 · deepest, m")
    table.add_column("路段 · arcs", justify="right")
    for it in floods:
        deepest = "" if it.deepest_m is None else f"{it.deepest_m:g}"
        table.add_row(str(it.id), escape(it.code), escape(it.name), it.state, deepest, str(it.arcs))
    Console().print(table)
