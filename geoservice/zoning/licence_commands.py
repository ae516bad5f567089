"""`geoservice zone licence MINE FILE`: the corner table of a licence."""

from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.markup import escape

from geoservice.dispatch.options import JsonOption
from geoservice.terminal import at_work, say_json, zone_group
from geoservice.zoning.input_commands import MineOption, mine_named
from geoservice.zoning.licence_tables import seven_of
from geoservice.zoning.licensing import Asked, Licensed, add_licence


def add_to(app: typer.Typer) -> None:
    """Add this area's command."""
    zone_group(app).command("licence")(_licence)


def _licence(  # each is an argument
    mine: MineOption,
    file: Annotated[Path, typer.Argument(help="拐点表：点号、X、Y、圈号 · corners, with rings")],
    *,
    datum: Annotated[str, typer.Option(help="坐标基准 · cgcs2000 | xian80 | beijing54")],
    seven: Annotated[
        str, typer.Option(help="七参数（米、角秒、百万分之一） · dx,dy,dz,rx,ry,rz,ppm")
    ] = "",
    convention: Annotated[
        str, typer.Option(help="旋转约定 · position_vector | coordinate_frame")
    ] = "",
    as_json: JsonOption = False,
) -> None:
    """矿区拐点表：核对面积并登记为矿区范围 · corners become the licence area of a mine."""
    with at_work() as work:
        made = add_licence(
            work.conn, mine_id=mine_named(work.conn, mine), path=file,
            asked=Asked(file.name, datum, seven_of(seven, convention)),
        )  # fmt: skip
    if as_json:
        say_json(asdict(made))
    else:
        Console().print(_told(made))


def _told(it: Licensed) -> str:
    area = f"{it.area_km2:.6f} km²（{it.plane}），{it.corners} 个拐点 corners"
    if it.licence_area_km2 is None or it.off_pct is None:
        check = "[red]许可证面积未登记，未核对 · no licence area on record: not checked[/]"
    else:
        check = f"许可证 licence {it.licence_area_km2:g} km²，{it.off_pct:+.4f} %"
    return f"{escape(it.mine_code)}：{escape(area)}\n{check}"
