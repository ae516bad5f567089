"""What stands beside the map of a sheet: legend, area table, facts, scale, arrow, signatures."""

import re

from geoservice.zoning.pen import INK, PAPER, Pen
from geoservice.zoning.printed import HATCHES, MARGIN, Sheet

_GAP = 0.012  # of the sheet's height


def draw_side(pen: Pen, sheet: Sheet, left: float, denominator: float) -> None:
    """Write legend, area table, facts, scale, arrow and signatures below each other."""
    right = 1 - MARGIN * 0.7
    top = 1 - MARGIN - 0.085
    _arrow(pen, right - 0.02, top)
    y = _legend(pen, sheet, left, top)
    y = _table(pen, sheet, (left, right), y - 2 * _GAP)
    y = _facts(pen, sheet, (left, right), y - 2 * _GAP)
    _scale_bar(pen, left, MARGIN + 0.052 + 0.026 * len(sheet.signatures), denominator)
    for number, line in enumerate(reversed(sheet.signatures)):
        pen.text(left, MARGIN + 0.026 * number, line, 8.5, va="bottom")


def _legend(pen: Pen, sheet: Sheet, left: float, y: float) -> float:
    from matplotlib.patches import Rectangle

    pen.text(left, y, "图例 · Legend", 11, va="top")
    y -= 0.05
    for area in sheet.areas:
        swatch = Rectangle(
            (left, y - 0.012), 0.035, 0.026, transform=pen.figure.transFigure,
            facecolor=f"{area.colour}40", edgecolor=area.colour, hatch=HATCHES[area.zone],
            linewidth=0.9 * pen.factor,
        )  # fmt: skip
        swatch.set_hatch_linewidth(0.7 * pen.factor)
        pen.figure.add_artist(swatch)
        pen.text(left + 0.042, y, area.name, 9, va="center")
        y -= 0.038
    return y


def _table(pen: Pen, sheet: Sheet, sides: tuple[float, float], y: float) -> float:
    left, right = sides
    heads = ("分区 · Zone", "公顷 · ha", "%")
    for number, row in enumerate((heads, *sheet.rows)):
        points = 8.5
        pen.text(left, y, row[0], points, va="top")
        pen.text(right - 0.045, y, row[1], points, va="top", ha="right")
        pen.text(right, y, row[2], points, va="top", ha="right")
        y -= 0.026
        if number in {0, len(sheet.rows) - 1}:
            _line(pen, (left, right), y + 0.004)
    return y


def _facts(pen: Pen, sheet: Sheet, sides: tuple[float, float], y: float) -> float:
    left, right = sides
    _line(pen, sides, y + 0.008)
    for name, said in sheet.facts:
        pen.text(left, y, name, 7.5, va="top", color="#444444")
        for line in _wrapped(said, 42):
            pen.text(left + 0.062, y, line, 7.5, va="top")
            y -= 0.021
        y -= 0.003
    _line(pen, (left, right), y)
    return y


def _wrapped(said: str, most: int) -> list[str]:
    """Return lines of at most so many half widths, broken at Chinese letters and between words."""
    lines, line = [], ""
    for word in re.findall(r"[^\s\u2e80-\uffff]+\s*|[\u2e80-\uffff]|\s+", said):
        if line and _width(line + word.rstrip()) > most:
            lines.append(line.rstrip())
            line = ""
        line += word
    return [*lines, line.rstrip()]


def _width(said: str) -> int:
    """Return half widths: a Chinese letter is two."""
    return sum(2 if ord(letter) > 0x2E7F else 1 for letter in said)


def _line(pen: Pen, sides: tuple[float, float], y: float) -> None:
    from matplotlib.lines import Line2D

    line = Line2D(
        sides, (y, y), transform=pen.figure.transFigure, color=INK, linewidth=0.6 * pen.factor
    )
    pen.figure.add_artist(line)


def _arrow(pen: Pen, x: float, y: float) -> None:
    """Draw where the plane's north is: up."""
    from matplotlib.patches import Polygon

    figure = pen.figure
    half, tall = 0.009, 0.05
    arrow = Polygon(
        [(x, y - 0.022), (x + half, y - 0.022 - tall), (x, y - 0.012 - tall),
         (x - half, y - 0.022 - tall)],
        closed=True, transform=figure.transFigure, facecolor=INK,
    )  # fmt: skip
    figure.add_artist(arrow)
    pen.text(x, y, "北 N", 10, ha="center", va="top")


def _scale_bar(pen: Pen, left: float, y: float, denominator: float) -> None:
    """Draw a bar of a round length, two parts, and the scale as a number."""
    from matplotlib.patches import Rectangle

    width_m = float(pen.figure.get_figwidth()) * 0.0254
    longest = 0.2 * width_m * denominator
    metres = max(n * 10**p for p in range(7) for n in (1, 2, 5) if n * 10**p <= longest)
    share = metres / (width_m * denominator)
    for part, colour in ((0, INK), (1, PAPER)):
        bar = Rectangle(
            (left + part * share / 2, y), share / 2, 0.007, transform=pen.figure.transFigure,
            facecolor=colour, edgecolor=INK, linewidth=0.6 * pen.factor,
        )  # fmt: skip
        pen.figure.add_artist(bar)
    for part, told in ((0, "0"), (share / 2, f"{metres / 2:g}"), (share, f"{metres:g} m")):
        pen.text(left + part, y + 0.011, told, 7.5, ha="center" if part else "left", va="bottom")
    pen.text(left, y - 0.008, f"比例尺 · scale 1:{denominator:,.0f}", 8.5, va="top")
