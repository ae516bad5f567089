"""Crowded tiles hold one mark for each class in each cell, with its number; nobody is lost."""

import math
from collections import Counter
from pathlib import Path

import pandas as pd
import pyogrio
import pytest

from geoservice.db import Connection
from geoservice.publish.catalog import load_layers
from geoservice.publish.drawing import COARSE_CELL, FINE_CELL, MOST_FINE
from geoservice.publish.permit import Sight, whole
from geoservice.publish.select import cells, crowd, tile
from geoservice.publish.statement import Statement

LAYERS = load_layers()
ZOOM, ROW, COL = 8, 100, 208
GRADES = ["red", "orange", "yellow", "blue"]
MANY = 6_000
HAZARDS = """
INSERT INTO core.hazard_source (code, name, kind, grade, secrecy, source_doc, geom)
SELECT 'C' || n, '点' || n, 'other', (%s::text[])[1 + n %% 5], 'public', 'test',
       ST_Point(113.1 + (n * 37 %% 1000) / 5000.0, 36.2 + (n * 91 %% 1000) / 5000.0, 4490)
  FROM generate_series(1, %s) n"""
TOWNS = """
INSERT INTO core.town (code, name, kind, source_doc, geom)
SELECT '9' || lpad(n::text, 8, '0'), '片' || n, 'town', 'test',
       ST_Multi(ST_MakeEnvelope(x, y, x + s, y + s, 4490))
  FROM (SELECT n, 113.1 + (n * 37 % 1000) / 5000.0 AS x, 36.2 + (n * 91 % 1000) / 5000.0 AS y,
               CASE WHEN n <= 5 THEN 0.05 ELSE 0.0004 END AS s FROM generate_series(1, 300) n) t"""


def _content(conn: Connection, statement: Statement) -> bytes:
    row = conn.execute(statement.text, statement.values).fetchone()
    assert row is not None
    return bytes(row[0])


def _read(content: bytes, folder: Path, layer: str, place: tuple[int, int, int]) -> pd.DataFrame:
    """The tile as GDAL reads it, its buffer too, shapes in metres."""
    zoom, row, col = place
    path = folder / str(zoom) / str(col) / f"{row}.mvt"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
    return pyogrio.read_dataframe(path, layer=layer, X=col, Y=row, Z=zoom, CLIP="NO")


def _cell(lon: float, lat: float, cell: int, place: tuple[int, int, int]) -> tuple[int, int]:
    zoom, row, col = place
    x = ((lon + 180) / 360 * 2**zoom - col) * 4096
    y = ((1 - math.asinh(math.tan(math.radians(lat))) / math.pi) / 2 * 2**zoom - row) * 4096
    return math.floor(x / cell), math.floor(y / cell)


@pytest.fixture
def hazards(demo_conn: Connection) -> Sight:
    demo_conn.execute(HAZARDS, [[*GRADES, None], MANY])
    return whole(LAYERS["hazard_sources"])


def _places(conn: Connection) -> list[tuple[float, float, str | None]]:
    return conn.execute(
        "SELECT ST_X(geom), ST_Y(geom), grade FROM published.hazard_sources WHERE geom IS NOT NULL"
    ).fetchall()


@pytest.mark.parametrize("cell", [FINE_CELL, COARSE_CELL])
def test_each_class_of_a_cell_has_its_mark_with_number_and_worst(
    hazards: Sight, demo_conn: Connection, tmp_path: Path, cell: int
) -> None:
    place = ZOOM, ROW, COL
    found = _read(
        _content(demo_conn, cells(hazards, *place, cell)), tmp_path, "hazard_sources", place
    )
    expected: Counter[tuple[tuple[int, int], str]] = Counter()
    for lon, lat, grade in _places(demo_conn):
        expected[_cell(lon, lat, cell, place), grade or ""] += 1
    assert len(found) == len(expected) < MANY
    assert found["count"].sum() == sum(expected.values())
    per_class = Counter[str]()
    for (_, grade), number in expected.items():
        per_class[grade] += number
    assert found.groupby(found["grade"].fillna(""))["count"].sum().to_dict() == per_class
    ranks = {grade: rank for rank, grade in enumerate(GRADES)}
    classes: dict[tuple[int, int], set[str]] = {}
    for here, grade in expected:
        classes.setdefault(here, set()).add(grade)
    worst = Counter(
        min(there - {""}, key=lambda one: ranks[one], default="")
        for there in classes.values()
        for _ in there
    )
    assert Counter(found["worst"].fillna("")) == worst


