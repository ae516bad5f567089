"""Rows of cells, of a text file or a worksheet: which row is the heading, where the place is."""

import re
from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any

import shapely
from shapely.geometry.base import BaseGeometry

from geoservice.errors import FileError
from geoservice.registry.fields import plain, without_brackets
from geoservice.registry.readers.corners import Columns, Feature, corner_columns, join
from geoservice.registry.readers.raw import Raw

Numbered = tuple[int, list[Any]]

# Which of X and Y is east differs between tables; in metres their size tells (`gauss.py`).
_LON = {
    "lon",
    "lng",
    "long",
    "longitude",
    "x",
    "经度",
    "东经",
    "x坐标",
    "东坐标",
    "easting",
    "横坐标",
}
_LAT = {"lat", "latitude", "y", "纬度", "北纬", "y坐标", "北坐标", "northing", "纵坐标"}
_WKT = {"wkt", "geom", "geometry", "thegeom", "几何"}
_DEGREES = re.compile(r"[+-]?\d+(?:[.,]\d+)?(?:e[+-]?\d{1,3})?", re.IGNORECASE)
_SEXAGESIMAL = re.compile(
    r"(\d{1,3})[°度](\d{1,2})['\u2032\u2019分]"
    r"(?:(\d{1,2}(?:[.,]\d+)?)(?:[\"\u2033\u201d秒]|''))?[NE北东]?"
)
_WKT_ERRORS = (shapely.GEOSException, ValueError, TypeError)
_LOOKED_AT = 20


@dataclass(frozen=True)
class Wanted:
    """What is known of a table before it is read.

    Parameters
    ----------
    names
        What the register's fields are called, plain; the row that has most of them is the heading.
    shape
        What its records' shapes are, where that is known.
    """

    names: Collection[str] = ()
    shape: str | None = None


def add_rows(raw: Raw, rows: Sequence[Numbered], wanted: Wanted) -> Raw:
    """Fill in the rows below the heading, which may have titles above it.

    Rows that are corners of a shape are joined into it (`corners.py`).

    Parameters
    ----------
    rows
        Row number and cells, without rows that are empty.

    Raises
    ------
    FileError
        Two columns have one heading, or it is not plain which hold the place.
    """
    if not rows:
        return raw
    at = heading_row([cells for _, cells in rows[:_LOOKED_AT]], wanted.names)
    if at:
        above = rows[at - 1][0]
        raw.notes.append(
            (f"the heading is in row {rows[at][0]}: rows up to {above} are left out as a title",
             f"表头位于第 {rows[at][0]} 行：其上（至第 {above} 行）作为标题略去")
        )  # fmt: skip
    headings = _headings(rows[at][1])
    place = _place_columns(headings)
    raw.headings = [h for h in headings if h not in place]
    raw.has_shapes = bool(place)
    raw.place_headings = place
    by_corner = corner_columns(headings, place, wanted.shape)
    if by_corner is not None:
        raw.headings = [h for h in raw.headings if h not in by_corner.all]
        features = _gathered(rows[at + 1 :], headings, place, by_corner)
        return join(raw, features, wanted.shape)
    for number, cells in rows[at + 1 :]:
        _add_row(raw, number, headings, cells, place)
    return raw


def heading_row(rows: Sequence[Sequence[Any]], names: Collection[str]) -> int:
    """Return the index of the row with most known names; else of the first one as wide as most."""
    known = {*names, *_LON, *_LAT, *_WKT}
    scores = [sum(_is_one(str(cell or ""), known) for cell in row) for row in rows]
    if max(scores, default=0) >= 2:
        return scores.index(max(scores))
    widths = [sum(cell not in (None, "") for cell in row) for row in rows]
    return next(i for i, width in enumerate(widths) if width >= 0.6 * max(widths))


def _is_one(heading: str, names: Collection[str]) -> bool:
    return plain(heading) in names or plain(without_brackets(heading)[0]) in names


