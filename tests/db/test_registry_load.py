"""Files into the database: real ones, and what is refused."""

import json
from collections.abc import Callable
from datetime import UTC
from pathlib import Path
from typing import Any

import numpy as np
import pyproj
import pytest
import shapely

from geoservice import db
from geoservice.datum import from_wgs84
from geoservice.errors import DatumError, FileError, GeometryError, NoDistrictError
from geoservice.imports.loading import LoadReport, load_register
from geoservice.imports.loading import Request as LoadRequest
from geoservice.imports.records import Options
from geoservice.registry.actions import standing
from geoservice.registry.loading import BoundaryReport, Request, load_boundary
from geoservice.registry.reading import read_table

ELLIPSOID = pyproj.Geod(ellps="GRS80")
SQUARE = shapely.box(113.0, 36.2, 113.4, 36.5)


def outline(path: Path, shape: shapely.Geometry = SQUARE, **properties: str) -> Path:
    feature = {
        "type": "Feature",
        "properties": properties,
        "geometry": shapely.geometry.mapping(shape),
    }
    path.write_text(json.dumps({"type": "FeatureCollection", "features": [feature]}), "utf-8")
    return path


def set_boundary(conn: db.Connection, path: Path, datum: str, **said: Any) -> BoundaryReport:
    return load_boundary(conn, table=read_table(path), request=Request(path.name, datum), **said)


@pytest.fixture
def load(conn: db.Connection, tmp_path: Path) -> Callable[..., LoadReport]:
    """Load CSV text, or a file, into a register of a small district."""
    set_boundary(conn, outline(tmp_path / "b.json", code="1", name="测试区"), "wgs84")

    def load_it(register: str, given: str | Path, **request: Any) -> LoadReport:
        if isinstance(given, str):
            (tmp_path / "a.csv").write_text(given, "utf-8")
            given = tmp_path / "a.csv"
        how = {name: request.pop(name) for name in ("skips_bad", "duplicates") if name in request}
        options = Options(**({"datum": "cgcs2000"} | request))
        said = LoadRequest(given.name, options, **how)
        return load_register(conn, register=register, table=read_table(given), request=said).report

    return load_it


def test_a_gcj02_boundary_lands_where_a_search_by_bisection_finds_it(
    conn: db.Connection, shared_data: Path
) -> None:
    path = shared_data / "boundaries" / "lucheng_gcj02.geojson"
    done = set_boundary(conn, path, "gcj02")
    assert (done.code, done.name) == ("140406", "潞城区")
    assert done.area_km2 == pytest.approx(610.0, abs=0.1)
    (stored,) = conn.execute("SELECT geom FROM core.district WHERE valid_to IS NULL").fetchone()
    given = shapely.get_coordinates(shapely.from_geojson(path.read_text()))
    found = shapely.get_coordinates(stored)
    for (lon, lat), (true_lon, true_lat) in zip(given, found, strict=True):
        assert ELLIPSOID.inv(*_bisect(lon, lat), true_lon, true_lat)[2] < 0.05
    shift_m = ELLIPSOID.inv(*given.T, *found.T)[2]
    assert 550 < shift_m.min() < shift_m.max() < 620


def _bisect(lon: float, lat: float) -> tuple[float, float]:
    """The true place of a GCJ-02 point, by halving a box around it: no iteration shared."""
    low, high = np.array([lon, lat]) - 0.02, np.array([lon, lat]) + 0.02
    for _ in range(40):
        middle = (low + high) / 2
        shifted = from_wgs84(shapely.Point(middle), "gcj02")
        above = np.array([shifted.x > lon, shifted.y > lat])
        low, high = np.where(above, low, middle), np.where(above, middle, high)
    return float(middle[0]), float(middle[1])


