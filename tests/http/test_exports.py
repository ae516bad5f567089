"""Exports in every format, read back; what a format cannot hold is said; who may take what."""

import io
import zipfile
from collections.abc import Callable
from pathlib import Path

import geopandas as gpd
import pandas as pd
import pyogrio
import pytest
from starlette.testclient import TestClient

from geoservice.db import Connection
from geoservice.errors import FileError, InputError
from geoservice.exports.actions import export_layer
from geoservice.exports.formats import FORMATS
from geoservice.exports.records import Export
from geoservice.publish import file_turns
from geoservice.publish.catalog import load_layers
from geoservice.publish.permit import whole

LAYERS = load_layers()
Headers = Callable[..., dict[str, str]]


@pytest.mark.parametrize("layer", [one.id for one in LAYERS.values() if one.is_drawn])
@pytest.mark.parametrize("form", ["gpkg", "geojson", "fgb"])
def test_a_file_holds_what_the_items_hold(
    client: TestClient, as_role: Headers, tmp_path: Path, layer: str, form: str
) -> None:
    headers = as_role("dispatcher")
    items = client.get(f"/ogc/collections/{layer}/items?limit=10000", headers=headers).json()
    answer = client.get(f"/exports/{layer}?format={form}", headers=headers)
    assert answer.status_code == 200, answer.text
    assert answer.headers["content-type"] == FORMATS[form].media_type
    path = tmp_path / f"x.{form}"
    path.write_bytes(answer.content)
    frame = pyogrio.read_dataframe(path)
    assert len(frame) == items["numberReturned"]
    if frame.empty and form == "geojson":  # such a file names fields by its features only
        return
    assert set(frame["code"]) == {f["properties"]["code"] for f in items["features"]}
    assert set(frame.columns) >= {field.name for field in LAYERS[layer].fields}
    assert frame.crs.to_epsg() == (4326 if form == "geojson" else 4490)


def test_a_shapefile_has_short_names_a_dictionary_and_its_encoding(
    client: TestClient, as_role: Headers, tmp_path: Path
) -> None:
    url = "/exports/depots?format=shp&crs=4547&encoding=gbk"
    path = tmp_path / "depots.zip"
    path.write_bytes(client.get(url, headers=as_role("viewer")).content)
    with zipfile.ZipFile(path) as archive:
        names = set(archive.namelist())
        assert archive.read("depots.cpg") == b"GBK"
        assert b"Gauss_Kruger" in archive.read("depots.prj")
        fields = pd.read_csv(io.BytesIO(archive.read("fields.csv")))
    assert {"depots.shp", "depots.dbf", "depots.shx", "fields.csv"} <= names
    frame = gpd.read_file(f"zip://{path}")
    assert set(fields["field"]) == set(frame.columns) - {"geometry"}
    assert fields.set_index("field").loc["MC", "zh"] == "名称"
    assert frame["MC"].str.startswith("演示").all()
    assert frame.total_bounds[0] > 390_000


def test_a_mixed_layer_becomes_a_shapefile_a_type(client: TestClient) -> None:
    answer = client.get("/exports/road_closures?format=shp")
    with zipfile.ZipFile(io.BytesIO(answer.content)) as archive:
        shapes = {name for name in archive.namelist() if name.endswith(".shp")}
    assert shapes <= {f"road_closures_{kind}.shp" for kind in ("point", "line", "polygon")}
    assert shapes


def _add_hazard(conn: Connection, name: str, remark: str) -> None:
    conn.execute(
        "INSERT INTO core.hazard_source (code, name, kind, remark, source_doc, geom) VALUES"
        " ('ODD', %s, 'other', %s, 'test', ST_SetSRID(ST_Point(113.2, 36.35), 4490))",
        [name, remark],
    )


def test_a_long_text_stands_whole_beside_the_shapefile(
    demo_conn: Connection, tmp_path: Path
) -> None:
    remark = "很长的备注" * 40
    _add_hazard(demo_conn, "测试", remark)
    path, sight = tmp_path / "h.zip", whole(LAYERS["hazard_sources"])
    report = export_layer(demo_conn, sight=sight, path=path, export=Export(FORMATS["shp"]))
    assert report.notes[0].startswith("1 个文本超过 254 字节")
    with zipfile.ZipFile(path) as archive:
        assert remark in archive.read("long_texts.csv").decode()
    frame = gpd.read_file(f"zip://{path}!hazard_sources.shp").set_index("BH")
    cut = frame.loc["ODD", "BZ"]
    assert remark.startswith(cut)
    assert 251 <= len(cut.encode()) <= 254


