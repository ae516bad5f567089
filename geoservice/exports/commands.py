"""`geoservice export` and `geoservice publish`."""

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.markup import escape
from rich.progress import MofNCompleteColumn, Progress, TimeRemainingColumn

from geoservice.db import Connection
from geoservice.errors import InputError
from geoservice.exports.actions import export_layer
from geoservice.exports.city_sets import (
    is_address,
    publish_tables,
    refuse_password,
    schema_named,
)
from geoservice.exports.formats import FORMATS, encoding_named, format_named
from geoservice.exports.manifests import written
from geoservice.exports.records import Export
from geoservice.exports.sets import Published, publish_set
from geoservice.exports.snapshots import snapshot
from geoservice.exports.wanted import rows_wanted
from geoservice.publish.catalog import layer_named, load_layers
from geoservice.publish.permit import for_the_city, whole
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


def publish(  # its options
    target: Annotated[
        str,
        typer.Argument(
            help="目录（链接）或 postgresql:// 地址 · folder (made, as a link), or an address"
        ),
    ],
    format: Annotated[  # noqa: A002  # the option's name
        str | None, typer.Option(help=f"{_FORMATS}；目录默认 gpkg · gpkg by default")
    ] = None,
    crs: Annotated[str | None, typer.Option(help="EPSG 代码或 local · EPSG code, or local")] = None,
    encoding: Annotated[str, typer.Option(help="utf-8|gbk")] = "utf-8",
    layer: Annotated[
        list[str] | None, typer.Option(help="图层，可重复；不给为全部 · layers; all without")
    ] = None,
    schema: Annotated[
        str | None, typer.Option(help="数据库中的模式 · schema; geoservice_<code> by default")
    ] = None,
) -> None:
    """发布整套图层：同一时刻，一次切换 · publish all layers, of one moment, at once."""
    layers = load_layers()
    wanted = [layer_named(layers, one) for one in layer] if layer else layers.values()
    sights = [sight for one in wanted if (sight := for_the_city(one)) is not None]
    publish_into = _into(target, format, crs, encoding_named(encoding), schema)
    console = Console(soft_wrap=True, highlight=False)
    with at_work() as work, Progress(console=console, transient=True) as progress:
        work.conn.rollback()  # what is read is of one moment, which begins here
        task = progress.add_task("", total=len(sights))
        with snapshot(work.conn):
            done = publish_into(
                work.conn, sights=sights,
                on_layer=lambda name: progress.update(task, description=name, advance=1),
            )  # fmt: skip
    console.print(f"{escape(target)}: {done.layers} 图层 · layers, {done.rows} 行 · rows")


def _into(
    target: str, form: str | None, crs: str | None, encoding: str, schema: str | None
) -> Callable[..., Published]:
    """Return what writes the set to the target: a folder's files or a database's tables."""
    is_database = is_address(target)
    if (form if is_database else schema) is not None:
        raise InputError(
            "--format is for a folder, --schema for a database",
            zh="--format 用于目录，--schema 用于数据库",
        )
    if not is_database:
        asked = Export(format_named(form or "gpkg", ""), crs, encoding)
        return partial(publish_set, folder=Path(target), export=asked)
    refuse_password(target)

    def _tables(conn: Connection, **said: Any) -> Published:
        name = schema_named(conn, schema)
        return publish_tables(conn, address=target, schema=name, crs=crs, **said)

    return _tables


def add_to(app: typer.Typer) -> None:
    """Put the commands of this area into the command line."""
    app.command("export")(export)
    app.command("publish")(publish)
