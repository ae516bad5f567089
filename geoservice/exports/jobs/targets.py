"""Where a job publishes to, and the password of a database, which is kept in a file of its own."""

import os
import re
import secrets
from pathlib import Path
from urllib.parse import quote

from psycopg.conninfo import conninfo_to_dict, make_conninfo

from geoservice.errors import FileError, InputError
from geoservice.exports.city_sets import is_address, refuse_password
from geoservice.exports.jobs.records import Job

_CONNECT_WITHIN_S = "15"
_HOST = re.compile(r"[A-Za-z0-9]([A-Za-z0-9.:-]{0,251}[A-Za-z0-9])?")
_FOLDER = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,63}")


def checked_target(target: str) -> str:
    """Return a target of the command line as it is kept: an address, or a whole path.

    Raises
    ------
    InputError
        An address with a password, or none that can be read.
    """
    if is_address(target):
        refuse_password(target)
        return target
    return str(Path(target).absolute())


def own_folder(home: Path, name: str) -> str:
    """Return the folder of that name which the web may publish to: one of the state folder.

    Raises
    ------
    InputError
        It is not a plain name.
    """
    if not _FOLDER.fullmatch(name):
        raise InputError(
            f"folder {name!r}: letters, digits, - and _ only; it is made in the state folder",
            zh=f"目录名 {name!r}：只能用字母、数字、- 和 _；目录建在服务的状态目录内",
            where="folder",
        )
    return str(home / "published" / name)


def address_of(*, host: str, port: int, database: str, user: str, sslmode: str) -> str:
    """Return the address of a database by its parts.

    Raises
    ------
    InputError
        The host is not the name or number of one: no path of a socket.
    """
    if not _HOST.fullmatch(host):
        raise InputError(
            f"host {host!r}: a name or an address is needed",
            zh=f"主机 {host!r}：须为主机名或地址", where="host",
        )  # fmt: skip
    where = f"[{host}]" if ":" in host else host
    path = f"{quote(user, safe='')}@{where}:{port}/{quote(database, safe='')}"
    return f"postgresql://{path}?sslmode={sslmode}"


def connection_text(home: Path, job: Job) -> str:
    """Return what a job connects by, its password included: not to be shown or logged.

    Raises
    ------
    FileError
        The file of its password is gone.
    """
    said = {"connect_timeout": _CONNECT_WITHIN_S} | {
        name: str(value) for name, value in conninfo_to_dict(job.target).items()
    }
    password = read_secret(home, job)
    return make_conninfo(**said, **({} if password is None else {"password": password}))


def read_secret(home: Path, job: Job) -> str | None:
    """Return the password of a job; None: it has none of its own.

    Raises
    ------
    FileError
        Its file is gone.
    """
    if job.secret_name is None:
        return None
    try:
        return _path(home, job.secret_name).read_text("utf-8")
    except OSError as error:
        raise FileError(
            f"the password of publish job {job.name} is gone from the state folder "
            f"({error.strerror}): remove the job and add it again",
            zh=f"发布任务 {job.name} 的密码文件不在状态目录中：请删除后重新添加",
            where="password",
        ) from error


def keep_secret(home: Path, password: str) -> str:
    """Write a password into a file for the service alone; return the name of the file.

    Raises
    ------
    FileError
        The state folder cannot be written.
    """
    name = secrets.token_hex(16)
    path = _path(home, name)
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
            file.write(password)
        if os.geteuid() == 0:  # made by root in a user's folder, it becomes the user's
            whose = home.stat()
            for made in (path.parent, path):
                os.chown(made, whose.st_uid, whose.st_gid)
    except OSError as error:
        raise FileError(
            f"{path.parent}: cannot be written: {error.strerror}",
            zh=f"{path.parent}：无法写入", where="password",
        ) from error  # fmt: skip
    return name


def forget_secret(home: Path, name: str | None) -> None:
    """Remove the file of a password; one that is gone already is no matter."""
    if name is not None:
        _path(home, name).unlink(missing_ok=True)


def _path(home: Path, name: str) -> Path:
    return home / "secrets" / f"publish-{Path(name).name}"