def test_a_spreadsheet_cannot_take_a_cell_for_a_formula(
    demo_conn: Connection, tmp_path: Path
) -> None:
    _add_hazard(demo_conn, '=HYPERLINK("http://x","y")', "@SUM(1)")
    path = tmp_path / "h.csv"
    export_layer(
        demo_conn, sight=whole(LAYERS["hazard_sources"]), path=path, export=Export(FORMATS["csv"])
    )
    assert path.read_bytes().startswith(b"\xef\xbb\xbfid,code,name")
    row = pd.read_csv(path).set_index("code").loc["ODD"]
    assert row["name"].startswith("'=HYPERLINK")
    assert row["remark"] == "'@SUM(1)"
    assert row["wkt"] == "POINT (113.2 36.35)"


def test_a_character_the_encoding_lacks_is_refused_not_replaced(
    demo_conn: Connection, tmp_path: Path
) -> None:
    _add_hazard(demo_conn, "emoji 🚒", "")
    sight = whole(LAYERS["hazard_sources"])
    for form in ("csv", "shp", "dxf", "corners"):
        with pytest.raises(InputError, match=r"is not in GBK|no way to write"):
            export_layer(
                demo_conn,
                sight=sight,
                path=tmp_path / "h",
                export=Export(FORMATS[form], encoding="GBK"),
            )
    assert list(tmp_path.iterdir()) == []


def test_a_path_that_cannot_be_written_is_said_and_the_old_file_stays(
    demo_conn: Connection, tmp_path: Path
) -> None:
    sight = whole(LAYERS["towns"])
    with pytest.raises(FileError, match="cannot be written"):
        export_layer(demo_conn, sight=sight, path=tmp_path / "no" / "x.gpkg", export=Export())
    path = tmp_path / "x.geojson"
    path.write_text("old")
    with pytest.raises(InputError, match="WGS 84"):
        export_layer(demo_conn, sight=sight, path=path, export=Export(FORMATS["geojson"], "4547"))
    assert path.read_text() == "old"


def test_an_empty_layer_is_still_a_file(conn: Connection, tmp_path: Path) -> None:
    for form in FORMATS.values():
        path = tmp_path / f"empty.{form.name}"
        for layer in ("depots", "water_bodies"):
            report = export_layer(conn, sight=whole(LAYERS[layer]), path=path, export=Export(form))
            assert report.rows == 0
            assert path.stat().st_size > 0


@pytest.mark.parametrize(
    ("query", "status"),
    [("crs=4534", 400), ("crs=x", 400), ("format=dwg", 400),
     ("format=kml&crs=4547", 400), ("encoding=latin1", 400), ("nothing=1", 400),
     ("crs=local", 200), ("crs=4526", 200)],
)  # fmt: skip
def test_what_cannot_be_made_is_refused(client: TestClient, query: str, status: int) -> None:
    assert client.get(f"/exports/towns?{query}").status_code == status


def test_a_layer_is_taken_away_by_who_may_read_it(client: TestClient, as_role: Headers) -> None:
    assert client.get("/exports/depots").status_code == 401
    assert client.get("/exports/nothing").status_code == 404
    assert client.get("/exports/depots", headers=as_role("admin")).status_code == 403
    csv = client.get("/exports/depots?format=csv", headers=as_role("viewer")).text
    assert "phone" not in csv


def test_files_at_once_are_few_and_visitors_do_not_keep_members_out(
    client: TestClient, as_role: Headers
) -> None:
    with file_turns._VISITORS:
        refused = client.get("/exports/district")
        assert refused.status_code == 429
        assert refused.headers["retry-after"] == "2"
        assert refused.json()["type"] == "/problems/busy"
        assert client.get("/exports/district", headers=as_role("viewer")).status_code == 200
    # Given back after a file, and after one that could not be written.
    for query, status in (("", 200), ("?crs=no", 400), ("", 200)):
        assert client.get(f"/exports/district{query}").status_code == status


def test_a_box_and_a_filter_choose_the_rows(client: TestClient, as_role: Headers) -> None:
    headers = as_role("viewer")
    path = "/ogc/collections/depots/items?limit=10000"
    features = client.get(path, headers=headers).json()["features"]
    lon, lat = features[0]["geometry"]["coordinates"]
    query = {
        "format": "geojson",
        "bbox": f"{lon - 0.001},{lat - 0.001},{lon + 0.001},{lat + 0.001}",
    }
    found = client.get("/exports/depots", params=query, headers=headers).json()["features"]
    assert features[0]["id"] in {one["id"] for one in found}
    assert len(found) < len(features)
    wanted = {one["id"] for one in features if one["properties"]["tier"] == "town"}
    query = {"format": "geojson", "filter": "tier = 'town'"}
    found = client.get("/exports/depots", params=query, headers=headers).json()["features"]
    assert {one["id"] for one in found} == wanted
    # A telephone is not the viewer's to ask by.
    query = {"filter": "phone = '1'"}
    assert client.get("/exports/depots", params=query, headers=headers).status_code == 400
