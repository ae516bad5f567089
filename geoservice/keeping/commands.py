"""`geoservice backup`, `restore`, `doctor`."""

import getpass
from contextlib import ExitStack
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.markup import escape

from geoservice.cluster.sharing import only_service
from geoservice.keeping.actions import back_up, restore
from geoservice.keeping.checks import Finding, examine
from geoservice.server import running_database
from geoservice.settings import Settings
from geoservice.terminal import say, say_json

JsonOption = Annotated[bool, typer.Option("--json", help="输出 JSON · for machines")]
_MARKS = {"good": "[green]✓[/]", "doubtful": "[yellow]![/]", "bad": "[red]✗[/]"}


def add_to(app: typer.Typer) -> None:
    """Offer the three commands."""
    app.command("backup")(_backup)
    app.command("restore")(_restore)
    app.command("doctor")(_doctor)


def _backup(
    target: Annotated[
        Path | None, typer.Argument(help="目标文件夹，默认 GEOSERVICE_HOME/backups · where to")
    ] = None,
    as_json: JsonOption = False,
) -> None:
    """备份数据库与文件 · back up the database and the files, while the service runs."""
    settings = Settings.from_environment()
    with running_database(settings) as url, _Progress(quiet=as_json) as progress:
        done = back_up(
            url, home=settings.home, target=(target or settings.home / "backups").absolute(),
            at=datetime.now(UTC), tell=progress.tell,
        )  # fmt: skip
    if as_json:
        say_json({"folder": done.folder, "bytes": done.bytes, "manifest": asdict(done.manifest)})
        return
    rows = sum(done.manifest.tables.values())
    say(f"备份完成 · backed up: {done.folder}（{done.bytes / 1e6:.1f} MB，{rows} 行 · rows，"
        f"{done.manifest.files} 个文件 · files）")  # fmt: skip


def _restore(
    source: Annotated[Path, typer.Argument(help="备份文件夹 · folder of a backup")],
    check: Annotated[
        bool, typer.Option("--check", help="只试恢复并核对，不替换 · prove it, replace nothing")
    ] = False,
    as_json: JsonOption = False,
) -> None:
    """恢复备份；原数据库保留 · restore a backup; the database that was there is kept."""
    settings = Settings.from_environment()
    with ExitStack() as stack:
        if not check:
            stack.enter_context(only_service(settings.home))
        url = stack.enter_context(running_database(settings))
        progress = stack.enter_context(_Progress(quiet=as_json))
        done = restore(
            url, home=settings.home, source=source.absolute(), at=datetime.now(UTC),
            is_trial=check, tell=progress.tell,
        )  # fmt: skip
    if as_json:
        say_json(asdict(done))
        return
    rows = sum(done.manifest.tables.values())
    if check:
        say(
            f"备份可以恢复 · the backup can be restored: {rows} 行 · rows，审计链完好 · audit sound"
        )
        return
    say(f"已恢复 · restored: {done.manifest.made_at}，{rows} 行 · rows")
    if done.kept_as:
        say(f"原数据库保留为 · the database before is kept as: {done.kept_as}")


def _doctor(as_json: JsonOption = False) -> None:
    """检查安装与数据 · check the set-up and the data; exit status 1 where something is wrong."""
    found = examine(Settings.from_environment(), at=datetime.now(UTC))
    if as_json:
        say_json([asdict(it) for it in found])
    else:
        console = Console()
        for it in found:
            _show(console, it)
    if any(it.state == "bad" for it in found):
        raise typer.Exit(1)


def _show(console: Console, it: Finding) -> None:
    console.print(f"{_MARKS[it.state]} {escape(it.zh)}：{escape(it.detail_zh)}", soft_wrap=True)
    console.print(f"  [dim]{escape(it.en)}: {escape(it.detail_en)}[/]", soft_wrap=True)


class _Progress:
    """A line that says what is being done, with a spinner at a terminal."""

    def __init__(self, *, quiet: bool) -> None:
        self._console = Console(stderr=True, quiet=quiet)
        self._status = self._console.status(f"geoservice ({getpass.getuser()})")

    def __enter__(self) -> "_Progress":
        self._status.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._status.stop()

    def tell(self, what: str) -> None:
        """Say what is being done now."""
        self._status.update(what)
        if not self._console.is_terminal:
            self._console.print(what)
