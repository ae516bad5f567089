"""`geoservice reader ...`."""

from typing import Annotated

import typer
from psycopg.conninfo import conninfo_to_dict

from geoservice.readers import actions
from geoservice.terminal import AtWork, at_work, say

reader = typer.Typer(
    help="数据库只读用户，供 GeoServer、SuperMap、ArcGIS · logins that read the database.",
    no_args_is_help=True,
)
Name = Annotated[str, typer.Argument(help="用户名 · the login's name")]


def add_to(app: typer.Typer) -> None:
    """Put the commands of this area into the command line."""
    app.add_typer(reader, name="reader")


@reader.command("create")
def _create(name: Name) -> None:
    """新建只读用户；输出的最后一个词是密码 · make one: the last word printed is its password."""
    with at_work() as work:
        password = actions.create_reader(work.conn, name)
        _say_where(work)
    say(
        f"模式 shared 只读；密码仅显示这一次 · reads the schema shared; shown this once: {password}"
    )


@reader.command("list")
def _list() -> None:
    """列出只读用户 · list them."""
    with at_work() as work:
        for one in actions.list_readers(work.conn):
            say(f"{one.name:<24} {one.connections}/{one.most_connections} 连接 · connections")


@reader.command("password")
def _password(name: Name) -> None:
    """更换密码；输出的最后一个词是密码 · a new password, the last word printed."""
    with at_work() as work:
        password = actions.renew_password(work.conn, name)
    say(f"新密码 · new password for {name}: {password}")


@reader.command("drop")
def _drop(name: Name) -> None:
    """删除只读用户并断开其连接 · end one, and its connections."""
    with at_work() as work:
        actions.drop_reader(work.conn, name)
    say(f"已删除 · dropped {name}")


def _say_where(work: AtWork) -> None:
    if work.settings.database_url is not None:
        parts = conninfo_to_dict(work.settings.database_url)
        host, port = parts.get("host") or "localhost", parts.get("port") or "5432"
        say(f"连接 · connect to: host={host} port={port} dbname={parts.get('dbname')}")
        return
    here = actions.LISTENING.one(work.conn)
    if here.addresses:
        where = f"host={here.addresses} port={here.port} dbname={here.database}"
        say(f"私有数据库已开放 TCP · the private database listens: {where}")
        return
    say(
        "私有数据库未开放 TCP，别的机器连不上：开放的方法见 docs/city-gis.md · the private "
        "database has no TCP, so nobody else reaches it: docs/city-gis.md says how to open it"
    )
