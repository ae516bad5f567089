"""One HTML file by folium that needs nothing else, and in which nothing but its own scripts runs.

folium links ten files on four hosts. What is drawn here needs only Leaflet's script and style, so
those two are put into the page and no link is made. The page's policy names each script by hash.
"""

import base64
import hashlib
import re
from pathlib import Path

import folium

from geoservice.publish.escaping import escaped

_SCRIPT = re.compile(r"<script(?:\s[^>]*)?>(.*?)</script>", re.S)
_IMAGE = re.compile(r"url\((images/[\w.-]+)\)")
# Chinese as JSON escapes takes twice the room; nothing of this range means anything in a script.
_ESCAPED_CJK = re.compile(r"\\u([3-9][0-9a-f]{3}|ff[0-9a-e][0-9a-f])")
_SOURCE_MAP = re.compile(r"^//# sourceMappingURL=.*$", re.M)


class PlainMap(folium.Map):
    """folium's map without its links to elsewhere."""

    default_js = []  # noqa: RUF012  # as folium declares it
    default_css = []  # noqa: RUF012


def standing_alone(page: str, title: str, web: Path, *, sheet: str) -> str:
    """Return a page of folium's with all that it needs, and with every other script forbidden.

    Parameters
    ----------
    page
        As `PlainMap` renders it; what was put in is escaped already.
    title
        As it is: it is escaped here.
    web
        The folder with the sheet of styles and Leaflet's package.
    """
    page = _ESCAPED_CJK.sub(lambda found: chr(int(found[1], 16)), page)
    library = web / "node_modules" / "leaflet" / "dist"
    script = _SOURCE_MAP.sub("", (library / "leaflet.js").read_text("utf-8"))
    leaflets = _IMAGE.sub(
        lambda found: f"url({_data_uri(library / found[1])})",
        (library / "leaflet.css").read_text("utf-8"),
    )
    own = (web / sheet).read_text("utf-8")
    hashes = " ".join(_hash(text) for text in (script, *_SCRIPT.findall(page)))
    policy = (
        f"default-src 'none'; script-src {hashes}; style-src 'unsafe-inline'; img-src data:; "
        "base-uri 'none'; form-action 'none'"
    )
    head = (
        '<head>\n<meta charset="utf-8">'
        f'<meta http-equiv="Content-Security-Policy" content="{policy}">'
        f"<title>{escaped(title)}</title><style>{leaflets}</style><script>{script}</script>"
    )
    page = page.replace("</head>", f"<style>{own}</style></head>", 1)
    return page.replace("<head>", head, 1).replace("<html>", '<html lang="zh-CN">', 1)


def _hash(script: str) -> str:
    digest = hashlib.sha256(script.encode()).digest()
    return f"'sha256-{base64.b64encode(digest).decode()}'"


def _data_uri(image: Path) -> str:
    return f"data:image/png;base64,{base64.b64encode(image.read_bytes()).decode()}"
