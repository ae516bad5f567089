"""Rows -> a file, by the writer of its format."""

from collections.abc import Callable
from pathlib import Path

from geoservice.exports.drawing import write_dxf
from geoservice.exports.gdal_files import write_gdal
from geoservice.exports.parquet import write_parquet
from geoservice.exports.shapefile import write_shapefile
from geoservice.exports.sheet import write_xlsx
from geoservice.exports.source import Source
from geoservice.exports.tables import write_corners, write_csv

_WRITERS: dict[str, Callable[[Source, Path], list[str]]] = {
    "gpkg": write_gdal,
    "geojson": write_gdal,
    "fgb": write_gdal,
    "kml": write_gdal,
    "shp": write_shapefile,
    "csv": write_csv,
    "corners": write_corners,
    "parquet": write_parquet,
    "dxf": write_dxf,
    "xlsx": write_xlsx,
}


def write_source(source: Source, path: Path) -> list[str]:
    """Write one layer to ``path`` in its format; return what could not be kept as it was.

    Raises
    ------
    InputError
        A text is not in the encoding, or there is more than the format holds.
    FileError
        The path cannot be written.
    """
    return _WRITERS[source.export.format.name](source, path)
