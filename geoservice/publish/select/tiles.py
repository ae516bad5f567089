"""One vector tile, made by PostgreSQL."""

from functools import lru_cache
from typing import Any

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

# A column, and the largest value in it that is drawn.
Rank = tuple[str, int]


def tile(sight: Sight, zoom: int, row: int, col: int, most: int | None = None) -> Statement:
    """Return the statement of one Web Mercator vector tile, with each feature drawn.

    It gives the tile and how many features are in its box. With more than ``most`` nothing is
    drawn, and the number is one more than that; None: there is no limit.

    The query box is the tile with its buffer, so that a symbol on a seam is in both tiles. What
    is smaller than a tile's unit keeps that size instead of vanishing. Rows are left out only by
    the layer's declared thinning.
    """
    text = _tile(form_of(sight), ranked(sight, zoom), most)
    return Statement(text, tile_values(sight, zoom, row, col))


def tile_values(sight: Sight, zoom: int, row: int, col: int) -> dict[str, Any]:
    """Return the values of the placeholders in the statements of a tile."""
    west, south, east, north = tile_box_deg(zoom, row, col, TILE_BUFFER / TILE_EXTENT)
    return {
        **scope(sight),
        **{"west": west, "south": south, "east": east, "north": north},
        **{"zoom": zoom, "row": row, "col": col, "layer": sight.layer.id},
        "unit_m": 2 * MERCATOR_HALF_M / 2**zoom / TILE_EXTENT,
    }


def ranked(sight: Sight, zoom: int) -> Rank | None:
    """Return the column and its most that this zoom draws; None: everything."""
    thinning = sight.layer.thinning
    limits = [step.most for step in thinning.steps if zoom < step.below_zoom] if thinning else []
    return (thinning.by, min(limits)) if thinning and thinning.by and limits else None


@lru_cache(maxsize=512)
def _tile(form: Form, rank: Rank | None, most: int | None) -> sql.SQL:
    # The rows are found once, to be counted and drawn.
    text = sql.SQL(
        "WITH inside AS MATERIALIZED ("
        " SELECT v.id{columns}, v.geom FROM {view} v WHERE {rows}{limit}),"
        " number AS (SELECT count(*) AS n FROM inside)"
        " SELECT (SELECT ST_AsMVT(t, %(layer)s, {extent}, 'geom', 'id') FROM ("
        " SELECT v.id{columns}, g.geom FROM {drawn} WHERE g.geom IS NOT NULL{few}"
        " ORDER BY v.id) t), n FROM number"
    )
    nothing = sql.SQL("")
    given = sql.Literal(most)
    return finished(
        text.format(
            extent=sql.Literal(TILE_EXTENT),
            columns=sql.SQL(", ") + columns(form) if form.fields else nothing,
            view=view(form),
            rows=rows_drawn(form, rank),
            limit=sql.SQL(" LIMIT {} + 1").format(given) if most else nothing,
            few=sql.SQL(" AND (SELECT n FROM number) <= {}").format(given) if most else nothing,
            drawn=drawn(sql.Identifier("inside")),
        )
    )


def rows_drawn(form: Form, rank: Rank | None) -> sql.Composable:
    """Return which rows are in a tile: those seen, in its box, of a rank that its zoom draws."""
    parts = [
        rows_seen(form),
        sql.SQL("v.geom && ST_MakeEnvelope(%(west)s, %(south)s, %(east)s, %(north)s, {})").format(
            sql.Literal(STORE_SRID)
        ),
    ]
    if rank is not None:
        by, most = rank
        parts.append(sql.SQL("{} <= {}").format(sql.Identifier("v", by), sql.Literal(most)))
    return sql.SQL(" AND ").join(parts)


def drawn(source: sql.Composable) -> sql.Composable:
    """Return the rows ``v`` of a view beside their shapes in the tile, ``g.geom``."""
    text = sql.SQL(
        "{source} v"
        " CROSS JOIN LATERAL (SELECT ST_Transform(v.geom, {mercator}) AS geom) m"
        " CROSS JOIN LATERAL (SELECT coalesce("
        "  ST_AsMVTGeom(m.geom, b.box, {extent}, {buffer}),"
        "  CASE WHEN ST_Dimension(m.geom) > 0 AND ST_Intersects(m.geom, b.wide)"
        "   THEN ST_AsMVTGeom({speck}, b.box, {extent}, {buffer}) END) AS geom"
        "  FROM (SELECT ST_TileEnvelope(%(zoom)s, %(col)s, %(row)s) AS box,"
        "   ST_TileEnvelope(%(zoom)s, %(col)s, %(row)s, margin => {margin}) AS wide) b) g"
    )
    return text.format(
        source=source,
        speck=_SPECK,
        margin=sql.Literal(TILE_BUFFER / TILE_EXTENT),
        extent=sql.Literal(TILE_EXTENT),
        buffer=sql.Literal(TILE_BUFFER),
        mercator=sql.Literal(MERCATOR_SRID),
    )


# An area or a line too small for a tile's grid, as a square or a dash of two units.
_SPECK = sql.SQL(
    "(SELECT CASE ST_Dimension(m.geom) WHEN 2 THEN ST_Expand(c.spot, %(unit_m)s)"
    " ELSE ST_MakeLine(ST_Translate(c.spot, -%(unit_m)s, 0),"
    " ST_Translate(c.spot, %(unit_m)s, 0)) END"
    " FROM (SELECT ST_ClosestPoint(m.geom, ST_Centroid(b.box)) AS spot) c)"
)
