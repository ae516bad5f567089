"""Where the rasters of seams lie."""

from pathlib import Path


def raster_folder(home: Path) -> Path:
    """Return the folder of the rasters, each named by its SHA-256; it may not be there yet."""
    return home / "zoning"
