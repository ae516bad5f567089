"""The situation map: one HTML file by folium that needs nothing else.

folium links ten files on four hosts. What is drawn here needs only Leaflet's script and style, so
those two are put into the page and no link is made. Nothing but the page's own scripts may run:
its policy names each by its hash.
"""

import base64
import hashlib
import re
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

import folium

from geoservice.publish.escaping import escaped
from geoservice.publish.report_frame import frame_html, title_of
from geoservice.publish.report_layers import DrawnLayer, feature_group

_SCRIPT = re.compile(r"<script(?:\s[^>]*)?>(.*?)</script>", re.S)
_IMAGE = re.compile(r"url\((images/[\w.-]+)\)")
# Chinese as JSON escapes takes twice the room; nothing of this range means anything in a script.
_ESCAPED_CJK = re.compile(r"\\u([3-9][0-9a-f]{3}|ff[0-9a-e][0-9a-f])")
_SOURCE_MAP = re.compile(r"^//# sourceMappingURL=.*$", re.M)


class _PlainMap(folium.Map):
    """folium's map without its links to elsewhere."""

    default_js = []  # noqa: RUF012  # as folium declares it
    default_css = []  # noqa: RUF012


def situation_page(district: str, drawn: Sequence[DrawnLayer], *, at: datetime, web: Path) -> str:
    """Return the whole page.

    Parameters
    ----------
    district
        The name that the page is titled with.
    drawn
        The layers, lowest first; rows in CGCS2000 degrees.
    at
        When the rows were read, with its zone.
    web
        The folder with `situation-map.css` and Leaflet's package.
    """
    # The SVG renderer, which is Leaflet's default, draws the hatches.
    world = _PlainMap(tiles=None, control_scale=True, zoom_control=True, attributionControl=False)
    for one in drawn:
        feature_group(one).add_to(world)
    folium.LayerControl(collapsed=False).add_to(world)
    boxes = [one.rows.total_bounds for one in drawn if len(one.rows)]
    if boxes:
        west, south = (min(box[i] for box in boxes) for i in (0, 1))
        east, north = (max(box[i] for box in boxes) for i in (2, 3))
        world.fit_bounds([[south, west], [north, east]])
    page = _ESCAPED_CJK.sub(lambda found: chr(int(found[1], 16)), world.get_root().render())
    page = page.replace("<body>", f"<body>{frame_html(district, drawn, at)}", 1)
    return _standing_alone(page, title_of(district), web)


def _standing_alone(page: str, title: str, web: Path) -> str:
    """Put Leaflet and the sheet in, and forbid every script that is not in the page."""
    library = web / "node_modules" / "leaflet" / "dist"
    script = _SOURCE_MAP.sub("", (library / "leaflet.js").read_text("utf-8"))
    sheet = _IMAGE.sub(
        lambda found: f"url({_data_uri(library / found[1])})",
        (library / "leaflet.css").read_text("utf-8"),
    )
    own = (web / "situation-map.css").read_text("utf-8")
    hashes = " ".join(_hash(text) for text in (script, *_SCRIPT.findall(page)))
    policy = (
        f"default-src 'none'; script-src {hashes}; style-src 'unsafe-inline'; img-src data:; "
        "base-uri 'none'; form-action 'none'"
    )
    head = (
        '<head>\n<meta charset="utf-8">'
        f'<meta http-equiv="Content-Security-Policy" content="{policy}">'
        f"<title>{escaped(title)}</title><style>{sheet}</style><script>{script}</script>"
    )
    page = page.replace("</head>", f"<style>{own}</style></head>", 1)
    return page.replace("<head>", head, 1).replace("<html>", '<html lang="zh-CN">', 1)


def _hash(script: str) -> str:
    digest = hashlib.sha256(script.encode()).digest()
    return f"'sha256-{base64.b64encode(digest).decode()}'"


def _data_uri(image: Path) -> str:
    return f"data:image/png;base64,{base64.b64encode(image.read_bytes()).decode()}"
