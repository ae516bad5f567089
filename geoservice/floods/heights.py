"""Levels of one height datum told in another, or refused (pure)."""

from geoservice.errors import DatumError
from geoservice.heights import converted


def height_in(height_m: float, datum: str, wanted: str) -> float:
    """Return a height (m) of ``datum`` in ``wanted``.

    Raises
    ------
    DatumError
        They differ, and no conversion is known: only 1985 and 1956 are.
    """
    height = converted(height_m, datum, wanted)
    if height is not None:
        return height
    raise DatumError(
        f"a level of {datum} cannot be compared with heights of {wanted}: give it in {wanted}",
        zh=f"{datum} 高程的水位不能与 {wanted} 高程比较：请给出 {wanted} 高程的水位",
        where="height_datum",
    )
