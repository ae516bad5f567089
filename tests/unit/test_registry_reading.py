"""Files of every kind, honest and hostile, read in the reader process."""

import json
import os
import sqlite3
import zipfile
from pathlib import Path

import geopandas as gpd
import pytest
import shapely

from geoservice.errors import FileError, UnknownNameError
from geoservice.registry.reading import Table, read_table

FRAME = gpd.GeoDataFrame(
    {"编号": ["D1", "D2"], "名称": ["第一储备点", "第二储备点"], "人数": [3, None]},
    geometry=[shapely.Point(113.2, 36.3), shapely.Point(113.3, 36.4)],
    crs=4490,
)
FEATURE = (
    '{"type":"Feature","properties":{"code":1},"geometry":{"type":"Point","coordinates":[113,36]}}'
)


def shapefile(folder: Path, encoding: str = "GBK", *, cpg: bool = True) -> Path:
    path = folder / "储备点.shp"
    FRAME.to_file(path, encoding=encoding, engine="pyogrio")
    if not cpg:
        path.with_suffix(".cpg").unlink()
    return path


def check(table: Table, form: str, encoding: str) -> None:
    assert (table.form, table.encoding, table.headings) == (
        form,
        encoding,
        ("编号", "名称", "人数"),
    )
    assert [row[:2] for row in table.cells] == [("D1", "第一储备点"), ("D2", "第二储备点")]
    assert shapely.get_coordinates(table.shapes).tolist() == [[113.2, 36.3], [113.3, 36.4]]
    assert table.numbers == (1, 2)


def test_geopackage(tmp_path: Path) -> None:
    FRAME.to_file(tmp_path / "a.gpkg", layer="depots")
    table = read_table(tmp_path / "a.gpkg")
    check(table, "GeoPackage", "UTF-8")
    assert table.crs == "EPSG:4490"


def test_a_geopackage_of_two_layers_asks_which(tmp_path: Path) -> None:
    for layer in ("a", "b"):
        FRAME.to_file(tmp_path / "a.gpkg", layer=layer)
    with pytest.raises(UnknownNameError, match="there are: a, b"):
        read_table(tmp_path / "a.gpkg")
    check(read_table(tmp_path / "a.gpkg", "b"), "GeoPackage", "UTF-8")


def test_a_view_in_a_geopackage_is_not_run(tmp_path: Path) -> None:
    path = tmp_path / "a.gpkg"
    FRAME.to_file(path, layer="a")
    with sqlite3.connect(path) as conn:
        conn.execute("CREATE VIEW v AS SELECT * FROM a")
        conn.execute(
            "INSERT INTO gpkg_contents (table_name, data_type, identifier, srs_id) "
            "SELECT 'v', data_type, 'v', srs_id FROM gpkg_contents"
        )
    with pytest.raises(UnknownNameError, match=r"there are: a$"):
        read_table(path, "v")


@pytest.mark.parametrize(
    ("encoding", "cpg"), [("GBK", True), ("GBK", False), ("UTF-8", True), ("UTF-8", False)]
)
def test_shapefile_in_either_encoding_with_and_without_cpg(
    tmp_path: Path, encoding: str, cpg: bool
) -> None:
    table = read_table(shapefile(tmp_path, encoding, cpg=cpg))
    check(table, "Shapefile", "GB18030" if encoding == "GBK" else "UTF-8")
    assert table.crs == "EPSG:4490"


def test_zipped_shapefile(tmp_path: Path) -> None:
    path = tmp_path / "any.name"
    shapefile(tmp_path)
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for part in tmp_path.glob("储备点.*"):
            archive.write(part, f"folder/{part.name}")
    check(read_table(path), "Shapefile", "GB18030")


def test_a_zip_that_swells_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "bomb.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("a.shp", bytes(60_000_000))
    with pytest.raises(FileError, match="swells"):
        read_table(path)


def test_a_zip_with_another_file_called_shp_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "a.zip"
    with zipfile.ZipFile(path, "w") as archive:
        for part in ("shp", "shx", "dbf"):
            archive.writestr(f"a.{part}", HOSTILE["vrt"])
    with pytest.raises(FileError, match="shp is none"):
        read_table(path)


@pytest.mark.parametrize("part", [".dbf", ".shx"])
def test_a_shapefile_without_its_parts_says_which(tmp_path: Path, part: str) -> None:
    path = shapefile(tmp_path)
    path.with_suffix(part).unlink()
    with pytest.raises(FileError, match=part):
        read_table(path)


@pytest.mark.parametrize(
    ("encoding", "delimiter"),
    [("utf-8", ","), ("utf-8-sig", ","), ("gb18030", ";"), ("utf-16", "\t")],
)
def test_csv_in_every_usual_encoding(tmp_path: Path, encoding: str, delimiter: str) -> None:
    path = tmp_path / "a.txt"
    lines = (
        ["编号", "名称", "经度", "纬度"],
        ["D1", '"一\n点"', "113.2", "36.3"],
        ["D2", "二", "", ""],
    )
    path.write_text("\n".join(delimiter.join(line) for line in lines), encoding)
    table = read_table(path)
    assert (table.form, table.headings, table.numbers) == ("CSV", ("编号", "名称"), (2, 3))
    assert table.cells == (("D1", "一\n点"), ("D2", "二"))
    assert [it and it.wkt for it in table.shapes] == ["POINT (113.2 36.3)", None]


