"""What lies in a shape: how many rows, what they sum to, by class, and the first of them."""

from functools import lru_cache
from typing import LiteralString

from psycopg import sql

from geoservice.publish.permit import Sight
from geoservice.publish.select.form import Form, finished, form_of, rows_seen, scope, view
from geoservice.publish.statement import Filters, Statement

# Only the part inside counts, measured on the ellipsoid; points have neither.
_MEASURES: dict[str, LiteralString] = {
    "line": "sum(ST_Length(ST_Intersection(i.geom, %(area)s::bytea::geometry)::geography))",
    "polygon": "sum(ST_Area(ST_Intersection(i.geom, %(area)s::bytea::geometry)::geography))",
}


def inside(sight: Sight, filters: Filters, most: int) -> Statement:
    """Return the statement of (n, measure, sums, numbers by class, the first ``most`` rows).

    The sums are those of the fields that the layer file marks as summed, in their order; rows are
    ``{id, name}`` by name. A row without a place is nowhere, and not counted.
    """
    summed = tuple(field.name for field in sight.fields if field.is_summed)
    legend = sight.layer.legend.field
    by = legend if legend and any(field.name == legend for field in sight.fields) else None
    named = any(field.name == "name" for field in sight.fields)
    form = form_of(sight, filters)
    text = _inside(form, summed, by, _MEASURES.get(sight.layer.geometry, "NULL"), named)
    return Statement(text, {**scope(sight), **filters.values, "most": most})


@lru_cache(maxsize=256)
def _inside(
    form: Form, summed: tuple[str, ...], by: str | None, measure: LiteralString, named: bool
) -> sql.SQL:
    text = sql.SQL(
        "WITH i AS MATERIALIZED (SELECT v.id, {name} AS _name, v.geom{columns} FROM {view} v"
        " WHERE {rows} AND v.geom IS NOT NULL)"
        " SELECT count(*)::int, ({measure})::float8, ARRAY[{sums}]::float8[], {classes},"
        " (SELECT coalesce(json_agg(json_build_object('id', r.id, 'name', r._name)), '[]')"
        " FROM (SELECT i.id, i._name FROM i ORDER BY i._name, i.id LIMIT %(most)s) r) FROM i"
    )
    columns = [*summed, *([by] if by and by not in summed else [])]
    made = text.format(
        name=sql.SQL("v.name" if named else "v.id::text"),
        columns=sql.SQL("").join(sql.SQL(", v.{}").format(sql.Identifier(it)) for it in columns),
        view=view(form),
        rows=rows_seen(form),
        measure=sql.SQL(measure),
        sums=sql.SQL(", ").join(sql.SQL("sum(i.{})").format(sql.Identifier(it)) for it in summed),
        classes=_classes(by),
    )
    return finished(made)


def _classes(by: str | None) -> sql.Composable:
    if by is None:
        return sql.SQL("'{}'::json")
    text = (
        "(SELECT coalesce(json_object_agg(coalesce(c.k, ''), c.n), '{{}}')"
        " FROM (SELECT i.{by}::text AS k, count(*) AS n FROM i GROUP BY 1) c)"
    )
    return sql.SQL(text).format(by=sql.Identifier(by))
