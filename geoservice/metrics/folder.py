"""Where the workers of a service count; said before the library that counts is imported."""

import os
import shutil
from pathlib import Path

FOLDER = "PROMETHEUS_MULTIPROC_DIR"  # the library reads it when it is first imported


def begin_counting(home: Path) -> None:
    """Let the workers that are about to start count from nothing, in a folder of their own."""
    folder = home / "metrics"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(mode=0o700, parents=True)
    os.environ[FOLDER] = str(folder)
