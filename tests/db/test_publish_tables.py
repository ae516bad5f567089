"""`geoservice publish postgresql://...`: tables of one moment in another's PostGIS."""

from collections.abc import Callable, Iterator
from typing import Any

import psycopg
import pytest
import typer
from psycopg.conninfo import conninfo_to_dict, make_conninfo
from typer.testing import CliRunner

from geoservice import db
from geoservice.errors import ConflictError, InputError, UnavailableError
from geoservice.exports.city_sets import publish_tables, refuse_password, schema_named
from geoservice.exports.jobs import commands
from geoservice.exports.snapshots import snapshot
from geoservice.publish.catalog import load_layers
from geoservice.publish.permit import for_the_city

LAYERS = load_layers()
SIGHTS = [sight for one in LAYERS.values() if (sight := for_the_city(one)) is not None]
FEW = [sight for sight in SIGHTS if sight.layer.id in ("depots", "hazard_sources", "stock_lots")]


@pytest.fixture
def city(cluster_url: str) -> Iterator[str]:
    """An empty PostGIS of somebody else's on the same server."""
    name, server = "city_gis", make_conninfo(cluster_url, dbname="postgres")
    with psycopg.connect(server, autocommit=True) as conn:
        conn.execute(f"CREATE DATABASE {name} TEMPLATE template0")
    url = make_conninfo(cluster_url, dbname=name)
    with psycopg.connect(url) as conn:
        conn.execute("CREATE EXTENSION postgis")
    yield url
    with psycopg.connect(server, autocommit=True) as conn:
        conn.execute(f"DROP DATABASE {name} WITH (FORCE)")


def _publish(
    url: str, city: str, *, crs: str | None = None, on_layer: Callable[[str], None] = lambda _: None
) -> None:
    with db.connect(url) as conn, snapshot(conn):
        publish_tables(conn, sights=FEW, address=city, schema="city", crs=crs, on_layer=on_layer)


def _asked(city: str, question: str) -> list[Any]:
    with psycopg.connect(city) as conn:
        return conn.execute(question).fetchall()  # type: ignore[arg-type]  # a test's own text


def _schemas(city: str) -> list[Any]:
    question = "SELECT nspname FROM pg_namespace WHERE nspname !~ '^(pg_|information_|public)'"
    return _asked(city, question)


