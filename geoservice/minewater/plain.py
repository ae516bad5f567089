"""Inputs and results as JSON has them, and inputs back from it (pure)."""

from dataclasses import fields, is_dataclass
from typing import Any

import pyproj
import shapely
from shapely.geometry.base import BaseGeometry

from geoservice.minewater import inputs as kinds
from geoservice.minewater.inputs import InputShape, MineInputs

# What a file may name: nothing else is made of it.
_CLASSES: dict[str, type[Any]] = {
    it.__name__: it
    for it in (
        *InputShape.__subclasses__(),
        kinds.Seam,
        kinds.Rasters,
        kinds.Conversion,
        MineInputs,
    )
}


def plain(value: Any) -> Any:
    """Return a value as JSON has it: shapes as hexadecimal WKB, normalised; classes by name."""
    if isinstance(value, BaseGeometry):
        return {"wkb": shapely.to_wkb(shapely.normalize(value), hex=True, byte_order=1)}
    if isinstance(value, pyproj.CRS):
        return {"crs": value.to_wkt()}
    if is_dataclass(value):
        told = {it.name: plain(getattr(value, it.name)) for it in fields(value)}
        return {"class": type(value).__name__} | told
    if isinstance(value, frozenset):
        return {"any_of": sorted(value)}
    if isinstance(value, dict):
        return {key: plain(it) for key, it in value.items()}
    return [plain(it) for it in value] if isinstance(value, tuple) else value


def made(told: Any) -> Any:
    """Return the value that `plain` told.

    Raises
    ------
    KeyError
        It names a class that is none of the inputs.
    TypeError
        A class lacks something, or has something else.
    """
    if isinstance(told, list):
        return tuple(made(it) for it in told)
    if not isinstance(told, dict):
        return told
    if told.keys() == {"wkb"}:
        return shapely.from_wkb(told["wkb"])
    if told.keys() == {"crs"}:
        return pyproj.CRS.from_wkt(told["crs"])
    if told.keys() == {"any_of"}:
        return frozenset(told["any_of"])
    kind = _CLASSES[told["class"]]
    return kind(**{name: made(it) for name, it in told.items() if name != "class"})
