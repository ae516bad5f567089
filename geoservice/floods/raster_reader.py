"""The process that reads a depth raster: `python -m geoservice.floods.raster_reader FOLDER`.

It confines itself, opens `input` in that folder as GeoTIFF and nothing else, and answers in
frames: what the raster is, then its cells as float32, row by row, NaN where there is none.
"""

import sys

from geoservice.errors import FileError
from geoservice.sandbox.child import Task, answer, begin, send

MOST_CELLS = 60_000_000


def main() -> int:
    """Read, answer, and return the exit status."""
    task = begin()
    try:
        _answer(task)
    except FileError as error:
        answer({"error": "FileError", "en": error.message, "zh": error.zh})
    except MemoryError:
        answer({"error": "FileError", "en": "it takes too much memory", "zh": "占用内存过多"})
    return 0


def _answer(task: Task) -> None:
    import numpy as np  # after the limits
    import rasterio
    from rasterio.errors import RasterioError

    try:
        with rasterio.open(task.folder / "input", driver="GTiff") as raster:
            rows, cols, t = raster.height, raster.width, raster.transform
            if rows * cols > MOST_CELLS:
                raise FileError(
                    f"{rows} x {cols} cells: {MOST_CELLS} at most",
                    zh=f"{rows} x {cols} 格，最多 {MOST_CELLS} 格",
                )
            if t.b or t.d or t.a <= 0 or t.e >= 0:
                raise FileError(
                    "rotated or not north up: gdalwarp it first",
                    zh="栅格有旋转或不是正北朝上，请先用 gdalwarp 处理",
                )
            cells = raster.read(1, masked=True).astype(np.float32).filled(np.nan)
            crs = None if raster.crs is None else raster.crs.to_wkt()
    except RasterioError as error:
        raise FileError(f"no GeoTIFF that can be read: {error}", zh="无法读取的 GeoTIFF") from error
    answer({"rows": rows, "cols": cols, "transform": list(t)[:6], "crs": crs})
    send(np.ascontiguousarray(cells).tobytes())


if __name__ == "__main__":
    sys.exit(main())
