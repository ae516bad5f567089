"""Texts cut to the bytes of a Shapefile, the whole ones kept in a table beside."""

import csv
from pathlib import Path
from types import TracebackType
from typing import Self

import pyarrow as pa
import pyarrow.compute as pc

from geoservice.errors import InputError
from geoservice.publish.catalog import Field

_MOST_BYTES = 254


class ShortTexts:
    """Cuts what is too long between characters, never in one, and writes it down whole.

    Parameters
    ----------
    path
        Of the table of long texts; made with the first of them.
    """

    def __init__(self, path: Path, fields: tuple[Field, ...], encoding: str) -> None:
        self._path, self._encoding = path, encoding
        self._fields = [(n, one) for n, one in enumerate(fields, 1) if one.type == "text"]
        self._stream = path.open("w", encoding="utf-8-sig", newline="")
        self._writer = csv.writer(self._stream)
        self._writer.writerow(["id", "field", "name", "text"])
        self._count = 0

    def __enter__(self) -> Self:
        """Begin."""
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        at: TracebackType | None,
    ) -> None:
        """Close the table; one without a row is not kept."""
        self._stream.close()
        if not self._count:
            self._path.unlink()

    @property
    def notes(self) -> list[str]:
        """What was cut, in a sentence."""
        if not self._count:
            return []
        return [
            f"{self._count} 个文本超过 {_MOST_BYTES} 字节，已截断，全文见 long_texts.csv · "
            f"texts cut at {_MOST_BYTES} bytes, in full in long_texts.csv"
        ]

    def fit(self, batch: pa.RecordBatch) -> list[pa.Array]:
        """Return the columns of a batch, its texts cut.

        Raises
        ------
        InputError
            A text has a character that the encoding has not.
        """
        columns = list(batch.columns)
        for place, field in self._fields:
            column = columns[place]
            longest = pc.max(pc.binary_length(column)).as_py() or 0
            if self._encoding != "UTF-8" or longest > _MOST_BYTES:
                columns[place] = pa.array(self._each(columns[0], column, field), pa.string())
        return columns

    def _each(self, ids: pa.Array, column: pa.Array, field: Field) -> list[str | None]:
        texts: list[str | None] = column.to_pylist()
        for row, text in enumerate(texts):
            if text is not None and len(raw := self._bytes(text, field)) > _MOST_BYTES:
                self._writer.writerow([ids[row].as_py(), field.export, field.name, text])
                self._count += 1
                texts[row] = raw[:_MOST_BYTES].decode(self._encoding, "ignore")
        return texts

    def _bytes(self, text: str, field: Field) -> bytes:
        try:
            return text.encode(self._encoding)
        except UnicodeEncodeError as error:
            raise InputError(
                f"encoding: {text[error.start]!r} in {field.name} is not in {self._encoding}; "
                "use utf-8",
                zh=f"encoding：“{field.zh}”中的 {text[error.start]!r} 不在 {self._encoding} 中；"
                "请用 utf-8",
                where="encoding",
            ) from error
