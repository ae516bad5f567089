"""`geoservice flood ...`: scenarios, what they do, and whether their water is on the roads."""

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer
from pydantic import TypeAdapter
from rich.console import Console

from geoservice.dispatch.options import AtOption, JsonOption, ProfileOption, instant
from geoservice.errors import FileError
from geoservice.floods import actions, consequences
from geoservice.floods.answers import Consequences, Scenario
from geoservice.floods.bodies import BroughtBody, DeriveBody, DrawnBody
from geoservice.floods.bringing_in import Brought, bring_in
from geoservice.floods.consequences import Sighting
from geoservice.floods.deriving import STEPS, derive
from geoservice.floods.tables import scenario_table, show_consequences, show_scenario
from geoservice.incidents.said import checked
from geoservice.jobs.bars import shown_progress
from geoservice.terminal import at_work, say

Number = Annotated[int, typer.Argument(help="情景序号 · number of the scenario")]
Until = Annotated[datetime | None, typer.Option(help="至 · until, as 2026-11-25T18:00")]
_SCENARIOS, _SCENARIO = TypeAdapter(list[Scenario]), TypeAdapter(Scenario)
_CONSEQUENCES = TypeAdapter(Consequences)
# The local administrator at the command line sees everything.
_WHOLE = Sighting(("public", "internal", "restricted"), None)


def add_to(app: typer.Typer) -> None:
    """Add this area's commands."""
    flood = typer.Typer(help="洪水情景 · flood scenarios", no_args_is_help=True)
    for name, command in (
        ("list", _list), ("show", _show), ("consequences", _consequences),
        ("import", _import), ("derive", _derive), ("enforce", _enforce), ("lift", _lift),
    ):  # fmt: skip
        flood.command(name)(command)
    app.add_typer(flood, name="flood")


def _list(
    family: Annotated[str | None, typer.Option(help="同一水体 · of one water")] = None,
    as_json: JsonOption = False,
) -> None:
    """列出洪水情景 · list scenarios."""
    with at_work() as work:
        found = actions.list_scenarios(work.conn, at=datetime.now(UTC), family=family)
    if as_json:
        say(_SCENARIOS.dump_json(found, indent=2).decode())
    else:
        Console().print(scenario_table(found))


def _show(number: Number, as_json: JsonOption = False) -> None:
    """一个情景及其水深带 · one scenario with its bands."""
    with at_work() as work:
        found = actions.read_scenario(work.conn, number, at=datetime.now(UTC))
    _tell(found, as_json=as_json)


def _consequences(  # each is an option
    number: Annotated[int | None, typer.Argument(help="情景序号 · number")] = None,
    *,
    shape: Annotated[Path | None, typer.Option(help="GeoJSON 面 · an area instead")] = None,
    depth_m: Annotated[float | None, typer.Option(help="水深（米） · its depth")] = None,
    profile: ProfileOption = "car",
    at: AtOption = None,
    as_json: JsonOption = False,
) -> None:
    """洪水后果：道路、受淹、孤立 · what a flood does."""
    if (number is None) == (shape is None) or (shape is None) != (depth_m is None):
        raise FileError(
            "give a scenario's number, or --shape and --depth-m",
            zh="请给出情景序号，或 --shape 与 --depth-m",
        )
    when = instant(at)
    with at_work() as work:
        if number is not None:
            found = consequences.of_scenario(
                work.conn, number, profile=profile, at=when, sighting=_WHOLE
            )
        else:
            body = checked(DrawnBody, geometry=_geometry(shape), depth_m=depth_m)
            found = consequences.of_shape(
                work.conn, body.drawn(), profile=profile, at=when, sighting=_WHOLE
            )
    if as_json:
        say(_CONSEQUENCES.dump_json(found, indent=2).decode())
    else:
        show_consequences(Console(soft_wrap=True), found)


def _enforce(number: Number, until: Until = None, as_json: JsonOption = False) -> None:
    """洪水生效 · put a flood on the roads."""
    ends_at = None if until is None else until.astimezone(UTC)
    with at_work() as work:
        now = datetime.now(UTC)
        found = actions.enforce(work.conn, number, starts_at=None, ends_at=ends_at, at=now)
    _tell(found, as_json=as_json)


def _lift(number: Number, as_json: JsonOption = False) -> None:
    """洪水解除 · take a flood off the roads."""
    with at_work() as work:
        found = actions.lift(work.conn, number, at=datetime.now(UTC))
    _tell(found, as_json=as_json)


def _tell(found: Scenario, *, as_json: bool) -> None:
    if as_json:
        say(_SCENARIO.dump_json(found, indent=2).decode())
    else:
        show_scenario(Console(soft_wrap=True), found)