def _headings(row: Sequence[Any]) -> list[str]:
    cells = [" ".join(str(cell or "").split()) for cell in row]
    while cells and not cells[-1]:
        cells.pop()
    names = [cell or f"(column {n})" for n, cell in enumerate(cells, 1)]
    repeated = [name for name, times in Counter(names).items() if times > 1]
    if repeated:
        raise FileError(
            f"the heading has {repeated[0]!r} more than once", zh=f"表头中“{repeated[0]}”重复"
        )
    return names


def _place_columns(headings: list[str]) -> list[str]:
    """Return the columns that hold the place: longitude and latitude, or one of WKT."""
    lon, lat, wkt = ([h for h in headings if _is_one(h, names)] for names in (_LON, _LAT, _WKT))
    if len(lon) > 1 or len(lat) > 1 or len(wkt) > 1 or len(lon) != len(lat) or (lon and wkt):
        raise FileError(
            f"which columns hold the place? There are {', '.join(lon + lat + wkt)}; needed are one "
            "of longitude and one of latitude, or one of WKT",
            zh=f"无法确定坐标列：现有 {'、'.join(lon + lat + wkt)}；"
            "须为一列经度加一列纬度，或一列 WKT",
        )
    return lon + lat + wkt


def _add_row(
    raw: Raw, number: int, headings: list[str], row: Sequence[Any], place: list[str]
) -> None:
    if any(str(cell or "").strip() for cell in row[len(headings) :]):
        raw.unread[number] = (
            f"the row has {len(row)} cells, the heading {len(headings)}",
            f"该行有 {len(row)} 格，表头有 {len(headings)} 格",
        )
    cells = dict(zip(headings, [*row, *[""] * len(headings)], strict=False))
    said = [cells.pop(name) for name in place]
    shape = _placed(raw, number, ["" if it is None else str(it).strip() for it in said])
    raw.add(number, list(cells.values()), shape)
    raw.places.append(said)


def _gathered(
    rows: Sequence[Numbered], headings: list[str], place: list[str], columns: Columns
) -> list[Feature]:
    """Gather corners by all else that their rows say."""
    found: dict[str, Feature] = {}
    for number, row in rows:
        cells = dict(zip(headings, [*row, *[""] * len(headings)], strict=False))
        said = ["" if (it := cells.pop(name)) is None else str(it).strip() for name in place]
        _, ring, part = (
            str(cells.pop(it) or "1") if it else "1"
            for it in (columns.corner, columns.ring, columns.part)
        )
        rest = list(cells.values())
        feature = found.setdefault(repr(rest), Feature(number, rest))
        position = [_coordinate(text) for text in said]
        if None in position:
            shown = " ".join(said)
            feature.wrong = (
                f"row {number}: {shown!r} is no corner",
                f"第 {number} 行：“{shown}”不是坐标",
            )
        else:
            feature.add(part, ring, (position[0] or 0.0, position[1] or 0.0))
    return list(found.values())


def _placed(raw: Raw, number: int, place: list[str]) -> BaseGeometry | None:
    if not any(place):
        return None
    if len(place) == 1:
        try:
            return shapely.from_wkt(place[0])
        except _WKT_ERRORS as error:
            raw.unread[number] = (f"its WKT cannot be read: {error}", f"WKT 无法读取：{error}")
            return None
    numbers = [_coordinate(text) for text in place]
    if None in numbers:
        raw.unread[number] = (
            f"{' '.join(place)!r} is no longitude and latitude in decimal degrees",
            f"“{' '.join(place)}”不是十进制经纬度",
        )
        return None
    return shapely.Point(*numbers)


def _coordinate(text: str) -> float | None:
    if _DEGREES.fullmatch(text):
        return float(text.replace(",", "."))
    found = _SEXAGESIMAL.fullmatch(text.replace(" ", ""))
    if found is None:
        return None
    degrees, minutes, seconds = found.groups()
    return int(degrees) + int(minutes) / 60 + float((seconds or "0").replace(",", ".")) / 3600
