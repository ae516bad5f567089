"""Run a module in a confined process of its own and take its answer, frame by frame."""

import json
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import asdict
from functools import cache
from pathlib import Path
from typing import Any

from geoservice.sandbox.confine import Confinement
from geoservice.sandbox.frames import read_frame
from geoservice.sandbox.limits import Limits


class BrokenReaderError(Exception):
    """The process was killed, ended early or answered what it should not; no error of a file."""


@contextmanager
def running(
    module: str, folder: Path, request: Mapping[str, Any], limits: Limits
) -> Iterator[Iterator[bytes]]:
    """Start ``module`` beside the files of ``folder``; give its frames as they come.

    It ends with the context: by itself, at ``limits.wall_s``, or because the frames are not
    wanted any longer.

    Raises
    ------
    BrokenReaderError
        While frames are taken: it broke, or answered too much.
    """
    message = json.dumps({"request": dict(request), "limits": asdict(limits)})
    process = subprocess.Popen(  # noqa: S603  # our own module
        [sys.executable, "-P", "-m", module, str(folder)],
        cwd=folder, env=_environment(folder), stdin=subprocess.PIPE, stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL, start_new_session=True,
    )  # fmt: skip
    clock = threading.Timer(limits.wall_s, _kill, [process])
    clock.start()
    try:
        with suppress(BrokenPipeError):
            _write(process, message.encode())
        yield _frames(process, limits.answer_mb * 1_000_000)
    finally:
        clock.cancel()
        _kill(process)
        process.wait()
        if process.stdout is not None:
            process.stdout.close()


def _write(process: subprocess.Popen[bytes], message: bytes) -> None:
    if process.stdin is not None:
        with process.stdin as pipe:
            pipe.write(message)


def _frames(process: subprocess.Popen[bytes], most: int) -> Iterator[bytes]:
    pipe = process.stdout
    if pipe is None:
        raise BrokenReaderError("no pipe")
    try:
        while (frame := read_frame(pipe.read, most)) is not None:
            most -= len(frame)
            yield frame
    except EOFError as error:
        raise BrokenReaderError(str(error)) from error


def _kill(process: subprocess.Popen[bytes]) -> None:
    """End it and whatever it started."""
    if process.poll() is None:
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)


def _environment(folder: Path) -> dict[str, str]:
    """Return its environment: where our modules are, and that GDAL has two drivers only."""
    return {
        "PYTHONPATH": os.pathsep.join(entry for entry in sys.path if entry),
        "PYTHONUTF8": "1",
        "PYTHONDONTWRITEBYTECODE": "1",
        "HOME": str(folder),
        "TMPDIR": str(folder),
        "OPENBLAS_NUM_THREADS": "1",
        "OMP_NUM_THREADS": "1",
        "GDAL_SKIP": _other_drivers(),
        "OGR_SKIP": _other_drivers(),
        "GDAL_VRT_ENABLE_PYTHON": "NO",
        "GDAL_HTTP_PROXY": "127.0.0.1:9",
    }


KEPT_DRIVERS = {"ESRI Shapefile", "GPKG"}


@cache
def _other_drivers() -> str:
    """Every driver but two: a VRT named `x.shp` would else read any file of the machine."""
    import pyogrio  # slow import, reading only

    return ",".join(sorted(set(pyogrio.list_drivers()) - KEPT_DRIVERS))


@cache
def confinement_here() -> Confinement:
    """Return what confines a reader on this machine, asked of one that is started for it.

    Raises
    ------
    BrokenReaderError
        No reader process can be started here.
    """
    import tempfile

    with (
        tempfile.TemporaryDirectory(prefix="geoservice-read-") as folder,
        running("geoservice.sandbox", Path(folder), {}, Limits.from_environment()) as frames,
    ):
        told = next(frames, None)
    if told is None:
        raise BrokenReaderError("the reader process does not answer")
    return Confinement(**json.loads(told))
