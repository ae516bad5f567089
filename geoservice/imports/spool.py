"""Where files that were sent are kept: under names of ours, readable by the service alone."""

import secrets
import shutil
from pathlib import Path
from typing import BinaryIO


def keep(home: Path, source: BinaryIO) -> tuple[str, int]:
    """Copy a file into the spool; its name there, and its bytes."""
    folder = _folder(home)
    name = secrets.token_hex(16)
    target = folder / name
    with target.open("xb") as out:
        target.chmod(0o600)
        shutil.copyfileobj(source, out)
    return name, target.stat().st_size


def path_of(home: Path, name: str) -> Path:
    """Return where a kept file is."""
    return _folder(home) / Path(name).name


def forget(home: Path, name: str | None) -> None:
    """Remove a kept file; one that is gone already is no matter."""
    if name:
        path_of(home, name).unlink(missing_ok=True)


def _folder(home: Path) -> Path:
    folder = home / "uploads"
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    folder.chmod(0o700)
    return folder
