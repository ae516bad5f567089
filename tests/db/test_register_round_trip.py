"""What is exported of a register can be imported again: nothing is lost, nothing changes."""

import runpy
from dataclasses import replace
from pathlib import Path

import pytest

from geoservice import db
from geoservice.exports.actions import export_layer
from geoservice.exports.formats import FORMATS
from geoservice.exports.records import Export
from geoservice.imports.loading import Request, load_register
from geoservice.imports.records import Options
from geoservice.publish.catalog import load_layers
from geoservice.publish.permit import whole
from geoservice.registry import actions, records
from geoservice.registry.reading import read_table
from geoservice.registry.records import Record
from geoservice.registry.registers import LOADABLE

LAYERS = load_layers()
DATA = runpy.run_path(str(Path(__file__).parents[1] / "data" / "register_samples.py"))
SAMPLES: dict[str, Record] = DATA["SAMPLES"]
DISTRICT = records.District(code="140406", name="测试区", source_doc="test", geom=DATA["AREA"])


@pytest.fixture
def district(conn: db.Connection) -> db.Connection:
    db.set_actor(conn, "tester")
    assert actions.set_district(conn, DISTRICT)
    return conn


@pytest.mark.parametrize("form", ["csv", "gpkg"])
def test_a_file_of_a_layer_is_a_file_of_its_register(
    district: db.Connection, tmp_path: Path, form: str
) -> None:
    assert set(SAMPLES) == set(LOADABLE)
    for register, sample in SAMPLES.items():
        record = replace(sample, name_en="One")
        actions.store(district, register, [record])
        path = tmp_path / f"{register}.{form}"
        export_layer(
            district, sight=whole(LAYERS[register]), path=path, export=Export(FORMATS[form])
        )
        datum = "cgcs2000" if LAYERS[register].is_drawn else None
        done = load_register(
            district,
            register=register,
            table=read_table(path),
            request=Request("x", Options(datum=datum)),
        ).report
        assert done.refused == (), register
        assert done.stored.amended == done.stored.inserted == (), register
        assert record.code in done.stored.unchanged, register
