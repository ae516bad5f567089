"""Orders as tables at the terminal."""

from typing import Any

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from geoservice.orders.machine import label


def show_orders(found: list[dict[str, Any]]) -> None:
    """Print orders, one a row."""
    table = Table("序号 · no.", "编号 · code", "事件 · incident", "状态 · state", "物资 · goods",
                  "队伍 · teams", "下达 · placed", "保留至 · held until")  # fmt: skip
    for it in found:
        goods = "；".join(f"{n['name']} {n['quantity']:g} {label(n['state'])}" for n in it["lines"])
        teams = "；".join(f"{n['name']} {label(n['state'])}" for n in it["teams"])
        until = _minute(it["expires_at"]) if it["state"] == "reserved" else ""
        cells = (str(it["id"]), _code(it), it["incident"]["name"], _state(it["state"]), goods,
                 teams, _minute(it["placed_at"]), until)  # fmt: skip
        table.add_row(*(escape(cell) for cell in cells))
    Console().print(table)


def show_order(it: dict[str, Any]) -> None:
    """Print an order: what is sent, where each part stands, and its timeline if it has one."""
    console = Console(soft_wrap=True)
    console.print(f"[bold]{escape(_code(it))}[/]  #{it['id']}  {_state(it['state'])}")
    post = it["command_post"]
    who = "无 · none" if post is None else f"{post['code']} {post['name']}"
    said = f"{it['confirmed_by']}（{it['confirmed_for'] or '—'}） {_minute(it['confirmed_at'])}"
    console.print(
        f"负责指挥部 · command post: {escape(who)}   确认 · confirmed: "
        + escape(said if it["confirmed_at"] else "尚未 · not yet")
    )
    console.print(_parts(it))
    for line in it["capability_lines"]:
        console.print(
            f"能力 · maker {escape(line['name'])}: {line['quantity']:g}"
            f"  {_minute(line['ready_at'])}"
        )
    for event in it.get("events", ()):
        what = f" {event['no']} {event['what']}" if event["no"] else ""
        console.print(
            f"{_minute(event['at'])}  {label(event['action'])} · {event['action']}"
            f"{escape(what)} → {event['to_state']}  {escape(event['actor'])}",
            style="dim",
        )


def _parts(it: dict[str, Any]) -> Table:
    table = Table("#", "类别 · kind", "名称 · name")
    table.add_column("数量 · quantity", justify="right")
    for heading in ("状态 · state", "预计 · expected", "出发 · left", "到达 · arrived"):
        table.add_column(heading)
    table.add_column("归还/损耗/消耗 · back/lost/used", justify="right")
    for n in it["lines"]:
        back = f"{n['returned']:g}/{n['lost']:g}/{n['used']:g}"
        name, much = f"{n['name']}（{n['depot_name']}）", f"{n['quantity']:g} {n['unit']}"
        table.add_row(str(n["no"]), "物资 · goods", escape(name), escape(much), *_times(n), back)
    for n in it["teams"]:
        table.add_row(str(n["no"]), "队伍 · team", escape(n["name"]), "", *_times(n), "")
    return table


def _times(n: dict[str, Any]) -> list[str]:
    return [_state(n["state"]), *(_minute(n[it]) for it in ("eta_at", "departed_at", "arrived_at"))]


def _code(it: dict[str, Any]) -> str:
    return ("【演练】" if it["is_drill"] else "") + str(it["code"])


def _state(state: str) -> str:
    return f"{label(state)} · {state}"


def _minute(at: str | None) -> str:
    return "" if at is None else at[:16].replace("T", " ") + at[-6:]
