"""`geoservice dispatch order ...`: place orders and follow them from the command line."""

import json
import sys
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Annotated, Any
from uuid import uuid4

import typer

from geoservice.db import Connection
from geoservice.errors import FileError
from geoservice.incidents.said import checked
from geoservice.orders.actions import list_orders, place_order, read_order
from geoservice.orders.bodies import OrderBody, StepBody
from geoservice.orders.machine import ASKED, LOT, TEAM
from geoservice.orders.report_csv import csv_of
from geoservice.orders.report_page import report_page
from geoservice.orders.reporting import read_report
from geoservice.orders.steps import cancel_order, confirm_order, finish_order, step_part
from geoservice.orders.told import show_order, show_orders
from geoservice.repeated import answer_once
from geoservice.resources import folder
from geoservice.terminal import at_work, dispatch_group, say, say_json

JsonOption = Annotated[bool, typer.Option("--json", help="输出 JSON · for machines")]
Number = Annotated[int, typer.Argument(help="调度令序号 · number of the order")]
Part = Annotated[int, typer.Argument(help="第几项 · which line or team of it")]
Note = Annotated[str | None, typer.Option(help="备注 · a word about it")]
Key = Annotated[str | None, typer.Option(help="重复提交只办一次 · done once a key")]


def add_to(app: typer.Typer) -> None:
    """Add this area's commands."""
    order = typer.Typer(help="调度令 · orders", no_args_is_help=True)
    for name, command in (
        ("place", _place), ("list", _list), ("show", _show), ("confirm", _confirm),
        ("cancel", _cancel), ("finish", _finish), ("goods", _goods), ("team", _team),
    ):  # fmt: skip
        order.command(name)(command)
    dispatch_group(app).add_typer(order, name="order")
    dispatch_group(app).command("report")(_report)


def _place(
    file: Annotated[str, typer.Argument(help="调度令 JSON，- 为标准输入 · as a plan gives it")],
    *,
    key: Key = None,
    as_json: JsonOption = False,
) -> None:
    """下达调度令：全部预留或全部不留 · reserve all that is named, or nothing."""
    body = checked(OrderBody, **_read(file))
    with at_work() as work:
        hold = timedelta(minutes=work.settings.order_hold_min)
        done = place_order(work.conn, body.said(), key=key or str(uuid4()), hold=hold)
    if as_json:
        say_json(done.answer)
        return
    if done.is_replayed:
        say("此键已下达过 · this key was used before: this is what was placed")
    show_order(done.answer)


def _list(
    *,
    incident: Annotated[int | None, typer.Option(help="事件序号 · of an incident")] = None,
    everything: Annotated[bool, typer.Option("--all", help="含已结束 · closed ones too")] = False,
    as_json: JsonOption = False,
) -> None:
    """列出调度令 · list orders."""
    is_open = None if everything else True
    with at_work() as work:
        found = list_orders(work.conn, incident_id=incident, is_open=is_open, limit=1000)
    say_json(found) if as_json else show_orders(found)


def _show(order: Number, as_json: JsonOption = False) -> None:
    """显示一份调度令及其经过 · an order and its timeline."""
    _tell(lambda conn: read_order(conn, order), as_json=as_json)


def _confirm(
    order: Number,
    *,
    confirmed_for: Annotated[
        str | None, typer.Option("--for", help="指挥部何人确认 · who at the command post said so")
    ] = None,
    note: Note = None,
    as_json: JsonOption = False,
) -> None:
    """以负责指挥部名义确认 · confirm in the name of the command post."""
    _tell(lambda conn: confirm_order(conn, order, confirmed_for=confirmed_for, note=note),
          as_json=as_json)  # fmt: skip


def _cancel(order: Number, *, note: Note = None, as_json: JsonOption = False) -> None:
    """取消：释放未出发的，召回在途队伍 · free what has not left, call teams back."""
    _tell(lambda conn: cancel_order(conn, order, note=note), as_json=as_json)


def _finish(order: Number, *, note: Note = None, as_json: JsonOption = False) -> None:
    """办结只有能力订单的调度令 · end an order of makers' goods alone."""
    _tell(lambda conn: finish_order(conn, order, note=note), as_json=as_json)


def _goods(  # noqa: PLR0913  # each is an option
    order: Number,
    no: Part,
    action: Annotated[str, typer.Argument(help=" | ".join(ASKED[LOT]))],
    *,
    returned: Annotated[str, typer.Option(help="归还数量 · came back")] = "0",
    lost: Annotated[str, typer.Option(help="损耗数量 · lost")] = "0",
    used: Annotated[str, typer.Option(help="消耗数量 · used up")] = "0",
    note: Note = None,
    key: Key = None,
    as_json: JsonOption = False,
) -> None:
    """登记物资一步 · put a step of goods down."""
    body = checked(StepBody, returned=returned, lost=lost, used=used, note=note)
    details: dict[str, Decimal | str | None] = body.model_dump()

    def step(conn: Connection) -> dict[str, Any]:
        return step_part(conn, order, LOT, no, action, details=details)

    def once(conn: Connection) -> dict[str, Any]:
        asked = ["order", "line", order, no, action, body.model_dump(mode="json")]
        done: dict[str, Any] = answer_once(
            conn, key=key or str(uuid4()), request=asked, work=lambda: step(conn)
        ).answer
        return done

    _tell(once, as_json=as_json)


def _team(
    order: Number,
    no: Part,
    action: Annotated[str, typer.Argument(help=" | ".join(ASKED[TEAM]))],
    *,
    note: Note = None,
    as_json: JsonOption = False,
) -> None:
    """登记队伍一步 · put a step of a team down."""
    _tell(lambda conn: step_part(conn, order, TEAM, no, action, details={"note": note}),
          as_json=as_json)  # fmt: skip


def _report(
    incident: Annotated[int, typer.Argument(help="事件序号 · number of the incident")],
    file: Annotated[Path, typer.Argument(help=".html 或 .csv · where to write it")],
) -> None:
    """一起事件的报告：地图、时间线、到达与预计、消耗与归还 · the report of an incident."""
    with at_work() as work:
        told = read_report(work.conn, incident, at=datetime.now(UTC))
    is_table = file.suffix.lower() == ".csv"
    text = csv_of(told) if is_table else report_page(told, web=folder("web"))
    try:
        file.write_text(text, "utf-8", newline="")
    except OSError as error:
        raise FileError(
            f"{file} cannot be written: {error.strerror}", zh=f"无法写入 {file}：{error.strerror}"
        ) from error
    say(f"{file}")


def _tell(work: Callable[[Connection], dict[str, Any]], *, as_json: bool) -> None:
    with at_work() as at:
        done = work(at.conn)
    say_json(done) if as_json else show_order(done)


def _read(file: str) -> dict[str, Any]:
    try:
        said = json.loads(sys.stdin.read() if file == "-" else Path(file).read_text("utf-8"))
    except (OSError, ValueError) as error:
        raise FileError(
            f"{file}: not readable as JSON: {error}", zh=f"{file}：无法读取 JSON"
        ) from error
    if not isinstance(said, dict):
        raise FileError(f"{file}: an object is needed", zh=f"{file}：须为 JSON 对象")
    return said
