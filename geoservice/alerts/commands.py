"""`geoservice alert ...` and `geoservice partner ...`."""

import sys
from dataclasses import asdict
from pathlib import Path
from typing import Annotated, Any

import typer

from geoservice.alerts import exchange, partners
from geoservice.alerts.actions import file_message, list_messages, read_message
from geoservice.alerts.cap import MEDIA_TYPE, message_of
from geoservice.alerts.message import reference
from geoservice.alerts.posting import JSON, posted_message, signature
from geoservice.errors import FileError
from geoservice.publish.catalog import load_layers
from geoservice.publish.permit import whole
from geoservice.sensors.warnings import CLOCK
from geoservice.terminal import at_work, say, say_json

alert = typer.Typer(help="预警 · alerts (CAP 1.2).", no_args_is_help=True)
partner = typer.Typer(help="交换伙伴 · whom alerts are exchanged with.", no_args_is_help=True)

AsJson = Annotated[bool, typer.Option("--json", help="供程序读取 · for programs")]
Limit = Annotated[int, typer.Option(min=1, max=10_000, help="最多几条 · how many at most")]
Code = Annotated[str, typer.Argument(help="编号 · its code")]


def add_to(app: typer.Typer) -> None:
    """Mount these commands on the command line."""
    app.add_typer(alert, name="alert")
    app.add_typer(partner, name="partner")


@alert.command("list")
def _list(
    *,
    every: Annotated[bool, typer.Option("--all", help="含已结束的 · ended ones too")] = False,
    limit: Limit = 100,
    as_json: AsJson = False,
) -> None:
    """列出生效中的预警 · the alerts in force."""
    with at_work() as work:
        found = list_messages(
            work.conn, sight=_sight(), in_force=not every, before=None, limit=limit
        )
    if as_json:
        say_json([asdict(one) for one in found])
        return
    for one in found:
        drill = "" if one.status == "Actual" else f"  [{one.status}]"
        say(f"{one.id:>6}  {one.state:<9} {one.level or '-':<7} {one.name}{drill}  {one.sender}")


@alert.command("send")
def _send(
    file: Annotated[Path, typer.Argument(help="CAP 1.2：.xml，或同名成员的 .json · or JSON")],
    *,
    as_json: AsJson = False,
) -> None:
    """发布一条预警；JSON 中可不写 identifier、sender、sent · send an alert."""
    try:
        body = file.read_bytes()
    except OSError as error:
        raise FileError(f"{file}: {error.strerror}", zh=f"无法读取 {file}") from error
    media_type = JSON if body.lstrip().startswith(b"{") else MEDIA_TYPE
    with at_work() as work:
        message, notes = posted_message(work.conn, body, media_type, now=CLOCK.one(work.conn))
        filed = file_message(work.conn, message, exchange.COMMAND)
    _tell({**asdict(filed), "notes": [*filed.notes, *notes]}, as_json=as_json)


@alert.command("cancel")
def _cancel(
    number: Annotated[int, typer.Argument(help="预警序号 · its number, as `alert list` shows it")],
    reason: Annotated[str, typer.Option(help="原因 · why")],
    *,
    as_json: AsJson = False,
) -> None:
    """取消一条预警：发出 Cancel 消息 · cancel an alert by a message that refers to it."""
    with at_work() as work:
        was = read_message(work.conn, sight=_sight(), alert_id=number)
        content: dict[str, Any] = {
            **signature(work.conn, now=CLOCK.one(work.conn)),
            "status": was.status,
            "msgType": "Cancel",
            "scope": was.scope,
            "note": reason,
            "references": reference(was.sender, was.identifier, was.sent),
        }
        content |= {k: v for k in ("restriction", "addresses") if (v := getattr(was, k))}
        filed = file_message(work.conn, message_of(content), exchange.COMMAND)
    _tell(asdict(filed), as_json=as_json)


@partner.command("add")
def _add(  # noqa: PLR0913  # each is an option of the command
    code: Code,
    name: Annotated[str, typer.Argument(help="名称 · its name")],
    direction: Annotated[str, typer.Option(help="up 上级 | down 下级 | sideways 横向")],
    endpoint: Annotated[
        str | None, typer.Option(help="接收地址；不给则由对方来取 · where to post; else it fetches")
    ] = None,
    level: Annotated[str, typer.Option(help="最低级别 · blue|yellow|orange|red")] = "blue",
    category: Annotated[list[str] | None, typer.Option(help="CAP 类别，可重复")] = None,
    town: Annotated[list[str] | None, typer.Option(help="乡镇代码，可重复 · towns")] = None,
    *,
    internal: Annotated[bool, typer.Option(help="含非公开预警 · those not public too")] = False,
    drills: Annotated[bool, typer.Option(help="含演练与测试 · drills and tests too")] = False,
    secret: Annotated[bool, typer.Option(help="输入对方的令牌 · ask for its token")] = False,
) -> None:
    """新建交换伙伴；输出的最后一个词是它来访用的令牌 · a partner; its token is the last word."""
    rules = partners.Rules(level, category or None, town or None, internal, drills)
    asked = _secret() if secret else None
    new = partners.NewPartner(code, name, direction, endpoint, asked, rules)
    with at_work() as work:
        token = partners.add_partner(work.conn, new)
    say("仅显示这一次 · shown this once; it comes with `Authorization: Bearer TOKEN`:")
    say(token)


@partner.command("list")
def _partners(*, as_json: AsJson = False) -> None:
    """列出交换伙伴及待收条数 · the partners, and how much waits for each."""
    with at_work() as work:
        found = exchange.list_partners(work.conn)
    if as_json:
        say_json([asdict(one) for one in found])
        return
    for one in found:
        where = one.endpoint or "自取 · fetches"
        say(f"{one.code:<16} {one.direction:<9} {one.name}  {where}  "
            f"待收 · waiting {one.waiting}  失败 · failed {one.failed}")  # fmt: skip


@partner.command("retire")
def _retire(code: Code) -> None:
    """停止与一个伙伴交换 · end an exchange; its record stays."""
    with at_work() as work:
        partners.retire_partner(work.conn, code)
    say(f"已停止 · retired {code}")


@partner.command("log")
def _log(
    code: Annotated[str | None, typer.Argument(help="编号；不给为全部 · all without")] = None,
    *,
    limit: Limit = 100,
    as_json: AsJson = False,
) -> None:
    """交换记录，最新在前 · the exchange log, the newest first."""
    with at_work() as work:
        found = exchange.exchanged(work.conn, partner=code, limit=limit)
    if as_json:
        say_json([asdict(one) for one in found])
        return
    for one in found:
        say(f"{one.at:%Y-%m-%d %H:%M:%S %z}  {one.partner:<16} {one.direction:<3} "
            f"{one.outcome:<8} {one.alert_id or '-'}  {one.detail or ''}".rstrip())  # fmt: skip


def _sight() -> Any:
    return whole(load_layers()["alerts"])


def _secret() -> str:
    """Ask at a terminal; read one line from a pipe. Never an argument: those are visible."""
    if sys.stdin.isatty():
        return str(typer.prompt("令牌 · token", hide_input=True))
    return sys.stdin.readline().strip()


def _tell(filed: dict[str, Any], *, as_json: bool) -> None:
    if as_json:
        say_json(filed)
        return
    word = "已有 · known already" if filed["is_repeat"] else "已收 · filed"
    say(f"{word}: {filed['id']}  {filed['state']}")
    for note in filed["notes"]:
        say(f"  {note}")
