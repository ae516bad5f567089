"""When somebody is there: what comes before driving, driving, and how sure that is (pure).

ETA = loading (a depot) or turning out (a team) + driving around the closures in force. What is not
on record is assumed, and said to be. The spread is of the driving time: other routers on the same
roads, with turn costs of their own, drove 2 to 11 % longer at the median and 12 to 53 % at the 95th
percentile; an empty road is taken to be a tenth faster.
"""

import math
from dataclasses import dataclass

from geoservice.texts import Text

# Provisional until the district has drilled it: not from an official text.
ASSUMED_LOAD_MIN = 20.0
ASSUMED_TURN_OUT_MIN = 15.0
EARLIEST, LATEST = 0.9, 1.35
# A record that nobody verified lately counts as if it came so much later, in the ranking only.
STALE_LATER_S = 60


@dataclass(frozen=True)
class Timing:
    """Seconds from now, whole ones where it is there; ``inf`` where it cannot come."""

    prepare_s: float
    drive_s: float
    is_assumed: bool

    @property
    def comes(self) -> bool:
        """Whether it can come at all."""
        return math.isfinite(self.drive_s)

    @property
    def eta_s(self) -> int:
        """When it is there."""
        return math.ceil(round(self.prepare_s + self.drive_s, 3))

    @property
    def earliest_s(self) -> int:
        """When it is there on an empty road."""
        return math.floor(self.prepare_s + EARLIEST * self.drive_s)

    @property
    def latest_s(self) -> int:
        """When it is there at the latest, as driving goes."""
        return math.ceil(self.prepare_s + LATEST * self.drive_s)


def timing(prepare_min: float | None, drive_s: float, *, assumed_min: float) -> Timing:
    """Return when a resource is there that loads or turns out for so many minutes, if known."""
    minutes = assumed_min if prepare_min is None else prepare_min
    return Timing(minutes * 60, drive_s, prepare_min is None)


def how_made() -> Text:
    """Say what an ETA and its spread are made of."""
    low, high = round((1 - EARLIEST) * 100), round((LATEST - 1) * 100)
    return Text(
        zh=f"到达时间含装车或出动、行车；区间按行车时间 -{low}% 至 +{high}%"
        "（与其他路由引擎比对所得，暂定）",
        en=f"ETA = loading or turning out + driving; its spread is {low} % less to {high} % more "
        "driving (from comparisons with other routers, provisional)",
    )
