"""`geoservice publish TARGET`, and `geoservice publish add|list|run|status|...` for stored jobs."""

import getpass
import sys
from collections.abc import Callable
from dataclasses import asdict
from datetime import datetime, time
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.markup import escape
from rich.progress import Progress
from typer.core import TyperGroup

from geoservice.errors import FileError, InputError
from geoservice.exports.city_sets import is_address, refuse_password
from geoservice.exports.formats import FORMATS
from geoservice.exports.jobs import actions
from geoservice.exports.jobs.destinations import Destination, check_destination, hand_over
from geoservice.exports.jobs.records import NewJob, Schedule
from geoservice.exports.jobs.running import run_now, sights_of
from geoservice.exports.jobs.targets import checked_target
from geoservice.exports.jobs.telling import (
    shown,
    tell_last,
    tell_run,
    when_text,
    zone_here,
)
from geoservice.exports.snapshots import snapshot
from geoservice.publish.catalog import layer_named, load_layers
from geoservice.publish.permit import for_the_city
from geoservice.terminal import at_work, say, say_json

_FORMATS = "|".join(FORMATS)
_AT_ONCE = "to"


class _ByTarget(TyperGroup):
    """What is none of the subcommands is a target to publish to now."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        known = {*self.commands, *ctx.help_option_names}
        return super().parse_args(ctx, args if not args or args[0] in known else [_AT_ONCE, *args])


publish = typer.Typer(
    cls=_ByTarget, no_args_is_help=True,
    help="发布整套图层：publish 目标 立即发布；add 等管理发布任务 · "
    "publish all layers: `publish TARGET` now, or stored jobs that run by themselves.",
)  # fmt: skip

Format = Annotated[str | None, typer.Option(help=f"{_FORMATS}；目录默认 gpkg · gpkg by default")]
Crs = Annotated[str | None, typer.Option(help="EPSG 代码或 local · EPSG code, or local")]
Layers = Annotated[
    list[str] | None, typer.Option(help="图层，可重复；不给为全部 · layers; all without")
]
Schema = Annotated[
    str | None, typer.Option(help="数据库中的模式 · schema; geoservice_<code> by default")
]
Encoding = Annotated[str, typer.Option(help="utf-8|gbk")]
Target = Annotated[
    str,
    typer.Argument(
        help="目录（链接）或 postgresql:// 地址 · folder (made, as a link), or an address"
    ),
]
Name = Annotated[str, typer.Argument(help="任务名称 · the job's name")]
AsJson = Annotated[bool, typer.Option("--json", help="供程序读取 · for programs")]


def add_to(app: typer.Typer) -> None:
    """Put the commands of this area into the command line."""
    app.add_typer(publish, name="publish")


@publish.command(_AT_ONCE)
def _publish(
    target: Target,
    format: Format = None,  # noqa: A002  # the option's name
    crs: Crs = None,
    encoding: Encoding = "utf-8",
    layer: Layers = None,
    schema: Schema = None,
) -> None:
    """立即发布：同一时刻，一次切换 · publish now, of one moment, at once."""
    layers = load_layers()
    wanted = [layer_named(layers, one) for one in layer] if layer else layers.values()
    sights = [sight for one in wanted if (sight := for_the_city(one)) is not None]
    to = Destination(target, schema, format, crs, encoding)
    if is_address(target):
        refuse_password(target)
    console = Console(soft_wrap=True, highlight=False)
    with at_work() as work, Progress(console=console, transient=True) as progress:
        check_destination(work.conn, to)
        work.conn.rollback()  # what is read is of one moment, which begins here
        with snapshot(work.conn):
            done = hand_over(work.conn, to, sights=sights, on_layer=_told(progress, len(sights)))
    console.print(f"{escape(target)}: {done.layers} 图层 · layers, {done.rows} 行 · rows")


@publish.command("add")
def _add(  # noqa: PLR0913  # its options
    name: Name,
    target: Target,
    every: Annotated[
        int | None, typer.Option(help="每隔几分钟 · every so many minutes", min=1)
    ] = None,
    daily: Annotated[
        str | None, typer.Option(help="每天 HH:MM（本区时间）· daily, in the district's time")
    ] = None,
    format: Format = None,  # noqa: A002  # the option's name
    crs: Crs = None,
    encoding: Encoding = "utf-8",
    layer: Layers = None,
    schema: Schema = None,
    partner: Annotated[
        str | None, typer.Option(help="按此伙伴的授权 · what is granted to this partner")
    ] = None,
    password_file: Annotated[
        Path | None,
        typer.Option(help="首行为数据库密码的文件，- 为标准输入 · a file whose first line it is"),
    ] = None,
) -> None:
    """新建发布任务；不给 --every、--daily 则只在要求时运行 · add a job that runs by itself."""
    to = Destination(checked_target(target), schema, format, crs, encoding)
    schedule = Schedule(every, None if daily is None else _time(daily))
    new = NewJob(name, to, layer or None, partner, schedule)
    password = None if password_file is None else _first_line(password_file)
    with at_work() as work:
        job = actions.add_job(work.conn, new, home=work.settings.home, password=password)
        zone = zone_here(work.conn)
    say(f"{job.name}: {when_text(job, zone)}")


@publish.command("list")
def _list(*, as_json: AsJson = False) -> None:
    """列出发布任务 · list the jobs."""
    with at_work() as work:
        jobs, zone = actions.list_jobs(work.conn), zone_here(work.conn)
    if as_json:
        say_json([shown(one) for one in jobs])
        return
    for one in jobs:
        say(f"{one.name:<20} {when_text(one, zone):<44} {one.target}")


@publish.command("status")
def _status(
    name: Annotated[str | None, typer.Argument(help="任务名称；不给为全部 · all without")] = None,
    *,
    limit: Annotated[int, typer.Option(min=1, max=1000, help="几次记录 · how many runs")] = 10,
    as_json: AsJson = False,
) -> None:
    """各任务上次结果；给出名称则列其记录；有失败则退出码 1 · how they went."""
    with at_work() as work:
        zone = zone_here(work.conn)
        jobs = [actions.job_named(work.conn, name)] if name else actions.list_jobs(work.conn)
        runs = actions.runs_of(work.conn, jobs[0], limit=limit) if name else []
    if as_json:
        say_json([asdict(one) for one in runs] if name else [shown(one) for one in jobs])
    elif name:
        for run in runs:
            tell_run(run, zone)
    else:
        for job in jobs:
            tell_last(job, zone)
    if any(one.failures for one in jobs):
        raise typer.Exit(1)


@publish.command("run")
def _run(name: Name) -> None:
    """立即运行一个任务 · run a job now."""
    console = Console(soft_wrap=True, highlight=False)
    with at_work() as work, Progress(console=console, transient=True) as progress:
        job = actions.job_named(work.conn, name)
        done = run_now(
            work.conn, name=name, home=work.settings.home, actor=f"cli:{getpass.getuser()}",
            on_layer=_told(progress, len(sights_of(work.conn, job))),
        )  # fmt: skip
    if done.counts is None:
        console.print(
            f"[bold red]✗[/] {escape(done.error_zh or '')}\n  {escape(done.error_en or '')}"
        )
        raise typer.Exit(1)
    console.print(f"{escape(name)}: {done.counts[0]} 图层 · layers, {done.counts[1]} 行 · rows")


@publish.command("pause")
def _pause(name: Name) -> None:
    """暂停一个任务 · let a job run no more by itself."""
    _enable(name, is_enabled=False)


@publish.command("resume")
def _resume(name: Name) -> None:
    """恢复一个任务 · let a job run by itself again."""
    _enable(name, is_enabled=True)


@publish.command("remove")
def _remove(name: Name) -> None:
    """删除一个任务；已发布的内容保留 · end a job; what it published stays."""
    with at_work() as work:
        actions.remove_job(work.conn, actions.job_named(work.conn, name), home=work.settings.home)
    say(f"已删除 · removed {name}")


def _enable(name: str, *, is_enabled: bool) -> None:
    with at_work() as work:
        job = actions.job_named(work.conn, name)
        job = actions.schedule_job(work.conn, job, schedule=job.schedule, is_enabled=is_enabled)
        zone = zone_here(work.conn)
    say(f"{name}: {when_text(job, zone)}")


def _told(progress: Progress, layers: int) -> Callable[[str], None]:
    task = progress.add_task("", total=layers)
    return lambda name: progress.update(task, description=name, advance=1)


def _time(said: str) -> time:
    try:
        return datetime.strptime(said, "%H:%M").time()  # noqa: DTZ007  # a time of every day
    except ValueError as error:
        raise InputError(
            f"--daily {said!r}: HH:MM is needed", zh=f"--daily {said!r}：须为 HH:MM", where="daily"
        ) from error


def _first_line(file: Path) -> str:
    if str(file) == "-":
        return sys.stdin.readline().rstrip("\n")
    try:
        return (file.read_text("utf-8").splitlines() or [""])[0]
    except (OSError, UnicodeDecodeError) as error:
        raise FileError(f"{file}: cannot be read", zh=f"{file}：无法读取") from error
