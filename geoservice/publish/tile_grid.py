"""The grid of WebMercatorQuad: sizes, and where on the globe a tile lies (pure)."""

import math

TILE_EXTENT, TILE_BUFFER = 4096, 256
MERCATOR_SRID, MERCATOR_HALF_M = 3857, 20037508.342789244


def tile_box_deg(zoom: int, row: int, col: int, margin: float) -> tuple[float, float, float, float]:
    """Return a tile's west, south, east, north in degrees, wider by ``margin`` tiles all round.

    Kept within the globe: PostGIS would wrap a longitude beyond 180 to the other side and turn
    the box of the lowest zooms inside out.
    """
    size = float(2**zoom)

    def lon(x: float) -> float:
        return min(max(x / size * 360 - 180, -180.0), 180.0)

    def lat(y: float) -> float:
        return math.degrees(math.atan(math.sinh(math.pi * (1 - 2 * min(max(y / size, 0.0), 1.0)))))

    return lon(col - margin), lat(row + 1 + margin), lon(col + 1 + margin), lat(row - margin)


def cell_box_deg(zoom: int, row: int, part: float) -> tuple[float, float]:
    """Return width and height in degrees of a square ``part`` as wide as a tile, in its middle."""
    width = 360 / 2**zoom * part
    middle = math.atan(math.sinh(math.pi * (1 - 2 * (row + 0.5) / 2**zoom)))
    return width, width * math.cos(middle)
