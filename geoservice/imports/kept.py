"""Checked rows -> what a job keeps of them (pure)."""

import json
import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import date, datetime
from functools import cache
from typing import Any

import shapely
from shapely.geometry.base import BaseGeometry

from geoservice.registry.fields import Register
from geoservice.registry.importing import Checked, Refusal
from geoservice.registry.reading import Table
from geoservice.registry.records import Record
from geoservice.registry.rows import as_kept, to_row

_MOST_REASONS = 20


@dataclass(frozen=True)
class Standing:
    """A record that stands and may be meant: its code and name, its version, how far it is."""

    code: str
    name: str
    version: int
    distance_m: float | None = None


@dataclass(frozen=True)
class Kept:
    """A job's rows in the making.

    Parameters
    ----------
    current
        Rows that stand, by code, as the database has them.
    matches
        Records like a new one, by row number.
    """

    job: str
    register: Register
    table: Table
    current: Mapping[str, Mapping[str, Any]]
    matches: Mapping[int, Standing]

    def rows(
        self, checked: Sequence[Checked], unread: Sequence[Refusal]
    ) -> Iterator[tuple[object, ...]]:
        """Give the rows in the order of the columns of `imports.copy_rows`."""
        cells = dict(zip(self.table.numbers, cells_as_they_came(self.table), strict=True))
        for it in checked:
            yield self._row(it, cells[it.row.number])
        for number, some in _by_row(unread).items():
            yield (
                self.job, number, "refused", None, _json(cells[number]), "{}", "{}",
                _reasons(some), None, None, None, None,
            )  # fmt: skip

    def _row(self, it: Checked, cells: Sequence[Any]) -> tuple[object, ...]:
        if it.record is None:
            state = "aside" if it.is_placeless else "refused"
            code = it.values.get("code")
            kept = {name: _plain(value) for name, value in it.values.items()}
            record, match = kept, None
        else:
            code = it.record.code
            full = as_kept(it.record, self.register.shape)
            record = to_row(full)
            match = self._match(it)
            state = self._state(it, full, match)
        return (
            self.job, it.row.number, state, code, _json(cells), _json(record),
            _named(tuple(it.values)), _reasons([*it.wrong, *_likeness(it.row.number, match)]),
            match and match.code, match and match.version, match and match.distance_m, None,
        )  # fmt: skip

    def _match(self, it: Checked) -> Standing | None:
        stands = self.current.get(str(it.values.get("code")))
        if stands is not None:
            return Standing(stands["code"], stands["name"], stands["version"])
        return self.matches.get(it.row.number)

    def _state(self, it: Checked, record: Record, match: Standing | None) -> str:
        if match is None:
            return "ok"
        if match.distance_m is not None:
            return "duplicate"
        return "amend" if it.standing is None or _differs(record, it.standing) else "unchanged"


def headings_as_they_came(table: Table) -> list[str]:
    """Return the headings with those of the place, which a report needs to be sent again."""
    return [*table.headings, *(table.place_headings or (["wkt"] if table.has_shapes else []))]


def cells_as_they_came(table: Table) -> Iterator[list[Any]]:
    """Give the cells under those headings; shapes of GIS files as WKT."""
    if table.place_headings or not table.has_shapes:
        places = table.places or ((),) * len(table.cells)
        yield from ([*row, *place] for row, place in zip(table.cells, places, strict=True))
    else:
        texts = shapely.to_wkt(table.shapes, rounding_precision=9)
        yield from ([*row, text] for row, text in zip(table.cells, texts, strict=True))


def _likeness(row: int, match: Standing | None) -> list[Refusal]:
    if match is None or match.distance_m is None:
        return []
    where = f"{match.code} {match.name}"
    return [
        Refusal(
            row, None, f"like {where}, {match.distance_m:.0f} m away: the same thing?",
            f"与现有记录 {where} 相似，相距 {match.distance_m:.0f} 米：是否同一对象？",
        )
    ]  # fmt: skip


def _differs(record: Record, standing: Record) -> bool:
    return any(getattr(record, it.name) != getattr(standing, it.name) for it in fields(record))


@cache
def _named(fields_given: tuple[str, ...]) -> str:
    """Names of fields as an array of PostgreSQL: they are our own, without quotes."""
    return "{" + ",".join(sorted(fields_given)) + "}"


def _by_row(refusals: Iterable[Refusal]) -> dict[int, list[Refusal]]:
    found: dict[int, list[Refusal]] = {}
    for it in refusals:
        found.setdefault(it.row, []).append(it)
    return found


def _reasons(wrong: Sequence[Refusal]) -> str:
    if not wrong:
        return "[]"
    return _json(
        [
            {"column": it.column, "en": it.en, "zh": it.zh, "given": it.given}
            for it in wrong[:_MOST_REASONS]
        ]
    )


def _json(value: object) -> str:
    # PostgreSQL's jsonb takes neither NaN nor NUL nor half of a surrogate pair.
    try:
        text = json.dumps(value, ensure_ascii=False, allow_nan=False)
    except ValueError:
        text = json.dumps(_finite(value), ensure_ascii=False)
    return text.replace("\\u0000", "").encode("utf-8", "replace").decode("utf-8")


def _finite(value: Any) -> Any:  # JSON values
    if isinstance(value, list | tuple):
        return [_finite(it) for it in value]
    if isinstance(value, dict):
        return {name: _finite(it) for name, it in value.items()}
    return None if isinstance(value, float) and not math.isfinite(value) else value


def _plain(value: object) -> object:
    if isinstance(value, BaseGeometry):
        return shapely.to_wkb(value, hex=True, include_srid=True)
    return value.isoformat() if isinstance(value, date | datetime) else value
