"""Levels of one height datum told in another, or refused (pure)."""

from geoservice.errors import DatumError

# 1956 Yellow Sea heights are 0.029 m above those of 1985: DOMAIN, PRODUCT.
_ABOVE_1985_M = {"1985": 0.0, "1956": 0.029}


def height_in(height_m: float, datum: str, wanted: str) -> float:
    """Return a height (m) of ``datum`` in ``wanted``.

    Raises
    ------
    DatumError
        They differ, and no conversion is known: only 1985 and 1956 are.
    """
    if datum == wanted:
        return height_m
    if datum in _ABOVE_1985_M and wanted in _ABOVE_1985_M:
        return height_m - _ABOVE_1985_M[datum] + _ABOVE_1985_M[wanted]
    raise DatumError(
        f"a level of {datum} cannot be compared with heights of {wanted}: give it in {wanted}",
        zh=f"{datum} 高程的水位不能与 {wanted} 高程比较：请给出 {wanted} 高程的水位",
        where="height_datum",
    )
