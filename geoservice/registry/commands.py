"""`geoservice load ...`: a boundary, or a file for each register."""

from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer

from geoservice.errors import InputError, SetupError
from geoservice.registry.loading import Request, load_boundary, load_register
from geoservice.registry.reading import Asked, read_table
from geoservice.registry.registers import LOADABLE, register_named
from geoservice.registry.report import (
    show,
    tell_boundary,
    tell_register,
)
from geoservice.registry.values import Habits
from geoservice.terminal import at_work, say_json
from geoservice.timezones import zone_named

load = typer.Typer(help="导入数据 · load data from files", no_args_is_help=True)

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
    app.add_typer(load, name="load")


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
    request = Request(file.name, datum, _columns(column), source)
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
        decimal_comma: CommaOption = False,
        zone: ZoneOption = None,
        as_json: JsonOption = False,
    ) -> None:
        table = read_table(file, Asked(layer, encoding, register_named(register).names))
        habits = Habits(decimal_comma, None if zone is None else zone_named(zone))
        request = Request(file.name, datum, _columns(column), source, skip_bad, habits)
        with at_work() as work:
            done = load_register(work.conn, register=register, table=table, request=request)
        say_json(asdict(done)) if as_json else show(tell_register(done))
        if done.refused:
            raise typer.Exit(1)

    return load_file


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
