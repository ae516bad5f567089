"""`Sight` and filters -> SELECT statements: the only place that composes SQL.

Identifiers come from a LayerDef only, values are parameters only. A statement builds its whole
answer (GeoJSON text, a tile), so that Python passes bytes through. Filters transform the
parameter and never the column, which keeps the spatial index in use; and `ST_Transform` is given
the SRID as a number: with a text it sets PROJ up for every row (10 ms each, PostGIS 3.3).
"""

from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from psycopg import sql

from geoservice.crs import STORE_SRID
from geoservice.publish.coordinates import ServedCrs
from geoservice.publish.permit import Sight
from geoservice.publish.statement import Filters, Page, Statement
from geoservice.publish.tile_grid import (
    MERCATOR_HALF_M,
    MERCATOR_SRID,
    TILE_BUFFER,
    TILE_EXTENT,
    tile_box_deg,
)

# So many sources of a layer are named in its description.
_MOST_SOURCES = 5


@dataclass(frozen=True)
class _Form:
    """What decides the text of a statement, values apart: each text is composed once."""

    view: str
    fields: tuple[str, ...]
    is_scoped: bool
    has_area: bool
    has_days: bool


def _form(sight: Sight, filters: Filters | None = None) -> _Form:
    filters = filters or Filters()
    return _Form(
        view=sight.layer.view,
        fields=tuple(one.name for one in sight.fields),
        is_scoped=sight.towns is not None,
        has_area=filters.area is not None,
        has_days=filters.days is not None,
    )


def _finished(composed: sql.Composed) -> sql.SQL:
    # Composing takes 0.3 ms, which is as long as PostgreSQL takes for a small page.
    return sql.SQL(composed.as_string(None))


def page(sight: Sight, asked: Page) -> Statement:
    """Return the statement of one page: (features' text, number, last id, is there more, matched).

    Pages run by id, so that page 1,500 costs what page 1 does and a row added meanwhile moves
    nothing. One row more than asked is fetched, to know whether there is a next page.
    """
    values = {**_scope(sight), **asked.filters.values, "after": asked.after, "limit": asked.limit}
    return Statement(_page(_form(sight, asked.filters), asked.crs, asked.is_counted), values)


@lru_cache(maxsize=512)
def _page(form: _Form, crs: ServedCrs, is_counted: bool) -> sql.SQL:  # cache key
    matched: sql.Composable = sql.SQL("NULL::bigint")
    if is_counted:
        counting = sql.SQL("(SELECT count(*) FROM {view} v WHERE {rows})")
        matched = counting.format(view=_view(form), rows=_rows(form))
    text = sql.SQL(
        "WITH fetched AS MATERIALIZED ("
        " SELECT v.* FROM {view} v WHERE {rows} AND v.id > %(after)s"
        " ORDER BY v.id LIMIT %(limit)s + 1"
        "), shown AS (SELECT * FROM fetched ORDER BY id LIMIT %(limit)s)"
        " SELECT coalesce((SELECT string_agg({feature}, ',' ORDER BY v.id) FROM shown v), ''),"
        " (SELECT count(*) FROM shown), (SELECT max(id) FROM shown),"
        " (SELECT count(*) FROM fetched) > %(limit)s, {matched}"
    )
    return _finished(
        text.format(
            view=_view(form), rows=_rows(form), feature=_feature(form, crs), matched=matched
        )
    )


def item(sight: Sight, item_id: int, crs: ServedCrs) -> Statement:
    """Return the statement of one feature as text; no row when it is not there or out of scope."""
    return Statement(_item(_form(sight), crs), {**_scope(sight), "id": item_id})


@lru_cache(maxsize=512)
def _item(form: _Form, crs: ServedCrs) -> sql.SQL:
    text = sql.SQL("SELECT {feature} FROM {view} v WHERE {rows} AND v.id = %(id)s")
    return _finished(text.format(view=_view(form), rows=_rows(form), feature=_feature(form, crs)))


def tile(sight: Sight, zoom: int, row: int, col: int) -> Statement:
    """Return the statement of one Web Mercator vector tile.

    The query box is the tile with its buffer, so that a symbol on a seam is in both tiles. What
    is smaller than a tile's unit keeps that size instead of vanishing. Rows are left out only by
    the layer's declared thinning.
    """
    thinned = _thinned(sight, zoom)
    west, south, east, north = tile_box_deg(zoom, row, col, TILE_BUFFER / TILE_EXTENT)
    box = {"west": west, "south": south, "east": east, "north": north}
    place = {"zoom": zoom, "row": row, "col": col, "layer": sight.layer.id}
    unit_m = 2 * MERCATOR_HALF_M / 2**zoom / TILE_EXTENT
    return Statement(
        _tile(_form(sight), thinned), {**_scope(sight), **box, **place, "unit_m": unit_m}
    )


@lru_cache(maxsize=512)
def _tile(form: _Form, thinned: tuple[str, int] | None) -> sql.SQL:
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
    )
    thinning: sql.Composable = sql.SQL("")
    if thinned is not None:
        by, most = thinned
        thinning = sql.SQL(" AND {} <= {}").format(sql.Identifier("v", by), sql.Literal(most))
    return _finished(
        text.format(
            view=_view(form),
            rows=_rows(form),
            columns=_columns(form),
            thinned=thinning,
            speck=_SPECK,
            margin=sql.Literal(TILE_BUFFER / TILE_EXTENT),
            extent=sql.Literal(TILE_EXTENT),
            buffer=sql.Literal(TILE_BUFFER),
            mercator=sql.Literal(MERCATOR_SRID),
            srid=sql.Literal(STORE_SRID),
        )
    )


