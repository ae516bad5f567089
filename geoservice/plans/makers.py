"""What can be made in time (pure)."""

import math
from decimal import ROUND_FLOOR, Decimal


def makeable(per_day: float, lead_h: float, within_h: float) -> Decimal:
    """Return how many whole units are made within so many hours: ``per_day`` a day after the lead.

    Time to start, or less, gives none; time without end would give more than anybody asks for
    and is not to be asked.
    """
    hours = Decimal(repr(within_h)) - Decimal(repr(lead_h))
    if hours <= 0:
        return Decimal(0)
    made = Decimal(repr(per_day)) * hours / 24
    return made.quantize(Decimal(1), rounding=ROUND_FLOOR)


def ready_h(per_day: float, lead_h: float, quantity: Decimal) -> float:
    """Return after how many hours so many units are made, to the minute that follows."""
    return lead_h + math.ceil(float(quantity) / per_day * 24 * 60 - 1e-9) / 60
