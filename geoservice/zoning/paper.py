"""The printed sheet of a version as a drawing: the map by scale, and beside it what it must say."""

from typing import TYPE_CHECKING, Any

import numpy as np
import shapely
from shapely import MultiPolygon

from geoservice.zoning.beside import draw_side
from geoservice.zoning.pen import INK, Pen
from geoservice.zoning.printed import MARGIN, Area, Sheet

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

SIZES_MM = {"A3": (420.0, 297.0), "A4": (297.0, 210.0)}
_MAP_SHARE = 0.70  # of the sheet's width
_SCALES = tuple(n * 10**p for p in range(2, 7) for n in (1, 1.5, 2, 2.5, 3, 4, 5, 6, 8))
# Between strokes on paper, metres. They are drawn one by one: a pattern of PDF is not filled in by
# every reader (poppler 22 leaves it out on the map).
_STROKE_M = {"no_mining": 0.0042, "slow_mining": 0.0036, "workable": 0.0036}


def draw(sheet: Sheet, size: str) -> "Figure":
    """Return the sheet as a figure of its paper's size.

    Raises
    ------
    NoPdfError
        No font of this machine has Chinese.
    """
    from matplotlib.figure import Figure  # large and slow import, sheets only

    width_mm, height_mm = SIZES_MM[size]
    figure = Figure(figsize=(width_mm / 25.4, height_mm / 25.4))
    pen = Pen(figure, height_mm / 297.0)
    tall = 1 - 2 * MARGIN
    left = MARGIN * height_mm / width_mm
    pen.text(0.5, 1 - MARGIN, sheet.title, 20, ha="center", va="top")
    pen.text(0.5, 1 - MARGIN - 0.042, sheet.subtitle, 10, ha="center", va="top")
    below = tall - 0.085
    axes = figure.add_axes((left, MARGIN, _MAP_SHARE - left, below))
    denominator = _draw_map(axes, sheet, pen, (width_mm, height_mm))
    draw_side(pen, sheet, _MAP_SHARE + left, denominator)
    if sheet.banner:
        pen.text(
            _MAP_SHARE / 2 + left / 2, MARGIN + below - 0.03, sheet.banner, 15, ha="center",
            va="top", color="#b00020", halo=True,
        )  # fmt: skip
    return figure


def _draw_map(axes: "Axes", sheet: Sheet, pen: Pen, paper_mm: tuple[float, float]) -> float:
    """Draw the zones at a round scale; its denominator."""
    box = axes.get_position()
    frame_m = (box.width * paper_mm[0] / 1000, box.height * paper_mm[1] / 1000)
    bounds = shapely.total_bounds([it.geom for it in sheet.areas])
    span = (bounds[2] - bounds[0], bounds[3] - bounds[1])
    needed = max(span[0] / (frame_m[0] * 0.92), span[1] / (frame_m[1] * 0.86))
    denominator = next((it for it in _SCALES if it >= needed), needed)
    middle = ((bounds[0] + bounds[2]) / 2, (bounds[1] + bounds[3]) / 2)
    half = (frame_m[0] * denominator / 2, frame_m[1] * denominator / 2)
    axes.set_xlim(middle[0] - half[0], middle[0] + half[0])
    axes.set_ylim(middle[1] - half[1], middle[1] + half[1])
    for area in sheet.areas:
        _draw_area(axes, area, pen, denominator)
    outline = shapely.coverage_union_all([it.geom for it in sheet.areas])
    for ring in shapely.get_parts(shapely.boundary(outline)):
        xy = shapely.get_coordinates(ring)
        axes.plot(xy[:, 0], xy[:, 1], color=INK, linewidth=2.2 * pen.factor, zorder=4)
    for area in sheet.areas:
        _label(axes, area, pen)
    _draw_grid(axes, pen, denominator)
    return float(denominator)


