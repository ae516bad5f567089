"""Crowded tiles: how many features there are, and one mark for each class in each cell.

The cells are those of the whole map, not of the tile, and the buffer holds a whole number of them,
so that both tiles at a seam draw the same marks.
"""

from dataclasses import dataclass
from functools import lru_cache

from psycopg import sql

from geoservice.publish.drawing import MOST_FINE
from geoservice.publish.permit import Sight
from geoservice.publish.select.form import Form, finished, form_of, view
from geoservice.publish.select.tiles import Rank, drawn, ranked, rows_drawn, tile_values
from geoservice.publish.statement import Statement
from geoservice.publish.tile_grid import TILE_EXTENT, cell_box_deg


@dataclass(frozen=True)
class _Marks:
    """How a layer is drawn by cells: its classes and grades, the worst first."""

    cell: int
    is_area: bool
    legend: str | None
    classes: tuple[str, ...]
    worst: str | None
    grades: tuple[str, ...]


def crowd(sight: Sight, zoom: int, row: int, col: int) -> Statement:
    """Return the statement of how many features a tile has, counted no further than needed."""
    text = _crowd(form_of(sight), ranked(sight, zoom))
    return Statement(text, tile_values(sight, zoom, row, col))


@lru_cache(maxsize=512)
def _crowd(form: Form, rank: Rank | None) -> sql.SQL:
    text = sql.SQL("SELECT count(*) FROM (SELECT FROM {view} v WHERE {rows} LIMIT {most}) c")
    most = sql.Literal(MOST_FINE + 1)
    return finished(text.format(view=view(form), rows=rows_drawn(form, rank), most=most))


def cells(sight: Sight, zoom: int, row: int, col: int, cell: int) -> Statement:
    """Return the statement of a tile drawn by cells of ``cell`` units.

    Points, and areas that fit into a cell, are one mark for each class in each cell, with their
    number; larger areas are drawn each. The worst class comes last, on top.
    """
    layer, seen = sight.layer, {field.name for field in sight.fields}
    legend = layer.legend.field if layer.legend.field in seen else None
    worst = layer.worst_first if layer.worst_first in seen else None
    marks = _Marks(
        cell=cell,
        is_area=layer.geometry == "polygon",
        legend=legend,
        classes=tuple(layer.codes.get(legend or "", ())),
        worst=worst,
        grades=tuple(layer.codes.get(worst or "", ())),
    )
    values = tile_values(sight, zoom, row, col)
    width, height = cell_box_deg(zoom, row, cell / TILE_EXTENT)
    sizes = {"tiles": float(2**zoom), "cell_width": width, "cell_height": height}
    return Statement(_cells(form_of(sight), ranked(sight, zoom), marks), {**values, **sizes})


@lru_cache(maxsize=512)
def _cells(form: Form, rank: Rank | None, marks: _Marks) -> sql.SQL:
    parts = [_merged(form, rank, marks)]
    if marks.is_area:
        parts.append(_each(form, rank, marks))
    text = sql.SQL(
        "SELECT ST_AsMVT(t, %(layer)s, {extent}, 'geom', 'id') FROM ("
        "SELECT u.* FROM ({parts}) u{order}) t"
    )
    order: sql.Composable = sql.SQL("")
    if marks.legend:
        order = sql.SQL(" ORDER BY array_position({}, {}::text) DESC, u.id").format(
            _texts(marks.classes), sql.Identifier("u", marks.legend)
        )
    extent, both = sql.Literal(TILE_EXTENT), sql.SQL(" UNION ALL ").join(parts)
    return finished(text.format(extent=extent, parts=both, order=order))


def _merged(form: Form, rank: Rank | None, marks: _Marks) -> sql.Composable:
    """One mark for each class in each cell."""
    text = sql.SQL(
        "SELECT min(c.id) AS id{class_}, count(*) AS count{worst}, {mark} AS geom FROM ("
        "SELECT v.id{fields}, floor((({lon} + 180) / 360 * %(tiles)s - %(col)s) * {per})::int AS x,"
        " floor(((1 - asinh(tan(radians({lat}))) / pi()) / 2 * %(tiles)s - %(row)s) * {per})::int"
        " AS y FROM {view} v WHERE {rows}{small}) c GROUP BY c.x, c.y{by}"
    )
    fields, class_, worst, by = _grouping(marks)
    lon, lat = (_MIDDLE_LON, _MIDDLE_LAT) if marks.is_area else (_LON, _LAT)
    mark = sql.SQL(
        "ST_MakeEnvelope(c.x * {0}, c.y * {0}, c.x * {0} + {0}, c.y * {0} + {0})"
        if marks.is_area
        else "ST_Point(c.x * {0} + {0} / 2, c.y * {0} + {0} / 2)"
    ).format(sql.Literal(marks.cell))
    return text.format(
        class_=class_, worst=worst, mark=mark, fields=fields, by=by, lon=lon, lat=lat,
        per=sql.Literal(TILE_EXTENT // marks.cell), view=view(form), rows=rows_drawn(form, rank),
        small=sql.SQL(" AND ") + _SMALL if marks.is_area else sql.SQL(""),
    )  # fmt: skip


def _grouping(marks: _Marks) -> tuple[sql.Composable, ...]:
    """Return what is read of a row, what a mark says of class and grade, what tells marks apart."""
    nothing: sql.Composable = sql.SQL("")
    field, class_, by = nothing, nothing, nothing
    if marks.legend:
        field = sql.SQL(", {} AS class").format(sql.Identifier("v", marks.legend))
        class_ = sql.SQL(", c.class AS {}").format(sql.Identifier(marks.legend))
        by = sql.SQL(", c.class")
    grade, worst = nothing, nothing
    if marks.worst:
        grades = _texts(marks.grades)
        grade = sql.SQL(", array_position({}, {}::text) AS grade").format(
            grades, sql.Identifier("v", marks.worst)
        )
        worst = sql.SQL(", ({})[min(min(c.grade)) OVER (PARTITION BY c.x, c.y)] AS worst").format(
            grades
        )
    return field + grade, class_, worst, by


def _each(form: Form, rank: Rank | None, marks: _Marks) -> sql.Composable:
    """Every area that does not fit into a cell."""
    text = sql.SQL(
        "SELECT v.id{class_}, 1::bigint{worst}, g.geom FROM {drawn}"
        " WHERE {rows} AND NOT ({small}) AND g.geom IS NOT NULL"
    )
    class_ = sql.SQL(", {}").format(sql.Identifier("v", marks.legend)) if marks.legend else None
    worst = sql.SQL(", {}::text").format(sql.Identifier("v", marks.worst)) if marks.worst else None
    return text.format(
        class_=class_ or sql.SQL(""),
        worst=worst or sql.SQL(""),
        drawn=drawn(view(form)),
        rows=rows_drawn(form, rank),
        small=_SMALL,
    )


def _texts(values: tuple[str, ...]) -> sql.Composable:
    return sql.SQL("{}::text[]").format(sql.Literal(list(values)))


_LON, _LAT = sql.SQL("ST_X(v.geom)"), sql.SQL("ST_Y(v.geom)")
_MIDDLE_LON = sql.SQL("((ST_XMin(v.geom) + ST_XMax(v.geom)) / 2)")
_MIDDLE_LAT = sql.SQL("((ST_YMin(v.geom) + ST_YMax(v.geom)) / 2)")
_SMALL = sql.SQL(
    "ST_XMax(v.geom) - ST_XMin(v.geom) < %(cell_width)s"
    " AND ST_YMax(v.geom) - ST_YMin(v.geom) < %(cell_height)s"
)
