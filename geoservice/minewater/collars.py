"""How a shaft collar or yard stands to water of a level: rule S2 (pure)."""

from typing import Literal

Against = Literal["above", "defended", "below", "unknown"]
IN_DANGER: tuple[Against, ...] = ("below", "unknown")


def against_water(
    collar_m: float | None, level_m: float | None, defence_doc: str | None
) -> Against:
    """Return how a collar stands to a level of the same height datum; at the level it is not above.

    ``defended``: not above, with a document of its defence; ``unknown``: one of the two is.
    """
    if collar_m is None or level_m is None:
        return "unknown"
    if collar_m > level_m:
        return "above"
    return "defended" if defence_doc else "below"
