"""The files a browser may have: our own modules and the listed libraries, found once at start.

A request is looked up among these names and never becomes a path, so nothing else can be reached.
"""

import json
from dataclasses import dataclass
from pathlib import Path

from geoservice.errors import SetupError
from geoservice.resources import folder

# What a browser loads of each npm package, and where in the package it is.
LIBRARIES: dict[str, tuple[str, ...]] = {
    "ol": ("dist/ol.js", "ol.css"),
    "proj4": ("dist/proj4.js",),
    "leaflet": ("dist/leaflet.js", "dist/leaflet.css", "dist/images/*.png"),
    "swagger-ui-dist": ("swagger-ui-bundle.js", "swagger-ui.css", "favicon-32x32.png"),
}
_OWN_SUFFIXES = {".js", ".css", ".svg", ".png", ".ico", ".woff2"}


@dataclass(frozen=True)
class Assets:
    """Name below `/web/` or `/web/lib/` -> file; library -> its folder's name with the version."""

    own: dict[str, Path]
    libraries: dict[str, Path]
    folders: dict[str, str]

    def page(self, name: str) -> str:
        """Return a page's HTML; `{ol}` in an address becomes the folder of that library.

        Raises
        ------
        SetupError
            The page is not installed.
        """
        path = folder("web") / name
        if not path.is_file():
            raise SetupError(f"web/{name} is not installed", zh=f"缺少 web/{name}")
        html = path.read_text("utf-8")
        for library, versioned in self.folders.items():
            html = html.replace(f"/web/lib/{{{library}}}/", f"/web/lib/{versioned}/")
        return html


def find_assets(root: Path | None = None) -> Assets:
    """Return what is below ``root``, by default the shipped `web` folder.

    Raises
    ------
    SetupError
        A library has not been fetched.
    """
    root = root or folder("web")
    own = {
        path.relative_to(root).as_posix(): path
        for path in root.rglob("*")
        if path.suffix in _OWN_SUFFIXES and path.is_file() and not _is_foreign(path, root)
    }
    folders = {library: f"{library}-{_version(root, library)}" for library in LIBRARIES}
    libraries = {
        f"{folders[library]}/{name}": path
        for library in LIBRARIES
        for name, path in _library_files(root / "node_modules" / library, LIBRARIES[library])
    }
    return Assets(own, libraries, folders)


def _is_foreign(path: Path, root: Path) -> bool:
    return path.relative_to(root).parts[0] == "node_modules"


def _version(root: Path, library: str) -> str:
    lock = json.loads((root / "package-lock.json").read_text("utf-8"))
    return str(lock["packages"][f"node_modules/{library}"]["version"])


def _library_files(package: Path, patterns: tuple[str, ...]) -> list[tuple[str, Path]]:
    found: list[tuple[str, Path]] = []
    for pattern in patterns:
        paths = sorted(package.glob(pattern))
        if not paths:
            raise SetupError(
                f"the web library {package.name} is not here ({pattern}): run `npm ci` in web/",
                zh=f"缺少网页库 {package.name}（{pattern}）：请在 web/ 中运行 npm ci",
            )
        found += [(p.relative_to(package).as_posix().removeprefix("dist/"), p) for p in paths]
    return found
