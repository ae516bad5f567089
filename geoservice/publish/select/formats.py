"""A page's rows in each of its forms: texts made by PostgreSQL, or columns for a file."""

from collections.abc import Mapping

from psycopg import sql

from geoservice.publish.coordinates import ServedCrs
from geoservice.publish.select.form import Form

# A spreadsheet takes a cell that starts so for a formula; the apostrophe makes it a text.
_CELL = (
    "coalesce('\"' || replace(CASE WHEN left({0}, 1) IN ('=', '+', '-', '@', E'\\t', E'\\r')"
    " THEN '''' || {0} ELSE {0} END, '\"', '\"\"') || '\"', '')"
)
# One row more than asked is read, to know whether there is a next page.
IS_SHOWN = sql.SQL("v._n <= %(limit)s")
_INSTANT = "coalesce(to_char({} AT TIME ZONE 'UTC', 'YYYY-MM-DD\"T\"HH24:MI:SS\"Z\"'), '')"

_PLAIN = {
    "number": "{}::float8",
    "integer": "{}::bigint",
    "date": "{}::text",
    "instant": "(extract(epoch FROM {}) * 1000)::bigint",
}


def feature(form: Form, crs: ServedCrs) -> sql.Composable:
    """Return the expression of a row ``v`` as a GeoJSON feature."""
    members = sql.SQL(", ").join(sql.Identifier("v", name) for name in form.fields)
    geometry: sql.Composable = sql.SQL("'null'")
    if form.has_shapes:
        geometry = sql.SQL("coalesce(ST_AsGeoJSON({}, {}, 0), 'null')").format(
            _shape(form, crs), sql.Literal(crs.digits)
        )
    return sql.SQL(
        """'{{"type":"Feature","id":' || v.id || ',"geometry":' || {geometry} ||"""
        """ ',"properties":' || row_to_json((SELECT p FROM (SELECT {members}) p))::text || '}}'"""
    ).format(geometry=geometry, members=members)


def csv_line(form: Form, crs: ServedCrs, kinds: Mapping[str, str]) -> sql.Composable:
    """Return the expression of a row ``v`` as a line of CSV: id, the fields, the place as WKT."""
    cells: list[sql.Composable] = [sql.SQL("v.id::text")]
    for name in form.fields:
        column = sql.Identifier("v", name)
        if kinds[name] == "text":
            cells.append(sql.SQL(_CELL).format(column))
        elif kinds[name] == "instant":
            cells.append(sql.SQL(_INSTANT).format(column))
        else:
            cells.append(sql.SQL("coalesce({}::text, '')").format(column))
    if form.has_shapes:
        text = sql.SQL("ST_AsText({}, {})").format(_shape(form, crs), sql.Literal(crs.digits))
        cells.append(sql.SQL("coalesce('\"' || {} || '\"', '')").format(text))
    return sql.SQL(" || ',' || ").join(cells)


def columns_of(form: Form, crs: ServedCrs, kinds: Mapping[str, str]) -> sql.Composable:
    """Return the columns of the rows shown as one array each: id, the fields, the place as WKB.

    x comes first whatever the CRS; days are texts and instants milliseconds since 1970.
    """
    columns: list[sql.Composable] = [sql.SQL("v.id")]
    for name in form.fields:
        columns.append(sql.SQL(_PLAIN.get(kinds[name], "{}")).format(sql.Identifier("v", name)))
    if form.has_shapes:
        columns.append(sql.SQL("ST_AsBinary({})").format(_moved(crs)))
    return sql.SQL(", ").join(
        sql.SQL("array_agg({}) FILTER (WHERE {})").format(column, IS_SHOWN) for column in columns
    )


def _shape(form: Form, crs: ServedCrs) -> sql.Composable:
    shape = _moved(crs)
    if form.has_areas:
        # RFC 7946: outer rings run counter-clockwise as seen in x, y.
        shape = sql.SQL("ST_ForcePolygonCCW({})").format(shape)
    return sql.SQL("ST_FlipCoordinates({})").format(shape) if crs.is_north_first else shape


def _moved(crs: ServedCrs) -> sql.Composable:
    shape = sql.SQL("v.geom")
    if crs.is_degrees:
        return shape
    return sql.SQL("ST_Transform({}, {})").format(shape, sql.Literal(crs.srid))
