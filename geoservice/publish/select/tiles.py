"""One vector tile, made by PostgreSQL."""

from functools import lru_cache

from psycopg import sql

from geoservice.crs import STORE_SRID
from geoservice.publish.permit import Sight
from geoservice.publish.select.form import Form, columns, finished, form_of, rows_seen, scope, view
from geoservice.publish.statement import Statement
from geoservice.publish.tile_grid import (
    MERCATOR_HALF_M,
    MERCATOR_SRID,
    TILE_BUFFER,
    TILE_EXTENT,
    tile_box_deg,
)


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
        _tile(form_of(sight), thinned), {**scope(sight), **box, **place, "unit_m": unit_m}
    )


@lru_cache(maxsize=512)
def _tile(form: Form, thinned: tuple[str, int] | None) -> sql.SQL:
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
    return finished(
        text.format(
            view=view(form),
            rows=rows_seen(form),
            columns=columns(form),
            thinned=thinning,
            speck=_SPECK,
            margin=sql.Literal(TILE_BUFFER / TILE_EXTENT),
            extent=sql.Literal(TILE_EXTENT),
            buffer=sql.Literal(TILE_BUFFER),
            mercator=sql.Literal(MERCATOR_SRID),
            srid=sql.Literal(STORE_SRID),
        )
    )


# An area or a line too small for a tile's grid, as a square or a dash of two units.
_SPECK = sql.SQL(
    "(SELECT CASE ST_Dimension(m.geom) WHEN 2 THEN ST_Expand(c.spot, %(unit_m)s)"
    " ELSE ST_MakeLine(ST_Translate(c.spot, -%(unit_m)s, 0),"
    " ST_Translate(c.spot, %(unit_m)s, 0)) END"
    " FROM (SELECT ST_ClosestPoint(m.geom, ST_Centroid(b.box)) AS spot) c)"
)


def _thinned(sight: Sight, zoom: int) -> tuple[str, int] | None:
    """Return the column and its most that this zoom draws; None: everything."""
    thinning = sight.layer.thinning
    limits = [step.most for step in thinning.steps if zoom < step.below_zoom] if thinning else []
    return (thinning.by, min(limits)) if thinning and limits else None
