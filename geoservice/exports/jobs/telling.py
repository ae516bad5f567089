"""What the command line says of jobs and their runs."""

from dataclasses import asdict
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from geoservice.db import DISTRICT_ZONE, Connection
from geoservice.exports.jobs.records import Job, Run
from geoservice.terminal import say
from geoservice.timezones import zone_named

_RESULTS = {
    "done": "成功 · done",
    "failed": "失败 · failed",
    "running": "运行中 · running",
    "cut_short": "中断 · cut short",
}


def zone_here(conn: Connection) -> ZoneInfo:
    """Return the district's time zone; UTC before there is one."""
    return zone_named(DISTRICT_ZONE.first(conn) or "UTC")


def when_text(job: Job, zone: ZoneInfo) -> str:
    """Return when a job runs, and next."""
    if job.every_min is not None:
        said = f"每 {job.every_min} 分钟 · every {job.every_min} min"
    elif job.daily_at is not None:
        said = f"每天 {job.daily_at:%H:%M} · daily"
    else:
        return "按要求 · when asked"
    if not job.is_enabled:
        return f"{said}，已暂停 · paused"
    return said if job.next_at is None else f"{said}，下次 · next {_clock(job.next_at, zone)}"


def tell_last(job: Job, zone: ZoneInfo) -> None:
    """Say how a job went the last time, and why it fails if it does."""
    when = when_text(job, zone)
    if job.last_at is None or job.last_result is None:
        say(f"{job.name:<20} 尚未运行 · not yet run；{when}")
        return
    rows = "" if job.last_rows is None else f"  {job.last_rows} 行 · rows"
    say(f"{job.name:<20} {_RESULTS[job.last_result]}  {_clock(job.last_at, zone)}{rows}；{when}")
    if job.failures:
        said = f"{job.error_zh} · {job.error_en}"
        say(f"{'':<20} 连续失败 {job.failures} 次 · {job.failures} in a row：{said}")


def tell_run(run: Run, zone: ZoneInfo) -> None:
    """Say how one run went."""
    said = "" if run.error_zh is None else f"{run.error_zh} · {run.error_en}"
    if run.row_count is not None:
        said = f"{run.layers} 图层 · layers, {run.row_count} 行 · rows, {run.manifest_sha256}"
    say(f"{_clock(run.started_at, zone)}  {_RESULTS[run.result]}  {run.cause}  {said}")


def shown(job: Job) -> dict[str, Any]:
    """Return a job for a program; the file of its password is nobody's business."""
    kept = asdict(job)
    return {**kept, "has_password": kept.pop("secret_name") is not None}


def _clock(at: datetime, zone: ZoneInfo) -> str:
    return f"{at.astimezone(zone):%Y-%m-%d %H:%M %z}"
