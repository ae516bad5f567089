"""A client's spatial filter finds its rows by the spatial index."""

import pytest

from geoservice.db import Connection
from geoservice.publish.catalog import load_layers
from geoservice.publish.coordinates import CRS84, served_crs
from geoservice.publish.cql2.reading import read
from geoservice.publish.permit import whole
from geoservice.publish.schemas import queryable_kinds
from geoservice.publish.select import condition_of, page
from geoservice.publish.statement import Filters, Page

ROADS = whole(load_layers()["roads"])
IN_METRES = served_crs(113.2)[3]


@pytest.mark.parametrize(
    ("text", "crs"),
    [("S_INTERSECTS(geom, BBOX(113.1,36.3,113.101,36.301))", CRS84),
     ("S_WITHIN(geom, POLYGON((4016000 410000,4016000 411000,4017000 411000,4016000 410000)))",
      IN_METRES)],
    ids=["degrees", "metres"],
)  # fmt: skip
def test_the_column_is_not_transformed_and_its_index_is_used(
    demo_conn: Connection, text: str, crs: object
) -> None:
    condition = condition_of(read(text, "cql2-text"), queryable_kinds(ROADS), crs)
    statement = page(ROADS, Page(10, counting="none", filters=Filters(condition=condition)))
    demo_conn.execute("SET LOCAL enable_seqscan = off")
    plan = demo_conn.execute(f"EXPLAIN {statement.text.as_string(None)}", statement.values)
    lines = "\n".join(line for (line,) in plan.fetchall())
    assert "Index Cond: (geom" in lines.replace("e.geom", "geom").replace("r.geom", "geom"), lines
