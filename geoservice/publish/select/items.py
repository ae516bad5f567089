"""One page of features, and one feature: bytes made by PostgreSQL, passed through."""

from functools import lru_cache

from psycopg import sql

from geoservice.publish.coordinates import ServedCrs
from geoservice.publish.ordering import Key
from geoservice.publish.permit import Sight
from geoservice.publish.select.form import Form, finished, form_of, rows_seen, scope, view
from geoservice.publish.select.formats import IS_SHOWN, columns_of, csv_line, feature
from geoservice.publish.select.paging import after, last_row, mark_values, order_by
from geoservice.publish.statement import Counting, Page, Shape, Statement

# Counting so many rows costs as much as a page; more are counted only when asked.
MOST_COUNTED = 10_000


def page(sight: Sight, asked: Page) -> Statement:
    """Return the statement of one page: (content, number, last row, is there more, matched).

    The content is the bytes of a text, or for a FlatGeobuf one array a column.

    Pages begin behind the last row seen, so that page 1,500 costs what page 1 does and a row
    added meanwhile moves nothing. One row more than asked is fetched, to know whether there is a
    next page. The number matched is None when it is not counted, and one more than
    ``MOST_COUNTED`` when it is larger than what is counted unasked.
    """
    form = form_of(sight, asked.filters, asked.fields, has_shapes=asked.has_shapes)
    gaps = None if asked.after is None else tuple(one is None for one in asked.after.values)
    kinds = tuple((field.name, field.type) for field in sight.fields)
    text = _page(form, asked.shape, asked.order, gaps, asked.counting, kinds)
    values = {**scope(sight), **asked.filters.values, **mark_values(asked.after)}
    return Statement(text, {**values, "limit": asked.limit})


@lru_cache(maxsize=512)
def _page(
    form: Form, shape: Shape, order: tuple[Key, ...], gaps: tuple[bool, ...] | None,
    counting: Counting, kinds: tuple[tuple[str, str], ...],
) -> sql.SQL:  # fmt: skip
    # The rows come in their order and are numbered as they come, so nothing is sorted again.
    text = sql.SQL(
        "SELECT {content}, least(count(*), %(limit)s), {last}, count(*) > %(limit)s, {matched}"
        " FROM (SELECT v.*, row_number() OVER () AS _n FROM"
        " (SELECT v.* FROM {view} v WHERE {rows}{behind}"
        " ORDER BY {order} LIMIT %(limit)s + 1) v) v"
    )
    behind = sql.SQL("") if gaps is None else sql.SQL(" AND {}").format(after(order, gaps))
    return finished(
        text.format(
            view=view(form), rows=rows_seen(form), behind=behind, order=order_by(order),
            content=_content(form, shape, dict(kinds)), last=last_row(order),
            matched=_matched(form, counting),
        )
    )  # fmt: skip


def _content(form: Form, shape: Shape, kinds: dict[str, str]) -> sql.Composable:
    if shape.form == "fgb":
        return columns_of(form, shape.crs, kinds)
    is_csv = shape.form == "csv"
    one = csv_line(form, shape.crs, kinds) if is_csv else feature(form, shape.crs)
    text = "convert_to(coalesce(string_agg({}, {}) FILTER (WHERE {}), ''), 'UTF8')"
    return sql.SQL(text).format(one, sql.SQL("E'\\r\\n'" if is_csv else "','"), IS_SHOWN)


def _matched(form: Form, counting: Counting) -> sql.Composable:
    if counting == "none":
        return sql.SQL("NULL::bigint")
    counted = "(SELECT count(*) FROM {view} v WHERE {rows})"
    if counting == "cheap":
        counted = (
            "CASE WHEN count(*) <= %(limit)s THEN count(*)"
            " ELSE (SELECT count(*) FROM (SELECT 1 FROM {view} v WHERE {rows} LIMIT {most}) c) END"
        )
    return sql.SQL(counted).format(
        view=view(form), rows=rows_seen(form), most=sql.Literal(MOST_COUNTED + 1)
    )


def item(sight: Sight, item_id: int, crs: ServedCrs) -> Statement:
    """Return the statement of one feature: (content, version of its record).

    No row when it is not there or out of scope.
    """
    return Statement(_item(form_of(sight), crs), {**scope(sight), "id": item_id})


@lru_cache(maxsize=512)
def _item(form: Form, crs: ServedCrs) -> sql.SQL:
    text = sql.SQL(
        "SELECT convert_to({feature}, 'UTF8'), v.version"
        " FROM {view} v WHERE {rows} AND v.id = %(id)s"
    )
    return finished(text.format(view=view(form), rows=rows_seen(form), feature=feature(form, crs)))
