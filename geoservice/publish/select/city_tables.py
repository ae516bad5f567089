"""Statements that make the tables of a set in another's PostGIS: names are composed, from ours.

All of them run in one transaction: readers meet the old tables or the new ones.
"""

from collections.abc import Iterator, Sequence

from psycopg import sql

from geoservice.publish.permit import Sight

MANIFEST = "manifest"
# Written on the schema: only what bears it is ever replaced.
MARK = "geoservice publish"
_TYPES = {
    "text": "text", "integer": "bigint", "number": "double precision", "boolean": "boolean",
    "date": "date", "instant": "timestamptz",
}  # fmt: skip


def schema_made(schema: str) -> Iterator[sql.Composed]:
    """Give the statements that make a marked schema with an empty manifest."""
    name = sql.Identifier(schema)
    yield sql.SQL("CREATE SCHEMA {}").format(name)
    yield sql.SQL("COMMENT ON SCHEMA {} IS {}").format(name, sql.Literal(MARK))
    yield sql.SQL(
        "CREATE TABLE {} (layer text PRIMARY KEY, title_zh text, title_en text, srid integer,"
        " taken_at timestamptz, row_count bigint, content jsonb)"
    ).format(sql.Identifier(schema, MANIFEST))


def noted(schema: str) -> sql.Composed:
    """Return the statement that adds a layer to the manifest."""
    text = (
        "INSERT INTO {} (layer, title_zh, title_en, srid, taken_at, row_count, content)"
        " VALUES (%s, %s, %s, %s, %s, %s, %s)"
    )
    return sql.SQL(text).format(sql.Identifier(schema, MANIFEST))


def table_made(schema: str, sight: Sight, srid: int | None) -> Iterator[sql.Composed]:
    """Give the statements that make a layer's empty table: id, fields, shape; with their titles.

    Parameters
    ----------
    srid
        Of the shapes; None: the layer is a table without places.
    """
    table = sql.Identifier(schema, sight.layer.id)
    columns: list[sql.Composable] = [sql.SQL("id bigint PRIMARY KEY")]
    columns += [
        sql.SQL("{} {}").format(sql.Identifier(one.name), sql.SQL(_TYPES[one.type]))
        for one in sight.fields
    ]
    if srid is not None:
        columns.append(sql.SQL("geom geometry(Geometry, {})").format(sql.Literal(srid)))
    yield sql.SQL("CREATE TABLE {} ({})").format(table, sql.SQL(", ").join(columns))
    yield sql.SQL("COMMENT ON TABLE {} IS {}").format(table, sql.Literal(sight.layer.title.zh))
    for one in sight.fields:
        yield sql.SQL("COMMENT ON COLUMN {} IS {}").format(
            sql.Identifier(schema, sight.layer.id, one.name), sql.Literal(one.zh)
        )


def rows_taken(schema: str, layer: str) -> sql.Composed:
    """Return the COPY that takes a layer's rows, in the order of its columns."""
    return sql.SQL("COPY {} FROM STDIN").format(sql.Identifier(schema, layer))


def table_finished(schema: str, layer: str, *, has_places: bool) -> Iterator[sql.Composed]:
    """Give the statements that make a filled table quick to read."""
    table = sql.Identifier(schema, layer)
    if has_places:
        yield sql.SQL("CREATE INDEX ON {} USING gist (geom)").format(table)
    yield sql.SQL("ANALYZE {}").format(table)


def dropped(schema: str, layers: Sequence[str]) -> Iterator[sql.Composed]:
    """Give the statements that drop an old set and nothing else: a thing that hangs on it stops."""
    tables = [sql.Identifier(schema, one) for one in (*layers, MANIFEST)]
    yield sql.SQL("DROP TABLE {} RESTRICT").format(sql.SQL(", ").join(tables))
    yield sql.SQL("DROP SCHEMA {} RESTRICT").format(sql.Identifier(schema))


def renamed(schema: str, name: str) -> sql.Composed:
    """Return the statement that puts a schema in place."""
    return sql.SQL("ALTER SCHEMA {} RENAME TO {}").format(
        sql.Identifier(schema), sql.Identifier(name)
    )


def readable(schema: str, role: str | None) -> Iterator[sql.Composed]:
    """Give the statements that let a role, None: everybody, read the set."""
    who = sql.SQL("PUBLIC") if role is None else sql.Identifier(role)
    name = sql.Identifier(schema)
    yield sql.SQL("GRANT USAGE ON SCHEMA {} TO {}").format(name, who)
    yield sql.SQL("GRANT SELECT ON ALL TABLES IN SCHEMA {} TO {}").format(name, who)


def layers_of(schema: str) -> sql.Composed:
    """Return the statement that names the layers of the set that is there."""
    return sql.SQL("SELECT layer FROM {}").format(sql.Identifier(schema, MANIFEST))
