"""Polygons given as one corner a row, as exports write them, come in as one shape."""

import io
from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pytest
import shapely

from geoservice import db
from geoservice.crs import to_metric
from geoservice.exports.tables import corners
from geoservice.imports.loading import LoadReport, Request, load_register
from geoservice.imports.records import Options
from geoservice.registry.actions import standing
from geoservice.registry.reading import Asked, read_table
from geoservice.registry.registers import register_named

Load = Callable[[str, str], LoadReport]
OUTER, HOLE = shapely.box(113.1, 36.2, 113.2, 36.3), shapely.box(113.14, 36.24, 113.16, 36.26)
HOLED = shapely.Polygon(OUTER.exterior, [HOLE.exterior])
PARTS = shapely.MultiPolygon([HOLED, shapely.box(113.22, 36.2, 113.25, 36.25)])


@pytest.fixture
def load(demo_conn: db.Connection, tmp_path: Path) -> Load:
    def run(register: str, text: str) -> LoadReport:
        (tmp_path / "a.csv").write_text(text, "utf-8")
        it = register_named(register)
        table = read_table(tmp_path / "a.csv", Asked(names=it.names, shape=it.shape))
        request = Request("a.csv", Options(datum="cgcs2000"), skips_bad=True, duplicates="new")
        return load_register(demo_conn, register=register, table=table, request=request).report

    return run


def exported(**shapes: shapely.Geometry) -> str:
    """Return the table of corners that an export writes, in metres of zone 114."""
    rows = [
        ("1", code, f"名{code}", "town", *corner)
        for code, shape in shapes.items()
        for corner in corners(to_metric(shape, 113.2))
    ]
    heads = ["id", "编号", "名称", "类型", "部分", "圈", "点号", "X（北）", "Y（东）"]
    target = io.StringIO()
    pd.DataFrame(rows, columns=heads).to_csv(target, index=False)
    return target.getvalue()


def test_an_exported_table_of_corners_comes_back(demo_conn: db.Connection, load: Load) -> None:
    done = load("towns", exported(C1=PARTS, C2=HOLED))
    assert (done.stored.inserted, done.refused) == (("C1", "C2"), ())
    assert done.rows == 2
    assert any("table of corners" in it.en for it in done.notes)
    found = standing(demo_conn, "towns", ["C1", "C2"])
    assert found["C1"].geom.hausdorff_distance(PARTS) < 1e-7
    assert [len(it.interiors) for it in found["C1"].geom.geoms] == [1, 0]
    assert found["C2"].geom.hausdorff_distance(HOLED) < 1e-7


def test_surveyors_leave_the_ring_open_and_lines_stay_open(
    demo_conn: db.Connection, load: Load
) -> None:
    corner = "{},{},{},J{},{},{}\n".format
    places = [(113.1, 36.2), (113.2, 36.2), (113.2, 36.3)]
    rows = "".join(corner("C1", "甲镇", "town", n, *it) for n, it in enumerate(places, 1))
    assert load("towns", "编号,名称,类型,界址点号,经度,纬度\n" + rows).stored.inserted == ("C1",)
    assert standing(demo_conn, "towns", ["C1"])["C1"].geom.geoms[0].equals(shapely.Polygon(places))
    rows = "".join(corner("W1", "甲河", "river", n, *it) for n, it in enumerate(places, 1))
    load("water_bodies", "编号,名称,类型,点号,经度,纬度\n" + rows)
    river = standing(demo_conn, "water_bodies", ["W1"])["W1"].geom
    assert shapely.get_num_coordinates(river) == 3


def test_a_corner_that_is_none_refuses_its_feature_alone(load: Load) -> None:
    text = exported(C1=HOLED, C2=HOLED)
    lines = text.splitlines()
    lines[3] = lines[3].rpartition(",")[0] + ",?"
    done = load("towns", "\n".join(lines))
    assert done.stored.inserted == ("C2",)
    assert [(it.row, "row 4:" in it.en) for it in done.refused] == [(2, True)]
    two = "编号,名称,类型,点号,经度,纬度\nC3,甲,town,1,113.1,36.2\nC3,甲,town,2,113.2,36.2\n"
    assert "make no shape" in load("towns", two).refused[0].en


def test_points_with_numbers_stay_points(load: Load) -> None:
    rows = "P1,甲,政府,村级,J1,113.1,36.2\nP2,乙,政府,村级,J2,113.2,36.2\n"
    done = load("depots", "编号,名称,权属,级别,点号,经度,纬度\n" + rows)
    assert done.stored.inserted == (
        "P1",
        "P2",
    )
