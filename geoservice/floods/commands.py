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
from geoservice.floods.bodies import DrawnBody
from geoservice.floods.consequences import Sighting
from geoservice.floods.tables import scenario_table, show_consequences, show_scenario
from geoservice.incidents.said import checked
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
        ("enforce", _enforce), ("lift", _lift),
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
