"""Where this process keeps the network's arrays and compiled code: shared by all of one service."""

import atexit
import shutil
import tempfile
from pathlib import Path

_chosen: list[Path] = []


def keep_network_in(home: Path) -> None:
    """Keep them in the service's home, beside the database; the first home that is named stays."""
    if not _chosen:
        _chosen.append(home / "network")


def network_folder() -> Path:
    """Return the folder, made if need be; without a home one that ends with this process."""
    if not _chosen:
        folder = Path(tempfile.mkdtemp(prefix="geoservice-network-"))
        atexit.register(shutil.rmtree, folder, ignore_errors=True)
        _chosen.append(folder)
    _chosen[0].mkdir(mode=0o700, parents=True, exist_ok=True)
    return _chosen[0]
