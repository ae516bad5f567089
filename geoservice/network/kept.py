"""The network's arrays in files that all processes of the service map into their memory.

A network is named by the uid of the arcs it was made of, so that a file never changes: it is
written aside and renamed, by one process at a time, and found again after a restart.
"""

import fcntl
import json
import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import fields
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from geoservice.network.folders import network_folder
from geoservice.network.graph import Floats, RoadNetwork

# Beside the network in use the one before it: a worker may still be at a question.
_KEPT = 2
_FORMAT = "1"
_LENGTHS = ("surfaces", "turns", "joins")


def network_of(uid: str, make: Callable[[], RoadNetwork]) -> RoadNetwork:
    """Return the network of that uid, from its files; made and written first if there are none."""
    folder = network_folder() / f"{uid}.{_FORMAT}"
    if not folder.is_dir():
        with _one_at_a_time():
            if not folder.is_dir():
                write_network(folder, make())
                _forget_old(folder)
    return read_network(folder)


def weights_of(uid: str, name: str, make: Callable[[], Floats]) -> Floats:
    """Return an array of a network's, as this process's own copy of a file; made if need be.

    What is changed in it is this process's alone, and takes memory only where it is changed.
    """
    folder = network_folder() / f"{uid}.{_FORMAT}"
    path = folder / f"{name}.npy"
    if not path.is_file():
        values = make()
        if not folder.is_dir():  # a newer network has taken its place
            return values
        with tempfile.NamedTemporaryFile(dir=folder, suffix=".part", delete=False) as part:
            np.save(part, values)
        Path(part.name).rename(path)
    return _mapped(path, "c")


def write_network(folder: Path, network: RoadNetwork) -> None:
    """Write the files of a network; the folder is there when all of them are."""
    part = Path(tempfile.mkdtemp(dir=folder.parent, prefix=".part-"))
    kept = {f.name: getattr(network, f.name) for f in fields(network)}
    for name, value in kept.items():
        if name not in _LENGTHS:
            np.save(part / f"{name}.npy", value)
    (part / "network.json").write_text(json.dumps({name: kept[name] for name in _LENGTHS}), "utf-8")
    part.rename(folder)


def read_network(folder: Path) -> RoadNetwork:
    """Return a network mapped from its files, for reading only."""
    told = json.loads((folder / "network.json").read_text("utf-8"))
    arrays: dict[str, Any] = {
        f.name: _mapped(folder / f"{f.name}.npy", "r")
        for f in fields(RoadNetwork)
        if f.name not in _LENGTHS
    }
    return RoadNetwork(**arrays, **{**told, "surfaces": tuple(told["surfaces"])})


def _mapped(path: Path, mode: Any) -> NDArray[Any]:
    """Map a file; numpy cannot map one of no length."""
    try:
        values: NDArray[Any] = np.load(path, mmap_mode=mode)
    except ValueError:
        values = np.load(path)
    return np.asarray(values)


@contextmanager
def _one_at_a_time() -> Iterator[None]:
    with (network_folder() / "lock").open("a") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _forget_old(newest: Path) -> None:
    """Remove all but the last networks, and what a process that was killed left unfinished."""
    everything = [p for p in newest.parent.iterdir() if p.is_dir() and p.name != "compiled"]
    whole = [p for p in everything if not p.name.startswith(".part-")]
    whole.sort(key=lambda p: p.stat().st_mtime, reverse=True)
    for old in {*everything} - {newest, *whole[:_KEPT]}:
        shutil.rmtree(old, ignore_errors=True)
