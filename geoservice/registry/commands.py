"""`geoservice load ...`: a boundary, or a file for each register."""

from collections.abc import Callable
from dataclasses import asdict
from functools import partial
from pathlib import Path
from typing import Annotated, cast, get_args

import typer
from rich.markup import escape

from geoservice.errors import InputError, SetupError
from geoservice.imports.actions import clean
from geoservice.imports.loading import Duplicates, Request, load_register
from geoservice.imports.records import Options
from geoservice.imports.reports import write_file, write_report
from geoservice.imports.templates import template
from geoservice.jobs.bars import shown_progress
from geoservice.registry.loading import Request as OutlineRequest
from geoservice.registry.loading import load_boundary
from geoservice.registry.reading import Asked, read_table
from geoservice.registry.registers import LOADABLE, register_named
from geoservice.registry.report import (
    show,
    tell_boundary,
    tell_register,
)
from geoservice.terminal import at_work, say_json

load = typer.Typer(help="导入数据 · load data from files", no_args_is_help=True)
_STEPS = {
    "reading": "读取 · reading",
    "checking": "检查 · checking",
    "applying": "写入 · writing",
}

File = Annotated[
    Path, typer.Argument(help="Excel、CSV、GeoJSON、KML、GeoPackage、Shapefile（或 zip）")
]
DatumOption = Annotated[str | None, typer.Option(help="坐标基准 · gcj02 | wgs84 | cgcs2000 | bd09")]
LayerOption = Annotated[
    str | None, typer.Option(help="文件中的图层或工作表 · layer or sheet in the file")
]
EncodingOption = Annotated[
    str | None, typer.Option(help="文字编码，默认自动识别 · of its text: gb18030, utf-8")
]
ColumnOption = Annotated[
    list[str], typer.Option("--column", help="字段=列名，可重复 · field=heading, may be repeated")
]
SourceOption = Annotated[str | None, typer.Option(help="资料来源 · where the data come from")]
JsonOption = Annotated[bool, typer.Option("--json", help="输出 JSON · for machines")]
SkipOption = Annotated[
    bool, typer.Option("--skip-bad", help="跳过有误的行，导入其余行 · load the rows that are right")
]
CommaOption = Annotated[
    bool, typer.Option("--decimal-comma", help="逗号为小数点 · numbers are written 1,5")
]
DuplicatesOption = Annotated[
    str,
    typer.Option(
        help="与附近记录疑似重复的行 · rows like a record near by: ask | merge | new | skip"
    ),
]
DryOption = Annotated[bool, typer.Option("--dry-run", help="只检查不写入 · check, write nothing")]
ReportOption = Annotated[
    Path | None,
    typer.Option(help="把逐行报告写入 .xlsx 或 .csv · write the report of every row there"),
]
SwapOption = Annotated[
    bool, typer.Option("--swap-axes", help="文件中纬度（北）在前 · latitude comes first in it")
]
ZoneOption = Annotated[
    str | None,
    typer.Option(help="未注明时区的时间所属时区；默认为本区的 · zone of times without one"),
]
DistrictZoneOption = Annotated[
    str | None, typer.Option(help="本区时区，如 Europe/Andorra · time zone of the district")
]


def add_to(app: typer.Typer) -> None:
    """Offer ``load boundary`` and a command for each register."""
    load.command("boundary")(_load_boundary)
    for name in LOADABLE:
        load.command(name, help=_help(name))(_loader(name))
    load.command("template")(_write_template)
    load.command("clean")(_clean)
    app.add_typer(load, name="load")


def _write_template(
    register: Annotated[str, typer.Argument(help="台账 · register")],
    file: Annotated[Path, typer.Argument(help=".xlsx")],
) -> None:
    """写出填报模板 · write a template to fill in."""
    write_file(file, template(register_named(register)))
    show(f"[green]✓[/] {escape(str(file))}")