def test_one_district_of_a_city_is_chosen_by_code(conn: db.Connection, shared_data: Path) -> None:
    path = shared_data / "boundaries" / "changzhi_districts_gcj02.geojson"
    with pytest.raises(FileError, match="140406 潞城区"):
        set_boundary(conn, path, "gcj02")
    assert set_boundary(conn, path, "gcj02", code="140406").name == "潞城区"
    whole = set_boundary(conn, path, "gcj02", code="140400", name="长治市", unite=True)
    assert 13_900 < whole.area_km2 < 14_000


def test_a_boundary_needs_a_datum_and_a_valid_shape(conn: db.Connection, tmp_path: Path) -> None:
    path = outline(tmp_path / "b.json", code="1", name="x")
    with pytest.raises(DatumError, match="Say its datum"):
        load_boundary(conn, table=read_table(path), request=Request(path.name))
    bow = shapely.Polygon([(113, 36), (114, 37), (114, 36), (113, 37)])
    with pytest.raises(GeometryError, match=r"row 1.*Self-intersection\[113.5 36.5\]"):
        set_boundary(conn, outline(tmp_path / "b.json", bow, code="1", name="x"), "wgs84")
    with pytest.raises(GeometryError, match=r"not a MultiPolygon.*Point"):
        set_boundary(conn, outline(tmp_path / "b.json", shapely.Point(1, 2), code="1"), "wgs84")
    (tmp_path / "b.csv").write_text("code,name\n1,x\n")
    with pytest.raises(FileError, match="no outline"):
        set_boundary(conn, tmp_path / "b.csv", "wgs84")


