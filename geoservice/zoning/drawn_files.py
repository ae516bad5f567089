"""Shapes drawn elsewhere: GeoJSON files in CGCS2000."""

import json
from pathlib import Path
from typing import Any

import shapely
from shapely.geometry.base import BaseGeometry

from geoservice.crs import stored
from geoservice.errors import FileError
from geoservice.registry.bodies import read_shape
from geoservice.registry.fields import Shape


def json_in(file: Path) -> dict[str, Any]:
    """Return what a JSON file holds.

    Raises
    ------
    FileError
        It cannot be read as an object of JSON.
    """
    try:
        found = json.loads(file.read_text("utf-8"))
    except (OSError, ValueError) as error:
        raise FileError(
            f"{file}: not readable as GeoJSON: {error}", zh=f"{file}：无法读取为 GeoJSON"
        ) from error
    if not isinstance(found, dict):
        raise FileError(f"{file}: an object is needed", zh=f"{file}：须为 JSON 对象")
    return found


def area_in(file: Path, kind: Shape) -> BaseGeometry:
    """Return the one shape of a GeoJSON file, in ``STORE_SRID``: its features joined.

    Raises
    ------
    FileError, GeometryError
        It cannot be read, or is not of that kind or not valid.
    """
    found = json_in(file)
    features = found.get("features", [found])
    shapes = [read_shape(it.get("geometry", it), kind) for it in features]
    return shapes[0] if len(shapes) == 1 else stored(shapely.union_all(shapes))
