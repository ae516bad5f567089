"""Who uses the private cluster: the first one in starts it, the last one out stops it.

Service, commands and tests may be at work at the same time. Each holds a shared lock on
`locks/users`; `locks/change` is held while the server is started or stopped. Locks of the
kernel (flock) end with their process, however it ends.
"""

import fcntl
import logging
import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from geoservice.cluster import making, postmaster
from geoservice.cluster.place import Place, locate, make_folder, writing
from geoservice.cluster.programs import Programs
from geoservice.errors import GeoServiceError, SetupError

LOG = logging.getLogger(__name__)
_WATCH_S = 0.5


@contextmanager
def only_service(home: Path) -> Iterator[None]:
    """Hold the state folder as its one service.

    Raises
    ------
    SetupError
        Another service works in this folder.
    """
    with _lock_file(home, "service") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            other = os.pread(lock, 20, 0).decode("ascii", "replace").strip() or "?"
            raise SetupError(
                f"{home} is in use by another geoservice (process {other}): stop that one, "
                "or set GEOSERVICE_HOME to another folder",
                zh=f"{home} 正被另一个 geoservice 使用（进程 {other}）：请先停止它，"
                "或将 GEOSERVICE_HOME 指向另一文件夹",
                where=str(home),
            ) from error
        os.truncate(lock, 0)
        os.pwrite(lock, f"{os.getpid()}\n".encode("ascii"), 0)
        yield


@contextmanager
def shared_cluster(home: Path, *, watched: bool) -> Iterator[str]:
    """Use the private cluster of a state folder, made and started as needed; gives its address.

    Parameters
    ----------
    home
        The state folder.
    watched
        Start the server again whenever it dies.

    Raises
    ------
    SetupError
        It cannot be made or started.
    """
    place = locate(home)
    if watched and place.root != place.home:
        LOG.warning(
            "数据库位于 %s，因为 %s 无法进入 %s · "
            "the database lies in %s, because %s cannot enter %s",
            *(place.root, place.account.name, place.home) * 2,
        )
    with _lock_file(place.home, "users") as users, _lock_file(place.home, "change") as change:
        fcntl.flock(users, fcntl.LOCK_SH)
        try:
            with _held(change):
                programs = making.made(place)
                postmaster.ensure_running(place, programs)
            with _watch(place, programs) if watched else _unwatched():
                yield postmaster.url(place)
        finally:
            _leave(place, users, change)


def _leave(place: Place, users: int, change: int) -> None:
    """Stop the server unless somebody else uses it.

    The kernel gives up the shared lock before it tries for the exclusive one, so of two that
    leave at once the second one succeeds.
    """
    try:
        fcntl.flock(users, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return
    with _held(change):
        postmaster.stop(place)


@contextmanager
def _watch(place: Place, programs: Programs) -> Iterator[None]:
    enough = threading.Event()
    watcher = threading.Thread(
        target=_keep_running, args=(place, programs, enough), name="database-watch", daemon=True
    )
    watcher.start()
    try:
        yield
    finally:
        enough.set()
        watcher.join()


@contextmanager
def _unwatched() -> Iterator[None]:
    yield


def _keep_running(place: Place, programs: Programs, enough: threading.Event) -> None:
    pause_s = _WATCH_S
    with _lock_file(place.home, "change") as change:
        while not enough.wait(pause_s):
            pause_s = _WATCH_S
            if postmaster.process_id(place) is not None:
                continue
            LOG.warning("数据库已退出，正在重新启动 · the database died: starting it again")
            try:
                with _held(change):
                    postmaster.ensure_running(place, programs)
            except GeoServiceError as error:
                LOG.error("%s · %s", error.zh, error)
                pause_s = 10 * _WATCH_S
            else:
                LOG.warning("数据库已恢复运行 · the database runs again")


@contextmanager
def _lock_file(home: Path, name: str) -> Iterator[int]:
    """Open a lock file; made by root in a user's folder, it becomes the user's."""
    with writing(home):
        make_folder(home)
        folder = home / "locks"
        folder.mkdir(mode=0o700, exist_ok=True)
        lock = os.open(folder / name, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        if os.geteuid() == 0:
            whose = home.stat()
            os.chown(folder, whose.st_uid, whose.st_gid)
            os.fchown(lock, whose.st_uid, whose.st_gid)
    try:
        yield lock
    finally:
        os.close(lock)


@contextmanager
def _held(lock: int) -> Iterator[None]:
    fcntl.flock(lock, fcntl.LOCK_EX)
    try:
        yield
    finally:
        fcntl.flock(lock, fcntl.LOCK_UN)
