"""`geoservice sensor ...`: readings from a file, and the flash-flood thresholds of a gauge."""

from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer

from geoservice.errors import FileError, InputError, NotFoundError
from geoservice.registry.actions import standing, store
from geoservice.registry.records import Sensor
from geoservice.sensors.actions import record_observations
from geoservice.sensors.bodies import CSV, JSON, LINES, items_of
from geoservice.sensors.rain import EXAMPLE_SOURCE, rain_thresholds
from geoservice.terminal import at_work, say, say_json

sensor = typer.Typer(help="监测传感器 · sensors.", no_args_is_help=True)
AsJson = Annotated[bool, typer.Option("--json", help="供程序读取 · for programs")]
_TYPES = {".json": JSON, ".ndjson": LINES, ".jsonl": LINES, ".csv": CSV}


def add_to(app: typer.Typer) -> None:
    """Mount these commands on the command line."""
    app.add_typer(sensor, name="sensor")


@sensor.command("post")
def _post(
    file: Annotated[Path, typer.Argument(help="读数：.json .ndjson .csv · readings")],
    *,
    as_json: AsJson = False,
) -> None:
    """报送读数；有未接受的读数时退出码为 1 · readings in; exit 1 when some were refused."""
    if file.suffix.lower() not in _TYPES:
        raise InputError(f"{file}: one of {', '.join(_TYPES)} is needed",
                         zh=f"{file}：须为 {'、'.join(_TYPES)}", where="FILE")  # fmt: skip
    try:
        items = items_of(file.read_bytes(), _TYPES[file.suffix.lower()])
    except OSError as error:
        raise FileError(f"{file}: {error.strerror}", zh=f"无法读取 {file}") from error
    with at_work() as work:
        taken = record_observations(work.conn, items=items, towns=None)
    if as_json:
        say_json(asdict(taken))
    else:
        say(f"接受 · accepted {taken.accepted}  已有 · known {taken.known}")
        say(f"未接受 · refused {len(taken.refused)}  预警 · alerts {len(taken.alerts)}")
        for it in taken.refused:
            say(f"  [{it.no}] {it.sensor or '-'}: {it.why_zh} · {it.why}")
    if taken.refused:
        raise typer.Exit(1)


@sensor.command("flash-flood")
def _flash_flood(code: Annotated[str, typer.Argument(help="雨量站编号 · a rain gauge")]) -> None:
    """为雨量站设置 1/3/6/24 小时示例阈值（未核实） · thresholds from the example table."""
    with at_work() as work:
        gauge = standing(work.conn, "sensors", [code]).get(code)
        if not isinstance(gauge, Sensor) or gauge.kind != "rain":
            raise NotFoundError(f"there is no rain gauge {code}", zh=f"没有雨量站 {code}")
        done = store(work.conn, "sensor_thresholds", rain_thresholds(gauge))
    say(f"新增 · added {len(done.inserted)}  更改 · amended {len(done.amended)}  {EXAMPLE_SOURCE}")
