"""Every layer in every format, read back and compared with the database, value by value."""

import io
import json
import zipfile
from pathlib import Path
from typing import Any

import ezdxf
import geopandas as gpd
import numpy as np
import pandas as pd
import pyogrio
import pyproj
import pytest
import shapely
from ezdxf.lldxf.encoding import decode_dxf_unicode
from openpyxl import load_workbook
from pyarrow import parquet

from geoservice.crs import CGCS2000
from geoservice.db import Connection
from geoservice.exports.actions import export_layer
from geoservice.exports.formats import FORMATS
from geoservice.exports.records import Export
from geoservice.publish.actions import read_rows
from geoservice.publish.catalog import LayerDef, load_layers
from geoservice.publish.permit import whole

LAYERS = load_layers()
DRAWN = [one.id for one in LAYERS.values() if one.is_drawn]


def _taken(conn: Connection, layer: str, folder: Path, form: str, **how: Any) -> Path:
    path = folder / f"{layer}.{FORMATS[form].ending}"
    export_layer(conn, sight=whole(LAYERS[layer]), path=path, export=Export(FORMATS[form], **how))
    return path


def _source(conn: Connection, layer: str, crs: int) -> gpd.GeoDataFrame:
    frame = read_rows(conn, whole(LAYERS[layer]))
    if crs not in (4490, 4326):
        move = pyproj.Transformer.from_crs(CGCS2000, crs, always_xy=True).transform
        places = shapely.transform(
            frame.geometry.to_numpy(), lambda xy: np.column_stack(move(*xy.T))
        )
        frame = frame.set_geometry(gpd.GeoSeries(places, index=frame.index))
    return frame.set_index("code").sort_index()


def _same_values(layer: LayerDef, found: pd.DataFrame, source: pd.DataFrame) -> None:
    for field in layer.fields:
        if field.name == "code" or field.name not in found:
            continue
        for ours, theirs in zip(found[field.name], source[field.name], strict=True):
            if pd.isna(theirs):
                assert pd.isna(ours), field.name
            elif field.type == "number":
                assert float(ours) == pytest.approx(float(theirs), rel=1e-9)
            elif field.type == "date":
                assert str(ours)[:10] == theirs.isoformat()
            elif field.type == "instant":
                gap_s = (pd.Timestamp(ours) - pd.Timestamp(theirs)).total_seconds()
                assert abs(gap_s) < 0.002
            else:
                assert ours == theirs, field.name


def _same_places(found: Any, source: Any, within: float) -> None:
    for ours, theirs in zip(found, source, strict=True):
        if theirs is None:
            assert ours is None
            continue
        assert ours.is_valid
        assert ours.hausdorff_distance(theirs) <= within


@pytest.mark.parametrize("layer", DRAWN)
@pytest.mark.parametrize(
    ("form", "crs"),
    [("gpkg", 4490), ("gpkg", 4547), ("gpkg", 4526), ("gpkg", 3857), ("fgb", 4547),
     ("geojson", 4326), ("parquet", 4490), ("parquet", 4547)],
)  # fmt: skip
def test_a_file_holds_values_and_places_of_the_database(
    demo_conn: Connection, tmp_path: Path, layer: str, form: str, crs: int
) -> None:
    source = _source(demo_conn, layer, crs)
    path = _taken(demo_conn, layer, tmp_path, form, crs=str(crs))
    # GDAL takes a text for an instant where it begins like one.
    option = {"DATE_AS_STRING": "YES"} if form == "geojson" else {}
    found = gpd.read_parquet(path) if form == "parquet" else pyogrio.read_dataframe(path, **option)
    assert found.crs.to_epsg() == crs
    if source.empty:  # a GeoJSON file names fields by its features only
        assert found.empty
        return
    found = found.set_index("code").sort_index()
    assert list(found.index) == list(source.index)
    _same_values(LAYERS[layer], found, source)
    _same_places(found.geometry, source.geometry, 1e-6 if crs in (4490, 4326) else 1e-3)


