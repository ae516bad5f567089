"""Put `sql/`, `layers/` and `web/` into the wheel; an editable install reads the checkout."""

from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

# Of each npm package only what a browser loads, with the licence that must go with it.
LIBRARY_FILES = (
    "ol/dist/ol.js",
    "ol/ol.css",
    "ol/LICENSE.md",
    "proj4/dist/*.js",
    "proj4/LICENSE.md",
    "leaflet/dist/**/*",
    "leaflet/LICENSE",
    "swagger-ui-dist/*.js",
    "swagger-ui-dist/*.css",
    "swagger-ui-dist/*.png",
    "swagger-ui-dist/LICENSE",
    "swagger-ui-dist/NOTICE",
    "swagger-ui-dist/*.LICENSE.txt",
)


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
        for pattern in LIBRARY_FILES:
            found = list((root / "web" / "node_modules").glob(pattern))
            if not found:
                raise FileNotFoundError(f"web/node_modules/{pattern}: run `npm ci` in web/ first")
            files += found
        build_data["force_include"].update(
            {
                str(file): f"geoservice/_data/{file.relative_to(root).as_posix()}"
                for file in files
                if file.is_file() and file.suffix != ".map"
            }
        )


def _own(top: Path) -> list[Path]:
    """Files of the project itself below one entry of `web/`."""
    if top.name == "node_modules":
        return []
    return [top, *top.rglob("*")]
