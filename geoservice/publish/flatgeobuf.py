"""Columns of a page -> the bytes of a FlatGeobuf, by GDAL.

PostGIS has an encoder of its own, but 3.3's writes rows that GDAL cannot read (a number or a
truth behind an empty column), and takes one type of geometry a file.
"""

import io
from typing import Any

import numpy as np
from numpy.typing import NDArray

from geoservice.publish.coordinates import CRS84, WGS84
from geoservice.publish.permit import Sight
from geoservice.publish.statement import Page

_WGS84_SRID = 4326
_TYPES: dict[str, Any] = {
    "integer": np.int64,
    "number": np.float64,
    "boolean": np.bool_,
    "instant": "datetime64[ms]",
}
_SHAPES = {"point": "Point", "line": "MultiLineString", "polygon": "MultiPolygon"}
_UTC = 100  # as GDAL counts zones


def written(columns: list[Any], sight: Sight, asked: Page) -> bytes:
    """Return the file of a page: x first whatever the CRS, days as texts.

    Parameters
    ----------
    columns
        A list each (None: no rows) for the id, the fields asked for, and the places as WKB if
        there are any.
    """
    import pyogrio.raw  # GDAL and pandas: large and slow imports

    kinds = {"id": "integer", **{field.name: field.type for field in sight.fields}}
    names = ["id", *(asked.fields or ())]
    lists = [values or [] for values in columns]
    data = [_array(values, kinds[name]) for name, values in zip(names, lists, strict=False)]
    masks = [_gaps(values, kinds[name]) for name, values in zip(names, lists, strict=False)]
    places = lists[len(names)] if len(lists) > len(names) else [None] * len(lists[0])
    instants = [name for name in names if kinds[name] == "instant"]
    crs = asked.shape.crs
    out = io.BytesIO()
    pyogrio.raw.write(
        out,
        np.array(places, dtype=object),
        data,
        names,
        field_mask=masks,
        layer=sight.layer.id,
        driver="FlatGeobuf",
        geometry_type=_SHAPES.get(sight.layer.geometry, "Unknown"),
        crs=f"EPSG:{_WGS84_SRID if crs in (CRS84, WGS84) else crs.srid}",
        promote_to_multi=sight.layer.geometry in ("line", "polygon"),
        gdal_tz_offsets={name: np.full(len(lists[0]), _UTC, dtype=np.int16) for name in instants},
        # The index would put the rows in an order of its own.
        layer_options={"SPATIAL_INDEX": "NO"},
    )
    return out.getvalue()


def _array(values: list[Any], kind: str) -> NDArray[Any]:
    if kind not in _TYPES:
        return np.array(values, dtype=object)
    return np.array([0 if value is None else value for value in values]).astype(_TYPES[kind])


def _gaps(values: list[Any], kind: str) -> NDArray[np.bool_] | None:
    if kind not in _TYPES:
        return None
    return np.array([value is None for value in values], dtype=np.bool_)
