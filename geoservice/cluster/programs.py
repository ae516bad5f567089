"""Find the PostgreSQL programs of this machine, PostGIS included."""

import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

from geoservice.errors import SetupError

LEAST_MAJOR = 15
EXTENSIONS = ("postgis", "btree_gist")
_DEBIAN = Path("/usr/lib/postgresql")


@dataclass(frozen=True)
class Programs:
    """The server programs of one PostgreSQL major version."""

    folder: Path
    major: int
    missing: tuple[str, ...]

    def path(self, name: str) -> str:
        """Return the full path of a program, such as ``initdb``."""
        return str(self.folder / name)


def choose(cluster_major: int | None, place: Path) -> Programs:
    """Return the programs for a cluster.

    Parameters
    ----------
    cluster_major
        Major version of the cluster there is; None takes the newest one installed.
    place
        Folder of the cluster, for the messages.

    Raises
    ------
    SetupError
        No PostgreSQL with PostGIS is installed, or none of the cluster's version.
    """
    usable = [p for p in installed() if p.major >= LEAST_MAJOR and not p.missing]
    if not usable:
        raise SetupError(
            f"no PostgreSQL {LEAST_MAJOR} or newer with PostGIS on this machine: "
            "install the package postgresql-NN-postgis-3, or set GEOSERVICE_DATABASE_URL",
            zh=f"本机没有 PostgreSQL {LEAST_MAJOR} 及以上版本和 PostGIS："
            "请安装 postgresql-NN-postgis-3，或设置 GEOSERVICE_DATABASE_URL",
        )
    if cluster_major is None:
        return max(usable, key=lambda p: p.major)
    for programs in usable:
        if programs.major == cluster_major:
            return programs
    have = ", ".join(str(p.major) for p in usable)
    raise SetupError(
        f"{place} is a database of PostgreSQL {cluster_major}, but PostgreSQL {have} with PostGIS "
        f"is installed: install postgresql-{cluster_major}-postgis-3 to go on with it, move it "
        f"with pg_upgrade, or set GEOSERVICE_HOME to another folder to begin anew",
        zh=f"{place} 是 PostgreSQL {cluster_major} 的数据库，而本机装有带 PostGIS 的 PostgreSQL "
        f"{have}：请安装 postgresql-{cluster_major}-postgis-3 继续使用，或用 pg_upgrade 升级，"
        "或将 GEOSERVICE_HOME 指向另一文件夹重新开始",
    )


def installed() -> list[Programs]:
    """Return every PostgreSQL server here: of Debian's folders, and the one on PATH."""
    configs = list(_DEBIAN.glob("*/bin/pg_config"))
    on_path = shutil.which("pg_config")
    if on_path:
        configs.append(Path(on_path))
    found = {p.folder: p for p in map(_describe, configs) if p is not None}
    return list(found.values())


def _describe(config: Path) -> Programs | None:
    """Ask one pg_config; None when it has no server beside it."""
    asked = [str(config), "--bindir", "--sharedir", "--version"]
    answer = subprocess.run(asked, capture_output=True, text=True, check=False)  # noqa: S603  # no shell
    lines = answer.stdout.splitlines()
    if answer.returncode != 0 or len(lines) != len(asked) - 1:
        return None
    folder, share, version = Path(lines[0]), Path(lines[1]), lines[2].split()[1]
    if not (folder / "initdb").is_file():
        return None
    controls = {name: share / "extension" / f"{name}.control" for name in EXTENSIONS}
    missing = tuple(name for name, control in controls.items() if not control.is_file())
    digits = "".join(c if c.isdigit() else " " for c in version).split()
    return Programs(folder, int(digits[0]), missing)
