"""Where `sql/`, `layers/` and `web/` are: in the checkout, or inside the installed wheel."""

from pathlib import Path
from typing import Literal

_PACKAGE = Path(__file__).resolve().parent
_WHEEL = _PACKAGE / "_data"


def folder(name: Literal["sql", "layers", "web"]) -> Path:
    """Return the folder of shipped data files of that name.

    Raises
    ------
    FileNotFoundError
        The installation is incomplete.
    """
    root = _WHEEL if _WHEEL.is_dir() else _PACKAGE.parent
    path = root / name
    if not path.is_dir():
        raise FileNotFoundError(path)
    return path
