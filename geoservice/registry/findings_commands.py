"""`geoservice registry ...`: what the registers say together."""

from collections.abc import Sequence
from dataclasses import asdict, replace
from typing import Annotated, Any, Literal

import typer
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from geoservice.registry import findings
from geoservice.registry.bodies import geojson
from geoservice.registry.editing import Editor
from geoservice.registry.finding import Ruling
from geoservice.registry.registers import LOADABLE
from geoservice.terminal import at_work, say_json

JsonOption = Annotated[bool, typer.Option("--json", help="输出 JSON · for machines")]
_ALL = Editor()
Place = Literal["town", "hazard_source"]


def add_to(app: typer.Typer) -> None:
    """Add this area's commands."""
    registry = typer.Typer(help="台账综合 · what the registers say together", no_args_is_help=True)
    for name, command in (
        ("repeats", _repeats), ("proposals", _proposals), ("unowned", _unowned),
        ("stale", _stale), ("grades", _grades),
    ):  # fmt: skip
        registry.command(name)(command)
    app.add_typer(registry, name="registry")


def _repeats(
    within_days: Annotated[int | None, typer.Option(min=1, help="天数 · days")] = None,
    within_m: Annotated[float | None, typer.Option(help="米 · metres")] = None,
    as_json: JsonOption = False,
) -> None:
    """重复出现的隐患及原因 · hidden dangers that come back, and why."""
    with at_work() as work:
        found = findings.repeated_dangers(
            work.conn, _ALL, within_days=within_days, within_m=within_m
        )
    if as_json:
        say_json(asdict(found))
        return
    rows = [
        (it.category, len(it.codes), f"{it.first_on} - {it.last_on}", ", ".join(it.codes),
         ", ".join(f"{cause} {n}" for cause, n in it.causes.items() if n))
        for it in found.chains
    ]  # fmt: skip
    _show(
        ["类别 · category", "次数 · times", "期间 · period", "编号 · codes", "原因 · causes"], rows
    )
    _tell(found.ruling)


def _proposals(
    window_m: Annotated[float | None, typer.Option(help="窗口长（米） · metres")] = None,
    years: Annotated[int | None, typer.Option(help="年数 · years")] = None,
    crashes: Annotated[int | None, typer.Option(help="事故起数 · crashes")] = None,
    deaths: Annotated[int | None, typer.Option(help="死亡人数 · deaths")] = None,
    as_json: JsonOption = False,
) -> None:
    """由事故点提出的危险路段建议 · dangerous sections that crashes propose."""
    asked = {"window_m": window_m, "years": years, "crashes": crashes, "deaths": deaths}
    with at_work() as work:
        found = findings.proposed_sections(work.conn, _ALL, sections=_ALL, asked=asked)
    if as_json:
        shown: list[dict[str, Any]] = []
        for it in found.proposals:
            shape = None if it.geom is None else geojson(it.geom)
            shown.append(asdict(replace(it, geom=None)) | {"geom": shape})
        say_json(asdict(replace(found, proposals=())) | {"proposals": shown})
        return
    rows = [
        (it.road_code, f"{it.from_m:g} - {it.to_m:g}", len(it.crashes), it.deaths,
         ", ".join(it.known_sections),
         "✓" if it.no_geometry is None else f"{it.no_geometry['zh']} · {it.no_geometry['en']}")
        for it in found.proposals
    ]  # fmt: skip
    headings = ["道路 · road", "桩号（米） · metres", "事故 · crashes", "死亡 · deaths"]
    _show([*headings, "已登记 · known", "图形 · geometry"], rows)
    if found.without_stake:
        count = len(found.without_stake)
        Console().print(f"另有 {count} 起缺道路或桩号 · {count} more lack their road or stake")
    _tell(found.ruling)


def _unowned(as_json: JsonOption = False) -> None:
    """没有防控或救援责任单位的危险源 · sources that nobody answers for."""
    with at_work() as work:
        found = findings.unowned_sources(work.conn, _ALL)
    if as_json:
        say_json([asdict(it) for it in found])
        return
    rows = [(it.code, it.name, it.kind, it.town_code or "", ", ".join(it.lacks)) for it in found]
    _show(["编号 · code", "名称 · name", "类型 · kind", "乡镇 · town", "缺 · lacks"], rows)


def _stale(as_json: JsonOption = False) -> None:
    """各台账久未核实的记录 · what nobody verified for too long."""
    with at_work() as work:
        found = findings.stale_registers(work.conn, _ALL, registers=LOADABLE)
    if as_json:
        say_json([asdict(it) for it in found])
        return
    rows = [
        (it.register, it.records, it.stale, it.never_surveyed, it.oldest_on or "",
         "" if it.rule_days is None else it.rule_days)
        for it in found
    ]  # fmt: skip
    headings = ["台账 · register", "记录 · records", "久未核实 · stale", "无日期 · never"]
    _show([*headings, "最早 · oldest", "期限（天） · days"], rows)


def _grades(
    by: Annotated[Place, typer.Option(help="town | hazard_source")] = "town",
    as_json: JsonOption = False,
) -> None:
    """乡镇或危险源的风险等级 · grades of towns or sources from their risk points."""
    with at_work() as work:
        found = findings.overall_grades(work.conn, _ALL, by=by)
    if as_json:
        say_json([asdict(it) for it in found])
        return
    rows = [
        (it.place or "", it.grade or "", it.rule, ", ".join(it.methods), *it.points.values(),
         it.not_assessed)
        for it in found
    ]  # fmt: skip
    headings = ["对象 · of", "等级 · grade", "规则 · rule", "方法 · methods"]
    _show([*headings, "红", "橙", "黄", "蓝", "未评估 · none"], rows)


def _show(headings: list[str], rows: Sequence[tuple[object, ...]]) -> None:
    table = Table(*headings)
    for row in rows:
        table.add_row(*(escape(str(cell)) for cell in row))
    Console().print(table if rows else "没有 · none")


def _tell(ruling: Ruling) -> None:
    numbers = ", ".join(f"{name} {value}" for name, value in ruling.value.items())
    state = "" if ruling.is_verified else "（未核实 · not verified）"
    Console(soft_wrap=True).print(escape(f"{numbers}{state} {ruling.source_doc}"))
