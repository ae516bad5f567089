"""`geoservice grant ...`."""

from dataclasses import asdict
from typing import Annotated

import typer

from geoservice.accounts import grants
from geoservice.publish.catalog import load_layers
from geoservice.terminal import at_work, say, say_json

grant = typer.Typer(
    help="部门授权 · what partner departments may read, by layer and field.", no_args_is_help=True
)


def add_to(app: typer.Typer) -> None:
    """Mount these commands on the command line."""
    app.add_typer(grant, name="grant")


@grant.command("add")
def _add(
    partner: Annotated[str, typer.Argument(help="伙伴编号 · the partner's code")],
    layer: Annotated[str, typer.Argument(help="图层 · a layer's id")],
    field: Annotated[
        list[str] | None,
        typer.Option(help="字段，可重复；不给为查看者所见 · a field; without: what a viewer sees"),
    ] = None,
    town: Annotated[list[str] | None, typer.Option(help="乡镇代码，可重复 · a town")] = None,
    *,
    public_only: Annotated[bool, typer.Option(help="仅公开记录 · public rows alone")] = False,
) -> None:
    """授权一个图层 · let a partner read a layer."""
    new = grants.NewGrant(partner, layer, field or None, town or None, not public_only)
    with at_work() as work:
        number = grants.grant(work.conn, new, layers=load_layers())
    say(f"已授权 · granted {number}")


@grant.command("list")
def _list(*, as_json: Annotated[bool, typer.Option("--json", help="供程序读取")] = False) -> None:
    """列出授权 · list the grants."""
    with at_work() as work:
        found = grants.list_grants(work.conn)
    if as_json:
        say_json([asdict(one) for one in found])
        return
    for one in found:
        fields = "查看者所见 · as a viewer" if one.fields is None else ", ".join(one.fields)
        towns = "全部 · all" if one.towns is None else " ".join(one.towns)
        ended = f"  已撤销 · revoked {one.revoked_at:%Y-%m-%d %H:%M %Z}" if one.revoked_at else ""
        kinds = ", ".join(one.secrecies)
        say(f"{one.id:>4}  {one.partner:<16} {one.layer}  {fields}  [{towns}]  {kinds}{ended}")


@grant.command("revoke")
def _revoke(number: Annotated[int, typer.Argument(help="编号 · its number")]) -> None:
    """撤销授权，立即生效 · end a grant at once."""
    with at_work() as work:
        grants.revoke_grant(work.conn, number)
    say(f"已撤销 · revoked {number}")
