"""A million points to GeoPackage: our export and ogr2ogr from the same view, time and memory."""

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

import psycopg
from psycopg.conninfo import conninfo_to_dict
from racing import Contender, Options, console, race, show

LAYER = "hazard_sources"
_ROWS, _QUICK_ROWS = 1_000_000, 200_000
_MAKE = """
INSERT INTO core.district (code, name, source_doc, envelope, geom)
SELECT '140406', 'bench', 'made', ST_MakeEnvelope(112, 35, 115, 38, 4490),
       ST_Multi(ST_MakeEnvelope(113, 36, 114, 37, 4490));
SELECT core.guard_all_geometry();
ALTER TABLE core.hazard_source DISABLE TRIGGER USER;
INSERT INTO core.hazard_source (code, name, kind, grade, org, remark, surveyed_on, source_doc, geom)
SELECT 'B' || n, '危险源 ' || n, 'other', 'red', '应急管理局', repeat('备注', n % 20),
       date '2026-01-01' + n % 300, 'made',
       ST_SetSRID(ST_Point(113 + random(), 36 + random()), 4490)
  FROM generate_series(1, {rows}) n;
ANALYZE core.hazard_source;
"""


def bench(url: str, options: Options) -> None:
    """Write the same rows by turns, and say how much memory each writer had at most."""
    rows = _QUICK_ROWS if options.quick else _ROWS
    with psycopg.connect(url, autocommit=True) as conn:
        conn.execute(_MAKE.format(rows=rows))  # our own text
    folder = Path(tempfile.mkdtemp(prefix="geoservice-bench-"))
    most: dict[str, int] = {}
    ours = _ours(url, folder / "ours.gpkg")
    contenders = [Contender("geoservice export", lambda _: _run(ours, most, "geoservice"))]
    theirs = _ogr2ogr(url, folder / "ogr.gpkg")
    if shutil.which("ogr2ogr"):
        contenders.append(Contender("ogr2ogr", lambda _: _run(theirs, most, "ogr2ogr")))
    else:
        console.print("[yellow]ogr2ogr is not here (apt install gdal-bin): nothing to compare with")
    laps = race(contenders, rounds=3, title=f"{rows} points to GeoPackage")
    show(f"{rows} points to GeoPackage", laps, against="ogr2ogr")
    sizes = {path.name: path.stat().st_size // 2**20 for path in sorted(folder.iterdir())}
    console.print(f"most memory, MB: {most}; sizes, MB: {sizes}")
    shutil.rmtree(folder)


def _ours(url: str, path: Path) -> Sequence[str]:
    program = [sys.executable, "-m", "geoservice", "export", LAYER, str(path)]
    return ["env", f"GEOSERVICE_DATABASE_URL={url}", *program]


def _ogr2ogr(url: str, path: Path) -> Sequence[str]:
    known = {name: str(value) for name, value in conninfo_to_dict(url).items()}
    address = " ".join(f"{name}='{value}'" for name, value in known.items())
    return [
        "ogr2ogr", "-f", "GPKG", "-overwrite", str(path), f"PG:{address} schemas=published", LAYER,
    ]  # fmt: skip


def _run(command: Sequence[str], most: dict[str, int], name: str) -> None:
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL)
    _, status, used = os.wait4(process.pid, 0)
    if status:
        raise RuntimeError(f"{name}: exit {os.waitstatus_to_exitcode(status)}")
    most[name] = max(most.get(name, 0), used.ru_maxrss // 1024)
