"""`geoservice dispatch incident ...`: incidents from the command line."""

from dataclasses import asdict
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from geoservice.incidents.actions import (
    add_incident,
    amend_incident,
    close_incident,
    list_incidents,
    read_incident,
)
from geoservice.incidents.bodies import IncidentBody, IncidentChanges, NeedBody
from geoservice.incidents.records import Incident, Report
from geoservice.incidents.said import checked, parts_of
from geoservice.terminal import at_work, dispatch_group, say_json

JsonOption = Annotated[bool, typer.Option("--json", help="输出 JSON · for machines")]
Number = Annotated[int, typer.Argument(help="事件序号 · number of the incident")]
Goods = Annotated[
    list[str] | None,
    typer.Option("--goods", help="编码:数量[:单位] · CODE:QUANTITY[:UNIT]; may be repeated"),
]
Teams = Annotated[
    list[str] | None,
    typer.Option("--team", help="专长:支数[:类型] · SKILL:NUMBER[:TYPE]; may be repeated"),
]


def add_to(app: typer.Typer) -> None:
    """Add this area's commands."""
    incident = typer.Typer(help="突发事件 · incidents", no_args_is_help=True)
    incident.command("add", context_settings={"ignore_unknown_options": True})(_add)
    incident.command("list")(_list)
    incident.command("show")(_show)
    incident.command("amend")(_amend)
    incident.command("close")(_close)
    dispatch_group(app).add_typer(incident, name="incident")


def _add(  # noqa: PLR0913  # each is an option
    name: Annotated[str, typer.Argument(help="名称 · name")],
    lon: Annotated[float, typer.Argument(help="经度 · degrees")],
    lat: Annotated[float, typer.Argument(help="纬度 · degrees")],
    kind: Annotated[str, typer.Option(help="险情类型 · kind of hazard: flood, coal_mine ...")],
    level: Annotated[int, typer.Option(help="1 特别重大 … 4 一般 · 1 gravest to 4")],
    *,
    drill: Annotated[bool, typer.Option("--drill", help="演练 · a drill")] = False,
    goods: Goods = None,
    team: Teams = None,
    description: Annotated[str | None, typer.Option(help="情况 · what is known")] = None,
    reporter: Annotated[str | None, typer.Option(help="报告人 · who reported it")] = None,
    phone: Annotated[str | None, typer.Option(help="电话 · phone")] = None,
    as_json: JsonOption = False,
) -> None:
    """登记事件 · put an incident down."""
    body = checked(
        IncidentBody, name=name, lon=lon, lat=lat, kind=kind, level=level, is_drill=drill,
        description=description, reporter=reporter, phone=phone, needs=_needs(goods, team),
    )  # fmt: skip
    said = body.model_dump(exclude={"needs"})
    needs = tuple(it.model_dump(mode="json") for it in body.needs)
    with at_work() as work:
        told = add_incident(work.conn, Report(**said, needs=needs))
    _tell(told, as_json=as_json)


def _list(
    *,
    everything: Annotated[bool, typer.Option("--all", help="含已结束 · closed ones too")] = False,
    as_json: JsonOption = False,
) -> None:
    """列出事件 · list incidents."""
    with at_work() as work:
        found = list_incidents(work.conn, state=None if everything else "open", limit=1000)
    if as_json:
        say_json([asdict(it) for it in found])
        return
    table = Table("序号 · no.", "编号 · code", "名称 · name", "类型 · kind", "等级 · level",
                  "状态 · state", "指挥部 · command post")  # fmt: skip
    for it in found:
        table.add_row(str(it.id), it.code, _name(it), it.kind, str(it.level), it.state, _post(it))
    Console().print(table)


def _show(incident: Number, as_json: JsonOption = False) -> None:
    """显示事件及其需求 · an incident and what it needs."""
    with at_work() as work:
        told = read_incident(work.conn, incident)
    _tell(told, as_json=as_json)


def _amend(  # noqa: PLR0913  # each is an option
    incident: Number,
    *,
    name: Annotated[str | None, typer.Option(help="名称 · name")] = None,
    kind: Annotated[str | None, typer.Option(help="险情类型 · kind of hazard")] = None,
    level: Annotated[int | None, typer.Option(help="等级 1-4 · level")] = None,
    lon: Annotated[float | None, typer.Option(help="经度 · degrees")] = None,
    lat: Annotated[float | None, typer.Option(help="纬度 · degrees")] = None,
    description: Annotated[str | None, typer.Option(help="情况 · what is known")] = None,
    goods: Goods = None,
    team: Teams = None,
    as_json: JsonOption = False,
) -> None:
    """修改事件；给出需求时整体替换 · amend; needs that are given replace those there are."""
    said = {"name": name, "kind": kind, "level": level, "lon": lon, "lat": lat,
            "description": description, "needs": _needs(goods, team) or None}  # fmt: skip
    given = {key: value for key, value in said.items() if value is not None}
    changes = checked(IncidentChanges, **given).said()
    with at_work() as work:
        told = amend_incident(work.conn, incident, changes, version=None)
    _tell(told, as_json=as_json)


def _close(incident: Number, as_json: JsonOption = False) -> None:
    """结束事件 · close an incident; refused while orders of it are open."""
    with at_work() as work:
        told = close_incident(work.conn, incident)
    _tell(told, as_json=as_json)


def _needs(goods: list[str] | None, teams: list[str] | None) -> list[NeedBody]:
    found = []
    for text in goods or []:
        code, quantity, unit = parts_of(text, "CODE:QUANTITY[:UNIT]")
        found.append(checked(NeedBody, item_code=code, quantity=quantity, unit=unit))
    for text in teams or []:
        skill, number, type_no = parts_of(text, "SKILL:NUMBER[:TYPE]")
        found.append(checked(NeedBody, skill=skill, number=number, type_no=type_no))
    return found


def _tell(incident: Incident, *, as_json: bool) -> None:
    if as_json:
        say_json(asdict(incident))
        return
    console = Console(soft_wrap=True)
    console.print(f"[bold]{incident.code}[/] {_name(incident)}  #{incident.id}  {incident.state}")
    console.print(
        f"{incident.kind} · {incident.level}   {incident.lon:.5f}, {incident.lat:.5f}"
        f"   {incident.reported_at:%Y-%m-%d %H:%M %Z}"
    )
    console.print(f"负责指挥部（调度须经其确认） · must confirm: {_post(incident)}")
    if incident.needs:
        console.print(_need_table(incident.needs))


def _need_table(needs: list[dict[str, Any]]) -> Table:
    table = Table("#", "需求 · need")
    table.add_column("数量 · number", justify="right")
    table.add_column("期限 · deadline")
    for it in needs:
        if it["item_code"]:
            what, much = it["item_code"], f"{it['quantity']} {it['unit'] or ''}"
        else:
            kind = f" ({it['type_no']})" if it["type_no"] else ""
            what, much = f"{it['skill']}{kind}", str(it["number"])
        table.add_row(str(it["no"]), escape(what), escape(much), str(it["deadline_at"] or ""))
    return table


def _name(incident: Incident) -> str:
    return ("[magenta]【演练】[/]" if incident.is_drill else "") + escape(incident.name)


def _post(incident: Incident) -> str:
    post = incident.command_post
    return "无 · none" if post is None else escape(f"{post['code']} {post['name']}")
