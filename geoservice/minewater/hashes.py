"""One number for all that a derivation rests on: the same inputs, the same number (pure)."""

import json
from dataclasses import fields, is_dataclass
from hashlib import sha256
from typing import Any

import numpy as np
import pyproj
import rasterio
import shapely
from shapely.geometry.base import BaseGeometry

from geoservice.minewater.grids import KINDS
from geoservice.minewater.inputs import MineInputs, Rasters
from geoservice.minewater.rulesets import RuleSet, to_json

_ROWS = 512


def inputs_hash(inputs: MineInputs, rules: RuleSet) -> str:
    """Return SHA-256 of the inputs and the rule set.

    Neither the order of shapes nor where raster files lie matters; what is in them does.
    """
    told = _plain(inputs)
    told["shapes"] = sorted(told["shapes"], key=lambda it: json.dumps(it, sort_keys=True))
    told["rasters"] = None if inputs.rasters is None else _rasters(inputs.rasters)
    told["ruleset"] = {"code": rules.code, "parameters": to_json(rules)}
    return sha256(json.dumps(told, sort_keys=True).encode()).hexdigest()


def _plain(value: Any) -> Any:
    if isinstance(value, BaseGeometry):
        return shapely.to_wkb(shapely.normalize(value), hex=True, byte_order=1)
    if isinstance(value, pyproj.CRS):
        return value.to_wkt()
    if is_dataclass(value):
        told = {it.name: _plain(getattr(value, it.name)) for it in fields(value)}
        return {"class": type(value).__name__} | told
    if isinstance(value, frozenset):
        return sorted(value)
    return [_plain(it) for it in value] if isinstance(value, tuple) else value


def _rasters(rasters: Rasters) -> dict[str, Any]:
    told: dict[str, Any] = {
        "pressure_datum": rasters.pressure_datum,
        "height_datum": rasters.height_datum,
    }
    for kind in KINDS:
        path = getattr(rasters, kind)
        told[kind] = None if path is None else _raster(path)
    return told


def _raster(path: str) -> str:
    """Hash what a raster says: its grid, CRS and cells, nodata told as such."""
    with rasterio.open(path) as dataset:
        crs = "" if dataset.crs is None else dataset.crs.to_wkt()
        digest = sha256(repr((tuple(dataset.transform), dataset.shape, crs)).encode())
        for first in range(0, dataset.height, _ROWS):
            rows = min(_ROWS, dataset.height - first)
            read = dataset.read(1, window=((first, first + rows), (0, dataset.width)), masked=True)
            values = np.ma.filled(read.astype(np.float64), np.nan)
            digest.update(np.where(np.isnan(values), np.nan, values).tobytes())
    return digest.hexdigest()
