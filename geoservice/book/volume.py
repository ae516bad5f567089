"""The book as chapters and tables of plain texts: what a page and a paper print alike (pure)."""

from dataclasses import dataclass

from geoservice.texts import Text


@dataclass(frozen=True)
class Line:
    """One row of a table; stale ones are marked where they stand."""

    cells: tuple[str, ...]
    is_stale: bool


@dataclass(frozen=True)
class Sheet:
    """A table: its heads, how wide its columns are to each other, its rows."""

    title: Text
    heads: tuple[Text, ...]
    widths: tuple[float, ...]
    lines: tuple[Line, ...]


@dataclass(frozen=True)
class Chapter:
    """A part of the book; ``lacks`` are the tables of which nothing is on record."""

    title: Text
    sheets: tuple[Sheet, ...]
    lacks: tuple[Text, ...] = ()


@dataclass(frozen=True)
class Volume:
    """The book laid out: ``warnings`` first, then what it is, then its chapters."""

    title: Text
    warnings: tuple[Text, ...]
    facts: tuple[tuple[Text, str], ...]
    notes: tuple[Text, ...]
    chapters: tuple[Chapter, ...]