def _geometry(path: Path | None) -> object:
    try:
        found = json.loads(Path(path or "").read_text("utf-8"))
        if found.get("type") == "FeatureCollection":
            (found,) = found["features"]
        return found.get("geometry", found)
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise FileError(
            f"{path}: no GeoJSON of one area: {error}", zh=f"{path}：不是单个面的 GeoJSON：{error}"
        ) from error


def _import(  # noqa: PLR0913  # each is an option
    file: Annotated[Path, typer.Argument(help="面文件，或水深 GeoTIFF · areas, or a GeoTIFF")],
    *,
    name: Annotated[str, typer.Option(help="情景名称 · name")],
    height_datum: Annotated[str, typer.Option(help="高程基准 · 1985 | 1956 | EGM96 | local")],
    source: Annotated[str, typer.Option(help="成果来源 · source")],
    official_doc: Annotated[
        str | None, typer.Option(help="官方成果文件（给出即为官方） · the document, if official")
    ] = None,
    return_period: Annotated[float | None, typer.Option(help="重现期（年） · years")] = None,
    level: Annotated[float | None, typer.Option(help="水位（米） · level, m")] = None,
    gauge_level: Annotated[
        float | None, typer.Option(help="水位站处水位（米） · level at its gauge, m")
    ] = None,
    family: Annotated[str | None, typer.Option(help="同一水体 · of one water")] = None,
    datum: Annotated[str | None, typer.Option(help="坐标基准 · gcj02 wgs84 cgcs2000 bd09")] = None,
    layer: Annotated[str | None, typer.Option(help="图层 · layer of the file")] = None,
    column: Annotated[
        list[str] | None, typer.Option(help="字段=列名 · as depth_m=SHUISHEN")
    ] = None,
    arrival_unit: Annotated[str, typer.Option(help="到达时间单位 · s | min | h")] = "min",
    depth_m: Annotated[float | None, typer.Option(help="统一水深（米） · of all of it")] = None,
    as_json: JsonOption = False,
) -> None:
    """导入洪水成果或溃坝范围 · bring a model's result or a dam-break extent in."""
    body = checked(
        BroughtBody, name=name, height_datum=height_datum, source=source,
        official_doc=official_doc, return_period_y=return_period, level_m=level,
        gauge_level_m=gauge_level, family=family,
        datum=datum, layer=layer, columns=dict(it.partition("=")[::2] for it in column or ()),
        arrival_unit=arrival_unit, assumed_m=depth_m,
    )  # fmt: skip
    said = Brought(**body.model_dump())
    with at_work() as work:
        found = bring_in(work.conn, file, said, shown_as=file.name, at=datetime.now(UTC))
    _tell(found, as_json=as_json)


def _derive(  # noqa: PLR0913  # each is an option
    method: Annotated[str, typer.Argument(help="bathtub | hand | fill")],
    *,
    name: Annotated[str, typer.Option(help="情景名称 · name")],
    level: Annotated[float | None, typer.Option(help="水位（米），bathtub · level, m")] = None,
    height_datum: Annotated[
        str | None, typer.Option(help="水位高程基准 · of the level: 1985 | 1956 | EGM96 | local")
    ] = None,
    stage: Annotated[float | None, typer.Option(help="高出河道（米），hand · stage, m")] = None,
    least: Annotated[float, typer.Option(help="最小积水深（米），fill · least depth")] = 0.15,
    channel: Annotated[Path | None, typer.Option(help="水源 GeoJSON · whence water comes")] = None,
    water_body: Annotated[str | None, typer.Option(help="或水体编号 · or a water body")] = None,
    drainage_km2: Annotated[float, typer.Option(help="hand 汇水面积 · drainage from")] = 1.0,
    area: Annotated[Path | None, typer.Option(help="推算范围 GeoJSON · area")] = None,
    return_period: Annotated[float | None, typer.Option(help="重现期（年） · years")] = None,
    gauge_level: Annotated[
        float | None, typer.Option(help="水位站处水位（米） · level at its gauge, m")
    ] = None,
    family: Annotated[str | None, typer.Option(help="同一水体 · of one water")] = None,
    as_json: JsonOption = False,
) -> None:
    """由地形推算（筛查） · work a flood out from the terrain: a screening."""
    body = checked(
        DeriveBody, name=name, method=method, level_m=level, height_datum=height_datum,
        stage_m=stage, least_m=least, water_body=water_body, drainage_km2=drainage_km2,
        channel=None if channel is None else _geometry(channel),
        area=None if area is None else _geometry(area), return_period_y=return_period,
        gauge_level_m=gauge_level, family=family,
    )  # fmt: skip
    asked = body.derivation(None)
    with at_work() as work, shown_progress(STEPS, is_silent=as_json) as tell:
        found = derive(work.conn, asked, home=work.settings.home, at=datetime.now(UTC), tell=tell)
    _tell(found, as_json=as_json)
