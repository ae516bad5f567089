"""Where files of exports are made before they are sent: in the state folder, one folder each."""

import shutil
import tempfile
from pathlib import Path


def new_folder(home: Path) -> Path:
    """Return a new folder for one export, which its request removes at the end."""
    folder = _folder(home)
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    return Path(tempfile.mkdtemp(prefix="export-", dir=folder))


def clear(home: Path) -> None:
    """Remove what exports left that were cut short; to be called while no service runs."""
    shutil.rmtree(_folder(home), ignore_errors=True)


def _folder(home: Path) -> Path:
    return home / "exports"
