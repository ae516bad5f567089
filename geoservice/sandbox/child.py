"""The child's side: take the request, confine oneself, answer in frames."""

import json
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from geoservice.sandbox.confine import Confinement, confine
from geoservice.sandbox.frames import framed
from geoservice.sandbox.limits import Limits


@dataclass(frozen=True)
class Task:
    """What a confined process was asked for, and what holds it."""

    folder: Path
    request: dict[str, Any]
    limits: Limits
    confinement: Confinement


def begin() -> Task:
    """Read the request and confine this process; no file was looked at before."""
    message = json.loads(sys.stdin.buffer.read())
    folder, limits = Path(sys.argv[1]), Limits(**message["limits"])
    return Task(folder, message["request"], limits, confine(folder, limits))


def answer(value: object) -> None:
    """Send a JSON value."""
    send(json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "replace"))


def send(*parts: bytes) -> None:
    """Send bytes, a frame a part."""
    sys.stdout.buffer.write(framed(*parts))
    sys.stdout.buffer.flush()
