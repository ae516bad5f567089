"""Put `sql/`, `layers/` and `web/` into the wheel; an editable install reads the checkout."""

import importlib
import sys
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

# They go wherever copies of the libraries go.
LICENCES = ("LICENSE*", "NOTICE", "*.LICENSE.txt")


class DataFolders(BuildHookInterface):  # type: ignore[type-arg]  # the hook has no settings of its own
    """Lays the data folders under `geoservice/_data/`."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Name every file of the wheel's data.

        Raises
        ------
        FileNotFoundError
            The web libraries have not been fetched.
        """
        if version == "editable":
            return
        root = Path(self.root)
        files = [file for top in ("sql", "layers") for file in (root / top).rglob("*")]
        files += [file for top in (root / "web").iterdir() for file in _own(top)]
        for library, patterns in _served_libraries(self.root).items():
            package = root / "web" / "node_modules" / library
            files += [file for pattern in patterns for file in _found(package, pattern)]
            files += [file for pattern in LICENCES for file in package.glob(pattern)]
        build_data["force_include"].update(
            {
                str(file): f"geoservice/_data/{file.relative_to(root).as_posix()}"
                for file in files
                if file.is_file()
            }
        )


def _own(top: Path) -> list[Path]:
    """Files of the project itself below one entry of `web/`."""
    if top.name == "node_modules":
        return []
    return [top, *top.rglob("*")]


def _served_libraries(root: str) -> dict[str, tuple[str, ...]]:
    """Ask the service what it serves of each npm package: one list, not two."""
    sys.path.insert(0, root)
    try:
        return importlib.import_module("geoservice.assets").LIBRARIES
    finally:
        sys.path.remove(root)


def _found(package: Path, pattern: str) -> list[Path]:
    paths = list(package.glob(pattern))
    if not paths:
        raise FileNotFoundError(f"{package}/{pattern}: run `npm ci` in web/ first")
    return paths
