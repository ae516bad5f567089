"""`geoservice export` and `geoservice situation-map`."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.markup import escape

from geoservice.errors import UnknownNameError
from geoservice.publish.actions import export_layer, situation_map
from geoservice.publish.catalog import layer_named, load_layers
from geoservice.publish.exports import ENCODINGS, Export, format_of, write_whole
from geoservice.publish.permit import whole
from geoservice.terminal import at_work


def export(
    layer: Annotated[str, typer.Argument(help="图层 · layer, such as depots")],
    file: Annotated[
        Path, typer.Argument(help="文件 · .gpkg .geojson .zip (Shapefile) .csv .fgb .kml")
    ],
    crs: Annotated[
        str | None, typer.Option(help="EPSG 代码或 local（当地三度带）· EPSG code, or local")
    ] = None,
    format: Annotated[  # noqa: A002  # the option's name
        str | None, typer.Option(help="gpkg|geojson|shp|csv|fgb|kml；默认按后缀 · by the suffix")
    ] = None,
    encoding: Annotated[str, typer.Option(help="utf-8|gbk（Shapefile、CSV）")] = "utf-8",
) -> None:
    """导出图层为文件 · write a layer to a file, as the local administrator sees it."""
    wanted = layer_named(load_layers(), layer)
    if encoding not in ENCODINGS:
        raise UnknownNameError(
            f"encoding {encoding!r}: one of {', '.join(ENCODINGS)}",
            zh=f"编码 {encoding!r}：须为 {'、'.join(ENCODINGS)} 之一",
            where="encoding",
        )
    asked = Export(format_of(file, format), crs, encoding)
    with at_work() as work:
        report = export_layer(work.conn, sight=whole(wanted), path=file, export=asked)
    console = Console(soft_wrap=True, highlight=False)
    console.print(f"{escape(str(file))}: {report.rows} 行 · rows, {report.crs}")
    for note in report.notes:
        console.print(f"[yellow]![/] {escape(note)}")


def save_situation_map(
    file: Annotated[Path, typer.Argument(help="HTML 文件 · file")],
) -> None:
    """生成单文件态势图 · write the situation map: one HTML file that needs nothing else."""
    sights = [whole(layer) for layer in load_layers().values()]
    with at_work() as work:
        page = situation_map(work.conn, sights=sights, at=datetime.now(UTC))
    write_whole(file, page.encode())
    console = Console(soft_wrap=True, highlight=False)
    console.print(f"{escape(str(file))}: {len(page.encode()) / 1e6:.1f} MB")


def add_to(app: typer.Typer) -> None:
    """Put the commands of this area into the command line."""
    app.command("export")(export)
    app.command("situation-map")(save_situation_map)
