"""The reader process of rasters: `python -m geoservice.zoning.raster_reader FOLDER`, one GeoTIFF.

It confines itself and answers in frames: what the file says of itself, then its cells, some rows
at a time, NaN where there is no value.
"""

import sys
from typing import Any

from geoservice.errors import FileError, InputError
from geoservice.sandbox.child import Task, answer, begin, send

ROWS_AT_ONCE = 512
_MOST_CELLS = 160_000_000


def main() -> int:
    """Read, answer, and return the exit status."""
    task = begin()
    try:
        _read(task)
    except InputError as error:
        answer({"error": error.message, "zh": error.zh})
    except MemoryError:
        answer({"error": "it takes too much memory", "zh": "读取所需内存超过上限"})
    return 0


def _read(task: Task) -> None:
    import rasterio  # after the limits
    from rasterio.errors import RasterioError

    try:
        with rasterio.open(task.folder / "input", driver="GTiff") as raster:
            _answer(raster)
    except RasterioError as error:
        raise FileError("no GeoTIFF that can be read", zh="不是可读取的 GeoTIFF") from error


def _answer(raster: Any) -> None:  # rasterio's datasets have no types
    import numpy as np
    from rasterio.windows import Window

    if raster.width * raster.height > _MOST_CELLS:
        raise FileError(
            f"{raster.width} x {raster.height} cells are more than {_MOST_CELLS}",
            zh=f"{raster.width} x {raster.height} 个格网，超过上限 {_MOST_CELLS}",
        )
    kind = raster.dtypes[0]
    is_wide = kind in ("float64", "int32", "uint32", "int64", "uint64")
    dtype = "<f8" if is_wide else "<f4"
    answer(
        {
            "bands": raster.count, "dtype": dtype,
            "crs": raster.crs.to_wkt() if raster.crs else None,
            "transform": list(raster.transform)[:6], "cols": raster.width, "rows": raster.height,
            "unit": raster.units[0] or "", "is_complex": "complex" in kind,
        }
    )  # fmt: skip
    if raster.count != 1 or "complex" in kind:
        return
    for first in range(0, raster.height, ROWS_AT_ONCE):
        rows = min(ROWS_AT_ONCE, raster.height - first)
        read = raster.read(1, window=Window(0, first, raster.width, rows), masked=True)
        send(np.ma.filled(read.astype(dtype), np.nan).tobytes())


if __name__ == "__main__":
    sys.exit(main())
