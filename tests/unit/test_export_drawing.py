"""A drawing that would not fit into memory is refused before a row of it is read."""

from pathlib import Path
from typing import Any, cast

import pytest

from geoservice.crs import CGCS2000
from geoservice.errors import InputError
from geoservice.exports.drawing import write_dxf
from geoservice.exports.formats import FORMATS
from geoservice.exports.records import Export, Survey
from geoservice.exports.source import Source
from geoservice.publish.catalog import load_layers
from geoservice.publish.permit import whole
from geoservice.publish.select.copies import Wanted
from geoservice.publish.statement import Filters


def test_too_many_features_for_a_drawing_are_refused_unread(tmp_path: Path) -> None:
    rows = 100_001
    survey = Survey(rows, rows, (113.0, 36.2, 113.4, 36.5), (0,), ("POINT",), ("public",), ())
    wanted = Wanted(whole(load_layers()["depots"]), Filters())
    no_connection = cast("Any", None)  # asking it for a row would fail otherwise
    source = Source(
        no_connection, wanted, Export(FORMATS["dxf"]), CGCS2000, survey, lambda _rows, _of: None
    )
    with pytest.raises(InputError, match="100001 features: a drawing takes 100000") as refused:
        write_dxf(source, tmp_path / "x.dxf")
    assert "请用 bbox 或 filter" in refused.value.zh
    assert list(tmp_path.iterdir()) == []
