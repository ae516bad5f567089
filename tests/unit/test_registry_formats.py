"""Excel, KML, encodings and tables as Chinese offices keep them."""

import io
import zipfile
from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path
from typing import Any

import geopandas as gpd
import openpyxl
import pytest
import shapely

from geoservice.errors import DatumError, FileError, UnknownNameError
from geoservice.registry.placing import locate
from geoservice.registry.reading import Asked, Table, read_table
from geoservice.registry.registers import register_named

DEPOTS = register_named("depots")
HEADING = ["编号", "名称", "权属", "级别", "经度", "纬度", "普查\n日期"]


@pytest.fixture
def workbook(tmp_path: Path) -> Callable[..., Path]:
    def write(*sheets: list[list[Any]], names: tuple[str, ...] = ("甲", "乙", "丙")) -> Path:
        book = openpyxl.Workbook()
        book.remove(book.active)
        for name, rows in zip(names, sheets, strict=False):
            sheet = book.create_sheet(name)
            for row in rows:
                sheet.append(row)
        path = tmp_path / "a.xlsx"
        book.save(path)
        return path

    return write


def read(path: Path, **asked: Any) -> Table:
    return read_table(path, Asked(names=DEPOTS.names, **asked))


def test_a_workbook_with_a_merged_title_and_every_kind_of_cell(
    workbook: Callable[..., Path],
) -> None:
    path = workbook(
        [
            ["潞城区储备点普查表"], ["填报单位：应急局"], [], HEADING,
            ["D1", "第一储备点", "政府", "区级", 113.2, 36.3, date(2026, 5, 1)],
            ["D2", "二", "政府", "区级", "113,25", "36.35", datetime(2026, 5, 1, 8, 30)],  # noqa: DTZ001
            [], [3, "三", True, None, None, None, None],
        ]
    )  # fmt: skip
    book = openpyxl.load_workbook(path)
    book.active.merge_cells("A1:G1")
    book.save(path)
    table = read(path)
    assert (table.form, table.numbers) == ("Excel", (5, 6, 8))
    assert table.headings == ("编号", "名称", "权属", "级别", "普查 日期")
    assert table.cells[0] == ("D1", "第一储备点", "政府", "区级", "2026-05-01")
    assert table.cells[1][4] == "2026-05-01T08:30:00"
    assert table.cells[2][:3] == (3, "三", True)
    assert [it and it.coords[0] for it in table.shapes] == [(113.2, 36.3), (113.25, 36.35), None]
    assert "heading is in row 4" in table.notes[0][0]


def test_a_workbook_of_several_sheets_asks_which(workbook: Callable[..., Path]) -> None:
    path = workbook([["编号"], ["D1"]], [["编号"], ["D2"]], [])
    with pytest.raises(UnknownNameError, match="there are: 甲, 乙"):
        read(path)
    assert read(path, layer="乙").cells == (("D2",),)
    book = openpyxl.load_workbook(path)
    book["甲"].sheet_state = "hidden"
    book.save(path)
    assert read(path).cells == (("D2",),)


def changed(path: Path, **entries: str) -> Path:
    """The workbook with entries replaced or added: `xl_workbook__xml` is xl/workbook.xml."""
    buffer = io.BytesIO()
    said = {name.replace("__", ".").replace("_", "/"): text for name, text in entries.items()}
    with zipfile.ZipFile(path) as old, zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as new:
        for it in old.infolist():
            if it.filename not in said:
                new.writestr(it, old.read(it))
        for name, text in said.items():
            new.writestr(name, text)
    path.write_bytes(buffer.getvalue())
    return path


def test_hostile_workbooks(workbook: Callable[..., Path], tmp_path: Path) -> None:
    rows = [["编号", "名称"], ["D1", "x"]]
    with pytest.raises(FileError, match="macros"):
        read(changed(workbook(rows), xl_vbaProject__bin="x"))
    entity = '<!DOCTYPE a [<!ENTITY e SYSTEM "file:///etc/passwd">]><worksheet>&e;</worksheet>'
    with pytest.raises(FileError, match="damaged workbook"):
        read(changed(workbook(rows), xl_worksheets_sheet1__xml=entity))
    with pytest.raises(FileError, match="swells"):
        read(changed(workbook(rows), xl_media_a__png="0" * 50_000_000))
    with pytest.raises(FileError, match="damaged"):
        read(changed(workbook(rows), xl_workbook__xml="<x"))
    (tmp_path / "old.xls").write_bytes(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(500))
    with pytest.raises(FileError, match=r"save it as \.xlsx"):
        read(tmp_path / "old.xls")


KML = """<?xml version="1.0" encoding="GBK"?>
<kml xmlns="http://www.opengis.net/kml/2.2"><Document><Folder><name>库</name>
<Placemark><name>甲</name><ExtendedData><Data name="编号"><value>D1</value></Data></ExtendedData>
<Point><coordinates> 113.2, 36.3 ,900 </coordinates></Point></Placemark>
<Placemark><name>乙</name><MultiGeometry><LineString><coordinates>113,36 113.1,36.1</coordinates>
</LineString><LineString><coordinates>113,36 113.1,36.2</coordinates></LineString></MultiGeometry>
</Placemark>
<Placemark><name>丙</name><Polygon><outerBoundaryIs><LinearRing><coordinates>0,0 3,0 3,3 0,0
</coordinates></LinearRing></outerBoundaryIs><innerBoundaryIs><LinearRing><coordinates>
1,0.5 2,0.5 2,1 1,0.5</coordinates></LinearRing></innerBoundaryIs></Polygon></Placemark>
<Placemark><name>丁</name><Point><coordinates>east</coordinates></Point></Placemark>
</Folder><NetworkLink><Link><href>http://127.0.0.1:1/</href></Link></NetworkLink></Document></kml>
"""


