"""The book as one HTML file that needs nothing else (pure)."""

from collections.abc import Iterable

from geoservice.book.volume import Chapter, Line, Sheet, Volume
from geoservice.publish.escaping import escaped
from geoservice.texts import Text

_POLICY = (
    "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'; "
    "frame-ancestors 'none'"
)


def page_of(volume: Volume, *, css: str) -> str:
    """Return the page; ``css`` is the sheet that goes into it. Every value stands in it as text."""
    warnings = "".join(f'<p class="warning">{_both(it)}</p>' for it in volume.warnings)
    facts = " · ".join(f"{_both(name)}：<b>{escaped(value)}</b>" for name, value in volume.facts)
    notes = "".join(f"<li>{_both(it)}</li>" for it in volume.notes)
    chapters = "".join(_chapter(number, it) for number, it in enumerate(volume.chapters, 1))
    return (
        '<!DOCTYPE html>\n<html lang="zh-CN"><head><meta charset="utf-8">'
        f'<meta http-equiv="Content-Security-Policy" content="{_POLICY}">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>{escaped(volume.title.zh)}</title><style>{css}</style></head><body>"
        f"<header><h1>{_both(volume.title)}</h1>{warnings}<p>{facts}</p><ul>{notes}</ul></header>"
        f"<nav><h2>目录 <small>Contents</small></h2><ol>{_contents(volume.chapters)}</ol></nav>"
        f"<main>{chapters}</main></body></html>\n"
    )


def _contents(chapters: Iterable[Chapter]) -> str:
    return "".join(
        f'<li><a href="#c{number}">{_both(it.title)}</a> <small>{escaped(_counts(it))}</small></li>'
        for number, it in enumerate(chapters, 1)
    )


def _counts(chapter: Chapter) -> str:
    return "，".join(f"{it.title.zh} {len(it.lines)}" for it in chapter.sheets)


def _chapter(number: int, chapter: Chapter) -> str:
    lacks = "、".join(it.zh for it in chapter.lacks)
    none = f'<p class="lacks">未登记 <small>None on record</small>：{lacks}</p>' if lacks else ""
    sheets = "".join(_sheet(it) for it in chapter.sheets)
    return f'<section id="c{number}"><h2>{_both(chapter.title)}</h2>{sheets}{none}</section>'


def _sheet(sheet: Sheet) -> str:
    heads = "".join(f"<th>{_both(it)}</th>" for it in sheet.heads)
    lines = "".join(_line(it) for it in sheet.lines)
    return (
        f"<h3>{_both(sheet.title)}</h3><div><table><thead><tr>{heads}</tr></thead>"
        f"<tbody>{lines}</tbody></table></div>"
    )


def _line(line: Line) -> str:
    cells = "".join(f"<td>{escaped(it)}</td>" for it in line.cells)
    return f'<tr class="stale">{cells}</tr>' if line.is_stale else f"<tr>{cells}</tr>"


def _both(text: Text) -> str:
    return escaped(text.zh) + (f" <small>{escaped(text.en)}</small>" if text.en else "")