def test_every_layer_is_a_table_with_key_index_and_crs(
    demo_shared: str, city: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GEOSERVICE_DATABASE_URL", demo_shared)
    said = conninfo_to_dict(city)
    monkeypatch.setenv("PGPASSWORD", str(said.get("password") or ""))
    app = typer.Typer()
    commands.add_to(app)
    user, name = said.get("user") or "", said["dbname"]
    more = f"host={said['host']}&port={said.get('port') or 5432}"
    address = f"postgresql:///{name}?{more}" + (f"&user={user}" if user else "")
    done = CliRunner().invoke(app, ["publish", address, "--crs", "4547"])
    assert done.exit_code == 0, (done.output, done.exception)
    with db.connect(demo_shared) as conn:
        schema = schema_named(conn, None)
    assert _schemas(city) == [(schema,)]
    table = f"{schema}.manifest"
    found = f"SELECT layer, srid, row_count, taken_at FROM {table}"  # noqa: S608  # a name of ours
    manifest = _asked(city, found)
    assert {row[0] for row in manifest} == {one.layer.id for one in SIGHTS}
    assert len({row[3] for row in manifest}) == 1
    for layer, srid, rows, _ in manifest:
        assert srid == (4547 if LAYERS[layer].is_drawn else None)
        assert len(_asked(city, f"TABLE {schema}.{layer}")) == rows
    assert _asked(
        city,
        "SELECT type, srid FROM geometry_columns WHERE f_table_name = 'rescue_teams'",
    ) == [("GEOMETRY", 4547)]
    columns = _asked(
        city,
        "SELECT column_name FROM information_schema.columns WHERE table_name = 'rescue_teams'",
    )
    assert not {"phone", "leader"} & {row[0] for row in columns}
    indexes = _asked(city, "SELECT indexdef FROM pg_indexes WHERE tablename = 'depots'")
    assert sum("USING gist (geom)" in one for (one,) in indexes) == 1
    assert sum("UNIQUE INDEX" in one and "(id)" in one for (one,) in indexes) == 1
    with db.connect(demo_shared) as conn:
        ours = conn.execute(
            "SELECT id, name, ST_X(ST_Transform(geom, 4547)) FROM published.depots"
            " WHERE secrecy <> 'restricted' ORDER BY id"
        ).fetchall()
    named = f"SELECT id, name, ST_X(geom) FROM {schema}.depots ORDER BY id"  # noqa: S608  # the same
    theirs = _asked(city, named)
    assert [row[:2] for row in theirs] == [row[:2] for row in ours]
    assert [row[2] for row in theirs] == pytest.approx([row[2] for row in ours], abs=0.001)


def test_a_run_that_is_stopped_or_cut_off_leaves_the_old_set(demo_url: str, city: str) -> None:
    _publish(demo_url, city)
    question = "SELECT id, name FROM city.depots ORDER BY id"
    before, manifest = _asked(city, question), _asked(city, "TABLE city.manifest")
    with db.connect(demo_url) as conn:
        conn.execute("UPDATE core.depot SET name = '改名'")

    def stopped(name: str) -> None:
        if name == FEW[-1].layer.id:
            raise KeyboardInterrupt

    def cut_off(name: str) -> None:
        if name == FEW[-1].layer.id:
            with psycopg.connect(city) as conn:
                conn.execute(
                    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                    " WHERE datname = current_database() AND pid <> pg_backend_pid()"
                )

    with pytest.raises(KeyboardInterrupt):
        _publish(demo_url, city, on_layer=stopped)
    with pytest.raises(UnavailableError):
        _publish(demo_url, city, on_layer=cut_off)
    assert _schemas(city) == [("city",)]
    assert (_asked(city, question), _asked(city, "TABLE city.manifest")) == (before, manifest)
    _publish(demo_url, city)
    assert {name for _, name in _asked(city, question)} == {"改名"}
    assert _schemas(city) == [("city",)]


def test_readers_of_the_old_tables_read_the_new_ones(demo_url: str, city: str) -> None:
    _publish(demo_url, city)
    with psycopg.connect(city) as conn:
        conn.execute("GRANT USAGE ON SCHEMA city TO geoservice_read")
    _publish(demo_url, city, crs="4326")
    with psycopg.connect(city, options="-c role=geoservice_read") as conn:
        found = conn.execute("SELECT DISTINCT ST_SRID(geom) FROM city.depots").fetchall()
    assert found == [(4326,)]


def test_what_is_the_citys_own_is_left_alone(demo_url: str, city: str) -> None:
    _publish(demo_url, city)
    with psycopg.connect(city) as conn:
        conn.execute("CREATE VIEW public.theirs AS SELECT id FROM city.depots")
    with pytest.raises(ConflictError, match="the old set stays"):
        _publish(demo_url, city)
    assert _asked(city, "SELECT count(*) FROM public.theirs") != [(0,)]
    with psycopg.connect(city) as conn:
        conn.execute("DROP VIEW public.theirs")
        conn.execute("COMMENT ON SCHEMA city IS NULL")
    with pytest.raises(ConflictError, match="not published to before"):
        _publish(demo_url, city)


def test_a_password_in_the_address_is_refused_and_not_repeated() -> None:
    for address in ("postgresql://a:geheim@h/d", "postgresql://h/d?password=geheim"):
        with pytest.raises(InputError) as refused:
            refuse_password(address)
        assert "geheim" not in f"{refused.value} {refused.value.zh}"
