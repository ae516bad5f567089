"""`geoservice zone ...`: zones derived, read and asked about at the command line."""

import getpass
from collections.abc import Mapping
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Annotated, Any

import typer
from shapely import Point

from geoservice.crs import stored
from geoservice.dispatch.options import JsonOption
from geoservice.errors import FileError, InputError
from geoservice.incidents.said import checked
from geoservice.jobs.bars import shown_progress
from geoservice.publish.catalog import load_layers
from geoservice.terminal import at_work, say, say_json, zone_group
from geoservice.zoning import answers, told
from geoservice.zoning.bodies import MayBody, SheetSize
from geoservice.zoning.callers import Caller
from geoservice.zoning.deriving import STEPS, derive_now, want
from geoservice.zoning.drawn_files import area_in
from geoservice.zoning.input_commands import MineOption, mine_named
from geoservice.zoning.may import may
from geoservice.zoning.may_answers import may_told
from geoservice.zoning.report import read_report, report_csv, report_html
from geoservice.zoning.rulesets import amend_ruleset, list_rulesets, read_ruleset
from geoservice.zoning.sheet import print_sheet
from geoservice.zoning.versions import compare, list_versions, read_version, why

VersionNumber = Annotated[int, typer.Argument(help="版本序号 · id of the version")]
SeamOption = Annotated[str | None, typer.Option(help="煤层编号或名称 · code or name of the seam")]


def add_to(app: typer.Typer) -> None:
    """Add this area's commands."""
    group = zone_group(app)
    degrees = {"ignore_unknown_options": True}  # a longitude may be negative
    group.command("derive")(_derive)
    group.command("list")(_list)
    group.command("show")(_show)
    group.command("why", context_settings=degrees)(_why)
    group.command("compare")(_compare)
    group.command("may", context_settings=degrees)(_may)
    group.command("sheet")(_sheet)
    group.command("report")(_report)
    group.command("rulesets")(_rulesets)


def me() -> Caller:
    """Return who types, as the connection names them: all of the district is theirs."""
    return Caller(f"cli:{getpass.getuser()}")


def _derive(
    mine: MineOption,
    *,
    seam: SeamOption = None,
    ruleset: Annotated[str, typer.Option(help="规则集 · rule set")] = "NMSA-2022-85",
    parameter: Annotated[
        list[str], typer.Option(help="此次取值，可重复 · NAME=VALUE for this once")
    ] = [],  # noqa: B006  # typer copies it
    zoned_on: Annotated[str | None, typer.Option(help="划定日期 · as 2026-11-25")] = None,
    as_json: JsonOption = False,
) -> None:
    """推导一个煤层的三区，存为草案 · derive the zones of a seam as a draft."""
    asked: Mapping[str, Any] = {
        "seam": seam, "ruleset": ruleset, "ruleset_no": None, "parameters": _values(parameter),
        "zoned_on": _day(zoned_on),
    }  # fmt: skip
    with at_work() as work, shown_progress(STEPS, is_silent=as_json) as tell:
        mine_id = mine_named(work.conn, mine)
        wanted = want(work.conn, asked, me(), mine_id=mine_id)
        made, _ = derive_now(work.conn, work.settings.home, wanted, progress=tell)
        version = read_version(work.conn, made, me())
    say_json(answers.version_told(version)) if as_json else told.show_version(version)


def _list(
    mine: Annotated[str | None, typer.Argument(help="矿井编号 · code of a mine")] = None,
    *,
    as_json: JsonOption = False,
) -> None:
    """列出三区版本 · list versions of the zones."""
    with at_work() as work:
        mine_id = None if mine is None else mine_named(work.conn, mine)
        found = list_versions(work.conn, me(), mine_id=mine_id)
    if as_json:
        say_json([answers.version_told(it) for it in found])
    else:
        told.show_versions(found)


def _show(version: VersionNumber, as_json: JsonOption = False) -> None:
    """显示一个版本 · a version."""
    with at_work() as work:
        found = read_version(work.conn, version, me())
    say_json(answers.version_told(found)) if as_json else told.show_version(found)


def _why(
    version: VersionNumber,
    lon: Annotated[float, typer.Argument(help="经度 · degrees")],
    lat: Annotated[float, typer.Argument(help="纬度 · degrees")],
    as_json: JsonOption = False,
) -> None:
    """某点为何属此区 · why a place has its zone."""
    with at_work() as work:
        it = read_version(work.conn, version, me())
        found = why(work.conn, it, lon=lon, lat=lat)
    say_json(answers.why_told(it, found)) if as_json else told.show_why(found)


def _compare(
    version: VersionNumber,
    other: Annotated[int, typer.Argument(help="与之比较的版本 · the version to compare with")],
    as_json: JsonOption = False,
) -> None:
    """比较两个版本 · what became what between two versions."""
    with at_work() as work:
        before, after = (read_version(work.conn, it, me()) for it in (version, other))
        found = compare(work.conn, before, after)
    if as_json:
        say_json(answers.comparison_told(before, after, found))
    else:
        told.show_comparison(found)


