"""The views of the schema `shared`, which other programs read in the database itself.

Made from the layer files: every layer that a viewer may read, without the fields that are for a
role only and without restricted rows. Each is a security barrier: PostgreSQL shows a row to a
client's own functions only after it is known to be one of theirs.
"""

from collections.abc import Iterable

from psycopg import sql

from geoservice.publish.catalog import LayerDef
from geoservice.publish.select.form import finished


def shared_views(layers: Iterable[LayerDef]) -> str:
    """Return the statements that make the views anew and let `geoservice_read` read them."""
    shown = [one for one in layers if one.is_public or "viewer" in one.read_roles]
    return "\n".join(finished(_view(layer)).as_string(None) for layer in shown)


def _view(layer: LayerDef) -> sql.Composed:
    names = ["id", *(field.name for field in layer.fields if not field.roles)]
    if layer.is_drawn:
        names.append("geom")
    return sql.SQL(
        "CREATE VIEW {shared} WITH (security_barrier) AS SELECT {columns} FROM {published} v"
        " WHERE v.secrecy <> 'restricted'; COMMENT ON VIEW {shared} IS {title};"
        " GRANT SELECT ON {shared} TO geoservice_read;"
    ).format(
        shared=sql.Identifier("shared", layer.id),
        published=sql.Identifier("published", layer.view),
        columns=sql.SQL(", ").join(sql.Identifier("v", name) for name in names),
        title=sql.Literal(f"{layer.title.zh} · {layer.title.en}"),
    )