def test_the_number_is_counted_no_further_than_needed(
    hazards: Sight, demo_conn: Connection
) -> None:
    row = demo_conn.execute((asked := crowd(hazards, ZOOM, ROW, COL)).text, asked.values).fetchone()
    assert row == (len(_places(demo_conn)),)
    demo_conn.execute(HAZARDS.replace("'C' ||", "'D' ||"), [GRADES, MOST_FINE])
    row = demo_conn.execute(asked.text, asked.values).fetchone()
    assert row == (MOST_FINE + 1,)


def test_a_tile_of_more_than_the_most_draws_nothing_and_says_one_more(
    hazards: Sight, demo_conn: Connection
) -> None:
    number = len(_places(demo_conn))
    whole_tile = _content(demo_conn, tile(hazards, ZOOM, ROW, COL))
    for most in (None, number, number + 1):
        asked = tile(hazards, ZOOM, ROW, COL, most)
        assert demo_conn.execute(asked.text, asked.values).fetchone() == (whole_tile, number)
    asked = tile(hazards, ZOOM, ROW, COL, number - 1)
    assert demo_conn.execute(asked.text, asked.values).fetchone() == (b"", number)


def test_both_tiles_at_a_seam_draw_the_same_marks(
    hazards: Sight, demo_conn: Connection, tmp_path: Path
) -> None:
    zoom = 12
    col = math.floor((113.2 + 180) / 360 * 2**zoom)
    row = _cell(113.2, 36.3, 4096, (zoom, 0, 0))[1]
    seam_m = (col + 1) / 2**zoom * 40075016.685578488 - 20037508.342789244
    buffer_m = 40075016.685578488 / 2**zoom / 16
    cell_m = buffer_m * FINE_CELL / 256
    marks = []
    for here in (col, col + 1):
        place = zoom, row, here
        content = _content(demo_conn, cells(hazards, *place, FINE_CELL))
        frame = _read(content, tmp_path, "hazard_sources", place)
        near = frame[(frame.geometry.x - seam_m).abs() < buffer_m]
        marks.append(
            {
                (math.floor((p.x - seam_m) / cell_m), math.floor(p.y / cell_m), grade, number)
                for p, grade, number in zip(
                    near.geometry, near["grade"].fillna(""), near["count"], strict=True
                )
            }
        )
    assert marks[0] == marks[1] != set()


def test_small_areas_are_merged_and_large_ones_drawn_each(
    demo_conn: Connection, tmp_path: Path
) -> None:
    before = demo_conn.execute(
        "SELECT count(*) FROM published.towns WHERE geom IS NOT NULL"
    ).fetchone()
    demo_conn.execute(TOWNS)
    towns, place = whole(LAYERS["towns"]), (ZOOM, ROW, COL)
    found = _read(_content(demo_conn, cells(towns, *place, FINE_CELL)), tmp_path, "towns", place)
    assert found["count"].sum() == before[0] + 300
    assert (found["count"] == 1).sum() >= before[0] + 5
    assert found["count"].max() > 1
    each = _read(_content(demo_conn, tile(towns, *place)), tmp_path, "towns", place)
    assert len(each) == before[0] + 300 > len(found)


def test_a_mark_says_nothing_of_a_field_that_the_caller_may_not_see(
    hazards: Sight, demo_conn: Connection, tmp_path: Path
) -> None:
    fields = tuple(field for field in hazards.fields if field.name != "grade")
    blind = Sight(hazards.layer, ("public",), None, fields)
    place = ZOOM, ROW, COL
    found = _read(
        _content(demo_conn, cells(blind, *place, FINE_CELL)), tmp_path, "hazard_sources", place
    )
    assert "grade" not in found.columns
    assert "worst" not in found.columns
    assert found["count"].sum() >= MANY
