"""What every page shares: head, crumbs, the other forms (pure)."""

from collections.abc import Iterable, Mapping, Sequence
from urllib.parse import urlencode

from geoservice.publish.escaping import escaped

Crumb = tuple[str, str]  # address, words
OGC: Crumb = ("/ogc", "数据服务 · Data")
COLLECTIONS: Crumb = ("/ogc/collections", "图层 · Collections")


def page(title: str, crumbs: Iterable[Crumb], body: str, others: Mapping[str, str]) -> str:
    """Return a whole page.

    Parameters
    ----------
    title
        Plain text.
    crumbs
        The pages above this one.
    body
        HTML, its values already escaped.
    others
        Addresses of the same in other forms, by their names.
    """
    way = "".join(f'<a href="{escaped(href)}">{escaped(words)}</a> / ' for href, words in crumbs)
    forms = " ".join(anchor(href, name) for name, href in others.items())
    return (
        '<!doctype html>\n<html lang="zh-CN"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>{escaped(title)}</title>"
        '<link rel="icon" href="/web/icon.svg"><link rel="stylesheet" href="/web/app.css">'
        '<link rel="stylesheet" href="/web/ogc.css"></head><body class="data-pages">'
        f'<header><a class="home" href="/">地图 · Map</a><nav aria-label="位置">{way}</nav>'
        f'<span class="forms">{forms}</span></header>'
        f"<main><h1>{escaped(title)}</h1>{body}</main></body></html>\n"
    )


def anchor(href: str, words: object) -> str:
    """Return a link."""
    return f'<a href="{escaped(href)}">{escaped(words)}</a>'


def both(zh: str, en: str) -> str:
    """Return a text in both languages, the English set apart."""
    return f'{escaped(zh)} <small lang="en">{escaped(en)}</small>'


def table(heads: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """Return a table of cells that are HTML already; it scrolls where the screen is narrow."""
    head = "".join(f'<th scope="col">{one}</th>' for one in heads)
    lines = "".join(f"<tr>{''.join(f'<td>{cell}</td>' for cell in row)}</tr>" for row in rows)
    return (
        f'<div class="wide" tabindex="0"><table><thead><tr>{head}</tr></thead>'
        f"<tbody>{lines}</tbody></table></div>"
    )


def pairs(entries: Iterable[tuple[str, str]]) -> str:
    """Return names with their values, both HTML already."""
    return f"<dl>{''.join(f'<dt>{name}</dt><dd>{value}</dd>' for name, value in entries)}</dl>"


def address(path: str, query: Mapping[str, str]) -> str:
    """Return a path with a query."""
    return f"{path}?{urlencode(query)}" if query else path
