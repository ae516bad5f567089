"""Whether two planes are the same, but for the number of the zone before the eastings (pure)."""

import pyproj

_FALSE_EASTING = "False easting"


def same_plane(own: pyproj.CRS, plane: pyproj.CRS) -> bool:
    """Return whether a file's CRS is the plane, whatever it is called."""
    if own.equals(plane, ignore_axis_order=True):
        return True
    mine, wanted = _numbers(own), _numbers(plane)
    return mine is not None and mine == wanted


def zone_prefix_m(own: pyproj.CRS, plane: pyproj.CRS) -> float | None:
    """Return by how much its eastings are larger, where that is the number of its zone alone.

    ``EPSG:4526`` is ``EPSG:4547`` with 38 before every easting: 38 000 000 m.
    """
    mine, wanted = _numbers(own), _numbers(plane)
    if mine is None or wanted is None:
        return None
    more = mine[_FALSE_EASTING] - wanted[_FALSE_EASTING]
    rest = {**mine, _FALSE_EASTING: wanted[_FALSE_EASTING]}
    return more if rest == wanted and more > 0 and more % 1e6 == 0 else None


def _numbers(crs: pyproj.CRS) -> dict[str, float] | None:
    """Return what defines a transverse Mercator projection in metres, and its ellipsoid."""
    operation = crs.coordinate_operation
    if not crs.is_projected or operation is None or crs.ellipsoid is None:
        return None
    if operation.method_name != "Transverse Mercator":
        return None
    if {axis.unit_conversion_factor for axis in crs.axis_info} != {1.0}:
        return None
    numbers = {it.name: float(it.value) for it in operation.params}
    shape = {
        "axis": round(crs.ellipsoid.semi_major_metre, 3),
        "flattening": round(crs.ellipsoid.inverse_flattening, 6),
    }
    return {name: round(value, 6) for name, value in numbers.items()} | shape