@pytest.mark.parametrize("encoding", ["UTF-8", "GBK"])
@pytest.mark.parametrize("layer", LAYERS)
def test_shapefiles_hold_values_and_places_of_the_database(
    demo_conn: Connection, tmp_path: Path, layer: str, encoding: str
) -> None:
    path = _taken(demo_conn, layer, tmp_path, "shp", crs="4490", encoding=encoding)
    with zipfile.ZipFile(path) as archive:
        names = archive.namelist()
        cpgs = {archive.read(name).decode() for name in names if name.endswith(".cpg")}
        long = "long_texts.csv" in names
        for name in names:
            if name.endswith(".shp"):
                _outer_rings_run_clockwise(archive.read(name))
    assert cpgs == {encoding}
    inside = [name for name in names if name.endswith(".shp")] or [f"{layer}.dbf"]
    parts = [pyogrio.read_dataframe(f"/vsizip/{path}/{name}") for name in inside]
    code = next(field.export for field in LAYERS[layer].fields if field.name == "code")
    found = pd.concat(parts).set_index(code).sort_index()
    assert all(len(name.encode()) <= 10 for name in found.columns if name != "geometry")
    source = _source(demo_conn, layer, 4490)
    assert list(found.index) == list(source.index)
    if not long:
        named = found.rename(columns={one.export: one.name for one in LAYERS[layer].fields})
        _same_values(LAYERS[layer], named, source)
    if LAYERS[layer].is_drawn:
        _same_places(found["geometry"], source.geometry, 1e-9)


def _outer_rings_run_clockwise(content: bytes) -> None:
    """By the bytes: readers turn rings as they like."""
    at = 100
    while at < len(content):
        length = int.from_bytes(content[at + 4 : at + 8], "big") * 2
        body = content[at + 8 : at + 8 + length]
        at += 8 + length
        if int.from_bytes(body[:4], "little") != 5:
            continue
        rings, points = np.frombuffer(body[36:44], "<i4")
        starts = [*np.frombuffer(body[44 : 44 + 4 * rings], "<i4"), points]
        xy = np.frombuffer(body[44 + 4 * rings :], "<f8").reshape(-1, 2)
        turns = [shapely.is_ccw(shapely.LinearRing(xy[a:b])) for a, b in zip(starts, starts[1:])]  # noqa: B905, RUF007
        assert not turns[0]


def test_geojson_rings_follow_the_right_hand(demo_conn: Connection, tmp_path: Path) -> None:
    path = _taken(demo_conn, "towns", tmp_path, "geojson")
    content = json.loads(path.read_text("utf-8"))
    assert "crs" not in content
    for feature in content["features"]:
        assert isinstance(feature["id"], int)
        shape = shapely.geometry.shape(feature["geometry"])
        for part in shapely.get_parts(shape):
            assert part.exterior.is_ccw
            assert not any(hole.is_ccw for hole in part.interiors)


@pytest.mark.parametrize("layer", ["risk_parameters", "hazard_sources"])
def test_a_text_that_looks_like_json_stays_a_text(
    demo_conn: Connection, tmp_path: Path, layer: str
) -> None:
    demo_conn.execute("UPDATE core.hazard_source SET name = '{\"氨\": [1]}'")
    path = _taken(demo_conn, layer, tmp_path, "geojson")
    field = "value" if layer == "risk_parameters" else "name"
    for feature in json.loads(path.read_text("utf-8"))["features"]:
        assert isinstance(feature["properties"][field], str)


def test_geoparquet_says_its_crs_and_box(demo_conn: Connection, tmp_path: Path) -> None:
    path = _taken(demo_conn, "towns", tmp_path, "parquet", crs="4547")
    geo = json.loads(parquet.read_metadata(path).metadata[b"geo"])
    assert geo == json.loads(parquet.read_table(path).schema.metadata[b"geo"])
    column = geo["columns"]["geometry"]
    assert (geo["version"], column["encoding"]) == ("1.1.0", "WKB")
    assert pyproj.CRS.from_json_dict(column["crs"]).to_epsg() == 4547
    frame = gpd.read_parquet(path)
    (tmp_path / "degrees").mkdir()
    degrees = _taken(demo_conn, "towns", tmp_path / "degrees", "parquet", crs="4490")
    in_degrees = json.loads(parquet.read_metadata(degrees).metadata[b"geo"])["columns"]["geometry"]
    bounds = list(gpd.read_parquet(degrees).total_bounds)
    assert in_degrees["bbox"] == pytest.approx(bounds)
    west, _, east, _ = frame.geometry.iloc[0].bounds
    inside = gpd.read_parquet(path, bbox=(west, 0, (west + east) / 2, 1e7))
    assert frame["code"].iloc[0] in set(inside["code"])


