"""`Sight` and filters -> SELECT statements: the only place that composes SQL.

Identifiers come from a LayerDef only, values are parameters only. A statement builds its whole
answer (GeoJSON text, a tile), so that Python passes bytes through. Filters transform the
parameter and never the column, which keeps the spatial index in use; and `ST_Transform` is given
the SRID as a number: with a text it sets PROJ up for every row (10 ms each, PostGIS 3.3).
"""

import math
from dataclasses import dataclass, field
from typing import Any

import shapely
from psycopg import sql
from shapely.geometry.base import BaseGeometry

from geoservice.crs import STORE_SRID
from geoservice.publish.coordinates import CRS84, ServedCrs, Span
from geoservice.publish.permit import Sight

TILE_EXTENT, TILE_BUFFER = 4096, 256
MERCATOR_SRID, MERCATOR_HALF_M = 3857, 20037508.342789244


@dataclass(frozen=True)
class Statement:
    """A composed statement and the values of its placeholders."""

    text: sql.Composed
    values: dict[str, Any]


@dataclass(frozen=True)
class Filters:
    """Which rows are asked for: within a stored shape, surveyed in a span of days."""

    area: BaseGeometry | None = None
    days: Span | None = None

    @property
    def values(self) -> dict[str, Any]:
        """Values of the placeholders that these filters make."""
        found: dict[str, Any] = {}
        if self.area is not None:
            found["area"] = shapely.to_wkb(self.area, include_srid=True)
        if self.days is not None:
            found["first_day"], found["last_day"] = self.days
        return found


@dataclass(frozen=True)
class Page:
    """A page of items: how many, after which id, in which CRS, counting all or not."""

    limit: int
    after: int = 0
    crs: ServedCrs = CRS84
    is_counted: bool = True
    filters: Filters = field(default_factory=Filters)


def page(sight: Sight, asked: Page) -> Statement:
    """Return the statement of one page: (features' text, number, last id, is there more, matched).

    Pages run by id, so that page 1,500 costs what page 1 does and a row added meanwhile moves
    nothing. One row more than asked is fetched, to know whether there is a next page.
    """
    view, seen = _view(sight), _rows(sight, asked.filters)
    matched: sql.Composable = sql.SQL("NULL::bigint")
    if asked.is_counted:
        counting = sql.SQL("(SELECT count(*) FROM {view} v WHERE {rows})")
        matched = counting.format(view=view, rows=seen)
    text = sql.SQL(
        "WITH fetched AS MATERIALIZED ("
        " SELECT v.* FROM {view} v WHERE {rows} AND v.id > %(after)s"
        " ORDER BY v.id LIMIT %(limit)s + 1"
        "), shown AS (SELECT * FROM fetched ORDER BY id LIMIT %(limit)s)"
        " SELECT coalesce((SELECT string_agg({feature}, ',' ORDER BY v.id) FROM shown v), ''),"
        " (SELECT count(*) FROM shown), (SELECT max(id) FROM shown),"
        " (SELECT count(*) FROM fetched) > %(limit)s, {matched}"
    ).format(view=view, rows=seen, feature=_feature(sight, asked.crs), matched=matched)
    values = {**_scope(sight), **asked.filters.values, "after": asked.after, "limit": asked.limit}
    return Statement(text, values)


def item(sight: Sight, item_id: int, crs: ServedCrs) -> Statement:
    """Return the statement of one feature as text; no row when it is not there or out of scope."""
    text = sql.SQL("SELECT {feature} FROM {view} v WHERE {rows} AND v.id = %(id)s").format(
        view=_view(sight), rows=_rows(sight, Filters()), feature=_feature(sight, crs)
    )
    return Statement(text, {**_scope(sight), "id": item_id})


