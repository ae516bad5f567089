"""The book as PDF: real text in a font of this machine, of which a subset goes into the file."""

from collections.abc import Sequence

from fpdf import FPDF
from fpdf.enums import Align, XPos, YPos
from fpdf.fonts import TTFFont
from fpdf.outline import OutlineSection

from geoservice.book.fonts import Face, bold_of
from geoservice.book.ruled import RuledTable
from geoservice.book.volume import Chapter, Volume
from geoservice.texts import Text

_FAMILY = "book"
_MARGIN_MM, _FOOT_MM = 10, 12
_BLUE, _RED, _GREY = (11, 60, 93), (179, 38, 30), (90, 90, 90)
_LEAST_ROOM_MM = 30  # below it a table begins on the next page, so that its heads have rows


class _Paper(FPDF):
    """Pages with the book's name and their number at the foot."""

    def __init__(self, face: Face, foot: str) -> None:
        super().__init__(orientation="landscape", format="A4")
        for style, it in (("", face), ("B", bold_of(face))):
            self.add_font(_FAMILY, style, it.path, collection_font_number=it.number)
        font = self.fonts[_FAMILY]
        if not isinstance(font, TTFFont):
            raise TypeError(type(font))
        self.known_letters, self.foot = font.cmap, foot
        self.set_margins(_MARGIN_MM, _MARGIN_MM)
        self.set_auto_page_break(auto=True, margin=_FOOT_MM)

    def footer(self) -> None:
        """Print the foot of a page."""
        self.set_y(-_FOOT_MM + 3)
        self.say_in(6.5, colour=_GREY)
        self.cell(self.epw / 2, 4, self.foot)
        self.cell(0, 4, f"{self.page_no()} / {{nb}}", align="R")

    def say_in(self, size_pt: float, style: str = "", colour: Sequence[int] = (0, 0, 0)) -> None:
        """Set how the next words are printed."""
        self.set_font(_FAMILY, style, size_pt)
        self.set_text_color(*colour)

    def known(self, text: str) -> str:
        """Return a text with what the font lacks as its code point: told, not dropped."""
        return "".join(map(self._told, text))

    def _told(self, letter: str) -> str:
        if ord(letter) in self.known_letters:
            return letter
        return " " if letter.isspace() else f"[U+{ord(letter):04X}]"


def pdf_of(volume: Volume, face: Face) -> bytes:
    """Return the book as a PDF file, landscape A4."""
    as_of = volume.facts[0][1]
    paper = _Paper(face, "")
    paper.foot = paper.known(f"{volume.title.zh}　{as_of}")
    paper.set_title(volume.title.zh)
    paper.set_lang("zh-CN")
    paper.add_page()
    _front(paper, volume)
    paper.insert_toc_placeholder(_contents, allow_extra_pages=True)
    for number, chapter in enumerate(volume.chapters):
        if number:
            paper.add_page()
        _print_chapter(paper, chapter)
    return bytes(paper.output())


def _front(paper: _Paper, volume: Volume) -> None:
    paper.say_in(22, "B", _BLUE)
    _line(paper, 12, volume.title)
    for warning in volume.warnings:
        paper.say_in(11, "B", _RED)
        paper.set_draw_color(*_RED)
        paper.multi_cell(0, 6, f"{paper.known(warning.zh)}\n{paper.known(warning.en)}", border=1,
                         new_x=XPos.LMARGIN, new_y=YPos.NEXT)  # fmt: skip
        paper.ln(2)
    paper.say_in(9)
    facts = "　".join(f"{name.zh} {name.en}：{value}" for name, value in volume.facts)
    for text in (facts, *(f"· {it.zh} {it.en}" for it in volume.notes)):
        paper.multi_cell(0, 5, paper.known(text), align=Align.L, new_x=XPos.LMARGIN,
                         new_y=YPos.NEXT)  # fmt: skip


def _contents(paper: FPDF, outline: list[OutlineSection]) -> None:
    if not isinstance(paper, _Paper):
        raise TypeError(type(paper))
    paper.say_in(14, "B", _BLUE)
    paper.set_x(paper.l_margin)
    paper.cell(0, 9, "目录 Contents", new_x=XPos.LMARGIN, new_y=YPos.NEXT)
    paper.say_in(10)
    for number, section in enumerate(outline, 1):
        link = paper.add_link(page=section.page_number)
        paper.cell(paper.epw - 20, 6, f"{number}　{section.name}", link=link)
        paper.cell(20, 6, str(section.page_number), align="R", link=link,
                   new_x=XPos.LMARGIN, new_y=YPos.NEXT)  # fmt: skip


def _print_chapter(paper: _Paper, chapter: Chapter) -> None:
    paper.say_in(14, "B", _BLUE)
    paper.start_section(paper.known(_both(chapter.title)))
    _line(paper, 9, chapter.title)
    for sheet in chapter.sheets:
        if paper.will_page_break(_LEAST_ROOM_MM):
            paper.add_page()
        paper.say_in(10, "B")
        _line(paper, 7, sheet.title)
        RuledTable(paper, sheet, family=_FAMILY, known=paper.known).render()
        paper.ln(2)
    if chapter.lacks:
        paper.say_in(8, colour=_GREY)
        lacks = "、".join(it.zh for it in chapter.lacks)
        paper.multi_cell(0, 5, f"未登记 None on record：{lacks}", new_x=XPos.LMARGIN,
                         new_y=YPos.NEXT)  # fmt: skip


def _line(paper: _Paper, height_mm: float, text: Text) -> None:
    paper.cell(0, height_mm, paper.known(_both(text)), new_x=XPos.LMARGIN, new_y=YPos.NEXT)


def _both(text: Text) -> str:
    return f"{text.zh} {text.en}".strip()
