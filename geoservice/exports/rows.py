"""Rows of a layer as Arrow record batches, read through a cursor: memory stays where it is.

Four thousand rows at a time: a larger batch would hold Python's lock, and with it a dispatcher's
answer in the same process, for longer than a person notices.
"""

from collections.abc import Callable, Iterator, Sequence
from typing import Any

import numpy as np
import pyarrow as pa
import pyproj
import shapely

from geoservice.crs import CGCS2000, STORE_SRID
from geoservice.db import Connection
from geoservice.publish.catalog import Field
from geoservice.publish.statement import Statement
from geoservice.violations import translated

BATCH_ROWS = 4096
SHAPE = "geometry"
_WGS84 = 4326
_TYPES = {
    "text": pa.string(),
    "integer": pa.int64(),
    "number": pa.float64(),
    "boolean": pa.bool_(),
    "date": pa.date32(),
    "instant": pa.timestamp("us", tz="UTC"),
}


def schema_of(fields: Sequence[Field], *, has_places: bool) -> pa.Schema:
    """Return the columns of a batch: ``id``, the fields as declared, the shape as WKB."""
    columns = [pa.field("id", pa.int64(), nullable=False)]
    columns += [pa.field(one.name, _TYPES[one.type]) for one in fields]
    if has_places:
        columns.append(pa.field(SHAPE, pa.binary()))
    return pa.schema(columns)


def read_batches(
    conn: Connection,
    statement: Statement,
    schema: pa.Schema,
    target: pyproj.CRS,
    on_rows: Callable[[int], None],
) -> Iterator[pa.RecordBatch]:
    """Give the rows of a statement batch by batch, shapes in the target CRS, x first.

    Parameters
    ----------
    on_rows
        Told the number of rows of each batch: for progress, and to stop by raising.
    """
    move = _mover(target) if SHAPE in schema.names else None
    with translated(), conn.cursor(name="export", binary=True) as cursor:
        cursor.execute(statement.text, statement.values)
        while rows := cursor.fetchmany(BATCH_ROWS):
            yield _batch(rows, schema, move)
            on_rows(len(rows))


def _batch(
    rows: list[tuple[Any, ...]], schema: pa.Schema, move: Callable[[Any], Any] | None
) -> pa.RecordBatch:
    columns = list(zip(*rows, strict=True))
    if move is not None:
        columns[-1] = move(columns[-1])
    arrays = [_array(column, of.type) for column, of in zip(columns, schema, strict=True)]
    return pa.RecordBatch.from_arrays(arrays, schema=schema)


def _array(column: Sequence[Any], kind: pa.DataType) -> pa.Array:
    if pa.types.is_date32(kind):
        return pa.array(column, pa.int32()).cast(kind)
    return pa.array(column, kind)


def _mover(target: pyproj.CRS) -> Callable[[Any], Any]:
    """Return what takes WKB from the stored CRS to the target."""
    # PROJ has no shift between CGCS2000 and WGS 84: the same numbers (geoservice/crs.py).
    if target.to_epsg() in (STORE_SRID, _WGS84):
        return lambda column: column
    transform = pyproj.Transformer.from_crs(CGCS2000, target, always_xy=True).transform

    def _moved(column: Sequence[bytes | None]) -> Any:
        shapes = shapely.from_wkb(np.asarray(column, dtype=object))
        moved = shapely.transform(shapes, lambda xy: np.column_stack(transform(*xy.T)))
        return shapely.to_wkb(moved).tolist()

    return _moved