def tile(sight: Sight, zoom: int, row: int, col: int) -> Statement:
    """Return the statement of one Web Mercator vector tile.

    The query box is the tile with its buffer, so that a symbol on a seam is in both tiles. What
    is smaller than a tile's unit keeps that size instead of vanishing. Rows are left out only by
    the layer's declared thinning.
    """
    text = sql.SQL(
        "SELECT ST_AsMVT(t, %(layer)s, {extent}, 'geom', 'id') FROM ("
        " SELECT v.id, {columns}, g.geom FROM {view} v"
        " CROSS JOIN LATERAL (SELECT ST_Transform(v.geom, {mercator}) AS geom) m"
        " CROSS JOIN LATERAL (SELECT coalesce("
        "  ST_AsMVTGeom(m.geom, b.box, {extent}, {buffer}),"
        "  CASE WHEN ST_Dimension(m.geom) > 0 AND ST_Intersects(m.geom, b.wide)"
        "   THEN ST_AsMVTGeom({speck}, b.box, {extent}, {buffer}) END) AS geom"
        "  FROM (SELECT ST_TileEnvelope(%(zoom)s, %(col)s, %(row)s) AS box,"
        "   ST_TileEnvelope(%(zoom)s, %(col)s, %(row)s, margin => {margin}) AS wide) b) g"
        " WHERE {rows}"
        " AND v.geom && ST_MakeEnvelope(%(west)s, %(south)s, %(east)s, %(north)s, {srid})"
        " AND g.geom IS NOT NULL{thinned} ORDER BY v.id) t"
    ).format(
        view=_view(sight),
        rows=_rows(sight, Filters()),
        columns=_columns(sight),
        thinned=_thinned(sight, zoom),
        speck=_SPECK,
        margin=sql.Literal(TILE_BUFFER / TILE_EXTENT),
        extent=sql.Literal(TILE_EXTENT),
        buffer=sql.Literal(TILE_BUFFER),
        mercator=sql.Literal(MERCATOR_SRID),
        srid=sql.Literal(STORE_SRID),
    )
    west, south, east, north = tile_box_deg(zoom, row, col, TILE_BUFFER / TILE_EXTENT)
    box = {"west": west, "south": south, "east": east, "north": north}
    place = {"zoom": zoom, "row": row, "col": col, "layer": sight.layer.id}
    unit_m = 2 * MERCATOR_HALF_M / 2**zoom / TILE_EXTENT
    return Statement(text, {**_scope(sight), **box, **place, "unit_m": unit_m})


def rows(sight: Sight, filters: Filters) -> Statement:
    """Return the statement of plain rows: id, the caller's fields, secrecy, geom; by id."""
    text = sql.SQL(
        "SELECT v.id, {columns}, v.secrecy, v.geom FROM {view} v WHERE {rows} ORDER BY v.id"
    ).format(view=_view(sight), rows=_rows(sight, filters), columns=_columns(sight))
    return Statement(text, {**_scope(sight), **filters.values})


def summary(sight: Sight) -> Statement:
    """Return the statement of what is seen: (number, west, south, east, north, first, last day)."""
    text = sql.SQL(
        "SELECT s.n, ST_XMin(s.box), ST_YMin(s.box), ST_XMax(s.box), ST_YMax(s.box),"
        " s.first, s.last"
        " FROM (SELECT count(*) AS n, ST_Extent(v.geom)::box3d AS box, min(v.surveyed_on) AS first,"
        " max(v.surveyed_on) AS last FROM {view} v WHERE {rows}) s"
    ).format(view=_view(sight), rows=_rows(sight, Filters()))
    return Statement(text, _scope(sight))


# An area or a line too small for a tile's grid, as a square or a dash of two units.
_SPECK = sql.SQL(
    "(SELECT CASE ST_Dimension(m.geom) WHEN 2 THEN ST_Expand(c.spot, %(unit_m)s)"
    " ELSE ST_MakeLine(ST_Translate(c.spot, -%(unit_m)s, 0),"
    " ST_Translate(c.spot, %(unit_m)s, 0)) END"
    " FROM (SELECT ST_ClosestPoint(m.geom, ST_Centroid(b.box)) AS spot) c)"
)


