"""`geoservice account ...` and `geoservice token ...`."""

import sys
from dataclasses import asdict
from datetime import UTC, datetime, timedelta
from typing import Annotated

import typer

from geoservice.accounts import actions, first_start, grants
from geoservice.accounts.records import Account, Token
from geoservice.errors import InputError, NotFoundError
from geoservice.terminal import at_work, say, say_json

account = typer.Typer(help="账户 · accounts.", no_args_is_help=True)
token = typer.Typer(help="API 令牌 · API tokens for programs.", no_args_is_help=True)

Name = Annotated[str, typer.Argument(help="账户名 · the account's name")]
Roles = Annotated[list[str], typer.Option("--role", help="角色，可重复 · a role, repeatable")]
Towns = Annotated[
    list[str] | None,
    typer.Option("--town", help="乡镇代码，可重复；不给为全部 · a town's code; all without"),
]
AsJson = Annotated[bool, typer.Option("--json", help="供程序读取 · for programs")]


def add_to(app: typer.Typer) -> None:
    """Mount these commands on the command line."""
    app.add_typer(account, name="account")
    app.add_typer(token, name="token")


def _password() -> str:
    """Ask twice at a terminal; read one line from a pipe. Never an argument: those are visible."""
    if sys.stdin.isatty():
        return str(typer.prompt("密码 · password", hide_input=True, confirmation_prompt=True))
    return sys.stdin.readline().rstrip("\r\n")


@account.command("create")
def _create_account(name: Name, role: Roles, town: Towns = None) -> None:
    """新建账户（密码由提示或管道输入） · make an account; the password is asked or piped."""
    password = _password()
    with at_work() as work:
        actions.create_account(work.conn, name, password=password, roles=role, towns=town or None)
    say(f"已建立账户 · made the account {name}")


@account.command("list")
def _list_accounts(*, as_json: AsJson = False) -> None:
    """列出账户 · list the accounts."""
    with at_work() as work:
        _show(actions.list_accounts(work.conn), as_json=as_json)


@account.command("roles")
def _set_roles(name: Name, role: Roles, town: Towns = None) -> None:
    """更改角色与乡镇，立即生效 · change roles and towns, at once."""
    with at_work() as work:
        actions.set_roles(work.conn, name, roles=role, towns=town or None)
    say(f"已更改 · changed {name}")


@account.command("disable")
def _disable(name: Name) -> None:
    """停用账户，立即退出其会话 · close an account and sign it out at once."""
    with at_work() as work:
        actions.disable_account(work.conn, name, at=datetime.now(UTC))
    say(f"已停用 · disabled {name}")


@account.command("enable")
def _enable(name: Name) -> None:
    """启用或解锁账户 · open a disabled or locked account."""
    with at_work() as work:
        actions.enable_account(work.conn, name)
    say(f"已启用 · enabled {name}")


@account.command("password")
def _set_password(name: Name) -> None:
    """更换密码（提示或管道输入） · a new password, asked or piped."""
    password = _password()
    with at_work() as work:
        actions.set_password(work.conn, name, password)
    say(f"已更换密码 · new password for {name}")


@account.command("link")
def _link(name: Name) -> None:
    """一次性登录链接，12 小时内有效 · a link that signs in once, within 12 hours; its last word."""
    with at_work() as work:
        link = first_start.one_time_link(
            work.conn, name, work.settings.public_url, at=datetime.now(UTC)
        )
    if link is None:
        raise NotFoundError(f"there is no open account {name}", zh=f"没有可用的账户 {name}")
    say(f"一次性登录链接 · one-time link for {name}: {link}")


@token.command("create")
def _create_token(  # each is an option of the command
    role: Annotated[list[str] | None, typer.Option(help="角色，可重复 · a role")] = None,
    partner: Annotated[str | None, typer.Option(help="伙伴编号；无角色 · what is granted")] = None,
    town: Towns = None,
    name: Annotated[str, typer.Option(help="用途 · what it is for")] = "",
    days: Annotated[int | None, typer.Option(help="有效天数 · days until it expires")] = None,
) -> None:
    """新建令牌；输出的最后一个词就是令牌 · make a token: the last word printed, shown once."""
    if days is not None and not 1 <= days <= 3650:
        raise InputError("--days takes 1 to 3650", zh="--days 须为 1 到 3650", where="days")
    if (role is None) == (partner is None) or (partner and town):
        raise typer.BadParameter("--role [--town] | --partner")
    expires_at = None if days is None else datetime.now(UTC) + timedelta(days=days)
    with at_work() as work:
        made = (
            actions.create_token(
                work.conn, roles=role or [], towns=town or None, name=name, expires_at=expires_at
            )
            if partner is None
            else grants.create_partner_token(work.conn, partner, name=name, expires_at=expires_at)
        )
    say("仅显示这一次；用法 · shown this once; send it as `Authorization: Bearer TOKEN`:")
    say(made)


@token.command("list")
def _list_tokens(*, as_json: AsJson = False) -> None:
    """列出令牌 · list the tokens."""
    with at_work() as work:
        _show(actions.list_tokens(work.conn), as_json=as_json)


@token.command("revoke")
def _revoke(token_id: Annotated[int, typer.Argument(help="编号 · its number")]) -> None:
    """撤销令牌，立即生效 · end a token at once."""
    with at_work() as work:
        actions.revoke_token(work.conn, token_id, at=datetime.now(UTC))
    say(f"已撤销 · revoked {token_id}")


def _show(rows: list[Account] | list[Token], *, as_json: bool) -> None:
    if as_json:
        say_json([asdict(row) for row in rows])
        return
    for row in rows:
        towns = "全部 · all" if row.towns is None else " ".join(row.towns)
        ended = row.disabled_at if isinstance(row, Account) else row.revoked_at
        state = f"  停止 · ended {ended:%Y-%m-%d %H:%M %Z}" if ended else ""
        whose = row.partner if isinstance(row, Token) else None
        what = f"伙伴 · partner {whose}" if whose else f"{', '.join(row.roles)}  [{towns}]"
        say(f"{row.id:>4}  {row.name:<24} {what}{state}")
