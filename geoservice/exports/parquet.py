"""GeoParquet 1.1: WKB, the CRS as PROJJSON, a box for each row so that readers can skip.

By pyarrow, which writes the Arrow batches as they are: the GDAL inside pyogrio's wheel has no
Parquet driver.
"""

import json
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import shapely

from geoservice.exports.rows import SHAPE
from geoservice.exports.source import Source

_VERSION = "1.1.0"
_EDGES = ("xmin", "ymin", "xmax", "ymax")
_BOX = pa.struct([pa.field(edge, pa.float64()) for edge in _EDGES])
_GROUP_ROWS = 65536
_TYPE_NAMES = {
    "POINT": "Point", "LINESTRING": "LineString", "POLYGON": "Polygon", "MULTIPOINT": "MultiPoint",
    "MULTILINESTRING": "MultiLineString", "MULTIPOLYGON": "MultiPolygon",
    "GEOMETRYCOLLECTION": "GeometryCollection",
}  # fmt: skip


def write_parquet(source: Source, path: Path) -> list[str]:
    """Write one Parquet file; a layer that is a table gives a plain one."""
    schema = source.schema
    if source.has_places:
        # Beside the columns, not added at the end: pyarrow itself reads it nowhere else.
        geo = {"geo": json.dumps(_geo(source))}
        schema = schema.append(pa.field("bbox", _BOX)).with_metadata(geo)
    waiting: list[pa.RecordBatch] = []
    with pq.ParquetWriter(path, schema, compression="zstd") as writer:
        for batch in source.batches():
            waiting.append(_boxed(batch, schema) if source.has_places else batch)
            if sum(map(len, waiting)) >= _GROUP_ROWS:
                writer.write_table(pa.Table.from_batches(waiting), row_group_size=_GROUP_ROWS)
                waiting = []
        if waiting:
            writer.write_table(pa.Table.from_batches(waiting))
    return []


def _boxed(batch: pa.RecordBatch, schema: pa.Schema) -> pa.RecordBatch:
    boxes = _as_structs(shapely.bounds(_shapes(batch)))
    return pa.RecordBatch.from_arrays([*batch.columns, boxes], schema=schema)


def _shapes(batch: pa.RecordBatch) -> Any:
    return shapely.from_wkb(np.asarray(batch[SHAPE].to_pylist(), dtype=object))


def _as_structs(boxes: Any) -> pa.Array:
    edges = [pa.array(boxes[:, n]) for n in range(len(_EDGES))]
    return pa.StructArray.from_arrays(
        edges, fields=list(_BOX), mask=pa.array(np.isnan(boxes[:, 0]))
    )


def _geo(source: Source) -> dict[str, Any]:
    column: dict[str, Any] = {
        "encoding": "WKB",
        "geometry_types": sorted(_TYPE_NAMES[one] for one in source.survey.types),
        "crs": source.target.to_json_dict(),
        "edges": "planar",
        "covering": {"bbox": {edge: ["bbox", edge] for edge in _EDGES}},
    }
    if source.survey.bounds and source.target.is_geographic:
        column["bbox"] = list(source.survey.bounds)
    return {"version": _VERSION, "primary_column": SHAPE, "columns": {SHAPE: column}}
