"""Every named query of `sql/queries` is prepared: its columns fit its row class, no rows needed."""

import importlib
import pkgutil
import re
from dataclasses import fields, is_dataclass

import psycopg
import pytest
import shapely

import geoservice
from geoservice.db import Connection, Query, _statements
from geoservice.resources import folder


def _queries() -> dict[str, Query[object]]:
    found: dict[str, Query[object]] = {}
    for module in pkgutil.walk_packages(geoservice.__path__, "geoservice."):
        for value in vars(importlib.import_module(module.name)).values():
            queries = value.values() if isinstance(value, dict) else [value]
            found |= {q.where: q for q in queries if isinstance(q, Query)}
    return found


QUERIES = _queries()
# CREATE, DO and COPY have no rows to describe; a staging table is there only during its load.
_ROWS = ("SELECT", "WITH", "INSERT", "UPDATE", "DELETE")
_COMMENT = re.compile(r"^\s*--.*$", re.MULTILINE)
_TEXTS = {where: _COMMENT.sub("", query.text).strip() for where, query in QUERIES.items()}
DESCRIBED = sorted(
    where
    for where, text in _TEXTS.items()
    if text.upper().startswith(_ROWS) and "pg_temp." not in text
)


def test_every_statement_has_its_query() -> None:
    written = {
        f"{path.stem}.{name}"
        for path in (folder("sql") / "queries").glob("*.sql")
        for name in _statements(path.stem)
    }
    assert written - QUERIES.keys() == set()


@pytest.mark.parametrize("where", DESCRIBED)
def test_columns_fit_the_row_class(where: str, database_url: str) -> None:
    query = QUERIES[where]
    numbered = _TEXTS[where]
    for name in query.parameters:
        numbered = numbered.replace(f"%({name})s", "NULL")
    with psycopg.connect(database_url, options="-c role=geoservice_owner") as conn:
        result = conn.pgconn.prepare(b"probe", numbered.replace("%%", "%").encode())
        assert not result.error_message, result.error_message.decode()
        described = conn.pgconn.describe_prepared(b"probe")
        names = {(described.fname(i) or b"").decode() for i in range(described.nfields)}
    if is_dataclass(query.row_type) and names:
        assert names == {f.name for f in fields(query.row_type)}


def test_unknown_and_missing_parameters_are_refused_before_the_database(conn: Connection) -> None:
    query = QUERIES["common.set_actor"]
    with pytest.raises(TypeError, match=r"takes \['name'\], got \[\]"):
        query.one(conn)
    with pytest.raises(TypeError, match="extra"):
        query.one(conn, name="a", extra=1)


def test_geometry_of_another_srid_is_refused(conn: Connection) -> None:
    query = QUERIES["common.set_actor"]
    with pytest.raises(TypeError, match="SRID 0, not 4490"):
        query.one(conn, name=shapely.Point(113, 36))
