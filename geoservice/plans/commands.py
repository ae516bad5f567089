"""`geoservice dispatch plan`: who sends what, from the command line."""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Annotated, Any

import typer
from pydantic import TypeAdapter
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from geoservice.dispatch.options import AtOption, WhatIfOption, instant, supposed
from geoservice.incidents.commands import Goods, Teams
from geoservice.incidents.said import checked, parts_of
from geoservice.plans.actions import make_plan
from geoservice.plans.answers import Alternative, PlanAnswer, Shortage
from geoservice.plans.bodies import ItemBody, PlanBody, TeamNeedBody
from geoservice.plans.quiet import solver_on_stderr
from geoservice.terminal import at_work, dispatch_group, say
from geoservice.texts import Text

_LISTED = 12


def add_to(app: typer.Typer) -> None:
    """Add this area's commands."""
    settings = {"ignore_unknown_options": True}  # a negative longitude is a value
    dispatch_group(app).command("plan", context_settings=settings)(_plan)


def _plan(  # noqa: PLR0913  # each is an option
    incident: Annotated[
        list[int] | None, typer.Argument(help="事件序号，可多个 · numbers of incidents")
    ] = None,
    *,
    all_open: Annotated[bool, typer.Option("--all-open", help="所有未结束事件 · all open")] = False,
    lon: Annotated[float | None, typer.Option(help="经度 · degrees, of a place")] = None,
    lat: Annotated[float | None, typer.Option(help="纬度 · degrees")] = None,
    goods: Goods = None,
    team: Teams = None,
    within_min: Annotated[
        float | None, typer.Option(help="所列需求的时限（分钟） · deadline of these needs")
    ] = None,
    profile: Annotated[str, typer.Option(help="车型 · vehicle")] = "car",
    alternative: Annotated[
        list[str] | None, typer.Option(help="方案，默认全部 · which alternatives; all by default")
    ] = None,
    release_reserve: Annotated[
        bool, typer.Option("--release-reserve", help="可动用最低储备 · use minimum reserves too")
    ] = False,
    at: AtOption = None,
    what_if: WhatIfOption = None,
    as_json: Annotated[bool, typer.Option("--json", help="输出 JSON · for machines")] = False,
) -> None:
    """编制调度方案（不预留任何资源） · plan who sends what; nothing is reserved."""
    said: dict[str, Any] = {} if alternative is None else {"alternatives": alternative}
    items, teams = _needs(goods, team, within_min)
    body = checked(
        PlanBody, incident_ids=incident or [], all_open=all_open, lon=lon, lat=lat, items=items,
        teams=teams, profile=profile, release_reserve=release_reserve,
        at=None if at is None else instant(at), what_if=supposed(what_if), **said,
    )  # fmt: skip
    now = datetime.now(UTC)
    with at_work() as work, solver_on_stderr():
        answer = make_plan(work.conn, body.question(now), at=now)
    if as_json:
        say(TypeAdapter(PlanAnswer).dump_json(answer, indent=2).decode())
    else:
        _show(Console(soft_wrap=True), answer)


def _needs(
    goods: Sequence[str] | None, teams: Sequence[str] | None, within_min: float | None
) -> tuple[list[ItemBody], list[TeamNeedBody]]:
    items, squads = [], []
    for text in goods or ():
        code, quantity, unit = parts_of(text, "CODE:QUANTITY[:UNIT]")
        items.append(
            checked(ItemBody, item_code=code, quantity=quantity, unit=unit, within_min=within_min)
        )
    for text in teams or ():
        skill, number, type_no = parts_of(text, "SKILL:NUMBER[:TYPE]")
        squads.append(
            checked(
                TeamNeedBody, skill=skill, number=number, type_no=type_no, within_min=within_min
            )
        )
    return items, squads


