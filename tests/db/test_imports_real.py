"""Real files with their dirt: decimal commas, GCJ-02, blanks, no place; the rest goes in."""

from pathlib import Path

import numpy as np
import pytest
import shapely

from geoservice import db
from geoservice.errors import DatumError
from geoservice.imports.loading import LoadReport, Request, load_register
from geoservice.imports.records import Options
from geoservice.registry.reading import Asked, read_table
from geoservice.registry.registers import register_named


def load(conn: db.Connection, register: str, path: Path, **said: object) -> LoadReport:
    table = read_table(path, Asked(names=register_named(register).names))
    request = Request(path.name, Options(**said), skips_bad=True, duplicates="new")  # type: ignore[arg-type]
    return load_register(conn, register=register, table=table, request=request).report


def test_mines_with_decimal_commas(demo_conn: db.Connection, shared_data: Path) -> None:
    path = shared_data / "coal" / "gem_coal_mines_changzhi_wgs84.geojson"
    columns = {"code": "GEM Mine ID", "name": "Mine Name (Non-ENG)", "name_en": "Mine Name"}
    plain = load(demo_conn, "mines", path, datum="wgs84", columns=columns)
    assert any("decimal comma" in it.en and it.given for it in plain.refused)
    done = load(demo_conn, "mines", path, datum="wgs84", columns=columns, decimal_comma=True)
    assert len(done.stored.inserted) + len(done.stored.unchanged) > 0
    outside = [it for it in done.refused if "outside" in it.en]
    assert done.rows == 152
    assert len(outside) > 0


def test_villages_without_a_place_are_kept_aside(
    demo_conn: db.Connection, shared_data: Path, tmp_path: Path
) -> None:
    path = shared_data / "admin" / "lucheng_villages.csv"
    heading, *rows = path.read_text("utf-8-sig").splitlines()
    bare = load(demo_conn, "depots", path)
    assert bare.aside == ()  # they lack more than a place
    assert len({it.row for it in bare.refused}) == len(rows) == 155
    lines = [f"{heading},权属,级别", *(f"{row},政府,村级" for row in rows)]
    (tmp_path / "a.csv").write_text("\n".join(lines), "utf-8")
    done = load(demo_conn, "depots", tmp_path / "a.csv")
    assert (len(done.aside), done.refused) == (155, ())
    kept = demo_conn.execute("SELECT count(*) FROM core.census_record WHERE state = 'draft'")
    assert kept.fetchone() == (155,)


def test_earthquakes_with_blanks_are_read_whole(shared_data: Path) -> None:
    table = read_table(shared_data / "earthquakes" / "ngdc_significant_shanxi_2014.csv")
    assert len(table.numbers) == 52
    assert table.place_headings == ("LONGITUDE", "LATITUDE")
    assert shapely.is_geometry(table.shapes).all()
    assert np.isfinite(shapely.get_coordinates(table.shapes)).all()
    assert "" in table.cells[0]


def test_a_boundary_in_gcj02_must_say_so(demo_conn: db.Connection, shared_data: Path) -> None:
    path = shared_data / "boundaries" / "changzhi_districts_gcj02.geojson"
    columns = {"code": "adcode"}
    with pytest.raises(DatumError, match="does not say its CRS"):
        load(demo_conn, "towns", path, columns=columns)
    done = load(demo_conn, "towns", path, columns=columns, datum="gcj02")
    assert done.datum == "gcj02"
    assert done.rows == 12