def _may(
    activity: Annotated[str, typer.Argument(help="stoping 回采 | heading 掘进 | exploration 探查")],
    lon: Annotated[float | None, typer.Argument(help="经度 · degrees")] = None,
    lat: Annotated[float | None, typer.Argument(help="纬度 · degrees")] = None,
    *,
    shape: Annotated[Path | None, typer.Option(help="GeoJSON 文件 · of a line or an area")] = None,
    seam: SeamOption = None,
    as_json: JsonOption = False,
) -> None:
    """此处可否作业；不可时退出码为 1 · may this be done here; exit status 1 if not."""
    wanted = checked(MayBody, activity=activity, geometry={}).activity
    if shape is not None:
        geom = area_in(shape, "Geometry")
    elif lon is not None and lat is not None:
        geom = stored(Point(lon, lat))
    else:
        raise InputError("give LON LAT or --shape FILE", zh="请给出经纬度，或用 --shape 指定文件")
    with at_work() as work:
        found = may(work.conn, activity=wanted, shape=geom, seam=seam, caller=me())
    say_json(may_told(found)) if as_json else told.show_may(found)
    if found.verdict != "allowed":
        raise typer.Exit(1)


def _sheet(
    version: VersionNumber,
    file: Annotated[Path, typer.Argument(help=".pdf 或 .png · where to write it")],
    size: Annotated[SheetSize, typer.Option(help="纸张 · paper")] = "A3",
) -> None:
    """打印三区图 · the printed sheet of a version."""
    form = _ending(file, "pdf", "png")
    layer = load_layers()["mine_water_zones"]
    with at_work() as work:
        it = read_version(work.conn, version, me())
        content = print_sheet(
            work.conn, it, layer, form="png" if form == "png" else "pdf", size=size,
            at=datetime.now(UTC),
        )  # fmt: skip
    _write(file, content)


def _report(
    version: VersionNumber,
    file: Annotated[Path, typer.Argument(help=".html 或 .csv · where to write it")],
) -> None:
    """划分依据报告 · every reason, parameter and step of a version."""
    form = _ending(file, "html", "csv")
    with at_work() as work:
        found = read_report(work.conn, read_version(work.conn, version, me()))
    _write(file, (report_csv(found) if form == "csv" else report_html(found)).encode())


def _rulesets(
    code: Annotated[str | None, typer.Argument(help="规则集编号 · code of one")] = None,
    *,
    change: Annotated[
        list[str], typer.Option("--set", help="改参数并另立新版 · NAME=VALUE, a new version")
    ] = [],  # noqa: B006  # typer copies it
    source: Annotated[str | None, typer.Option(help="新取值的来源 · source of the values")] = None,
    verified: Annotated[bool, typer.Option("--verified", help="来源已核实 · was read")] = False,
    as_json: JsonOption = False,
) -> None:
    """规则集及其参数；--set 另立新版 · rule sets and their parameters."""
    with at_work() as work:
        if change and code is not None:
            if not source:
                raise InputError("--source is needed", zh="须用 --source 说明来源", where="source")
            amend_ruleset(work.conn, code, _values(change), source=source, is_verified=verified)
        found = list_rulesets(work.conn, code=code)
        one = None if code is None else read_ruleset(work.conn, code)
    if as_json:
        say_json([{**vars(it), "unverified": it.unverified} for it in found])
        return
    told.show_rulesets(found)
    if one is not None:
        told.show_parameters(one)


def _values(said: list[str]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for it in said:
        name, equals, value = it.partition("=")
        if not (name and equals and value):
            raise InputError(f"{it}: NAME=VALUE is needed", zh=f"{it}：须写成 名称=值")
        try:
            numbers = [float(one) for one in value.split(",")]
        except ValueError:
            found[name] = value
        else:
            found[name] = numbers[0] if len(numbers) == 1 else numbers
    return found


def _day(said: str | None) -> date | None:
    try:
        return None if said is None else date.fromisoformat(said)
    except ValueError as error:
        raise InputError(
            f"{said}: a day as 2026-11-25", zh=f"{said}：日期应如 2026-11-25", where="zoned_on"
        ) from error


def _ending(file: Path, *known: str) -> str:
    form = file.suffix.lower().removeprefix(".")
    if form not in known:
        wanted = " | ".join(f".{it}" for it in known)
        raise InputError(f"{file}: {wanted} is needed", zh=f"{file}：扩展名须为 {wanted}")
    return form


def _write(file: Path, content: bytes) -> None:
    try:
        file.write_bytes(content)
    except OSError as error:
        raise FileError(
            f"{file} cannot be written: {error.strerror}", zh=f"无法写入 {file}：{error.strerror}"
        ) from error
    say(f"{file}")
