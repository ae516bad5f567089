"""The situation map: one HTML file by folium that needs nothing else."""

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

import folium

from geoservice.publish.one_file import PlainMap, standing_alone
from geoservice.publish.report_frame import frame_html, title_of
from geoservice.publish.report_layers import DrawnLayer, feature_group


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
    world = PlainMap(tiles=None, control_scale=True, zoom_control=True, attributionControl=False)
    for one in drawn:
        feature_group(one).add_to(world)
    folium.LayerControl(collapsed=False).add_to(world)
    boxes = [one.rows.total_bounds for one in drawn if len(one.rows)]
    if boxes:
        west, south = (min(box[i] for box in boxes) for i in (0, 1))
        east, north = (max(box[i] for box in boxes) for i in (2, 3))
        world.fit_bounds([[south, west], [north, east]])
    page = world.get_root().render()
    page = page.replace("<body>", f"<body>{frame_html(district, drawn, at)}", 1)
    return standing_alone(page, title_of(district), web, sheet="situation-map.css")