def test_kml_holds_names_and_places(demo_conn: Connection, tmp_path: Path) -> None:
    source = _source(demo_conn, "depots", 4326)
    found = pyogrio.read_dataframe(_taken(demo_conn, "depots", tmp_path, "kml"))
    found = found.set_index("code").sort_index()
    assert list(found["Name"]) == list(source["name"])
    _same_places(found.geometry, source.geometry, 1e-8)


def test_a_drawing_has_a_layer_a_class_and_names(demo_conn: Connection, tmp_path: Path) -> None:
    # Not a character of GBK.
    demo_conn.execute(
        "UPDATE core.hazard_source SET name = name || '\U00003400'"
        " WHERE id = (SELECT min(id) FROM core.hazard_source)"
    )
    path = _taken(demo_conn, "hazard_sources", tmp_path, "dxf")
    source = _source(demo_conn, "hazard_sources", 4547)
    drawing = ezdxf.readfile(path)
    assert drawing.dxfversion == "AC1015"
    texts = {decode_dxf_unicode(one.dxf.text): one for one in drawing.modelspace().query("TEXT")}
    assert set(texts) == set(source["name"])
    red = source[source["grade"] == "red"].iloc[0]
    assert texts[red["name"]].dxf.layer == "危险源_重大（红）"
    places = [shapely.Point(one.dxf.location.vec2) for one in drawing.modelspace().query("POINT")]
    assert len(places) == len(source)
    assert min(one.distance(red.geom) for one in places) < 0.001
    read = pyogrio.read_dataframe(path)  # as GDAL reads it
    assert set(read["Text"].dropna().map(decode_dxf_unicode)) == set(source["name"])


def test_a_drawing_closes_outlines(demo_conn: Connection, tmp_path: Path) -> None:
    drawing = ezdxf.readfile(_taken(demo_conn, "towns", tmp_path, "dxf"))
    towns = _source(demo_conn, "towns", 4547).geometry.to_numpy()
    rings = len(shapely.get_rings(shapely.get_parts(towns)))
    lines = list(drawing.modelspace().query("LWPOLYLINE"))
    assert len(lines) == rings
    assert all(line.closed for line in lines)


def test_corner_tables_give_the_area_back(demo_conn: Connection, tmp_path: Path) -> None:
    path = _taken(demo_conn, "towns", tmp_path, "corners", encoding="GBK")
    table = pd.read_csv(path, encoding="gbk")
    assert list(table.columns)[-5:] == ["部分", "圈", "点号", "X（北）", "Y（东）"]
    source = _source(demo_conn, "towns", 4547)
    for code, rows in table.groupby("code"):
        outer = rows[rows["圈"] == 1]
        area = sum(
            shapely.Polygon(part[["Y（东）", "X（北）"]].to_numpy()).area
            for _, part in outer.groupby("部分")
        )
        assert area == pytest.approx(source.loc[str(code)].geom.area, rel=1e-5)


def test_a_workbook_holds_the_rows_and_runs_nothing(demo_conn: Connection, tmp_path: Path) -> None:
    demo_conn.execute(
        "UPDATE core.depot SET name = '=1+1' WHERE id = (SELECT min(id) FROM core.depot)"
    )
    path = _taken(demo_conn, "depots", tmp_path, "xlsx")
    sheet = load_workbook(io.BytesIO(path.read_bytes())).worksheets[0]
    heads, *rows = sheet.iter_rows()
    labels = [cell.value for cell in heads]
    assert labels[:3] == ["标识", "编号", "名称"]
    assert len(rows) == len(_source(demo_conn, "depots", 4490))
    assert {row[2].data_type for row in rows} == {"s"}
    assert rows[0][2].value == "=1+1"
