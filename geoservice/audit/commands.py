"""`geoservice audit ...`: verify the chain, list events."""

from dataclasses import asdict
from typing import Annotated

import typer

from geoservice.audit.actions import EVENTS, Verdict, seal, verify
from geoservice.terminal import at_work, say, say_json

audit = typer.Typer(help="审计 · the audit", no_args_is_help=True)
JsonOption = Annotated[bool, typer.Option("--json", help="输出 JSON · for machines")]
_NEWEST = 2**63 - 1


def add_to(app: typer.Typer) -> None:
    """Offer ``audit verify`` and ``audit list``."""
    audit.command("verify")(_verify)
    audit.command("list")(_list)
    app.add_typer(audit, name="audit")


def _verify(
    head: Annotated[
        str | None, typer.Option(help="另行保存的链头 · digest of a seal that was written down")
    ] = None,
    as_json: JsonOption = False,
) -> None:
    """核验审计链 · walk the chain of seals; exit status 1 when it is broken."""
    with at_work() as work:
        seal(work.conn)
        work.conn.commit()
        found = verify(work.conn, known_head=head)
    say_json(asdict(found) | {"is_sound": found.is_sound}) if as_json else _tell(found)
    if not found.is_sound:
        raise typer.Exit(1)


def _tell(found: Verdict) -> None:
    say(f"封印 · seals {found.tally.seals}，事件 · events {found.tally.events}")
    for it in found.broken:
        say(
            f"✗ 封印 {it.n}（{it.sealed_at:%Y-%m-%d %H:%M:%S}）与事件不符：封印时 {it.events} 条，"
            f"现有 {it.events_there} 条 · seal {it.n} does not fit its events"
        )
    if found.tally.sealed != found.tally.events:
        loose = found.tally.events - found.tally.sealed
        say(f"✗ 未封印的事件 {loose} 条 · {loose} events are under no seal")
    if not found.is_head_known:
        say("✗ 链中没有所给的链头 · the digest given is not in the chain")
    if found.head:
        say(f"链头 · head {found.head.n}: {found.head.sha256}")
    say("完好 · sound" if found.is_sound else "已被改动 · tampered with")


def _list(
    limit: Annotated[int, typer.Option(min=1, max=10_000)] = 50,
    actor: str | None = None,
    action: str | None = None,
    as_json: JsonOption = False,
) -> None:
    """列出审计事件，最新在前 · list events, newest first."""
    with at_work() as work:
        found = EVENTS.all(
            work.conn, before=_NEWEST, actor=actor, table_name=None, row_id=None, action=action,
            limit=limit,
        )  # fmt: skip
    if as_json:
        say_json([asdict(it) for it in found])
        return
    for it in found:
        what = " ".join(str(part) for part in (it.table_name, it.code) if part)
        say(f"{it.at:%Y-%m-%d %H:%M:%S} {it.actor} {it.action} {what} {it.result}".rstrip())
