"""Records in the database: inserted, amended, left alone; the district and its envelope."""

import itertools
import runpy
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import shapely
from psycopg.rows import dict_row

from geoservice import db
from geoservice.errors import ConflictError, OutsideDistrictError
from geoservice.registry import actions, records
from geoservice.registry.actions import Stored
from geoservice.registry.records import Record
from geoservice.registry.registers import LOADABLE, register_named
from geoservice.registry.rows import as_kept

DATA = runpy.run_path(str(Path(__file__).parents[1] / "data" / "register_samples.py"))
SAMPLES: dict[str, Record] = DATA["SAMPLES"]
AREA = DATA["AREA"]
DISTRICT = records.District(code="140406", name="测试区", source_doc="test", geom=AREA)


@pytest.fixture
def district(conn: db.Connection) -> db.Connection:
    db.set_actor(conn, "tester")
    assert actions.set_district(conn, DISTRICT)
    return conn


def row(conn: db.Connection, table: str, code: str) -> dict[str, Any]:
    with conn.cursor(row_factory=dict_row) as cursor:
        cursor.execute(f"SELECT * FROM core.{table} WHERE code = %s AND valid_to IS NULL", [code])  # noqa: S608  # names of ours
        found = cursor.fetchone()
    assert found is not None
    return found


@pytest.mark.parametrize("register", LOADABLE)
def test_a_record_is_inserted_left_alone_and_amended(
    district: db.Connection, register: str
) -> None:
    for before in itertools.takewhile(lambda name: name != register, SAMPLES):
        actions.store(district, before, [SAMPLES[before]])
    record = SAMPLES[register]
    assert actions.store(district, register, [record]) == Stored(inserted=(record.code,))
    assert actions.store(district, register, [record]) == Stored(unchanged=(record.code,))
    renamed = replace(record, name="乙", is_demo=True)
    assert actions.store(district, register, [renamed]) == Stored(amended=(record.code,))
    standing = actions.standing(district, register, [record.code])
    assert standing == {record.code: as_kept(renamed, register_named(register).shape)}
    assert actions.store(district, register, []) == Stored()


def test_there_is_a_sample_of_every_register() -> None:
    assert list(SAMPLES) == list(LOADABLE)


def test_who_and_which_version_is_kept(district: db.Connection) -> None:
    actions.store(district, "hazard_sources", [SAMPLES["hazard_sources"]])
    db.set_actor(district, "another")
    actions.store(district, "hazard_sources", [replace(SAMPLES["hazard_sources"], name="乙")])
    kept = row(district, "hazard_source", "X1")
    assert (kept["version"], kept["created_by"], kept["updated_by"]) == (2, "tester", "another")


def test_more_records_than_one_statement_takes(district: db.Connection) -> None:
    many = [replace(SAMPLES["hazard_sources"], code=f"H{n}") for n in range(2345)]
    assert len(actions.store(district, "hazard_sources", many).inserted) == 2345


def test_a_stock_lot_needs_its_depot(district: db.Connection) -> None:
    with pytest.raises(ConflictError, match="X1"):
        actions.store(district, "stock_lots", [SAMPLES["stock_lots"]])


def test_the_database_itself_refuses_what_lies_outside(district: db.Connection) -> None:
    far = replace(SAMPLES["hazard_sources"], geom=shapely.Point(36.3, 113.2))
    with pytest.raises(OutsideDistrictError):
        actions.store(district, "hazard_sources", [far])


def test_the_district_before_is_retired_and_the_same_one_left_alone(
    district: db.Connection,
) -> None:
    assert not actions.set_district(district, DISTRICT)
    larger = replace(DISTRICT, geom=AREA.union(shapely.box(113.4, 36.2, 113.5, 36.5)))
    assert actions.set_district(district, larger)
    found = district.execute("SELECT valid_to IS NULL FROM core.district ORDER BY id").fetchall()
    assert found == [(False,), (True,)]


def test_a_district_elsewhere_is_refused_with_the_rows_that_are_here(
    district: db.Connection,
) -> None:
    actions.store(district, "mines", [SAMPLES["mines"]])
    actions.store(district, "depots", [SAMPLES["depots"]])
    andorra = replace(DISTRICT, code="AD", geom=shapely.box(1.41, 42.43, 1.79, 42.66))
    with pytest.raises(ConflictError, match=r"core\.depot: 1, core\.mine: 1"):
        actions.set_district(district, andorra)


def test_a_district_anywhere(conn: db.Connection) -> None:
    andorra = replace(DISTRICT, code="AD", geom=shapely.box(1.41, 42.43, 1.79, 42.66))
    zone = actions.choose_zone(conn, code="AD", geom=andorra.geom, said=None)
    assert (zone.name, zone.origin) == ("UTC", "place")
    assert actions.set_district(conn, replace(andorra, time_zone="Europe/Andorra"))
    assert db.district_zone(conn).key == "Europe/Andorra"
    near = replace(SAMPLES["hazard_sources"], geom=shapely.Point(1.3, 42.5))
    assert actions.store(conn, "hazard_sources", [near]).inserted == ("X1",)


@pytest.mark.parametrize("register", LOADABLE)
def test_codes_are_those_that_the_database_takes(conn: db.Connection, register: str) -> None:
    """The layer file labels each code of the table's CHECK, and no other."""
    table = f"core.{register_named(register).table}"
    for field in register_named(register).fields:
        found = conn.execute(
            "SELECT pg_get_constraintdef(c.oid) FROM pg_constraint c"
            " JOIN pg_attribute a ON a.attrelid = c.conrelid AND a.attnum = c.conkey[1]"
            " WHERE c.conrelid = %s::regclass AND c.contype = 'c' AND cardinality(c.conkey) = 1"
            " AND a.attname = %s AND pg_get_constraintdef(c.oid) LIKE '%%ARRAY[%%'",
            [table, field.name],
        ).fetchall()
        codes = {part for (text,) in found for part in text.split("'")[1::2]}
        assert codes == set(field.codes), field.name
