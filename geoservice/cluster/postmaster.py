"""Start, find, adopt and stop the server process of the private cluster.

What PostgreSQL writes to `postmaster.pid` is a claim, not a fact: after a crash or a restart of
the machine that number may be nobody's or somebody else's. A process is taken for our server
only when it works in the cluster's folder.
"""

import contextlib
import logging
import os
import signal
import time
from pathlib import Path
from urllib.parse import quote

import psycopg

from geoservice.cluster.place import SOCKET_NAME, Place, writing
from geoservice.cluster.programs import Programs
from geoservice.errors import SetupError

LOG = logging.getLogger(__name__)
_NO_PROCESS = b"4194304"  # the kernel's PID_MAX_LIMIT: no process ever has this number
_STEP_S = 0.05
_LAUNCH = 'setsid "$0" -D "$1" >"$2" 2>&1 </dev/null & echo $!'
_STARTS = 20  # the last backends of a killed server keep its memory block for a moment
_START_S = 600.0  # recovery of a large database after a crash takes minutes
_STOP_S = 60.0


def url(place: Place, database: str = "geoservice") -> str:
    """Return the address of a database of the cluster, for psycopg."""
    where = f"host={quote(str(place.socket), safe='')}"
    return f"postgresql://geoservice@/{database}?{where}{_port(place)}"


def _port(place: Place) -> str:
    """Return the port that names the socket, where an administrator gave it another."""
    try:
        said = (place.data / "postmaster.pid").read_text("utf-8").split("\n")[3:4]
    except FileNotFoundError:
        return ""
    return "" if said in ([], [""], ["5432"]) else f"&port={int(said[0])}"


def process_id(place: Place) -> int | None:
    """Return the number of the running server process, None when there is none."""
    try:
        number = int((place.data / "postmaster.pid").read_bytes().split(b"\n", 1)[0])
    except (FileNotFoundError, ValueError):
        return None
    return number if _is_server_in(place.data, Path(f"/proc/{number}")) else None


def ensure_running(place: Place, programs: Programs) -> None:
    """Start the server, or adopt the one that runs, and return when it answers.

    Raises
    ------
    SetupError
        It does not start; the message has PostgreSQL's own reason.
    """
    deadline, starts = time.monotonic() + _START_S, 0
    while not _answers(place):
        if process_id(place) is None:
            if starts == _STARTS:
                raise _does_not_start(place)
            if starts:
                _end_leftovers(place, signal.SIGTERM if starts == 1 else signal.SIGQUIT)
                time.sleep(starts * _STEP_S / 2)
            starts += 1
            _start(place, programs)
        elif time.monotonic() > deadline:
            raise _does_not_start(place)
        time.sleep(_STEP_S)


def stop(place: Place) -> None:
    """Stop the server: open transactions are rolled back, everything else is written."""
    number = process_id(place)
    if number is None:
        return
    os.kill(number, signal.SIGINT)  # "fast shutdown"
    deadline = time.monotonic() + _STOP_S
    while process_id(place) == number:
        if time.monotonic() > deadline:
            LOG.warning("数据库未能停止 · the database does not stop: process %s", number)
            return
        time.sleep(_STEP_S)


def _answers(place: Place) -> bool:
    if process_id(place) is None:
        return False
    try:
        psycopg.connect(url(place, "postgres"), connect_timeout=5).close()
    except psycopg.OperationalError:
        return False
    return True


def _start(place: Place, programs: Programs) -> None:
    """Launch the server and wait until it is up or gone.

    It gets a session of its own, so that Ctrl-C reaches us and not it, and no parent that would
    have to wait for it: whoever adopts it later cannot.
    """
    with writing(place.home):
        _forget_strangers(place)
        done = place.account.run(
            ["sh", "-c", _LAUNCH, programs.path("postgres"), str(place.data), str(_log(place))],
            folder=place.root,
        )
        if not done.stdout.strip().isdigit():  # the shell's complaint instead of a number
            raise OSError(0, done.stdout.strip(), str(place.logs))
    launched = int(done.stdout)
    while process_id(place) is None and _program(launched) is not None:
        time.sleep(_STEP_S)


def _forget_strangers(place: Place) -> None:
    """Unsay a number that another program or a zombie has: PostgreSQL would not start beside it.

    The other lines stay, by which PostgreSQL finds whoever still uses the old memory block.
    """
    pid_file = place.data / "postmaster.pid"
    if not pid_file.is_file() or _servers_in(place.data):
        return
    (place.socket / f"{SOCKET_NAME}.lock").unlink(missing_ok=True)
    number, _, rest = pid_file.read_bytes().partition(b"\n")
    if Path("/proc", os.fsdecode(number)).exists():
        pid_file.write_bytes(_NO_PROCESS + b"\n" + rest)


def _end_leftovers(place: Place, how: signal.Signals) -> None:
    """End the backends of a server that was killed: busy ones would keep us out until done."""
    if process_id(place) is not None:
        return
    for number in _servers_in(place.data):
        with contextlib.suppress(ProcessLookupError):
            os.kill(number, how)


def _servers_in(data: Path) -> list[int]:
    """Return every PostgreSQL process, server or backend, that works in this cluster."""
    return [int(p.name) for p in Path("/proc").glob("[0-9]*") if _is_server_in(data, p)]


def _is_server_in(data: Path, process: Path) -> bool:
    """Whether this entry of /proc is PostgreSQL, whose processes all enter their cluster."""
    program = _program(int(process.name))
    if program is None or not program.startswith("postgres"):  # upgraded: "postgres (deleted)"
        return False
    with contextlib.suppress(OSError):
        return (process / "cwd").samefile(data)
    return False


def _program(number: int) -> str | None:
    """Name of the program a process runs; None when it is gone, a zombie or another user's."""
    try:
        return Path(f"/proc/{number}/exe").readlink().name
    except OSError:
        return None


def _log(place: Place) -> Path:
    """Name the file of what the server says before it opens its own log."""
    return place.logs / "start.log"


def _does_not_start(place: Place) -> SetupError:
    lines = [
        line
        for path in sorted(place.logs.glob("*.log"), key=lambda p: p.stat().st_mtime)
        for line in path.read_text("utf-8", "replace").splitlines()
        if "FATAL" in line or "PANIC" in line
    ]
    why = lines[-1] if lines else "no reason given"
    return SetupError(
        f"{place.data}: PostgreSQL does not start: {why} (more in {place.logs})",
        zh=f"{place.data}：PostgreSQL 无法启动：{why}（详见 {place.logs}）",
        where=str(place.data),
    )
