"""One number for all that a derivation rests on: the same inputs, the same number (pure)."""

import json
from hashlib import sha256
from typing import Any

import numpy as np
import rasterio
from rasterio.windows import Window

from geoservice.minewater.grids import CACHE_MB, KINDS, read_known
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
    """Hash what a raster says: its grid, CRS, type and cells, and which are known."""
    with rasterio.Env(GDAL_CACHEMAX=CACHE_MB), rasterio.open(path) as dataset:
        crs = "" if dataset.crs is None else dataset.crs.to_wkt()
        told = (tuple(dataset.transform), dataset.shape, dataset.dtypes[0], crs)
        digest = sha256(repr(told).encode())
        for first in range(0, dataset.height, _ROWS):
            rows = min(_ROWS, dataset.height - first)
            values, is_known = read_known(dataset, Window(0, first, dataset.width, rows))
            digest.update(np.packbits(is_known).tobytes())
            digest.update(np.where(is_known, values, 0).tobytes())
    return digest.hexdigest()