def tile_box_deg(zoom: int, row: int, col: int, margin: float) -> tuple[float, float, float, float]:
    """Return a tile's west, south, east, north in degrees, wider by ``margin`` tiles all round.

    Kept within the globe: PostGIS would wrap a longitude beyond 180 to the other side and turn
    the box of the lowest zooms inside out.
    """
    size = float(2**zoom)

    def lon(x: float) -> float:
        return min(max(x / size * 360 - 180, -180.0), 180.0)

    def lat(y: float) -> float:
        return math.degrees(math.atan(math.sinh(math.pi * (1 - 2 * min(max(y / size, 0.0), 1.0)))))

    return lon(col - margin), lat(row + 1 + margin), lon(col + 1 + margin), lat(row - margin)


def _view(sight: Sight) -> sql.Identifier:
    return sql.Identifier("published", sight.layer.view)


def _scope(sight: Sight) -> dict[str, Any]:
    scope: dict[str, Any] = {"secrecies": list(sight.secrecies)}
    if sight.towns is not None:
        scope["towns"] = list(sight.towns)
    return scope


def _rows(sight: Sight, filters: Filters) -> sql.Composable:
    """Which rows this caller sees, and the filters. A row without a place or a day matches any."""
    parts = [sql.SQL("v.secrecy = ANY(%(secrecies)s)")]
    if sight.towns is not None:
        parts.append(sql.SQL("(v.town_code IS NULL OR v.town_code = ANY(%(towns)s))"))
    if filters.area is not None:
        parts.append(
            sql.SQL("(ST_Intersects(v.geom, %(area)s::bytea::geometry) OR v.geom IS NULL)")
        )
    if filters.days is not None:
        parts.append(
            sql.SQL(
                "(v.surveyed_on IS NULL OR v.surveyed_on"
                " BETWEEN coalesce(%(first_day)s::date, '-infinity')"
                " AND coalesce(%(last_day)s::date, 'infinity'))"
            )
        )
    return sql.SQL(" AND ").join(parts)


def _columns(sight: Sight) -> sql.Composable:
    return sql.SQL(", ").join(sql.Identifier("v", one.name) for one in sight.fields)


def _feature(sight: Sight, crs: ServedCrs) -> sql.Composable:
    shape: sql.Composable = sql.SQL("v.geom")
    if not crs.is_degrees:
        shape = sql.SQL("ST_Transform({}, {})").format(shape, sql.Literal(crs.srid))
    # RFC 7946: outer rings run counter-clockwise as seen in x, y.
    shape = sql.SQL("ST_ForcePolygonCCW({})").format(shape)
    if crs.is_north_first:
        shape = sql.SQL("ST_FlipCoordinates({})").format(shape)
    members = sql.SQL(", ").join(
        sql.SQL("{}, {}").format(sql.Literal(one.name), sql.Identifier("v", one.name))
        for one in sight.fields
    )
    return sql.SQL(
        """'{{"type":"Feature","id":' || v.id || ',"geometry":' ||"""
        """ coalesce(ST_AsGeoJSON({shape}, {digits}, 0), 'null') ||"""
        """ ',"properties":' || json_build_object({members})::text || '}}'"""
    ).format(shape=shape, digits=sql.Literal(crs.digits), members=members)


def _thinned(sight: Sight, zoom: int) -> sql.Composable:
    thinning = sight.layer.thinning
    if thinning is None:
        return sql.SQL("")
    limits = [step.most for step in thinning.steps if zoom < step.below_zoom]
    if not limits:
        return sql.SQL("")
    return sql.SQL(" AND {} <= {}").format(
        sql.Identifier("v", thinning.by), sql.Literal(min(limits))
    )


def district_place() -> Statement:
    """Return the statement of the district's (name, code, middle longitude); no row without one."""
    text = sql.SQL("SELECT v.name, v.code, ST_X(ST_Centroid(v.geom)) FROM {view} v").format(
        view=sql.Identifier("published", "district")
    )
    return Statement(text, {})
