"""`geoservice zone task|batch`: many seams derived at once, from files into files."""

import sys
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.markup import escape

from geoservice.minewater.files import Outcome, Task
from geoservice.terminal import at_work, say, zone_group
from geoservice.zoning.input_commands import MineOption, SeamOption, mine_named
from geoservice.zoning.tasks import write_seam_task


def add_to(app: typer.Typer) -> None:
    """Add this area's commands."""
    zone = zone_group(app)
    zone.command("task")(_task)
    zone.command("batch")(_batch)


def _task(
    mine: MineOption,
    seam: SeamOption,
    file: Annotated[Path, typer.Argument(help="写入的 JSON 文件 · file to write")],
    *,
    ruleset: Annotated[str, typer.Option(help="规则集 · rule set")] = "NMSA-2022-85",
) -> None:
    """将一个煤层的推导资料写入文件 · write what a seam is zoned from, for a batch."""
    with at_work() as work:
        write_seam_task(
            work.conn, home=work.settings.home, mine_id=mine_named(work.conn, mine), seam=seam,
            ruleset=ruleset, path=file,
        )  # fmt: skip
    say(str(file))


def _batch(
    files: Annotated[
        list[Path], typer.Argument(help="推导资料文件 · files of `zone task`", exists=True)
    ],
    *,
    out: Annotated[Path, typer.Option(help="结果文件夹 · folder of the results")],
    scheduler: Annotated[
        str | None,
        typer.Option(help="Dask 调度器 tcp://主机:端口 · else a cluster on this machine"),
    ] = None,
    workers: Annotated[
        int | None, typer.Option(min=1, help="本机进程数 · processes on this machine")
    ] = None,
) -> None:
    """批量推导，每个文件一份 JSON 结果 · derive many seams at once, a JSON file of each."""
    from geoservice.minewater.batch import derive_files  # slow to import: for this command alone

    out.mkdir(parents=True, exist_ok=True)
    tasks = [Task(str(it.resolve()), str((out / it.name).resolve())) for it in files]
    ended = derive_files(tasks, scheduler=scheduler, workers=workers, told=_show)
    if any(it.problem is not None for it in ended):
        sys.exit(1)


def _show(outcome: Outcome) -> None:
    if outcome.problem is None:
        say(outcome.task.target)
        return
    told = f"[bold red]✗[/] {escape(outcome.task.source)}\n  {escape(outcome.problem.zh)}"
    console = Console(stderr=True, soft_wrap=True)
    console.print(f"{told}\n  {escape(outcome.problem.en)}")
