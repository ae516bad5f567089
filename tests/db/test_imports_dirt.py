"""Seven kinds of dirt: each is caught, told by row where it is a row's, and the rest goes in."""

from pathlib import Path

import geopandas as gpd
import numpy as np
import pyogrio
import pytest
import shapely

from geoservice import db
from geoservice.datum import gcj02_to_wgs84
from geoservice.errors import DatumError
from geoservice.imports.loading import LoadReport, Request, load_register
from geoservice.imports.records import Options
from geoservice.registry.actions import standing
from geoservice.registry.reading import Asked, read_table
from geoservice.registry.records import Depot
from geoservice.registry.registers import register_named

HEADING = "编号,名称,权属,级别,装车时间（分）,经度,纬度\n"
GOOD = "D1,甲库,政府,乡镇,2,113.2,36.3\n"


def _load(conn: db.Connection, path: Path, **said: object) -> LoadReport:
    table = read_table(path, Asked(names=register_named("depots").names))
    options = Options(**({"datum": "cgcs2000"} | said))  # type: ignore[arg-type]
    request = Request(path.name, options, skips_bad=True, duplicates="new")
    return load_register(conn, register="depots", table=table, request=request).report


def _written(folder: Path, text: str) -> Path:
    (folder / "a.csv").write_text(text, "utf-8")
    return folder / "a.csv"


def _found(conn: db.Connection, *codes: str) -> dict[str, Depot]:
    return standing(conn, "depots", list(codes))  # type: ignore[return-value]


def _refused_rows(report: LoadReport) -> dict[int, str]:
    return {one.row: one.en for one in report.refused}


@pytest.fixture
def shapefile(tmp_path: Path) -> Path:
    """Two depots, in GBK."""
    table = gpd.GeoDataFrame(
        {"编号": ["D1", "D2"], "名称": ["甲库", "乙库"], "权属": "政府", "级别": "乡镇"},
        geometry=shapely.points([[113.2, 36.3], [113.21, 36.31]]), crs=4490,
    )  # fmt: skip
    pyogrio.write_dataframe(table, tmp_path / "a.shp", encoding="GBK")
    return tmp_path / "a.shp"


def test_a_decimal_comma(demo_conn: db.Connection, tmp_path: Path) -> None:
    path = _written(tmp_path, HEADING + GOOD + 'D2,乙库,政府,乡镇,"1,5",113.21,36.3\n')
    report = _load(demo_conn, path)
    assert list(_refused_rows(report)) == [3]
    assert "decimal comma" in _refused_rows(report)[3]
    assert list(_found(demo_conn, "D1", "D2")) == ["D1"]
    _load(demo_conn, path, decimal_comma=True)
    assert _found(demo_conn, "D2")["D2"].load_min == 1.5


def test_swapped_axes(demo_conn: db.Connection, tmp_path: Path) -> None:
    path = _written(tmp_path, HEADING + GOOD + "D2,乙库,政府,乡镇,2,36.3,113.21\n")
    report = _load(demo_conn, path)
    assert list(_refused_rows(report)) == [3]
    assert "swap" in _refused_rows(report)[3] or "latitude" in _refused_rows(report)[3]
    assert list(_found(demo_conn, "D1", "D2")) == ["D1"]
    turned = _written(tmp_path, HEADING + "D3,丙库,政府,乡镇,2,36.3,113.21\n")
    _load(demo_conn, turned, swap_axes=True)
    assert _found(demo_conn, "D3")["D3"].geom.equals(shapely.Point(113.21, 36.3))


def test_a_cpg_that_lies(demo_conn: db.Connection, shapefile: Path) -> None:
    shapefile.with_suffix(".cpg").write_text("UTF-8")
    report = _load(demo_conn, shapefile)
    assert any(".cpg says" in note.en for note in report.notes)
    assert report.refused == ()
    assert [it.name for it in _found(demo_conn, "D1", "D2").values()] == ["甲库", "乙库"]


def test_a_missing_prj(demo_conn: db.Connection, shapefile: Path) -> None:
    shapefile.with_suffix(".prj").unlink()
    with pytest.raises(DatumError, match="does not say its CRS"):
        _load(demo_conn, shapefile, datum=None)
    assert not _found(demo_conn, "D1")
    assert _load(demo_conn, shapefile, datum="cgcs2000").refused == ()
    assert _found(demo_conn, "D1")["D1"].geom.equals(shapely.Point(113.2, 36.3))


def test_gcj02(demo_conn: db.Connection, tmp_path: Path) -> None:
    path = _written(tmp_path, HEADING + GOOD)
    with pytest.raises(DatumError, match="gcj02"):
        _load(demo_conn, path, datum=None)  # the file does not say, and nothing is guessed
    report = _load(demo_conn, path, datum="gcj02")
    assert (report.datum, report.refused) == ("gcj02", ())
    ((lon, lat),) = gcj02_to_wgs84(np.array([[113.2, 36.3]]))
    found = _found(demo_conn, "D1")["D1"].geom
    assert found.distance(shapely.Point(lon, lat)) < 1e-6
    assert found.distance(shapely.Point(113.2, 36.3)) > 0.001  # more than 100 m off, had it stayed


def test_newlines_in_headings(demo_conn: db.Connection, tmp_path: Path) -> None:
    heading = HEADING.strip().replace("编号", '"编\n号"').replace("权属", '"\n权属 \r\n"')
    path = _written(tmp_path, f"{heading}\n{GOOD}D2,乙库,国王,乡镇,2,113.21,36.3\n")
    report = _load(demo_conn, path)
    assert list(_found(demo_conn, "D1", "D2")) == ["D1"]
    assert len(report.refused) == 1
    assert "国王" in str(report.refused[0])


def test_rows_with_no_place(demo_conn: db.Connection, tmp_path: Path) -> None:
    path = _written(tmp_path, HEADING + GOOD + "D2,乙库,政府,乡镇,2,,\n")
    report = _load(demo_conn, path)
    assert (report.refused, len(report.aside)) == ((), 1)
    assert list(_found(demo_conn, "D1", "D2")) == ["D1"]
    kept = demo_conn.execute(
        "SELECT body ->> 'code', job_row FROM core.census_record WHERE state = 'draft'"
        " AND body ->> 'code' = 'D2'"
    ).fetchall()
    assert kept == [("D2", 3)]