def test_kml_and_kmz(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text(KML, "gb18030")
    with zipfile.ZipFile(tmp_path / "a.kmz", "w") as archive:
        archive.write(tmp_path / "a.txt", "doc.kml")
        archive.writestr("files/b.kml", "<kml/>")
    for name in ("a.txt", "a.kmz"):
        table = read(tmp_path / name)
        assert (table.form, table.encoding, table.crs) == ("KML", "GB18030", "EPSG:4326")
        assert table.headings == ("name", "编号", "folder")
        assert table.cells[0] == ("甲", "D1", "库")
        kinds = [it and it.geom_type for it in table.shapes]
        assert kinds == ["Point", "MultiLineString", "Polygon", None]
        assert table.shapes[2].area == pytest.approx(4.25)
        assert list(table.unread) == [4]


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ('<!DOCTYPE k [<!ENTITY x SYSTEM "file:///etc/passwd">]><kml>&x;</kml>', "entities"),
        ('<!DOCTYPE k [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]><kml>&b;</kml>', "entities"),
        ("<kml><Placemark>", "damaged XML"),
        ("<gml><a/></gml>", "'gml'"),
        ("<kml></kml>", "no rows"),
    ],
)
def test_hostile_kml(tmp_path: Path, text: str, why: str) -> None:
    (tmp_path / "a.kml").write_text(text)
    with pytest.raises(FileError, match=why):
        read(tmp_path / "a.kml")


@pytest.mark.parametrize(("said", "truth"), [("UTF-8", "GBK"), ("GBK", "UTF-8")])
def test_a_cpg_that_lies_is_told_by_the_text(tmp_path: Path, said: str, truth: str) -> None:
    frame = gpd.GeoDataFrame(
        {"编号": ["D1", "D2"], "名称": ["第一储备点", "第二储备点"]},
        geometry=[shapely.Point(113.2, 36.3)] * 2, crs=4490,
    )  # fmt: skip
    frame.to_file(tmp_path / "a.shp", encoding=truth)
    (tmp_path / "a.cpg").write_text(said)
    table = read(tmp_path / "a.shp")
    assert table.headings == ("编号", "名称")
    assert table.cells[1] == ("D2", "第二储备点")
    assert "its .cpg says" in table.notes[0][0]


def test_an_encoding_that_is_said_goes_before_what_is_found(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("编号,名称\n1,联通\n", "gb18030")
    assert read(tmp_path / "a.csv", encoding="GBK").cells == ((("1", "联通")),)
    with pytest.raises(FileError, match="not UTF-8"):
        read(tmp_path / "a.csv", encoding="utf-8")
    with pytest.raises(FileError, match="no encoding"):
        read(tmp_path / "a.csv", encoding="klingon")


GAUSS = [
    ("38430768.856", "4022924.430", "3° 38", "EPSG:4526", False),
    ("4022924.430", "38430768.856", "3° 38", "EPSG:4526", True),
    ("430768.856", "4022924.430", "3° 113°E", "EPSG:4547", False),
    ("4022924.430", "430768.856", "3° 113°E", "EPSG:4547", True),
    ("19700129.160", "4024955.471", "6° 19", "EPSG:4497", False),
]


@pytest.mark.parametrize(("x", "y", "zone", "crs", "north_first"), GAUSS)
def test_gauss_krueger_columns_are_told_by_their_size(
    tmp_path: Path, x: str, y: str, zone: str, crs: str, north_first: bool
) -> None:
    (tmp_path / "a.csv").write_text(f"编号,名称,X(m),Y(m)\nD1,甲,{x},{y}\nD2,乙,,\n", "utf-8")
    table = read(tmp_path / "a.csv")
    with pytest.raises(DatumError, match=r"Gauss-Krueger metres.*datum cgcs2000"):
        locate(DEPOTS.shape, table, datum=None, lon=113.2)
    with pytest.raises(DatumError, match="gcj02 cannot be"):
        locate(DEPOTS.shape, table, datum="gcj02", lon=113.2)
    found = locate(DEPOTS.shape, table, datum="cgcs2000", lon=113.2)
    assert found.placed.shapes[0].distance(shapely.Point(113.2289, 36.3344)) < 1e-7
    assert found.placed.shapes[1] is None
    assert zone in found.notes[0].zh
    assert crs in found.notes[0].zh
    assert ("X is north" in found.notes[0].en) is north_first


def test_degrees_minutes_and_seconds(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text(
        "编号,经度,纬度\n1,113°13\u203244.04\u2033,36°20'3.84\"\n", "utf-8"
    )
    point = read(tmp_path / "a.csv").shapes[0]
    assert point.distance(shapely.Point(113.2289, 36.3344)) < 1e-9


def test_latitude_first_can_be_said(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("编号,经度,纬度\n1,36.3,113.2\n", "utf-8")
    table = read(tmp_path / "a.csv")
    assert list(locate(DEPOTS.shape, table, datum="wgs84").placed.refused) == [0]
    found = locate(DEPOTS.shape, table, datum="wgs84", is_swapped=True)
    assert found.placed.shapes[0].coords[0] == (113.2, 36.3)
