"""`geoservice export`; `geoservice publish` is in `jobs/commands.py`."""

from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.markup import escape
from rich.progress import MofNCompleteColumn, Progress, TimeRemainingColumn

from geoservice.exports.actions import export_layer
from geoservice.exports.formats import FORMATS, encoding_named, format_named
from geoservice.exports.manifests import written
from geoservice.exports.records import Export
from geoservice.exports.snapshots import snapshot
from geoservice.exports.wanted import rows_wanted
from geoservice.publish.catalog import layer_named, load_layers
from geoservice.publish.permit import whole
from geoservice.terminal import at_work
from geoservice.whole_files import write_whole

_FORMATS = "|".join(FORMATS)


def export(  # noqa: PLR0913  # its options
    layer: Annotated[str, typer.Argument(help="图层 · layer, such as depots")],
    file: Annotated[Path, typer.Argument(help="文件 · file; its suffix says the format")],
    crs: Annotated[
        str | None, typer.Option(help="EPSG 代码或 local（当地三度带）· EPSG code, or local")
    ] = None,
    format: Annotated[  # noqa: A002  # the option's name
        str | None, typer.Option(help=f"{_FORMATS}；默认按后缀 · by the suffix")
    ] = None,
    encoding: Annotated[str, typer.Option(help="utf-8|gbk（Shapefile、CSV、DXF）")] = "utf-8",
    bbox: Annotated[
        str | None, typer.Option(help="西,南,东,北（度）· west,south,east,north in degrees")
    ] = None,
    cql2: Annotated[
        str | None, typer.Option("--filter", help="CQL2，如 · such as: grade = 'red'")
    ] = None,
    since: Annotated[
        str | None,
        typer.Option(help="上次清单中的 since_token：只导出变化 · only what changed since"),
    ] = None,
    *,
    manifest: Annotated[
        bool, typer.Option("--manifest", help="另写 文件.manifest.json · write FILE.manifest.json")
    ] = False,
) -> None:
    """导出图层为文件 · write a layer to a file, as the local administrator sees it."""
    wanted = layer_named(load_layers(), layer)
    asked = Export(
        format_named(format, file.suffix), crs, encoding_named(encoding),
        rows_wanted(whole(wanted), bbox=bbox, cql2=cql2), cql2, since,
    )  # fmt: skip
    console = Console(soft_wrap=True, highlight=False)
    columns = (*Progress.get_default_columns()[:2], MofNCompleteColumn(), TimeRemainingColumn())
    with at_work() as work, Progress(*columns, console=console, transient=True) as progress:
        work.conn.rollback()  # what is read is of one moment, which begins here
        task = progress.add_task(wanted.title.zh, total=None)
        with snapshot(work.conn):
            report = export_layer(
                work.conn, sight=whole(wanted), path=file, export=asked,
                on_rows=lambda rows, of: progress.update(task, total=of, advance=rows),
            )  # fmt: skip
    if manifest or since:
        write_whole(file.with_name(f"{file.name}.manifest.json"), written(report.manifest))
    console.print(f"{escape(str(file))}: {report.rows} 行 · rows, {report.crs}")
    for note in report.notes:
        console.print(f"[yellow]![/] {escape(note)}")


def add_to(app: typer.Typer) -> None:
    """Put the commands of this area into the command line."""
    app.command("export")(export)
