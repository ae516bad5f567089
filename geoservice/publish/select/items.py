"""One page of features, and one feature: GeoJSON text made by PostgreSQL, passed through."""

from functools import lru_cache

from psycopg import sql

from geoservice.publish.coordinates import ServedCrs
from geoservice.publish.permit import Sight
from geoservice.publish.select.form import Form, finished, form_of, rows_seen, scope, view
from geoservice.publish.statement import Page, Statement


def page(sight: Sight, asked: Page) -> Statement:
    """Return the statement of one page: (features' text, number, last id, is there more, matched).

    Pages run by id, so that page 1,500 costs what page 1 does and a row added meanwhile moves
    nothing. One row more than asked is fetched, to know whether there is a next page.
    """
    values = {**scope(sight), **asked.filters.values, "after": asked.after, "limit": asked.limit}
    return Statement(_page(form_of(sight, asked.filters), asked.crs, asked.is_counted), values)


@lru_cache(maxsize=512)
def _page(form: Form, crs: ServedCrs, is_counted: bool) -> sql.SQL:  # cache key
    matched: sql.Composable = sql.SQL("NULL::bigint")
    if is_counted:
        counting = sql.SQL("(SELECT count(*) FROM {view} v WHERE {rows})")
        matched = counting.format(view=view(form), rows=rows_seen(form))
    text = sql.SQL(
        "WITH fetched AS MATERIALIZED ("
        " SELECT v.* FROM {view} v WHERE {rows} AND v.id > %(after)s"
        " ORDER BY v.id LIMIT %(limit)s + 1"
        "), shown AS (SELECT * FROM fetched ORDER BY id LIMIT %(limit)s)"
        " SELECT coalesce((SELECT string_agg({feature}, ',' ORDER BY v.id) FROM shown v), ''),"
        " (SELECT count(*) FROM shown), (SELECT max(id) FROM shown),"
        " (SELECT count(*) FROM fetched) > %(limit)s, {matched}"
    )
    return finished(
        text.format(
            view=view(form), rows=rows_seen(form), feature=_feature(form, crs), matched=matched
        )
    )


def item(sight: Sight, item_id: int, crs: ServedCrs) -> Statement:
    """Return the statement of one feature as text; no row when it is not there or out of scope."""
    return Statement(_item(form_of(sight), crs), {**scope(sight), "id": item_id})


@lru_cache(maxsize=512)
def _item(form: Form, crs: ServedCrs) -> sql.SQL:
    text = sql.SQL("SELECT {feature} FROM {view} v WHERE {rows} AND v.id = %(id)s")
    return finished(text.format(view=view(form), rows=rows_seen(form), feature=_feature(form, crs)))


def _feature(form: Form, crs: ServedCrs) -> sql.Composable:
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