def _draw_area(axes: "Axes", area: Area, pen: Pen, denominator: float) -> None:
    from matplotlib.collections import LineCollection
    from matplotlib.patches import PathPatch

    patch = PathPatch(
        _path(area.geom), facecolor=f"{area.colour}40", edgecolor=area.colour,
        linewidth=0.9 * pen.factor, zorder=2,
    )  # fmt: skip
    axes.add_patch(patch)
    every_m = _STROKE_M[area.zone] * pen.factor * denominator
    if area.zone == "workable":
        xy = dots(area.geom, every_m)
        size = 1.9 * pen.factor
        axes.plot(xy[:, 0], xy[:, 1], "o", color=area.colour, markersize=size, mew=0, zorder=3)
        return
    lines = [*strokes(area.geom, every_m, rising=True)]
    if area.zone == "no_mining":
        lines += strokes(area.geom, every_m, rising=False)
    axes.add_collection(
        LineCollection(lines, colors=area.colour, linewidths=0.6 * pen.factor, zorder=3),
        autolim=False,
    )


def strokes(geom: MultiPolygon, every_m: float, *, rising: bool) -> list[Any]:
    """Return the strokes of 45 degrees within an area, as arrays of corners."""
    west, south, east, north = geom.bounds
    tall = north - south
    starts = np.arange(west - tall if rising else west, east if rising else east + tall,
                       every_m * 2**0.5)  # fmt: skip
    ends = starts + tall if rising else starts - tall
    rows = np.stack([
        np.column_stack([starts, np.full(starts.size, south)]),
        np.column_stack([ends, np.full(starts.size, north)]),
    ], axis=1)  # fmt: skip
    shapely.prepare(geom)
    met = shapely.intersection(shapely.linestrings(rows), geom)
    parts = shapely.get_parts(met)
    lines = parts[(shapely.get_type_id(parts) == 1) & ~shapely.is_empty(parts)]
    return [shapely.get_coordinates(it) for it in lines]


def dots(geom: MultiPolygon, every_m: float) -> Any:
    """Return the dots within an area, rows of two coordinates, every other row shifted."""
    west, south, east, north = geom.bounds
    x, y = np.meshgrid(np.arange(west, east, every_m), np.arange(south, north, every_m))
    x[1::2] += every_m / 2
    shapely.prepare(geom)
    kept = shapely.contains_xy(geom, x, y)
    return np.column_stack([x[kept], y[kept]])


def _path(geom: MultiPolygon) -> Any:
    """Return all rings as one path: outer and inner ones run against each other."""
    from matplotlib.path import Path

    parts = shapely.orient_polygons(np.asarray(shapely.get_parts(geom)))
    rings = [ring for it in parts for ring in (it.exterior, *it.interiors)]
    return Path.make_compound_path(
        *(Path(shapely.get_coordinates(ring), closed=True) for ring in rings)
    )


def _label(axes: "Axes", area: Area, pen: Pen) -> None:
    """Write zone, hazards and date into the roomiest part: the rule asks for text, not colour."""
    largest = max(shapely.get_parts(area.geom), key=lambda it: it.area)
    at = shapely.get_coordinates(shapely.maximum_inscribed_circle(largest))[0]
    found = axes.text(
        at[0], at[1], area.label, fontproperties=pen.font(10), ha="center", va="center", zorder=6,
        linespacing=1.35, clip_on=True,
    )  # fmt: skip
    pen.plain(found, halo=True)


def _draw_grid(axes: "Axes", pen: Pen, denominator: float) -> None:
    """Draw crosses of the plane every ten centimetres of paper, with their metres at the frame."""
    from matplotlib.ticker import FuncFormatter, MultipleLocator

    every = next(it for it in _SCALES if it >= denominator * 0.08)
    for axis in (axes.xaxis, axes.yaxis):
        axis.set_major_locator(MultipleLocator(every))
        axis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:.0f}"))
    axes.grid(color="#777777", linewidth=0.3 * pen.factor, zorder=1)
    axes.tick_params(labelsize=7 * pen.factor, direction="in", pad=-3 * pen.factor)
    for tick in (*axes.get_xticklabels(), *axes.get_yticklabels()):
        tick.set_fontproperties(pen.font(7))
        pen.plain(tick, halo=True)
        tick.set_zorder(7)
    for tick in axes.get_xticklabels():
        tick.set_verticalalignment("bottom")
    for tick in axes.get_yticklabels():
        tick.set_rotation(90)
        tick.set_horizontalalignment("left")
        tick.set_verticalalignment("center")