def test_nothing_is_loaded_before_a_boundary(conn: db.Connection, tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("code,name\n1,甲镇\n", "utf-8")
    with pytest.raises(NoDistrictError):
        load_register(
            conn,
            register="towns",
            table=read_table(tmp_path / "a.csv"),
            request=LoadRequest("a.csv"),
        )


def test_real_towns_without_areas(
    conn: db.Connection, shared_data: Path, load: Callable[..., LoadReport]
) -> None:
    path = shared_data / "admin" / "lucheng_streets.csv"
    assert len(load("towns", path, datum=None).stored.inserted) == 9
    again = load("towns", path, datum=None)
    assert (len(again.stored.unchanged), again.stored.inserted) == (9, ())
    town = standing(conn, "towns", ["140406003"])["140406003"]
    assert (town.name, town.kind, town.geom, town.secrecy) == (
        "翟店街道",
        "subdistrict",
        None,
        "public",
    )


def test_real_mines_with_decimal_commas(
    conn: db.Connection, shared_data: Path, load: Callable[..., LoadReport]
) -> None:
    path = shared_data / "coal" / "gem_coal_mines_changzhi_wgs84.geojson"
    columns = {"code": "GEM Mine ID", "name": "Mine Name (Non-ENG)", "name_en": "Mine Name"}
    plain = load("mines", path, datum="wgs84", columns=columns)
    assert (plain.is_loaded, plain.rows) == (False, 152)
    assert "a decimal comma" in next(it.en for it in plain.refused if "Capacity" in str(it.column))
    done = load(
        "mines",
        path,
        datum="wgs84",
        columns=columns,
        decimal_comma=True,
        skips_bad=True,
        source="GEM",
    )  # fmt: skip
    assert done.is_loaded
    assert len(done.stored.inserted) + len({it.row for it in done.refused}) == 152
    mine = next(
        it
        for it in standing(conn, "mines", list(done.stored.inserted)).values()
        if "Shicu" in it.name_en
    )
    assert (mine.status, mine.source_doc) == ("operating", "GEM")
    assert mine.capacity_mtpa > 0


def test_one_bad_row_stops_all_unless_skipped(
    conn: db.Connection, load: Callable[..., LoadReport]
) -> None:
    text = (
        "编号,名称,权属,级别,经度,纬度\nD1,甲,政府,区级,113.2,36.3\n"
        "D2,乙,政府,省级,113.2,36.3\nD3,丙,政府,区级,36.3,113.2\n"
    )
    refused = load("depots", text)
    assert not refused.is_loaded
    assert [(it.row, it.column, it.given) for it in refused.refused] == [
        (3, "级别", "省级"), (4, None, "36.3, 113.2"),
    ]  # fmt: skip
    assert "swapped" in refused.refused[1].en
    assert standing(conn, "depots", ["D1"]) == {}
    done = load("depots", text, skips_bad=True)
    assert done.stored.inserted == ("D1",)
    assert len(done.refused) == 2


def test_gcj02_points_are_unshifted_and_columns_left_are_listed(
    conn: db.Connection, load: Callable[..., LoadReport]
) -> None:
    done = load(
        "depots",
        "code,name,owner,tier,lon,lat,颜色\nD1,甲,政府,区级,113.2353965,36.3344391,红\n",
        datum="gcj02",
    )
    assert (done.datum, done.columns_left) == ("gcj02", ("颜色",))
    depot = standing(conn, "depots", ["D1"])["D1"]
    assert depot.geom.distance(shapely.Point(113.2289, 36.3344)) < 1e-7
    assert (depot.form, depot.secrecy, depot.source_doc) == ("stock", "internal", "a.csv")


def test_amending_by_a_file_with_one_column_keeps_the_rest(
    conn: db.Connection, load: Callable[..., LoadReport]
) -> None:
    load("depots", "code,name,owner,tier,lon,lat,phone\nD1,甲,政府,区级,113.2,36.3,110\n")
    assert load("depots", "code,name\nD1,乙\n", datum=None).stored.amended == ("D1",)
    depot = standing(conn, "depots", ["D1"])["D1"]
    assert (depot.name, depot.phone, depot.geom.x) == ("乙", "110", 113.2)


def test_stock_names_its_depot(load: Callable[..., LoadReport]) -> None:
    load("depots", "code,name,owner,tier,lon,lat\nD1,甲,政府,区级,113.2,36.3\n")
    text = "编号,名称,储备点编号,物资编码,数量,单位\nL1,泵,D1,2010101,5,台\nL2,泵,D9,2010101,5,台\n"
    done = load("stock_lots", text, datum=None, skips_bad=True)
    assert done.stored.inserted == ("L1",)
    assert [(it.row, it.en) for it in done.refused] == [(3, "there is no depot D9")]


def test_closures_that_shut_no_road_are_named(load: Callable[..., LoadReport]) -> None:
    text = "编号,名称,原因,开始时间,经度,纬度\n{},封闭,水淹,2026-11-01T00:00:00Z,113.2,36.3\n"
    first = load("road_closures", text.format("C1"))
    assert [it.en for it in first.notes] == ["closure C1 meets no road"]
    second = load("road_closures", text.format("C2"))
    assert [it.en for it in second.notes] == ["closure C2 meets no road"]


def test_a_time_without_zone_is_the_districts_and_the_report_says_so(
    conn: db.Connection, load: Callable[..., LoadReport]
) -> None:
    heading = "编号,名称,原因,开始时间,经度,纬度\n"
    done = load("road_closures", f"{heading}C1,封闭,水淹,2026-11-01T08:00,113.2,36.3\n")
    assert "taken as Asia/Shanghai" in done.notes[0].en
    load(
        "road_closures",
        f"{heading}C2,封闭,水淹,2026-11-01T08:00,113.2,36.3\n",
        zone="Asia/Kathmandu",
    )
    starts = [it.starts_at for it in standing(conn, "road_closures", ["C1", "C2"]).values()]
    assert sorted(at.astimezone(UTC).isoformat() for at in starts) == [
        "2026-11-01T00:00:00+00:00", "2026-11-01T02:15:00+00:00",
    ]  # fmt: skip
    assert all("zone" not in it.en for it in load("depots", "code,name\nD1,甲\n").notes)
