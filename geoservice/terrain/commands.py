"""`geoservice load dem FILE...`: progress on the error stream, the report on the output."""

from dataclasses import asdict
from pathlib import Path
from typing import Annotated, Literal

import typer
from rich.console import Console
from rich.table import Table

from geoservice.network.current import prepare
from geoservice.terminal import at_work, bars, load_group, say_json
from geoservice.terrain.actions import load_dem
from geoservice.terrain.records import DemRequest, LoadedTerrain
from geoservice.terrain.refusals import height_datum_named

_STEPS = {
    "warp": "换算到本区坐标带 · into the district's zone",
    "overviews": "生成概视图 · overviews",
    "roads": "道路坡度 · gradients of roads",
}
_STOPPED = 130


def add_to(app: typer.Typer) -> None:
    """Offer ``load dem``, beside the other things to load."""
    load_group(app).command("dem")(_load_dem)


def _load_dem(  # noqa: PLR0913  # each is an option
    files: Annotated[list[Path], typer.Argument(help="HGT 或 GeoTIFF 文件，可多个 · one or more")],
    datum: Annotated[
        str, typer.Option(help="高程基准 · height datum: 1985 | 1956 | EGM96 | local")
    ],
    resampling: Annotated[
        Literal["bilinear", "cubic"], typer.Option(help="重采样 · how to interpolate")
    ] = "bilinear",
    fill_voids: Annotated[
        bool, typer.Option("--fill-voids", help="填补空洞并标记 · fill voids, and flag them")
    ] = False,
    cell: Annotated[
        float | None,
        typer.Option(min=0.5, max=1000, help="格网大小（米） · size of a cell, metres"),
    ] = None,
    source: Annotated[str | None, typer.Option(help="数据来源 · source")] = None,
    licence: Annotated[str | None, typer.Option(help="使用许可 · licence")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="输出 JSON · for machines")] = False,
) -> None:
    """导入高程数据，替换现有地形 · replace the terrain."""
    request = DemRequest(
        height_datum_named(datum), resampling, fill_voids=fill_voids, cell_m=cell,
        source=source, licence=licence,
    )  # fmt: skip
    try:
        with at_work() as work, bars(_STEPS) as tell:
            done = load_dem(
                work.conn, home=work.settings.home, paths=files, request=request, on_progress=tell
            )
            prepare(work.conn)
    except KeyboardInterrupt:
        Console(stderr=True).print("已停止，原有地形保持不变 · stopped; the terrain is as before")
        raise typer.Exit(_STOPPED) from None
    if as_json:
        say_json(asdict(done))
    else:
        Console().print(_summary(done))


def _summary(done: LoadedTerrain) -> Table:
    it = done.terrain
    table = Table(title=it.name, show_header=False, title_justify="left")
    rows = (
        ("坐标带 · zone", done.crs),
        ("高程基准 · height datum", it.height_datum),
        ("格网 · cells", f"{it.row_count} x {it.col_count}, {it.cell_m:g} m"),
        ("重采样 · interpolated", it.resampling),
        ("高程 · heights", f"{it.least_m:.1f} - {it.most_m:.1f} m"),
        ("空洞格数 · cells without height", it.void_count),
        ("其中已填补 · of them filled", it.filled_count),
        ("覆盖本区 · of the district", f"{done.covered_pct:.1f} %"),
        ("已定坡度的弧 · arcs graded", done.graded_arcs),
        ("来源 · source", it.source_doc),
        ("许可 · licence", it.licence or "未注明 · not stated"),
        ("文件 · file", f"{it.file_name}, {done.bytes / 1e6:.1f} MB"),
        ("用时 · took", f"{done.seconds:.1f} s"),
    )
    for label, value in rows:
        table.add_row(label, str(value))
    return table