def _clean(
    days: Annotated[int, typer.Option(min=0, help="保留天数 · older than")] = 30,
) -> None:
    """清理旧的导入及其文件 · drop old imports and their files; what they wrote stays."""
    with at_work() as work:
        gone = clean(work.conn, home=work.settings.home, days=days)
    show(f"[green]✓[/] {gone} 次导入已清理 · imports dropped")


def _help(register: str) -> str:
    try:
        label = register_named(register).label
    except SetupError:  # a slip in a layer file: told when a command runs, not while help is made
        return register
    return f"导入{label.zh} · load {label.en.lower()}"


def _load_boundary(  # noqa: PLR0913  # each is an option
    file: File,
    datum: DatumOption = None,
    code: Annotated[str | None, typer.Option(help="行政区代码 · code of the district")] = None,
    name: Annotated[str | None, typer.Option(help="行政区名称 · name of the district")] = None,
    union: Annotated[
        bool, typer.Option("--union", help="合并全部要素 · all features together")
    ] = False,
    layer: LayerOption = None,
    encoding: EncodingOption = None,
    column: ColumnOption = [],  # noqa: B006  # typer copies it
    source: SourceOption = None,
    zone: DistrictZoneOption = None,
    as_json: JsonOption = False,
) -> None:
    """设定行政区边界 · set the district by its outline."""
    table = read_table(file, Asked(layer, encoding))
    request = OutlineRequest(file.name, datum, _columns(column), source)
    said = {"code": code or None, "name": name or None, "zone": zone}
    with at_work() as work:
        done = load_boundary(work.conn, table=table, request=request, unite=union, **said)
    say_json(asdict(done)) if as_json else show(tell_boundary(done))


def _loader(register: str) -> Callable[..., None]:
    def load_file(  # noqa: PLR0913  # each is an option
        file: File,
        datum: DatumOption = None,
        layer: LayerOption = None,
        encoding: EncodingOption = None,
        column: ColumnOption = [],  # noqa: B006  # typer copies it
        source: SourceOption = None,
        skip_bad: SkipOption = False,
        duplicates: DuplicatesOption = "ask",
        dry_run: DryOption = False,
        report: ReportOption = None,
        swap_axes: SwapOption = False,
        decimal_comma: CommaOption = False,
        zone: ZoneOption = None,
        as_json: JsonOption = False,
    ) -> None:
        options = Options(
            datum, encoding, layer, _columns(column), source, zone, decimal_comma, swap_axes
        )
        it = register_named(register)
        asked = Asked(layer, encoding, it.names, shape=it.shape)
        alike, wants_rows = _duplicates(duplicates), report is not None
        request = Request(file.name, options, skip_bad, alike, dry_run, wants_rows)
        _ = options.habits  # a zone that does not exist is refused before anything is read
        with shown_progress(_STEPS, is_silent=as_json) as tell:
            table = read_table(file, asked, progress=partial(tell, "reading"))
            with at_work() as work:
                done = load_register(
                    work.conn, register=register, table=table, request=request, progress=tell
                )
        if report is not None:
            write_report(report, done.job, done.rows)
        say_json(asdict(done.report)) if as_json else show(tell_register(done.report))
        if done.report.refused or done.report.aside:
            raise typer.Exit(1)

    return load_file


def _duplicates(said: str) -> Duplicates:
    if said not in get_args(Duplicates):
        choices = ", ".join(get_args(Duplicates))
        raise InputError(
            f"--duplicates {said}: one of {choices} is needed",
            zh=f"--duplicates {said}：须为 {choices} 之一", where="duplicates",
        )  # fmt: skip
    return cast("Duplicates", said)


def _columns(said: list[str]) -> dict[str, str]:
    pairs = [it.partition("=") for it in said]
    for name, equals, heading in pairs:
        if not (name and equals and heading):
            raise InputError(
                f"--column {name}{equals}{heading}: FIELD=HEADING is needed",
                zh=f"--column {name}{equals}{heading}：须写成 字段=列名",
                where="column",
            )
    return {name.strip(): heading for name, _, heading in pairs}
