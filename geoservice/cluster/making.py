"""Make the private cluster, whole or not at all."""

import contextlib
import os
import shutil
import tempfile
from pathlib import Path

from geoservice.cluster import config
from geoservice.cluster.place import Account, Place, writing
from geoservice.cluster.programs import Programs, choose
from geoservice.errors import SetupError

_UNFINISHED = ".postgres-being-made-"


def made(place: Place) -> Programs:
    """Make the cluster where there is none yet, and return the programs that run it.

    A cluster is made in a folder beside its own and renamed when complete, so that one that
    was interrupted is never taken for a cluster; what it left is removed here.

    Raises
    ------
    SetupError
        The folder holds something else, the cluster is of a version that is not installed, or
        it cannot be written.
    """
    with writing(place.home):
        for left in place.root.glob(f"{_UNFINISHED}*"):
            shutil.rmtree(left)
        programs = choose(_major(place.data), place.data)
        if not (place.data / "PG_VERSION").is_file():
            _make(place, programs)
        write(place.data / "geoservice.conf", config.settings(place), place.account)
        write(place.data / "pg_ident.conf", config.identities(place), place.account)
        return programs


def _major(data: Path) -> int | None:
    """Major version of the cluster that is there, None for none."""
    if (data / "PG_VERSION").is_file():
        return int((data / "PG_VERSION").read_text("ascii").strip().split(".")[0])
    if data.is_dir() and any(data.iterdir()):
        raise SetupError(
            f"{data} is not empty and not a PostgreSQL database: move it away, "
            "or set GEOSERVICE_HOME to another folder",
            zh=f"{data} 不为空，且不是 PostgreSQL 数据库：请将其移走，"
            "或将 GEOSERVICE_HOME 指向另一文件夹",
            where=str(data),
        )
    return None


def _make(place: Place, programs: Programs) -> None:
    new = Path(tempfile.mkdtemp(prefix=_UNFINISHED, dir=place.root))
    if os.geteuid() == 0:
        os.chown(new, place.account.uid, place.account.gid)
    done = place.account.run(
        [
            programs.path("initdb"), f"--pgdata={new}", "--username=geoservice", "--auth=peer",
            "--encoding=UTF8", "--locale=C.UTF-8", "--data-checksums", "--no-instructions",
        ],
        folder=place.root,
    )  # fmt: skip
    if done.returncode != 0:
        shutil.rmtree(new, ignore_errors=True)
        why = "; ".join(
            line for line in done.stdout.splitlines() if "error" in line or "FATAL" in line
        )
        raise SetupError(
            f"{place.data}: the database cannot be made: {why or done.stdout.strip()}",
            zh=f"{place.data}：无法建立数据库：{why or done.stdout.strip()}",
            where=str(place.data),
        )
    with (new / "postgresql.conf").open("a", encoding="utf-8") as conf:
        conf.write("\ninclude = 'geoservice.conf'\n")
    write(new / "pg_hba.conf", config.ACCESS, place.account)
    with contextlib.suppress(FileNotFoundError):
        place.data.rmdir()
    new.rename(place.data)


def write(path: Path, text: str, account: Account) -> None:
    """Write a file of the account's, whole or not at all."""
    new = path.with_name(path.name + ".new")
    new.write_text(text, "utf-8")
    new.chmod(0o600)
    if os.geteuid() == 0:
        os.chown(new, account.uid, account.gid)
    new.replace(path)
