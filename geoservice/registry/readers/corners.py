"""Tables of corners, a row a corner as surveyors write them, joined into a shape a feature."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import shapely
from shapely.geometry.base import BaseGeometry

from geoservice.registry.fields import plain, without_brackets
from geoservice.registry.readers.raw import Raw

# What the columns are called that say which corner, of which ring, of which part.
_CORNER = {
    "点号",
    "界址点号",
    "拐点号",
    "角点号",
    "拐点",
    "cornerno",
    "corner",
    "vertex",
    "pointno",
}
_RING = {"圈", "圈号", "环", "环号", "ring"}
_PART = {"部分", "部分号", "part"}

Position = tuple[float, float]


@dataclass(frozen=True)
class Columns:
    """Which columns say the corner, its ring and its part; without the latter two there is one."""

    corner: str
    ring: str | None
    part: str | None

    @property
    def all(self) -> set[str]:
        """The columns that are no property of the feature."""
        return {it for it in (self.corner, self.ring, self.part) if it is not None}


@dataclass
class Feature:
    """A feature whose corners are gathered: by part and ring, in the order of the rows."""

    number: int
    cells: list[Any]
    rings: dict[str, dict[str, list[Position]]] = field(default_factory=dict)
    wrong: tuple[str, str] | None = None

    def add(self, part: str, ring: str, position: Position) -> None:
        """Append a corner."""
        self.rings.setdefault(part, {}).setdefault(ring, []).append(position)


def corner_columns(
    headings: Sequence[str], place: Sequence[str], shape: str | None
) -> Columns | None:
    """Return the columns of a table of corners; None where each row is a thing of its own."""
    if len(place) != 2 or shape == "Point":
        return None
    corner, ring, part = (_named(headings, names) for names in (_CORNER, _RING, _PART))
    return None if corner is None else Columns(corner, ring, part)


def join(raw: Raw, features: Sequence[Feature], shape: str | None) -> Raw:
    """Fill in the features, each with the shape of its corners, and say so."""
    raw.place_headings = ["wkt"]
    for it in features:
        made, why = None, it.wrong
        if why is None:
            try:
                made = _shape(it, shape)
            except (shapely.GEOSException, ValueError) as error:
                why = (f"its corners make no shape: {error}", f"界址点不能构成图形：{error}")
        if why is not None:
            raw.unread[it.number] = why
        raw.add(it.number, it.cells, made)
        raw.places.append([None if made is None else made.wkt])
    raw.notes.append(
        ("a table of corners: rows are joined into a shape a feature",
         "界址点坐标表：已按地物将各点连成图形")
    )  # fmt: skip
    return raw


def _named(headings: Sequence[str], names: set[str]) -> str | None:
    return next((it for it in headings if plain(without_brackets(it)[0]) in names), None)


def _shape(feature: Feature, wanted: str | None) -> BaseGeometry | None:
    parts = [list(rings.values()) for rings in feature.rings.values()]
    if not parts:
        return None
    if all(len(rings[0]) == 1 for rings in parts) and wanted != "MultiPolygon":
        return _one(shapely.MultiPoint([rings[0][0] for rings in parts]))
    is_area = wanted == "MultiPolygon" or (
        wanted != "MultiLineString" and all(it[0] == it[-1] for rings in parts for it in rings)
    )
    if is_area:
        return _one(shapely.MultiPolygon([shapely.Polygon(it[0], it[1:]) for it in parts]))
    return _one(shapely.MultiLineString([ring for rings in parts for ring in rings]))


def _one(shape: BaseGeometry) -> BaseGeometry:
    parts = shapely.get_parts(shape)
    alone: BaseGeometry = parts[0]
    return alone if len(parts) == 1 else shape