def test_rows_of_a_csv_that_cannot_be_read_are_told_by_number(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text("code,wkt\n1,POINT (113 36)\n2,POINT (\n\n3,POINT (1 2),x\n", "utf-8")
    assert sorted(read_table(path).unread) == [3, 5]
    path.write_text('code,lon,lat\n1,"113,5",36\n2,113°,36\n3,113,\n', "utf-8")
    table = read_table(path)
    assert sorted(table.unread) == [3, 4]
    assert table.shapes[0].x == 113.5


def test_geojson_with_bad_features_and_old_crs(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"  # what it is is told by its content
    crs = '{"type":"name","properties":{"name":"urn:ogc:def:crs:EPSG::4490"}}'
    bad = '{"type":"Feature","properties":null,"geometry":{"type":"Point","coordinates":["x"]}}'
    path.write_text(f'{{"type":"FeatureCollection","crs":{crs},"features":[{FEATURE},{bad},7]}}')
    table = read_table(path)
    assert (table.form, table.crs) == ("GeoJSON", "urn:ogc:def:crs:EPSG::4490")
    assert sorted(table.unread) == [2, 3]


HOSTILE = {
    "empty": b"",
    "png": b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR",
    "cut": b'{"type":"FeatureCollection","features":[',
    "no geojson": b'{"a": 1}',
    "deep": b"[" * 200_000,
    "no rows": b'{"type":"FeatureCollection","features":[]}',
    "headings only": b"code,name\n",
    "sqlite": b"SQLite format 3\0" + bytes(200),
    "gpkg": b"SQLite format 3\0" + bytes(52) + b"GPKG" + bytes(200),
    "zip": b"PK\x03\x04" + bytes(100),
    "shp": b"\x00\x00\x27\x0a" + bytes(200),
    "vrt": b'<OGRVRTDataSource><OGRVRTLayer name="a"><SrcDataSource>/etc/passwd</SrcDataSource>'
    b"</OGRVRTLayer></OGRVRTDataSource>",
    "twice": b"code,code\n1,2\n",
    "lon only": b"code,lon\n1,2\n",
}


@pytest.mark.parametrize("content", HOSTILE.values(), ids=HOSTILE.keys())
def test_what_is_no_data_is_refused(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "data.geojson"
    path.write_bytes(content)
    with pytest.raises(FileError, match=r"data\.geojson") as refused:
        read_table(path)
    assert refused.value.zh.startswith("data.geojson：")


def test_a_damaged_shapefile_or_geopackage_is_refused(tmp_path: Path) -> None:
    path = shapefile(tmp_path)
    for part in (".dbf", ".shp"):
        whole = path.with_suffix(part).read_bytes()
        path.with_suffix(part).write_bytes(whole[:-20])
        with pytest.raises(FileError, match=part):
            read_table(path)
        path.with_suffix(part).write_bytes(whole)
    FRAME.to_file(tmp_path / "a.gpkg")
    data = bytearray((tmp_path / "a.gpkg").read_bytes())
    data[4096:] = os.urandom(len(data) - 4096)
    (tmp_path / "a.gpkg").write_bytes(data)
    with pytest.raises(FileError):
        read_table(tmp_path / "a.gpkg")


def test_missing_files_folders_and_devices_are_told(tmp_path: Path) -> None:
    for path, why in (
        (tmp_path / "no", "does not exist"),
        (tmp_path, "folder"),
        (Path("/dev/zero"), "device"),
    ):
        with pytest.raises(FileError, match=why):
            read_table(path)


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_a_file_without_permission_is_told(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text("code\n1\n")
    path.chmod(0)
    with pytest.raises(FileError, match="cannot be read"):
        read_table(path)


def test_a_geopackage_that_another_program_writes_is_refused(tmp_path: Path) -> None:
    FRAME.to_file(tmp_path / "a.gpkg")
    (tmp_path / "a.gpkg-wal").write_bytes(b"x")
    with pytest.raises(FileError, match="close it there first"):
        read_table(tmp_path / "a.gpkg")


def test_a_shape_of_too_many_vertices_is_told(tmp_path: Path) -> None:
    ring = [[113 + n * 1e-6, 36] for n in range(100_001)]
    feature = {
        "type": "Feature",
        "properties": {},
        "geometry": {"type": "LineString", "coordinates": ring},
    }
    path = tmp_path / "a.geojson"
    path.write_text(json.dumps({"type": "FeatureCollection", "features": [feature]}))
    assert list(read_table(path).unread) == [1]
