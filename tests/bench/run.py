"""Run the benchmarks: every `bench_*.py` beside this file, or the ones named.

Each has `bench(url, options)`, is given a database of its own in a private cluster in a temporary
folder, and prints tables. Contenders run turn by turn in one process and on one machine: trust
the ratios, not the milliseconds.
"""

import argparse
import importlib
import os
import sys
import tempfile
from dataclasses import replace
from pathlib import Path

import psycopg
from psycopg.conninfo import make_conninfo
from racing import Options, console

from geoservice.migrate import migrate
from geoservice.network.folders import keep_network_in
from geoservice.server import running_database
from geoservice.settings import Settings

HERE = Path(__file__).parent


def main() -> int:
    known = sorted(path.stem.removeprefix("bench_") for path in HERE.glob("bench_*.py"))
    parser = argparse.ArgumentParser(prog="bin/bench", description=__doc__)
    parser.add_argument("names", nargs="*", metavar="NAME", help=", ".join(known))
    parser.add_argument("--quick", action="store_true", help="a fifth of the rounds")
    parser.add_argument(
        "--grid", type=int, metavar="N", help="on N x N made streets instead of the real roads"
    )
    given = parser.parse_args()
    if unknown := set(given.names) - set(known):
        parser.error(f"no such benchmark: {', '.join(sorted(unknown))}; there are: {known}")
    options = Options(quick=given.quick, grid=given.grid)
    with tempfile.TemporaryDirectory(prefix="geoservice-bench-") as home:
        # Run by root, the database runs as postgres, who has to get there.
        Path(home).chmod(0o755)
        os.environ["GEOSERVICE_HOME"] = home  # servers that are started here share it
        keep_network_in(Path(home))
        settings = replace(
            Settings.from_environment(os.environ), home=Path(home), database_url=None
        )
        with running_database(settings) as url:
            _each(url, given.names or known, options)
    return 0


def _each(url: str, names: list[str], options: Options) -> None:
    load = ", ".join(f"{value:.2f}" for value in os.getloadavg())
    console.print(f"{os.cpu_count()} cores, load {load}, Python {sys.version.split()[0]}")
    for name in names:
        own = f"bench_{name}"
        with psycopg.connect(make_conninfo(url, dbname="postgres"), autocommit=True) as conn:
            conn.execute(f"CREATE DATABASE {own} TEMPLATE template0")  # a file's name
        own_url = make_conninfo(url, dbname=own)
        with psycopg.connect(own_url, autocommit=True) as conn:
            conn.execute("CREATE EXTENSION postgis")
            conn.execute("CREATE EXTENSION btree_gist")
        migrate(own_url)
        console.rule(f"[bold]{name}")
        importlib.import_module(own).bench(own_url, options)


if __name__ == "__main__":
    sys.exit(main())
