"""Print a book in a process of its own.

It takes seconds of plain Python: in a web worker every dispatcher's answer would wait for the
interpreter's lock meanwhile.
"""

import json
import os
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from tempfile import TemporaryFile

from pydantic import TypeAdapter

from geoservice.book.volume import Volume
from geoservice.errors import BusyError, NoPdfError

_VOLUME = TypeAdapter(Volume)
NO_FONT = 3  # what `__main__.py` ends with where there is none
_WITHIN_S, _LOOK_EVERY_S, _TURN_WITHIN_S = 300.0, 0.2, 30.0
_press = threading.BoundedSemaphore(1)


def _never() -> bool:
    return False


def printed(volume: Volume, *, should_stop: Callable[[], bool] = _never) -> bytes:
    """Return the book as PDF; of several that are asked for at once one is printed at a time.

    Raises
    ------
    NoPdfError
        No font of this machine has Chinese, or it was stopped, took too long, or failed.
    BusyError
        Others are being printed.
    """
    if not _press.acquire(timeout=_TURN_WITHIN_S):
        raise BusyError(
            "another book is being printed: try again in a moment",
            zh="正在打印另一份手册，请稍后再试",
        )
    try:
        return _printed(_VOLUME.dump_json(volume), should_stop)
    finally:
        _press.release()


def _printed(message: bytes, should_stop: Callable[[], bool]) -> bytes:
    with TemporaryFile() as asked, TemporaryFile() as paper, TemporaryFile() as said:
        asked.write(message)
        asked.seek(0)
        process = subprocess.Popen(
            [sys.executable, "-P", "-m", "geoservice.book"],
            env=os.environ | {"PYTHONPATH": os.pathsep.join(it for it in sys.path if it)},
            stdin=asked, stdout=paper, stderr=said,
        )  # fmt: skip
        _wait(process, should_stop)
        paper.seek(0)
        said.seek(0)
        return _checked(process.returncode, paper.read(), said.read())


def _wait(process: subprocess.Popen[bytes], should_stop: Callable[[], bool]) -> None:
    """Wait for the end, which comes at once when it is to stop or has had its time."""
    until = time.monotonic() + _WITHIN_S
    while True:
        try:
            process.wait(_LOOK_EVERY_S)
        except subprocess.TimeoutExpired:
            if should_stop() or time.monotonic() > until:
                process.kill()
        else:
            return


def _checked(status: int, paper: bytes, said: bytes) -> bytes:
    if status == NO_FONT:
        raise NoPdfError(**json.loads(said))
    if status:
        why = said.decode("utf-8", "replace").strip().splitlines()[-1:] or [""]
        raise NoPdfError(
            f"the PDF was not made (status {status}) {why[0]}",
            zh=f"PDF 未能生成（状态 {status}）{why[0]}",
        )
    return paper
