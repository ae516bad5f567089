"""What a reader process can reach, asked by one that tries."""

import json
import os
import subprocess
import sys
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from geoservice.errors import SetupError
from geoservice.sandbox import running
from geoservice.sandbox.confine import Confinement
from geoservice.sandbox.frames import framed, packed, read_frame, unpacked
from geoservice.sandbox.limits import Limits

TRIES = """
import json, os, socket, sys
from pathlib import Path
from geoservice.sandbox.confine import confine
from geoservice.sandbox.limits import Limits
folder = Path(sys.argv[1])
told = confine(folder, Limits())
def attempt(what):
    try:
        what()
        return "done"
    except OSError as error:
        return type(error).__name__
def fork():
    if os.fork() == 0:
        os._exit(0)
(folder / "a").write_text("mine")
(folder / "a").rename(folder / "b")
found = {
    "own file": attempt(lambda: (folder / "b").read_text()),
    "other file": attempt(lambda: Path(sys.argv[2]).read_text()),
    "passwords": attempt(lambda: Path("/etc/passwd").read_text()),
    "processes": attempt(lambda: os.listdir("/proc")),
    "write": attempt(lambda: Path("/tmp/geoservice-sandbox-try").write_text("x")),
    "socket": attempt(lambda: socket.create_connection(("127.0.0.1", int(sys.argv[3])), 1)),
    "unix socket": attempt(lambda: socket.socket(socket.AF_UNIX)),
    "program": attempt(lambda: os.execv("/bin/true", ["true"])),
    "fork": attempt(fork),
    "signal": attempt(lambda: os.kill(os.getppid(), 0)),
}
print(json.dumps({"level": told.level, "found": found}))
"""


@pytest.fixture
def heard() -> "ThreadingHTTPServer":
    """A server on this machine that counts who asks."""

    class Counting(BaseHTTPRequestHandler):
        def do_GET(self) -> None:  # the library's name
            server.asked += 1
            self.send_error(404)

    server = ThreadingHTTPServer(("127.0.0.1", 0), Counting)
    server.asked = 0
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield server
    server.shutdown()
    server.server_close()
    thread.join()


def test_a_confined_process_reaches_its_own_folder_only(
    tmp_path: Path, heard: ThreadingHTTPServer
) -> None:
    told = running.confinement_here()
    if told.level != "full":
        pytest.skip(f"this machine confines a reader in part only: {told.as_json()}")
    folder, other = tmp_path / "reading", tmp_path / "other"
    folder.mkdir()
    other.write_text("secret")
    command = [sys.executable, "-c", TRIES, str(folder), str(other), str(heard.server_port)]
    done = subprocess.run(command, capture_output=True, text=True, check=True, timeout=30)
    answer = json.loads(done.stdout)
    assert answer["level"] == "full"
    found = answer["found"]
    assert found.pop("own file") == "done"
    assert set(found.values()) == {"PermissionError"}, found
    assert heard.asked == 0
    assert not Path("/tmp/geoservice-sandbox-try").exists()  # noqa: S108


def test_what_holds_is_told() -> None:
    assert running.confinement_here().as_json().keys() == {
        "level", "files", "network", "calls", "privileges",
    }  # fmt: skip
    levels = [Confinement(f, n, c, True).level for f, n, c in
              [(1, 1, 1), (1, 0, 1), (1, 0, 0), (0, 1, 0), (0, 0, 0)]]  # fmt: skip
    assert levels == ["full", "full", "partial", "partial", "limits"]


def test_a_reader_that_hangs_is_killed_with_its_group(tmp_path: Path) -> None:
    started = time.monotonic()
    limits = Limits(wall_s=1)
    # A module of the standard library that never answers: it waits for a line of its terminal.
    with running.running("http.server", tmp_path, {}, limits) as frames:
        assert next(frames, None) is None
    assert time.monotonic() - started < 5


def test_an_answer_too_long_is_cut_off(tmp_path: Path) -> None:
    limits = Limits(answer_mb=0)
    with (
        pytest.raises(running.BrokenReaderError, match="at most"),
        running.running("geoservice.sandbox", tmp_path, {}, limits) as frames,
    ):
        next(frames)


def test_frames_and_packs_come_out_as_they_went_in() -> None:
    read, write = os.pipe()
    os.write(write, framed(b"one", b"", b"three"))
    os.close(write)
    with os.fdopen(read, "rb") as pipe:
        assert [read_frame(pipe.read, 10) for _ in range(4)] == [b"one", b"", b"three", None]
    items = [b"a", None, b"", b"bcd"]
    assert unpacked(packed(items)) == items
    assert unpacked(packed([])) == []
    for wrong in (b"\0\0\0\1", packed(items) + b"x", packed(items)[:-1]):
        with pytest.raises(EOFError):
            unpacked(wrong)


def test_limits_are_settings() -> None:
    assert Limits.from_environment({}) == Limits()
    assert Limits.from_environment({"GEOSERVICE_READER_ROWS": "7"}).rows == 7
    for wrong in ("-1", "x", "0", "1.5"):
        with pytest.raises(SetupError, match="READER_WALL_S"):
            Limits.from_environment({"GEOSERVICE_READER_WALL_S": wrong})
