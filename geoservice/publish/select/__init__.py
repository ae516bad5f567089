"""`Sight` and filters -> SELECT statements: the only place that composes SQL.

Identifiers come from a LayerDef only, values are parameters only. A statement builds its whole
answer (GeoJSON text, a tile), so that Python passes bytes through. Filters transform the
parameter and never the column, which keeps the spatial index in use; and `ST_Transform` is given
the SRID as a number: with a text it sets PROJ up for every row (10 ms each, PostGIS 3.3).
"""

from geoservice.publish.select.cells import cells, crowd
from geoservice.publish.select.conditions import condition_of
from geoservice.publish.select.items import item, page
from geoservice.publish.select.rows import district_place, rows, summary
from geoservice.publish.select.tiles import tile

__all__ = [
    "cells",
    "condition_of",
    "crowd",
    "district_place",
    "item",
    "page",
    "rows",
    "summary",
    "tile",
]
