"""`geoservice zone raster ...`: rasters of a seam."""

from dataclasses import asdict
from pathlib import Path
from typing import Annotated, Literal

import typer
from rich.console import Console
from rich.table import Table

from geoservice.db import Connection, Query
from geoservice.dispatch.options import JsonOption
from geoservice.terminal import at_work, say_json, zone_group
from geoservice.zoning.interpolating import FROM_BOREHOLES, Wish, interpolate_raster
from geoservice.zoning.rasters import (
    KINDS,
    MineRaster,
    add_raster,
    list_rasters,
    retire_raster,
)
from geoservice.zoning.versions import seam_of

MINE_NAMED = Query("zone_inputs", "mine_named", int)
MineOption = Annotated[str, typer.Argument(help="矿井编号 · code of the mine")]
SeamOption = Annotated[str, typer.Argument(help="煤层编号或煤层 · code or name of the seam")]


def add_to(app: typer.Typer) -> None:
    """Add this area's commands."""
    raster = typer.Typer(help="煤层栅格 · rasters of a seam", no_args_is_help=True)
    raster.command("add")(_add)
    raster.command("interpolate")(_interpolate)
    raster.command("list")(_list)
    raster.command("retire")(_retire)
    zone_group(app).add_typer(raster, name="raster")


def mine_named(conn: Connection, code: str) -> int:
    """Return the id of a mine.

    Raises
    ------
    NotFoundError
        There is no mine of that code.
    """
    return MINE_NAMED.one(conn, code=code)


def _add(  # each is an argument
    mine: MineOption,
    seam: SeamOption,
    kind: Annotated[str, typer.Argument(help=f"类型 · {' | '.join(KINDS)}")],
    file: Annotated[Path, typer.Argument(help="GeoTIFF")],
    *,
    datum: Annotated[
        str | None, typer.Option(help="高程基准 · height datum: 1985 | 1956 | EGM96 | local")
    ] = None,
    as_json: JsonOption = False,
) -> None:
    """导入一幅煤层栅格，替换同类 · add a raster of a seam."""
    with at_work() as work:
        seam_id = seam_of(work.conn, mine_named(work.conn, mine), seam).id
        made = add_raster(
            work.conn, home=work.settings.home, mine_seam_id=seam_id, kind=kind, path=file,
            name=file.name, datum=datum,
        )  # fmt: skip
    _tell([made], as_json=as_json)


def _interpolate(  # each is an option
    mine: MineOption,
    seam: SeamOption,
    kind: Annotated[str, typer.Argument(help=f"类型 · {' | '.join(FROM_BOREHOLES)}")],
    *,
    method: Annotated[Literal["linear", "idw"], typer.Option(help="方法 · method")] = "linear",
    cell: Annotated[
        float | None, typer.Option(min=1, max=1000, help="格网（米） · cell, metres")
    ] = None,
    as_json: JsonOption = False,
) -> None:
    """由钻孔推算一幅煤层栅格，并给出留一误差 · a raster from boreholes, with its error."""
    with at_work() as work:
        seam_id = seam_of(work.conn, mine_named(work.conn, mine), seam).id
        made = interpolate_raster(
            work.conn, home=work.settings.home, mine_seam_id=seam_id,
            wish=Wish(kind, method, cell),
        )  # fmt: skip
    _tell([made], as_json=as_json)


def _list(mine: MineOption, as_json: JsonOption = False) -> None:
    """列出矿井的栅格 · list the rasters of a mine."""
    with at_work() as work:
        found = list_rasters(work.conn, mine_id=mine_named(work.conn, mine))
    _tell(found, as_json=as_json)


def _retire(
    mine: MineOption, number: Annotated[int, typer.Argument(help="栅格序号 · number of the raster")]
) -> None:
    """停用一幅栅格 · take a raster out of use."""
    with at_work() as work:
        retire_raster(work.conn, mine_id=mine_named(work.conn, mine), raster_id=number)
    Console().print(f"已停用 · retired: {number}")


def _tell(found: list[MineRaster], *, as_json: bool) -> None:
    if as_json:
        say_json([asdict(it) for it in found])
        return
    table = Table("序号", "煤层 seam", "类型 kind", "数值 values", "基准 datum", "格网 cells",
                  "方法 method", "未知 unknown", "来源 source")  # fmt: skip
    for it in found:
        datum = it.height_datum or "-"
        if it.given_datum != it.height_datum:
            datum = f"{it.given_datum} → {it.height_datum}"
        error = "" if it.error_m is None else f" ±{it.error_m:.2f} m"
        table.add_row(
            str(it.id), it.seam, it.kind, f"{it.least:g} ~ {it.most:g}", datum,
            f"{it.cols} x {it.rows}, {it.cell_m:g} m", f"{it.method}{error}",
            f"{100 * it.nodata_share:.1f} %", it.source_doc,
        )  # fmt: skip
    Console().print(table)