def _show(console: Console, answer: PlanAnswer) -> None:
    for it in answer.incidents:
        mark = "[magenta]【演练】[/]" if it.is_drill else ""
        console.print(
            f"[bold]{escape(it.code)}[/] {mark}{escape(it.name)}  {it.lon:.5f}, {it.lat:.5f}"
        )
        for note in it.snap.notes if it.snap else ():
            _say(console, note)
    for number, one in enumerate(answer.alternatives, 1):
        _show_alternative(console, answer, one, number)
    if answer.teams:
        console.print(_team_table(answer))
    _show_short(console, answer.team_shortages)
    for out in answer.not_considered[:_LISTED]:
        console.print(f"[dim]· {escape(out.code)} {escape(out.name)}：{escape(out.reason.zh)}[/]")
    if (more := len(answer.not_considered) - _LISTED) > 0:
        console.print(f"[dim]· 另有 {more} 项 · {more} more (--json)[/]")
    for note in answer.notes:
        _say(console, note)
    names = ", ".join(escape(f"{c.name} ({c.effect})") for c in answer.closures_met) or "无 · none"
    console.print(f"路网版本 · graph version {answer.graph_version}   封闭 · closures: {names}")


def _show_alternative(console: Console, answer: PlanAnswer, one: Alternative, number: int) -> None:
    console.rule(f"[bold]{number}[/] " + " / ".join(it.zh for it in one.titles))
    console.print(" / ".join(it.en for it in one.titles), style="dim")
    last = "-" if one.last_arrival_s is None else f"{one.last_arrival_s / 60:.0f}"
    console.print(
        f"最后到达 · last arrival {last} min   储备点 · depots {one.depots_sent}"
        f"   {one.unit_minutes:.0f} unit-min"
    )
    if one.lines or one.made:
        console.print(_line_table(answer, one))
    _show_short(console, one.shortages)
    for note in one.notes:
        _say(console, note)


def _line_table(answer: PlanAnswer, one: Alternative) -> Table:
    table = Table("事件 · incident", "储备点 · depot", "物资 · goods", "批次 · lot")
    for heading in ("数量 · quantity", "到达（分） · min", "区间 · spread", "公里 · km"):
        table.add_column(heading, justify="right")
    for it in one.lines:
        low, high = (
            (at - answer.made_at).total_seconds() / 60 for at in (it.earliest_at, it.latest_at)
        )
        name = f"{it.name}{'（代用 · substitute）' if it.is_substitute else ''}"
        table.add_row(
            escape(answer.incidents[it.incident_no].code), escape(f"{it.depot_code} {it.depot}"),
            escape(name), escape(it.lot) + _stale(it.is_stale),
            escape(f"{it.quantity:g} {it.unit}"),
            f"{it.eta_s / 60:.0f}", f"{low:.0f}-{high:.0f}", f"{it.distance_m / 1000:.1f}",
        )  # fmt: skip
    for made in one.made:
        minutes = (made.eta_at - answer.made_at).total_seconds() / 60
        table.add_row(
            escape(answer.incidents[made.incident_no].code), escape(made.maker), escape(made.want),
            "生产 · made", escape(f"{made.quantity:g} {made.unit}"), f"{minutes:.0f}", "", "",
        )  # fmt: skip
    return table


def _team_table(answer: PlanAnswer) -> Table:
    table = Table("事件 · incident", "队伍 · team", "能力 · skill", "车辆 · vehicle")
    for heading in ("到达（分） · min", "公里 · km"):
        table.add_column(heading, justify="right")
    for it in answer.teams:
        table.add_row(
            escape(answer.incidents[it.incident_no].code),
            escape(f"{it.code} {it.name}") + _stale(it.is_stale), escape(it.for_skill),
            escape(it.vehicle), f"{it.eta_s / 60:.0f}", f"{it.distance_m / 1000:.1f}",
        )  # fmt: skip
    return table


def _stale(is_stale: bool) -> str:
    return " [yellow]久未核实 · stale[/]" if is_stale else ""


def _show_short(console: Console, shortages: Sequence[Shortage]) -> None:
    for it in shortages:
        what = escape(f"{it.what} {it.short:g} {it.unit or ''}")
        console.print(f"[red]✗ 缺 · short[/] {what}")
        for fix in it.fixes:
            console.print(f"   {escape(fix.zh)}\n   [dim]{escape(fix.en)}[/]")


def _say(console: Console, text: Text) -> None:
    console.print(f"{escape(text.zh)}\n[dim]{escape(text.en)}[/]")
