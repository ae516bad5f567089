"""What every statement shares: which view, which fields, which rows this caller sees."""

from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from psycopg import sql

from geoservice.publish.permit import Sight
from geoservice.publish.statement import Filters


@dataclass(frozen=True)
class Form:
    """What decides the text of a statement, values apart: each text is composed once."""

    view: str
    fields: tuple[str, ...]
    is_scoped: bool
    has_area: bool
    has_days: bool
    condition: str
    has_shapes: bool
    has_areas: bool


def form_of(
    sight: Sight,
    filters: Filters | None = None,
    fields: tuple[str, ...] | None = None,
    *,
    has_shapes: bool = True,
) -> Form:
    """Return the form of a statement for this sight; ``fields`` None: all that it has."""
    filters = filters or Filters()
    return Form(
        view=sight.layer.view,
        fields=tuple(one.name for one in sight.fields) if fields is None else fields,
        is_scoped=sight.towns is not None,
        has_area=filters.area is not None,
        has_days=filters.days is not None,
        condition=filters.condition.text if filters.condition else "",
        has_shapes=has_shapes and sight.layer.is_drawn,
        has_areas=sight.layer.geometry in ("polygon", "mixed"),
    )


def finished(composed: sql.Composed) -> sql.SQL:
    """Return the text as it goes to the database."""
    # Composing takes 0.3 ms, which is as long as PostgreSQL takes for a small page.
    return sql.SQL(composed.as_string(None))


def view(form: Form) -> sql.Identifier:
    """Return the published view by its whole name."""
    return sql.Identifier("published", form.view)


def scope(sight: Sight) -> dict[str, Any]:
    """Return the values of the conditions that `rows_seen` writes."""
    values: dict[str, Any] = {"secrecies": _array(sight.secrecies)}
    if sight.towns is not None:
        values["towns"] = _array(sight.towns)
        values["open_to"] = _array(sight.open_to)
    return values


@lru_cache(maxsize=512)
def _array(words: tuple[str, ...]) -> str:
    """Return the words as PostgreSQL writes an array of them; psycopg takes longer over a list."""
    quoted = (word.replace("\\", "\\\\").replace('"', '\\"') for word in words)
    return "{" + ",".join(f'"{word}"' for word in quoted) + "}"


def rows_seen(form: Form) -> sql.Composable:
    """Return which rows this caller sees, filters included.

    A row without a place or a day matches any.
    """
    parts = [sql.SQL("v.secrecy = ANY(%(secrecies)s)")]
    if form.is_scoped:
        parts.append(
            sql.SQL(
                "(v.town_code IS NULL OR v.town_code = ANY(%(towns)s)"
                " OR v.secrecy = ANY(%(open_to)s))"
            )
        )
    if form.has_area:
        parts.append(
            sql.SQL("(ST_Intersects(v.geom, %(area)s::bytea::geometry) OR v.geom IS NULL)")
        )
    if form.has_days:
        parts.append(
            sql.SQL(
                "(v.surveyed_on IS NULL OR v.surveyed_on"
                " BETWEEN coalesce(%(first_day)s::date, '-infinity')"
                " AND coalesce(%(last_day)s::date, 'infinity'))"
            )
        )
    if form.condition:
        # Written by `conditions`: placeholders, known columns and words of its own.
        parts.append(sql.SQL(form.condition))
    return sql.SQL(" AND ").join(parts)


def known(sight: Sight, name: str, kind: str) -> sql.Composable:
    """Return a column that says something of the rows together; NULL where it is not granted."""
    if sight.has(name):
        return sql.Identifier("v", name)
    return sql.SQL("NULL::{}").format(sql.Identifier(kind))


def columns(form: Form) -> sql.Composable:
    """Return the caller's fields as a list of columns."""
    return sql.SQL(", ").join(sql.Identifier("v", name) for name in form.fields)
