"""Shapes as a small picture: what is where beside the others, without a map (pure)."""

import math
from collections.abc import Iterable, Iterator
from typing import Any

Point = tuple[float, float]
_WIDTH, _MARGIN = 480.0, 12.0
_MOST_HEIGHT, _LEAST_SPAN_DEG, _MOST_POINTS = 360.0, 1e-4, 20_000


def sketch(geometries: Iterable[dict[str, Any] | None]) -> str:
    """Return an SVG of GeoJSON geometries in degrees; nothing where there are none to draw."""
    lines = [(kind, part) for one in geometries if one for kind, part in _parts(one)]
    points = [point for _, part in lines for line in part for point in line]
    if not points or len(points) > _MOST_POINTS:
        return ""
    west, east = min(x for x, _ in points), max(x for x, _ in points)
    south, north = min(y for _, y in points), max(y for _, y in points)
    shrink = math.cos(math.radians((south + north) / 2))
    span_x = max((east - west) * shrink, _LEAST_SPAN_DEG)
    span_y = max(north - south, _LEAST_SPAN_DEG)
    scale = min((_WIDTH - 2 * _MARGIN) / span_x, (_MOST_HEIGHT - 2 * _MARGIN) / span_y)
    height = span_y * scale + 2 * _MARGIN

    def at(point: Point) -> str:
        x = _MARGIN + (point[0] - west) * shrink * scale
        y = height - _MARGIN - (point[1] - south) * scale
        return f"{x:.1f} {y:.1f}"

    drawn = "".join(
        _drawn(kind, [[at(point) for point in line] for line in part]) for kind, part in lines
    )
    width = span_x * scale + 2 * _MARGIN
    return (
        f'<svg class="sketch" viewBox="0 0 {width:.0f} {height:.0f}" width="{width:.0f}" '
        f'role="img" aria-label="形状略图 · sketch of the shapes">{drawn}</svg>'
    )


def _drawn(kind: str, lines: list[list[str]]) -> str:
    if kind == "point":
        x, y = lines[0][0].split()
        return f'<circle cx="{x}" cy="{y}" r="3.5"/>'
    closing = "Z" if kind == "area" else ""
    drawn = "".join(f"M{'L'.join(places)}{closing}" for places in lines)
    return f'<path class="{kind}" d="{drawn}" fill-rule="evenodd"/>'


def _parts(geometry: dict[str, Any]) -> Iterator[tuple[str, list[list[Point]]]]:
    kind, inner = geometry["type"], geometry.get("coordinates", [])
    if kind == "GeometryCollection":
        for one in geometry["geometries"]:
            yield from _parts(one)
    elif kind == "Point":
        yield "point", [[(inner[0], inner[1])]]
    elif kind == "LineString":
        yield "line", [[(x, y) for x, y, *_ in inner]]
    elif kind == "Polygon":
        yield "area", [[(x, y) for x, y, *_ in ring] for ring in inner]
    else:
        for one in inner:
            yield from _parts({"type": kind.removeprefix("Multi"), "coordinates": one})
