"""A model's polygons into bands: columns by name, depths into breaks, wrong rows told."""

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import shapely

from geoservice.errors import FileError, RecordError, UnknownNameError
from geoservice.floods.grades import make_rules
from geoservice.floods.importing import bands_from, columns_of, read_rows
from geoservice.registry.reading import Table

NAN = float("nan")
RULES = make_rules(
    json.loads((Path(__file__).parents[1] / "data" / "risk_parameters.json").read_text("utf-8"))
)


def _table(headings: list[str], *rows: list[Any]) -> Table:
    return Table(
        form="GeoJSON", encoding="UTF-8", crs=None, headings=tuple(headings),
        numbers=tuple(range(1, len(rows) + 1)), cells=tuple(map(tuple, rows)),
        shapes=np.empty(0, object), has_shapes=True, unread={},
    )  # fmt: skip


def _boxes(count: int) -> list[Any]:
    return [
        shapely.MultiPolygon([shapely.box(113 + 0.01 * i, 36, 113.01 + 0.01 * i, 36.01)])
        for i in range(count)
    ]


@pytest.mark.parametrize(
    ("headings", "found"),
    [
        (["Max_Depth", "V", "Arrival"],
         {"depth_m": "Max_Depth", "velocity_ms": "V", "arrival": "Arrival"}),
        (["最大水深（m）", "最大流速", "到达时间（min）"],
         {"depth_m": "最大水深（m）", "velocity_ms": "最大流速", "arrival": "到达时间（min）"}),
        (["SS_MIN_M", "SS_MAX_M"], {"depth_min_m": "SS_MIN_M", "depth_max_m": "SS_MAX_M"}),
        (["id", "name"], {}),
    ],
)  # fmt: skip
def test_columns_are_known_by_what_models_call_them(
    headings: list[str], found: dict[str, str]
) -> None:
    assert columns_of(headings, {}) == found


def test_what_is_said_of_columns_goes_before_their_names() -> None:
    assert columns_of(["a", "depth"], {"depth_m": "a"}) == {"depth_m": "a"}
    for wrong in ({"depth_m": "nowhere"}, {"colour": "a"}):
        with pytest.raises(UnknownNameError, match="columns"):
            columns_of(["a", "depth"], wrong)


def test_rows_fall_into_bands_with_the_fastest_and_soonest_of_each() -> None:
    table = _table(
        ["depth", "v", "t"], [0.4, 0.5, 2], [0.3, 1.0, 1.5], [0.45, 2.5, None], [1.5, None, 3],
        [4.0, 0, 1], [0, 0, 0],
    )  # fmt: skip
    columns = {"depth_m": "depth", "velocity_ms": "v", "arrival": "t"}
    rows = read_rows(table, _boxes(6), columns, unit="h", assumed_m=None)
    assert len(rows) == 5  # depth 0 is dry
    bands = bands_from(rows, RULES)
    told = [(it.depth_min_m, it.depth_max_m, it.grade, it.velocity_ms, it.arrival_min)
            for it in bands]  # fmt: skip
    assert told == [
        (0.0, 0.5, "blue", 1.0, 90.0),
        (0.0, 0.5, "orange", 2.5, None),  # 0.45 x 2.5 = 1.125 m2/s
        (1.0, 2.0, "orange", None, 180.0),
        (3.0, None, "red", 0.0, 60.0),
    ]
    assert sum(it.area_m2 for it in bands) == pytest.approx(5 * 899.5 * 1110, rel=0.01)


def test_depths_from_and_to_stay_as_the_model_has_them() -> None:
    table = _table(["a", "b"], [0, 0.3], [0.3, 0.9], [0.9, None])
    columns = {"depth_min_m": "a", "depth_max_m": "b"}
    rows = read_rows(table, _boxes(3), columns, unit="min", assumed_m=None)
    bands = bands_from(rows, RULES)
    assert [(it.depth_min_m, it.depth_max_m) for it in bands] == [
        (0, 0.3), (0.3, 0.9), (0.9, None),
    ]  # fmt: skip


def test_an_extent_without_depths_needs_one_for_all() -> None:
    table = _table(["t"], [30])
    with pytest.raises(FileError, match="no column of depths"):
        read_rows(table, _boxes(1), {"arrival": "t"}, unit="min", assumed_m=None)
    (row,) = read_rows(table, _boxes(1), {"arrival": "t"}, unit="min", assumed_m=2.0)
    assert (row.depth_min_m, row.arrival_min) == (2.0, 30.0)


def test_every_wrong_row_is_told_with_its_number() -> None:
    table = _table(
        ["depth", "v"], ["deep", 0], [-1, 0], [1, 1e6], [None, 0], [1, 0], [float("nan"), 0]
    )
    shapes = [*_boxes(4), None, *_boxes(1)]
    with pytest.raises(RecordError) as refused:
        read_rows(table, shapes, {"depth_m": "depth", "velocity_ms": "v"}, unit="s", assumed_m=None)
    assert [it.where for it in refused.value.wrongs] == [f"row {n}" for n in range(1, 7)]
