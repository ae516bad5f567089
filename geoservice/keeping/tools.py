"""PostgreSQL's own programs for whole databases, told the address without showing the password."""

import os
import shutil
import subprocess
from collections.abc import Sequence
from pathlib import Path

from psycopg.conninfo import conninfo_to_dict

from geoservice.cluster.programs import installed
from geoservice.errors import SetupError

# What an address may say, as libpq's programs take it from the environment: an argument would show
# the password to everybody on the machine.
_VARIABLES = {
    "host": "PGHOST", "hostaddr": "PGHOSTADDR", "port": "PGPORT", "user": "PGUSER",
    "password": "PGPASSWORD", "dbname": "PGDATABASE", "sslmode": "PGSSLMODE",
    "sslrootcert": "PGSSLROOTCERT", "sslcert": "PGSSLCERT", "sslkey": "PGSSLKEY",
    "passfile": "PGPASSFILE",
}  # fmt: skip


def run_tool(name: str, url: str, arguments: Sequence[str]) -> None:
    """Run ``pg_dump`` or ``pg_restore`` on the database at ``url``.

    Raises
    ------
    SetupError
        The program is not on this machine, or it failed; with its own words.
    """
    said = {k: str(v) for k, v in conninfo_to_dict(url).items() if v is not None}
    variables = {_VARIABLES[k]: v for k, v in said.items() if k in _VARIABLES}
    done = subprocess.run(  # noqa: S603  # PostgreSQL's program, no shell
        [_program(name), *arguments],
        env={"PATH": os.defpath, "LC_ALL": "C.UTF-8", "HOME": str(Path.home()), **variables},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode != 0:
        words = done.stderr.strip().splitlines()
        raise SetupError(
            f"{name} failed: {'; '.join(words[-4:])}", zh=f"{name} 失败：{'；'.join(words[-4:])}"
        )


def _program(name: str) -> str:
    """Return the newest one: an older pg_dump refuses a newer server."""
    newest = max(installed(), key=lambda it: it.major, default=None)
    if newest is not None and Path(newest.path(name)).is_file():
        return newest.path(name)
    found = shutil.which(name)
    if found is None:
        raise SetupError(
            f"{name} is not on this machine: install the package postgresql-client",
            zh=f"本机没有 {name}：请安装 postgresql-client",
        )
    return found
