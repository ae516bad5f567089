"""Where the private cluster lies and which account of the machine it runs as.

PostgreSQL refuses to run as root, so for root it runs as `postgres`; a cluster that is
already there runs as whoever owns it. `postgres` cannot enter a folder below `/root` (0700):
the cluster then lies in `/var/lib/geoservice/`, one folder for each state folder.
"""

import hashlib
import os
import pwd
import re
import stat
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from geoservice.errors import SetupError

SOCKET_NAME = ".s.PGSQL.5432"
_FALLBACK = Path("/var/lib/geoservice")
_SHORT = Path("/tmp")  # noqa: S108  # a socket's path must be short; owner and mode are checked
_MAX_SOCKET_PATH = 107  # sockaddr_un.sun_path: 108 bytes with its closing zero (unix(7))


@dataclass(frozen=True)
class Account:
    """Who of the machine's users owns and runs the cluster."""

    name: str
    uid: int
    gid: int

    def run(
        self, command: list[str], *, folder: Path, output: IO[str] | int = subprocess.PIPE
    ) -> subprocess.CompletedProcess[str]:
        """Run a program as this account, in ``folder``, with an environment of our own.

        The caller's `PG...` variables and language would change what the programs do and say.
        """
        other = os.geteuid() != self.uid
        return subprocess.run(  # noqa: S603  # our own programs, no shell
            command,
            user=self.uid if other else None,
            group=self.gid if other else None,
            extra_groups=os.getgrouplist(self.name, self.gid) if other else None,
            cwd=folder,
            env={"PATH": "/usr/local/bin:/usr/bin:/bin", "LC_ALL": "C.UTF-8"},
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            text=True,
            check=False,
        )


@dataclass(frozen=True)
class Place:
    """The folders of one private cluster."""

    home: Path
    root: Path
    socket: Path
    account: Account

    @property
    def data(self) -> Path:
        """The cluster itself."""
        return self.root / "postgres"

    @property
    def logs(self) -> Path:
        """What PostgreSQL writes about itself, a file for each day of the week."""
        return self.root / "logs" / "postgres"


@contextmanager
def writing(path: Path) -> Iterator[None]:
    """Turn an error of the file system into one that names ``path``.

    Raises
    ------
    SetupError
        The body could not read, write or make something there.
    """
    try:
        yield
    except OSError as error:
        at, why = error.filename or path, error.strerror or str(error)
        raise SetupError(
            f"{at}: cannot be used ({why}). The state folder is {path}; "
            "GEOSERVICE_HOME names another one",
            zh=f"{at}：无法使用（{why}）。状态文件夹为 {path}，可用 GEOSERVICE_HOME 另行指定",
            where=str(path),
        ) from error


def locate(home: Path) -> Place:
    """Return where the cluster of the state folder ``home`` lies, its folders made.

    Raises
    ------
    SetupError
        A folder cannot be made, or is not safe to use.
    """
    home = home.resolve()
    with writing(home):
        make_folder(home)
        account, root = _account_and_root(home)
        if root != home:
            make_folder(_FALLBACK)
            make_folder(root)
        make_folder(root / "logs")
        if os.geteuid() == 0:
            (root / "logs").chmod((root / "logs").stat().st_mode | 0o011)
        place = Place(home, root, _socket_folder(root, account), account)
        make_folder(place.logs, account)
        return place


def _account_and_root(home: Path) -> tuple[Account, Path]:
    data = home / "postgres"
    owner = data.stat().st_uid if data.is_dir() else None
    if os.geteuid() != 0:
        return _own_account(data, owner), home
    if owner:
        return _guest_account(home, _account(owner)), home
    account = _postgres()
    name = re.sub(r"[^A-Za-z0-9_.-]", "_", home.parent.name)[:30]
    digest = hashlib.sha256(os.fsencode(home)).hexdigest()[:8]
    aside = _FALLBACK / f"{name}-{digest}"
    if (aside / "postgres").is_dir() or not _can_enter(account, home):
        return account, aside
    return account, home


def _own_account(data: Path, owner: int | None) -> Account:
    """As an ordinary user: the cluster must be ours."""
    if owner not in {None, os.geteuid()}:
        raise SetupError(
            f"{data} belongs to {_account(owner or 0).name}: start as that user or as root, "
            "or set GEOSERVICE_HOME to a folder of your own",
            zh=f"{data} 属于 {_account(owner or 0).name}：请以该用户或 root 启动，"
            "或将 GEOSERVICE_HOME 指向自己的文件夹",
        )
    return _account(os.geteuid())


def _guest_account(home: Path, account: Account) -> Account:
    """As root, in a state folder with a cluster: its owner must be able to reach it."""
    if not _can_enter(account, home):
        raise SetupError(
            f"{home} holds a database of {account.name}, who cannot enter the folder: "
            "give the folders on the way the permission x (chmod o+x)",
            zh=f"{home} 中有属于 {account.name} 的数据库，但该用户无法进入此文件夹："
            "请为沿途文件夹加上 x 权限（chmod o+x）",
        )
    return account


def _account(uid: int) -> Account:
    entry = pwd.getpwuid(uid)
    return Account(entry.pw_name, entry.pw_uid, entry.pw_gid)


def _postgres() -> Account:
    try:
        entry = pwd.getpwnam("postgres")
    except KeyError as error:
        raise SetupError(
            "PostgreSQL does not run as root and there is no user `postgres`: "
            "install Debian's postgresql packages, or start as an ordinary user",
            zh="PostgreSQL 不能以 root 运行，且没有 postgres 用户：请安装 postgresql 软件包，"
            "或以普通用户启动",
        ) from error
    return Account(entry.pw_name, entry.pw_uid, entry.pw_gid)


def _can_enter(account: Account, folder: Path) -> bool:
    """Ask the kernel as that account: modes, groups and ACLs on the whole way count."""
    tried = account.run(["/usr/bin/test", "-x", str(folder)], folder=Path("/"))
    return tried.returncode == 0


def make_folder(folder: Path, account: Account | None = None) -> None:
    """Make a folder: 0700 for an account, else ours, and to be walked through where we are root."""
    if not folder.is_dir():
        mode = 0o711 if account is None and os.geteuid() == 0 else 0o700
        folder.mkdir(mode=mode, parents=True, exist_ok=True)
        folder.chmod(mode)  # whatever the umask is
    if account is not None and folder.stat().st_uid != account.uid:
        os.chown(folder, account.uid, account.gid)


def _socket_folder(root: Path, account: Account) -> Path:
    folder = root / "run"
    if len(os.fsencode(folder / SOCKET_NAME)) <= _MAX_SOCKET_PATH:
        make_folder(folder, account)
        return folder
    digest = hashlib.sha256(os.fsencode(root)).hexdigest()[:12]
    folder = _SHORT / f"geoservice-{account.uid}-{digest}"
    if not os.path.lexists(folder):
        make_folder(folder, account)
    found = folder.lstat()
    if not stat.S_ISDIR(found.st_mode) or found.st_uid != account.uid or found.st_mode & 0o077:
        raise SetupError(
            f"{folder}: not a folder that only {account.name} can enter; remove it and start again",
            zh=f"{folder}：不是仅 {account.name} 可进入的文件夹；请删除后重新启动",
        )
    return folder
