"""What a writer reads from: the rows of one export, as often as its format needs to pass."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import pyarrow as pa
import pyproj

from geoservice.db import Connection
from geoservice.exports.records import Export, Survey
from geoservice.exports.rows import read_batches, schema_of
from geoservice.publish.catalog import LayerDef
from geoservice.publish.permit import Sight
from geoservice.publish.select.copies import Wanted, copy


@dataclass(frozen=True)
class Source:
    """One layer as one caller sees it, in one transaction, on its way to a file.

    ``on_rows`` is told of every batch, its rows and those of the whole: for progress, and to
    stop by raising.
    """

    conn: Connection
    wanted: Wanted
    export: Export
    target: pyproj.CRS
    survey: Survey
    on_rows: Callable[[int, int], None]

    @property
    def sight(self) -> Sight:
        """What the caller sees."""
        return self.wanted.sight

    @property
    def layer(self) -> LayerDef:
        """The layer's definition."""
        return self.sight.layer

    @property
    def has_places(self) -> bool:
        """Whether the rows have shapes at all, or are those of a table."""
        return self.layer.is_drawn

    @property
    def schema(self) -> pa.Schema:
        """Columns of every batch."""
        return schema_of(self.sight.fields, has_places=self.has_places)

    def batches(
        self,
        dimension: int | None = None,
        *,
        takes_placeless: bool = False,
        is_multi: bool = False,
    ) -> Iterator[pa.RecordBatch]:
        """Give the rows, by id; only those whose shapes have this dimension, when it is given."""
        statement = copy(
            self.wanted, dimension=dimension, takes_placeless=takes_placeless, is_multi=is_multi
        )
        return read_batches(self.conn, statement, self.schema, self.target, self._tell)

    def _tell(self, rows: int) -> None:
        self.on_rows(rows, self.survey.rows)