def rows(sight: Sight, filters: Filters) -> Statement:
    """Return the statement of plain rows: id, the caller's fields, secrecy, geom; by id."""
    text = sql.SQL(
        "SELECT v.id, {columns}, v.secrecy, v.geom FROM {view} v WHERE {rows} ORDER BY v.id"
    )
    form = _form(sight, filters)
    made = text.format(view=_view(form), rows=_rows(form), columns=_columns(form))
    return Statement(_finished(made), {**_scope(sight), **filters.values})


def summary(sight: Sight) -> Statement:
    """Return the statement of what is seen: (number, box W S E N, first and last day, sources)."""
    text = sql.SQL(
        "SELECT s.n, ST_XMin(s.box), ST_YMin(s.box), ST_XMax(s.box), ST_YMax(s.box),"
        " s.first, s.last, (SELECT array_agg(d.source_doc) FROM"
        " (SELECT DISTINCT v.source_doc FROM {view} v WHERE {rows} LIMIT {most}) d)"
        " FROM (SELECT count(*) AS n, ST_Extent(v.geom)::box3d AS box, min(v.surveyed_on) AS first,"
        " max(v.surveyed_on) AS last FROM {view} v WHERE {rows}) s"
    )
    form = _form(sight)
    made = text.format(view=_view(form), rows=_rows(form), most=sql.Literal(_MOST_SOURCES))
    return Statement(_finished(made), _scope(sight))


# An area or a line too small for a tile's grid, as a square or a dash of two units.
_SPECK = sql.SQL(
    "(SELECT CASE ST_Dimension(m.geom) WHEN 2 THEN ST_Expand(c.spot, %(unit_m)s)"
    " ELSE ST_MakeLine(ST_Translate(c.spot, -%(unit_m)s, 0),"
    " ST_Translate(c.spot, %(unit_m)s, 0)) END"
    " FROM (SELECT ST_ClosestPoint(m.geom, ST_Centroid(b.box)) AS spot) c)"
)


def _view(form: _Form) -> sql.Identifier:
    return sql.Identifier("published", form.view)


def _scope(sight: Sight) -> dict[str, Any]:
    scope: dict[str, Any] = {"secrecies": list(sight.secrecies)}
    if sight.towns is not None:
        scope["towns"] = list(sight.towns)
        scope["open_to"] = list(sight.open_to)
    return scope


def _rows(form: _Form) -> sql.Composable:
    """Which rows this caller sees, and the filters. A row without a place or a day matches any."""
    parts = [sql.SQL("v.secrecy = ANY(%(secrecies)s)")]
    if form.is_scoped:
        parts.append(
            sql.SQL(
                "(v.town_code IS NULL OR v.town_code = ANY(%(towns)s)"
                " OR v.secrecy = ANY(%(open_to)s))"
            )
        )
    if form.has_area:
        parts.append(
            sql.SQL("(ST_Intersects(v.geom, %(area)s::bytea::geometry) OR v.geom IS NULL)")
        )
    if form.has_days:
        parts.append(
            sql.SQL(
                "(v.surveyed_on IS NULL OR v.surveyed_on"
                " BETWEEN coalesce(%(first_day)s::date, '-infinity')"
                " AND coalesce(%(last_day)s::date, 'infinity'))"
            )
        )
    return sql.SQL(" AND ").join(parts)


def _columns(form: _Form) -> sql.Composable:
    return sql.SQL(", ").join(sql.Identifier("v", name) for name in form.fields)


def _feature(form: _Form, crs: ServedCrs) -> sql.Composable:
    shape: sql.Composable = sql.SQL("v.geom")
    if not crs.is_degrees:
        shape = sql.SQL("ST_Transform({}, {})").format(shape, sql.Literal(crs.srid))
    # RFC 7946: outer rings run counter-clockwise as seen in x, y.
    shape = sql.SQL("ST_ForcePolygonCCW({})").format(shape)
    if crs.is_north_first:
        shape = sql.SQL("ST_FlipCoordinates({})").format(shape)
    members = sql.SQL(", ").join(
        sql.SQL("{}, {}").format(sql.Literal(name), sql.Identifier("v", name))
        for name in form.fields
    )
    return sql.SQL(
        """'{{"type":"Feature","id":' || v.id || ',"geometry":' ||"""
        """ coalesce(ST_AsGeoJSON({shape}, {digits}, 0), 'null') ||"""
        """ ',"properties":' || json_build_object({members})::text || '}}'"""
    ).format(shape=shape, digits=sql.Literal(crs.digits), members=members)


def _thinned(sight: Sight, zoom: int) -> tuple[str, int] | None:
    """Return the column and its most that this zoom draws; None: everything."""
    thinning = sight.layer.thinning
    limits = [step.most for step in thinning.steps if zoom < step.below_zoom] if thinning else []
    return (thinning.by, min(limits)) if thinning and limits else None


def district_place() -> Statement:
    """Return the statement of the district's (name, code, middle longitude); no row without one."""
    text = sql.SQL("SELECT v.name, v.code, ST_X(ST_Centroid(v.geom)) FROM published.district v")
    return Statement(text, {})
