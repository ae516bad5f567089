"""Functions compiled by numba: loaded when first needed, compiled once a machine."""

import os
from functools import cache
from importlib import import_module
from pathlib import Path
from types import ModuleType

from geoservice.network.folders import network_folder


@cache
def compiled(name: str) -> ModuleType:
    """Return a module of compiled functions: some seconds on its first use ever, then from disk.

    numba is slow to import, so only what needs it does. What it compiles is kept beside the
    source, or in the service's own folder where an installed package is not ours to write.
    """
    from numba import config

    if not os.access(Path(__file__).parent, os.W_OK):
        config.CACHE_DIR = str(  # type: ignore[attr-defined]  # numba sets its own names
            network_folder() / "compiled"
        )
    return import_module(name)
