"""`geoservice stock ...`: what lies in the depots, moves, and the check of the ledger."""

from dataclasses import asdict
from decimal import Decimal, InvalidOperation
from typing import Annotated
from uuid import uuid4

import typer
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from geoservice.errors import InputError
from geoservice.registry.ledger import (
    EVERYTHING,
    Checked,
    check_ledger,
    find_depot,
    move_stock,
    stock_of,
)
from geoservice.registry.stock import BY_HAND, Booked, Lot, Move
from geoservice.repeated import answer_once
from geoservice.terminal import at_work, say_json

JsonOption = Annotated[bool, typer.Option("--json", help="输出 JSON · for machines")]


def add_to(app: typer.Typer) -> None:
    """Add this area's commands."""
    stock = typer.Typer(help="物资库存 · stock of the depots", no_args_is_help=True)
    stock.command("list")(_list)
    stock.command("move")(_move)
    stock.command("check")(_check)
    app.add_typer(stock, name="stock")


def _list(
    depot: Annotated[str | None, typer.Argument(help="储备点编号 · code of a depot")] = None,
    item: Annotated[str, typer.Option(help="物资编码开头 · item codes that begin so")] = "",
    as_json: JsonOption = False,
) -> None:
    """列出库存批次，先到期者在前 · the lots, the first to expire first."""
    with at_work() as work:
        place = None if depot is None else find_depot(work.conn, EVERYTHING, code=depot)
        lots = stock_of(work.conn, place, item=item)
    if as_json:
        say_json([asdict(lot) for lot in lots])
    else:
        Console().print(_lots(lots))


def _move(  # noqa: PLR0913  # each is an option
    depot: Annotated[str, typer.Argument(help="储备点编号 · code of the depot")],
    lot: Annotated[str, typer.Argument(help="批次编号 · code of the lot")],
    kind: Annotated[str, typer.Argument(help=" | ".join(BY_HAND))],
    quantity: Annotated[str, typer.Argument(help="数量；盘点为实有数 · counted, for adjust")],
    reason: Annotated[str, typer.Option(help="原因 · why")],
    document: Annotated[str | None, typer.Option(help="单据 · document")] = None,
    to_depot: Annotated[str | None, typer.Option(help="调入储备点 · depot of a transfer")] = None,
    to_lot: Annotated[str | None, typer.Option(help="调入批次 · lot of a transfer")] = None,
    key: Annotated[str | None, typer.Option(help="重复提交只记一次 · counted once a key")] = None,
    as_json: JsonOption = False,
) -> None:
    """登记出入库 · append a move."""
    amount = {"counted" if kind == "adjust" else "quantity": _number(quantity)}
    asked = Move(lot, kind, reason, document=document, to_depot=to_depot, to_lot=to_lot, **amount)
    with at_work() as work:
        place = find_depot(work.conn, EVERYTHING, code=depot)
        done = answer_once(
            work.conn, key=key or str(uuid4()), request=["stock", place.id, asdict(asked)],
            work=lambda: [asdict(it) for it in move_stock(work.conn, place, asked)],
        )  # fmt: skip
    if as_json:
        say_json(done.answer)
    else:
        Console().print(_moves([Booked(**it) for it in done.answer]))


def _check(as_json: JsonOption = False) -> None:
    """核对库存与流水 · compare every lot with the sum of its moves."""
    with at_work() as work:
        found = check_ledger(work.conn)
    say_json(asdict(found)) if as_json else Console(soft_wrap=True).print(_told(found))
    if not found.is_sound:
        raise typer.Exit(1)


def _number(text: str) -> Decimal:
    try:
        number = Decimal(text)
    except InvalidOperation:
        number = Decimal("NaN")
    if not number.is_finite() or number < 0:
        raise InputError(f"{text}: a number is needed", zh=f"{text}：须为数字", where="quantity")
    return number


def _lots(lots: list[Lot]) -> Table:
    table = Table("储备点 · depot", "批次 · lot", "名称 · name", "编码 · item")
    for heading in ("数量 · quantity", "预留 · reserved", "可用 · available"):
        table.add_column(heading, justify="right")
    table.add_column("单位 · unit")
    table.add_column("有效期 · expires")
    for it in lots:
        numbers = [f"{n:g}" for n in (it.quantity, it.reserved, it.available)]
        mark = "[red]过期 · expired[/] " if it.is_expired else ""
        low = " [yellow]低于最低 · low[/]" if it.is_below_minimum else ""
        texts = [escape(text) for text in (it.depot, it.code, it.name, it.item_code)]
        table.add_row(*texts, *numbers, escape(it.unit), f"{mark}{it.expires_on or ''}{low}")
    return table


def _moves(moves: list[Booked]) -> Table:
    table = Table("批次 · lot", "序号 · no", "类型 · kind")
    for heading in ("数量 · quantity", "结存 · after", "预留 · reserved"):
        table.add_column(heading, justify="right")
    for it in moves:
        numbers = [f"{n:g}" for n in (it.quantity, it.quantity_after, it.reserved_after)]
        table.add_row(escape(it.lot), str(it.no), it.kind, *numbers)
    return table


def _told(found: Checked) -> str:
    size = found.size
    if found.is_sound:
        return (
            f"[green]✓[/] {size.lots} 个批次与 {size.moves} 笔流水一致 · "
            f"{size.lots} lots agree with {size.moves} moves"
        )
    lines = [
        f"[red]✗[/] {escape(it.code)}: {it.quantity:f} ({it.reserved:f}) ≠ "
        f"{it.moved:f} ({it.moved_reserved:f}), 缺 · missing {it.missing_moves}"
        for it in found.differences
    ]
    lines += [
        f"[red]✗[/] {it.transfer_uid}: {it.sent:f} → {it.received:f}" for it in found.unpaired
    ]
    lines += [
        f"[red]✗[/] {escape(it.code)}: 预留 · reserved {it.reserved:f} ≠ "
        f"调度令 · ordered {it.ordered:f}"
        for it in found.misreserved
    ]
    return "\n".join(lines)
