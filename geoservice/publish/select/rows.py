"""Plain rows for files, what a layer holds in numbers, and the district's own place."""

from psycopg import sql

from geoservice.publish.permit import Sight
from geoservice.publish.select.form import columns, finished, form_of, known, rows_seen, scope, view
from geoservice.publish.statement import Filters, Statement

# So many sources of a layer are named in its description.
_MOST_SOURCES = 5


def rows(sight: Sight, filters: Filters) -> Statement:
    """Return the statement of plain rows: id, the caller's fields, secrecy, geom; by id."""
    text = sql.SQL("SELECT v.id, {columns}, {rest} FROM {view} v WHERE {rows} ORDER BY v.id")
    form = form_of(sight, filters)
    # A map says the strictest level that is on it, whether or not the caller sees the field.
    rest = [name for name in ("secrecy", "geom") if name not in form.fields]
    made = text.format(
        view=view(form), rows=rows_seen(form), columns=columns(form),
        rest=sql.SQL(", ").join(sql.Identifier("v", name) for name in rest),
    )  # fmt: skip
    return Statement(finished(made), {**scope(sight), **filters.values})


def summary(sight: Sight) -> Statement:
    """Return the statement of what is seen: (number, box W S E N, first and last day, sources)."""
    text = sql.SQL(
        "SELECT s.n, ST_XMin(s.box), ST_YMin(s.box), ST_XMax(s.box), ST_YMax(s.box),"
        " s.first, s.last, (SELECT array_agg(d.source_doc) FROM"
        " (SELECT DISTINCT {source} AS source_doc FROM {view} v WHERE {rows} LIMIT {most}) d"
        " WHERE d.source_doc IS NOT NULL)"
        " FROM (SELECT count(*) AS n, ST_Extent(v.geom)::box3d AS box, min({day}) AS first,"
        " max({day}) AS last FROM {view} v WHERE {rows}) s"
    )
    form = form_of(sight)
    made = text.format(
        view=view(form), rows=rows_seen(form), most=sql.Literal(_MOST_SOURCES),
        source=known(sight, "source_doc", "text"), day=known(sight, "surveyed_on", "date"),
    )  # fmt: skip
    return Statement(finished(made), scope(sight))


def district_place() -> Statement:
    """Return the statement of the district's (name, code, middle longitude); no row without one."""
    text = sql.SQL("SELECT v.name, v.code, ST_X(ST_Centroid(v.geom)) FROM published.district v")
    return Statement(text, {})
