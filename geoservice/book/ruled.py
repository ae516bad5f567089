"""A ruled table on paper: fpdf2's own measures every word five times and takes 8 ms a row."""

from collections.abc import Callable, Iterator, Sequence
from functools import cache

from fpdf import FPDF

from geoservice.book.volume import Sheet

LINE_MM, _PAD_MM = 3.7, 0.9
_BODY_PT, _HEAD_PT = 7.5, 6.5
_HEAD, _STALE, _RULE = (232, 238, 243), (255, 244, 214), (170, 170, 170)
Cells = Sequence[Sequence[str]]  # of each cell its lines


class RuledTable:
    """One table, printed from where the paper stands; its heads again on every page.

    ``family`` is a font with a regular and a bold face, ``known`` what it can show of a text.
    """

    def __init__(
        self, paper: FPDF, sheet: Sheet, *, family: str, known: Callable[[str], str]
    ) -> None:
        self._paper, self._sheet, self._family, self._known = paper, sheet, family, known
        unit = paper.epw / sum(sheet.widths)
        self._widths = [width * unit for width in sheet.widths]
        # By whether it is a head: two fonts, each measured once a letter.
        self._measure = [cache(paper.get_string_width) for _ in range(2)]
        self._heads = self._wrapped([f"{it.zh}\n{it.en}" for it in sheet.heads], is_head=True)

    def render(self) -> None:
        """Print it all."""
        paper = self._paper
        most = int((paper.eph - _height(self._heads) - 2 * _PAD_MM) / LINE_MM)
        self._row(self._heads, fill=_HEAD, is_head=True)
        for line in self._sheet.lines:
            wrapped = self._wrapped([self._known(it) for it in line.cells], is_head=False)
            for cells in _pieces(wrapped, most):
                if paper.will_page_break(_height(cells)):
                    paper.add_page()
                    self._row(self._heads, fill=_HEAD, is_head=True)
                self._row(cells, fill=_STALE if line.is_stale else None, is_head=False)

    def _wrapped(self, texts: Sequence[str], *, is_head: bool) -> Cells:
        self._use(is_head=is_head)
        width_of = self._measure[is_head]
        room = [width - 2 * _PAD_MM for width in self._widths]
        return [
            [line for part in text.split("\n") for line in wrap(part, width, width_of)]
            for text, width in zip(texts, room, strict=True)
        ]

    def _row(self, cells: Cells, *, fill: tuple[int, int, int] | None, is_head: bool) -> None:
        paper, height = self._paper, _height(cells)
        self._use(is_head=is_head)
        paper.set_draw_color(*_RULE)
        paper.set_text_color(0, 0, 0)
        if fill is not None:
            paper.set_fill_color(*fill)
        x, y = paper.l_margin, paper.get_y()
        for lines, width in zip(cells, self._widths, strict=True):
            paper.rect(x, y, width, height, style="D" if fill is None else "DF")
            for number, line in enumerate(lines):
                paper.text(x + _PAD_MM, y + _PAD_MM + (number + 0.75) * LINE_MM, line)
            x += width
        paper.set_y(y + height)

    def _use(self, *, is_head: bool) -> None:
        style, size_pt = ("B", _HEAD_PT) if is_head else ("", _BODY_PT)
        self._paper.set_font(self._family, style, size_pt)


def _pieces(cells: Cells, most: int) -> Iterator[Cells]:
    """Yield a row in pieces of at most so many lines: one that is longer than a page is cut."""
    for first in range(0, max(len(lines) for lines in cells), most):
        yield [lines[first : first + most] for lines in cells]


def _height(cells: Cells) -> float:
    return max(len(lines) for lines in cells) * LINE_MM + 2 * _PAD_MM


def wrap(text: str, width: float, width_of: Callable[[str], float]) -> list[str]:
    """Return the lines of a text: broken after any Chinese character, else between words.

    A word wider than a line is broken where the line ends. ``width_of`` measures one letter, in
    the unit of ``width``; an empty text is one empty line.
    """
    lines: list[str] = []
    line, taken, may_break = "", 0.0, 0
    for letter in text:
        wide = width_of(letter)
        if taken + wide > width and line:
            at = may_break or len(line)
            lines.append(line[:at].rstrip())
            line = line[at:].lstrip()
            taken, may_break = sum(map(width_of, line)), 0
        line, taken = line + letter, taken + wide
        if letter in " ,/-" or ord(letter) >= 0x2E80:
            may_break = len(line)
    return [*lines, line.rstrip()]
