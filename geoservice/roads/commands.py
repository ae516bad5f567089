"""`geoservice load roads FILE`: progress on the error stream, the report on the output."""

from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

from geoservice.errors import SetupError
from geoservice.network.current import prepare
from geoservice.roads.actions import load_roads
from geoservice.roads.records import LoadReport, Tally
from geoservice.terminal import AtWork, at_work, bars, load_group, say_json
from geoservice.terrain.grading import grade_roads

_STEPS = {
    "read": "读取道路 · reading ways",
    "locate": "查找节点 · placing nodes",
    "write": "写入路网 · writing arcs",
    "settle": "封闭路段与统计 · closures, statistics",
    "grade": "坡度 · gradients",
}
_WHAT = {
    "way": "道路\nway",
    "part": "部分\npart",
    "barrier": "障碍\nbarrier",
    "restriction": "转向限制\nrestriction",
    "value": "标签值\ntag value",
}
_SHOWN_IDS = 3
_STOPPED = 130


def add_to(app: typer.Typer) -> None:
    """Offer ``load roads``, beside the other things to load."""
    load_group(app).command("roads")(_load_roads)


def _load_roads(
    file: Annotated[Path, typer.Argument(help="OpenStreetMap 提取文件 · an .osm.pbf extract")],
    datum: Annotated[
        str | None, typer.Option(help="wgs84 或 cgcs2000（可省略） · may be left out")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="输出 JSON · for machines")] = False,
) -> None:
    """导入路网，替换现有道路 · replace the road network."""
    try:
        with at_work() as work, bars(_STEPS) as tell:
            report = load_roads(work.conn, path=file, datum=datum, on_progress=tell)
            graded = _graded(work, tell)
            prepare(work.conn)
    except KeyboardInterrupt:
        Console(stderr=True).print("已停止，原有路网保持不变 · stopped; the roads are as before")
        raise typer.Exit(_STOPPED) from None
    if as_json:
        say_json({**asdict(report), "graded_arcs": graded})
    else:
        _print(report, graded)


def _graded(work: AtWork, tell: Callable[[str, int, int | None], None]) -> int | None:
    """Give the arcs their gradients; a lost raster must not keep roads from being loaded."""
    tell("grade", 0, None)
    try:
        found = grade_roads(work.conn, home=work.settings.home)
    except SetupError as error:
        Console(stderr=True).print(f"{error.zh}\n{error.message}", style="yellow")
        found = None
    tell("grade", 1, 1)
    return found


def _print(report: LoadReport, graded: int | None) -> None:
    console = Console()
    console.print(_summary(report, graded))
    if report.tallies:
        console.print(_left_out(report.tallies))
    for code in report.closures_without_road:
        console.print(
            f"封闭 {code} 未命中任何道路 · closure {code} meets no road now", style="yellow"
        )


def _summary(report: LoadReport, graded: int | None) -> Table:
    table = Table(title=f"{report.file}", show_header=False, title_justify="left")
    rows = (
        ("数据日期 · data of", report.surveyed_on or "文件未注明 · not in the file"),
        ("读取的道路 · ways read", report.ways_read),
        ("保留的道路 · ways kept", report.ways_kept),
        ("道路记录 · roads", report.roads),
        ("有向弧 · arcs", report.arcs),
        ("节点 · nodes", report.nodes),
        ("转向限制 · turn restrictions", report.restrictions),
        ("道路长度 · length of road", f"{report.length_km:.1f} km"),
        ("已定坡度的弧 · arcs graded", "无地形 · no terrain" if graded is None else graded),
        ("停用的旧道路 · roads retired", report.retired),
        ("范围（西南东北） · box (W S E N)", " ".join(f"{v:.5f}" for v in report.box or ())),
        ("用时 · took", f"{report.seconds:.1f} s"),
    )
    for label, value in rows:
        table.add_row(label, str(value))
    return table


def _left_out(tallies: tuple[Tally, ...]) -> Table:
    table = Table(title="未保留的内容与原因 · left out, and why", title_justify="left")
    table.add_column("内容\nwhat", no_wrap=True)
    table.add_column("原因\nwhy", overflow="fold")
    table.add_column("数量\ncount", justify="right", no_wrap=True)
    table.add_column("编号示例\nfirst ids", overflow="fold")
    for tally in tallies:
        ids = " ".join(str(n) for n in tally.first_ids[:_SHOWN_IDS])
        table.add_row(_WHAT[tally.what], f"{tally.zh}\n{tally.en}", str(tally.count), ids)
    return table
