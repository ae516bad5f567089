"""OpenStreetMap quantities as numbers: speeds, weights, heights. Pure; None where not understood.

The forms are those of https://wiki.openstreetmap.org/wiki/Map_features/Units.
"""

import re

_KPH = {"": 1.0, "km/h": 1.0, "kmh": 1.0, "kph": 1.0, "mph": 1.609344, "knots": 1.852}
_TONNES = {
    "": 1.0, "t": 1.0, "mt": 1.0, "kg": 0.001, "st": 0.90718474, "lt": 1.0160469088,
    "lb": 0.00045359237, "lbs": 0.00045359237, "cwt": 0.05080234544,
}  # fmt: skip
_METRES = {"": 1.0, "m": 1.0, "cm": 0.01, "ft": 0.3048, "feet": 0.3048, "'": 0.3048}

_QUANTITY = re.compile(r"(\d+(?:[.,]\d+)?)\s*([a-z/']*)")
_FEET = re.compile(r"(\d+)\s*(?:'|ft)\s*(\d+(?:\.\d+)?)\s*(?:\"|''|in|inch)?")
_INCH_M = 0.0254
_FOOT_M = 0.3048

# Above these a value is a slip (km/h for m, kg without unit): not a sign that stands anywhere.
_MAX_KPH, _MAX_TONNES, _MAX_METRES = 200.0, 500.0, 30.0


def speed_kph(text: str) -> float | None:
    """Return km/h of a maxspeed value; the lowest of a list (``80;50``, ``80|50``)."""
    return _lowest(text, _KPH, _MAX_KPH)


def weight_t(text: str) -> float | None:
    """Return tonnes of a maxweight value."""
    return _lowest(text, _TONNES, _MAX_TONNES)


def height_m(text: str) -> float | None:
    """Return metres of a maxheight value; ``12'6"`` and ``12 ft 6 in`` are feet and inches."""
    feet = _FEET.fullmatch(text.strip().lower())
    if feet:
        metres = int(feet[1]) * _FOOT_M + float(feet[2]) * _INCH_M
        return round(metres, 3) if 0 < metres <= _MAX_METRES else None
    return _lowest(text, _METRES, _MAX_METRES)


def layer_number(text: str) -> int | None:
    """Return the storey of a way, -9 to 9."""
    return int(text) if re.fullmatch(r"[+-]?[0-9]", text) else None


def _lowest(text: str, units: dict[str, float], most: float) -> float | None:
    """Return the least of the parts of a list, each with its own unit; None if one is unclear."""
    found = [_quantity(part, units, most) for part in re.split(r"[;|]", text)]
    known = [value for value in found if value is not None]
    return min(known) if len(known) == len(found) else None


def _quantity(text: str, units: dict[str, float], most: float) -> float | None:
    match = _QUANTITY.fullmatch(text.strip().lower())
    if match is None or match[2] not in units:
        return None
    value = float(match[1].replace(",", ".")) * units[match[2]]
    return round(value, 3) if 0 < value <= most else None
