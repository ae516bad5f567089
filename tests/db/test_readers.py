"""Who reads the database itself: every layer, no telephones, nothing restricted, nothing else."""

from collections.abc import Iterator

import psycopg
import pytest
from psycopg.conninfo import make_conninfo

from geoservice import db
from geoservice.errors import ConflictError, ForbiddenError, InputError, NotFoundError
from geoservice.publish.catalog import load_layers
from geoservice.readers import actions

LAYERS = load_layers()
OPEN = [one for one in LAYERS.values() if one.is_public or "viewer" in one.read_roles]
NAME = "city_gis"
_OGC = {"point": {"POINT", "MULTIPOINT"}, "line": {"LINESTRING", "MULTILINESTRING"},
        "polygon": {"POLYGON", "MULTIPOLYGON"}}  # fmt: skip


@pytest.fixture(scope="module")
def demo_url(demo_of_file: str) -> str:
    return demo_of_file


@pytest.fixture(scope="module")
def password(demo_url: str) -> Iterator[str]:
    with db.connect(demo_url) as conn:
        made = actions.create_reader(conn, NAME)
    yield made
    with db.connect(demo_url) as conn:
        actions.drop_reader(conn, NAME)


@pytest.fixture
def reading(demo_url: str, password: str) -> Iterator[psycopg.Connection]:
    """The private cluster asks who the socket's peer is; a role taken on has the same rights."""
    assert len(password) >= 20
    with psycopg.connect(
        make_conninfo(demo_url, options=f"-c role={NAME}"), autocommit=True
    ) as conn:
        yield conn


def test_every_layer_is_listed_with_its_type_and_srid(reading: psycopg.Connection) -> None:
    listed = {
        name: (kind, srid)
        for name, kind, srid in reading.execute(
            "SELECT f_table_name, type, srid FROM geometry_columns WHERE f_table_schema = 'shared'"
        )
    }
    assert set(listed) == {layer.id for layer in OPEN if layer.is_drawn}
    for layer in OPEN:
        if layer.is_drawn:
            kind, srid = listed[layer.id]
            assert srid == 4490
            assert kind in _OGC.get(layer.geometry, {"GEOMETRY"}) | {"GEOMETRY"}


@pytest.mark.parametrize("layer", OPEN, ids=lambda layer: layer.id)
def test_a_layer_has_its_open_fields(reading: psycopg.Connection, layer) -> None:
    cursor = reading.execute(f"SELECT * FROM shared.{layer.id}")  # noqa: S608  # our own names
    assert cursor.description is not None
    hidden = {field.name for field in layer.fields if field.roles}
    names = {column.name for column in cursor.description}
    assert names & {"phone", "leader", "keeper"} <= names - hidden
    assert names == {"id", *(f.name for f in layer.fields)} - hidden | ({"geom"} & names)
    assert ("geom" in names) == layer.is_drawn


def test_restricted_rows_stay_hidden_from_a_function_that_tells(
    demo_url: str, reading: psycopg.Connection
) -> None:
    count = "SELECT count(*) FROM shared.depots"
    before = reading.execute(count).fetchone()
    with db.connect(demo_url) as conn:
        conn.execute(
            "UPDATE core.depot SET secrecy = 'restricted', name = 'secret'"
            " WHERE id = (SELECT min(id) FROM core.depot)"
        )
    after = reading.execute(count).fetchone()
    assert before is not None
    assert after == (before[0] - 1,)
    # A cast tells of each row that it looks at, and meets only those that are shown.
    with pytest.raises(psycopg.errors.InvalidTextRepresentation) as told:
        reading.execute("SELECT count(*) FROM shared.depots WHERE name::integer > 0")
    assert "secret" not in str(told.value)


@pytest.mark.parametrize(
    "statement",
    ["SELECT * FROM published.depots", "SELECT * FROM core.depot", "SELECT * FROM core.account",
     "UPDATE shared.mines SET name = 'x'", "DELETE FROM shared.mines",
     "CREATE TABLE shared.x (a int)", "CREATE TABLE public.x (a int)",
     "CREATE TEMPORARY TABLE x (a int)", "SELECT core.make_reader('x', 'y')"],
)  # fmt: skip
def test_nothing_else_can_be_read_or_written(reading: psycopg.Connection, statement: str) -> None:
    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        reading.execute(statement)  # type: ignore[call-overload]


def test_a_box_is_found_by_the_index(reading: psycopg.Connection) -> None:
    reading.execute("SET enable_seqscan = off")
    plan = reading.execute(
        "EXPLAIN SELECT * FROM shared.roads"
        " WHERE geom && ST_MakeEnvelope(113.2, 36.3, 113.21, 36.31, 4490)"
    ).fetchall()
    assert "road_geom_idx" in str(plan)


def test_the_login_is_read_only_and_bounded(demo_url: str, password: str) -> None:
    with psycopg.connect(demo_url) as conn:
        row = conn.execute(
            "SELECT rolconnlimit, rolpassword LIKE 'SCRAM-SHA-256%%', s.setconfig FROM pg_authid r"
            " JOIN pg_db_role_setting s ON s.setrole = r.oid WHERE rolname = %s", [NAME],
        ).fetchone()  # fmt: skip
    assert row is not None
    assert row[:2] == (16, True)
    assert {"default_transaction_read_only=on", "statement_timeout=60s"} <= set(row[2])
    with db.connect(demo_url) as conn:
        assert [one.name for one in actions.list_readers(conn)] == [NAME]
        assert actions.renew_password(conn, NAME) != password


def test_names_and_rights_are_checked(demo_url: str, password: str) -> None:
    assert password
    with db.connect(demo_url) as conn:
        for name in ("geoservice_app", "pg_x", "X", "a b", "a'; DROP", "ab"):
            with pytest.raises(InputError):
                actions.create_reader(conn, name)
        with pytest.raises(ConflictError):
            actions.create_reader(conn, NAME)
        with pytest.raises(NotFoundError):
            actions.drop_reader(conn, "nobody_here")
        conn.rollback()
    with psycopg.connect(demo_url, autocommit=True) as owner:
        owner.execute("CREATE ROLE plain_user LOGIN")
        owner.execute("GRANT geoservice_app TO plain_user")
        owner.execute("SET SESSION AUTHORIZATION plain_user")
        owner.autocommit = False
        with pytest.raises(ForbiddenError, match="may not make roles"):
            actions.create_reader(owner, "other_gis")
        owner.rollback()
        owner.autocommit = True
        owner.execute("RESET SESSION AUTHORIZATION")
        owner.execute("DROP OWNED BY plain_user")
        owner.execute("DROP ROLE plain_user")
