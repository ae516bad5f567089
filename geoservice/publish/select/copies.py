"""Statements of exports: the rows looked over, and the rows as a file takes them.

Every column is cast to what its layer file declares, so that a file has the same columns however
its view came by them. Days and instants leave as numbers since 1970, which costs a third of a date
object a value and lets no infinite one through.
"""

from dataclasses import dataclass
from typing import Any

from psycopg import sql

from geoservice.publish.catalog import Field
from geoservice.publish.permit import Sight
from geoservice.publish.select.changes import Candidates
from geoservice.publish.select.form import finished, form_of, known, rows_seen, scope, view
from geoservice.publish.statement import Filters, Statement

# So many sources of a layer are named in a manifest.
_MOST_SOURCES = 100
_CASTS = {
    "text": "{}::text",
    "integer": "{}::bigint",
    "number": "{}::double precision",
    "boolean": "{}::boolean",
    "date": "CASE WHEN isfinite({0}) THEN {0}::date - date '1970-01-01' END",
    "instant": "CASE WHEN isfinite({0}) THEN (extract(epoch FROM {0}) * 1000000)::bigint END",
}


@dataclass(frozen=True)
class Wanted:
    """Which rows of a layer are copied: those that the filters leave, and may have changed.

    ``candidates`` are the ids of those that may; None: every row.
    """

    sight: Sight
    filters: Filters
    candidates: Candidates | None = None

    @property
    def values(self) -> dict[str, Any]:
        """Values of the placeholders."""
        changed = {} if self.candidates is None else self.candidates.values
        return {**scope(self.sight), **self.filters.values, **changed}

    def rows(self) -> sql.Composable:
        """Return the condition."""
        seen = rows_seen(form_of(self.sight, self.filters))
        if self.candidates is None:
            return seen
        return sql.SQL("{} AND v.id IN ({})").format(seen, self.candidates.ids)


def survey(wanted: Wanted) -> Statement:
    """Return the statement that looks over the rows of an export: one row, as `Survey` has it."""
    text = sql.SQL(
        "SELECT count(*) AS rows, count(v.geom) AS placed,"
        " (SELECT ARRAY[ST_XMin(b), ST_YMin(b), ST_XMax(b), ST_YMax(b)]"
        " FROM (SELECT ST_Extent(v.geom)::box3d AS b) e WHERE b IS NOT NULL) AS bounds,"
        " {dimensions} AS dimensions, {types} AS types, {secrecies} AS secrecies,"
        " (SELECT array_agg(d.source_doc ORDER BY d.source_doc) FROM"
        " (SELECT DISTINCT {source} AS source_doc FROM {view} v WHERE {rows} LIMIT {most}) d"
        " WHERE d.source_doc IS NOT NULL) AS sources"
        " FROM {view} v WHERE {rows}"
    )
    made = text.format(
        view=view(form_of(wanted.sight)),
        rows=wanted.rows(),
        most=sql.Literal(_MOST_SOURCES),
        source=known(wanted.sight, "source_doc", "text"),
        dimensions=sql.SQL("array_agg(DISTINCT ST_Dimension(v.geom))"),
        types=sql.SQL("array_agg(DISTINCT GeometryType(v.geom))"),
        secrecies=sql.SQL("array_agg(DISTINCT v.secrecy)"),
    )
    return Statement(finished(made), wanted.values)


def copy(
    wanted: Wanted,
    *,
    dimension: int | None = None,
    takes_placeless: bool = False,
    is_multi: bool = False,
) -> Statement:
    """Return the statement of the rows as files take them: id, the caller's fields, WKB; by id.

    Parameters
    ----------
    dimension
        Of the shapes wanted: 0, 1 or 2; None: every row, those without a place too.
    takes_placeless
        Whether rows without a place come along with the shapes of that dimension.
    is_multi
        Whether single shapes become multiple ones, as a column of one type needs.
    """
    sight = wanted.sight
    parts = [sql.SQL("v.id"), *(_cast(one) for one in sight.fields)]
    if sight.layer.is_drawn:
        shape = sql.SQL("ST_Multi(v.geom)" if is_multi else "v.geom")
        parts.append(sql.SQL("ST_AsBinary({}, 'NDR')").format(shape))
    text = sql.SQL("SELECT {parts} FROM {view} v WHERE {rows}{dimension} ORDER BY v.id")
    made = text.format(
        parts=sql.SQL(", ").join(parts),
        view=view(form_of(sight)),
        rows=wanted.rows(),
        dimension=_of_dimension(dimension, takes_placeless=takes_placeless),
    )
    return Statement(finished(made), wanted.values)


def _cast(field: Field) -> sql.Composable:
    return sql.SQL(_CASTS[field.type]).format(sql.Identifier("v", field.name))


def _of_dimension(dimension: int | None, *, takes_placeless: bool) -> sql.Composable:
    if dimension is None:
        return sql.SQL("")
    also = sql.SQL(" OR v.geom IS NULL" if takes_placeless else "")
    return sql.SQL(" AND (ST_Dimension(v.geom) = {}{})").format(sql.Literal(dimension), also)
