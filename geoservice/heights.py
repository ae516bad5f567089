"""Levels of two height datums brought to one, where that is known (pure)."""

from collections.abc import Iterable

# A level of the 1956 Yellow Sea datum is that of 1985 + 0.029 m.
_ABOVE_1985_M = {"1985": 0.0, "1956": 0.029}
NATIONAL = "1985"


def converted(level_m: float, given: str, wanted: str) -> float | None:
    """Return a level, metres, in another datum; None where the step between them is not known.

    Only 1985 and 1956 are converted. EGM96 and a local datum are equal to themselves alone.
    """
    if given == wanted:
        return level_m
    if given in _ABOVE_1985_M and wanted in _ABOVE_1985_M:
        return level_m - _ABOVE_1985_M[given] + _ABOVE_1985_M[wanted]
    return None


def common_datum(datums: Iterable[str]) -> str | None:
    """Return the datum that levels of all of these can be in; None where there is none.

    1985 where there are only 1985 and 1956.
    """
    found = set(datums)
    if len(found) == 1 and not found <= _ABOVE_1985_M.keys():
        return found.pop()
    return NATIONAL if found and found <= _ABOVE_1985_M.keys() else None
