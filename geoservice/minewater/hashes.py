"""One number for all that a derivation rests on: the same inputs, the same number (pure)."""

import json
from hashlib import sha256
from typing import Any

import numpy as np
import rasterio

from geoservice.minewater.grids import KINDS
from geoservice.minewater.inputs import MineInputs, Rasters
from geoservice.minewater.plain import plain
from geoservice.minewater.rulesets import RuleSet, to_json

_ROWS = 512


def inputs_hash(inputs: MineInputs, rules: RuleSet) -> str:
    """Return SHA-256 of the inputs and the rule set.

    Neither the order of shapes nor where raster files lie matters; what is in them does.
    """
    told = plain(inputs)
    told["shapes"] = sorted(told["shapes"], key=lambda it: json.dumps(it, sort_keys=True))
    told["rasters"] = None if inputs.rasters is None else _rasters(inputs.rasters)
    told["ruleset"] = {"code": rules.code, "parameters": to_json(rules)}
    return sha256(json.dumps(told, sort_keys=True).encode()).hexdigest()


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
