"""What is published, described; and its rows, for files and the situation map."""

from collections.abc import Iterable
from datetime import datetime
from typing import TYPE_CHECKING, Any

from geoservice.crs import STORE_SRID
from geoservice.db import Connection, district_zone
from geoservice.publish.described import Described, Place
from geoservice.publish.permit import Sight
from geoservice.publish.select import district_place, rows, summary
from geoservice.publish.statement import Filters, Statement
from geoservice.resources import folder

if TYPE_CHECKING:
    import geopandas as gpd


def place_of(conn: Connection) -> Place:
    """Return the district's name, code and longitude."""
    row = _one(conn, district_place())
    return Place(row[0], row[1], row[2]) if row else Place("", "", None)


def describe(conn: Connection, sights: Iterable[Sight]) -> list[Described]:
    """Return each layer's number of rows and extent, as this caller sees them."""
    found = []
    for sight in sights:
        row = _one(conn, summary(sight))
        count, west, south, east, north, first_day, last_day, sources = row or (0, *[None] * 7)
        bounds = None if west is None else (west, south, east, north)
        found.append(Described(sight, count, bounds, first_day, last_day, tuple(sources or ())))
    return found


def read_rows(conn: Connection, sight: Sight, filters: Filters | None = None) -> "gpd.GeoDataFrame":
    """Return the rows this caller sees: id, fields, ``secrecy``, ``geom`` in ``STORE_SRID``.

    By id. A layer without rows gives an empty frame with its columns.
    """
    import geopandas as gpd  # large and slow imports, for files and the situation map only
    import pandas as pd

    statement = rows(sight, filters or Filters())
    with conn.cursor() as cursor:
        cursor.execute(statement.text, statement.values)
        names = [column.name for column in cursor.description or ()]
        records = cursor.fetchall()
    plain = pd.DataFrame.from_records(records, columns=names)
    return gpd.GeoDataFrame(plain, geometry="geom", crs=STORE_SRID)


def situation_map(conn: Connection, *, sights: Iterable[Sight], at: datetime) -> str:
    """Return the one-file map of what the caller sees at this moment, as HTML.

    Its times are the district's.

    Raises
    ------
    NoDistrictError
        There is no district to draw.
    """
    # folium: a large and slow import, this page only.
    from geoservice.publish.report_layers import drawn_layer
    from geoservice.publish.report_map import situation_page

    zone = district_zone(conn)
    drawn = [
        drawn_layer(sight, read_rows(conn, sight), zone) for sight in sights if sight.layer.is_drawn
    ]
    name = place_of(conn).name
    return situation_page(name, drawn, at=at.astimezone(zone), web=folder("web"))


def _one(conn: Connection, statement: Statement) -> tuple[Any, ...] | None:
    with conn.cursor() as cursor:
        cursor.execute(statement.text, statement.values)
        return cursor.fetchone()
