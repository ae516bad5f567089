"""The questions of the serving benchmark: the same ones in the words of each contender."""

import math
import random
from collections.abc import Callable
from dataclasses import dataclass, field

import psycopg

from geoservice.publish.catalog import LayerDef
from geoservice.publish.drawing import MOST_WHOLE, drawn
from geoservice.publish.ordering import BY_ID, Mark, word_of
from geoservice.publish.permit import Sight, whole
from geoservice.publish.select import item, page, tile
from geoservice.publish.statement import Page, Shape, Statement

PAGES_IN = 150_000
PLACES = """
SELECT ST_X(geom), ST_Y(geom), id FROM bench.points ORDER BY md5(id::text) LIMIT 500"""
Place = tuple[float, float, int]


@dataclass(frozen=True)
class Row:
    """One kind of question: paths of ours and of tipg, and the statements behind ours."""

    title: str
    ours: list[str]
    tipg: list[str]
    statements: list[Statement] = field(default_factory=list)
    # Of tiles: made for every answer, kept in memory, or held by the client already.
    how: str = "plain"


def rows(conn: psycopg.Connection, layers: dict[str, LayerDef]) -> list[Row]:
    """Every row of the table."""
    places = conn.execute(PLACES).fetchall()
    points = whole(layers["bench_points"])
    found = [*_of_features(places, points)]
    for title, zoom, kind in (
        ("points z14", 14, "points"),
        ("polygons z14", 14, "polygons"),
        ("points z11", 11, "points"),
        ("points z8", 8, "points"),
    ):
        sight = whole(layers[f"bench_{kind}"])
        hows = ("uncached", "cached", "304") if zoom == 14 else ("cached",)
        found += [_of_tiles(places, sight, kind, zoom, f"{title}, {how}", how) for how in hows]
    return found


def _of_features(places: list[Place], points: Sight) -> list[Row]:
    here, there = "/ogc/collections/bench_points/items", "/collections/bench.points/items"
    after = word_of(BY_ID, PAGES_IN)
    boxes = [f"{x - 0.005},{y - 0.005},{x + 0.005},{y + 0.005}" for x, y, _ in places]
    return [
        Row("first page of 100", [f"{here}?limit=100&f=json"], [f"{there}?limit=100"],
            [page(points, Page(100))]),
        Row("page 1,501", [f"{here}?limit=100&f=json&after={after}"],
            [f"{there}?limit=100&offset={PAGES_IN}"],
            [page(points, Page(100, after=Mark(PAGES_IN), counting="none"))]),
        Row("100 in a box of 0.01°", [f"{here}?limit=100&f=json&bbox={box}" for box in boxes],
            [f"{there}?limit=100&bbox={box}" for box in boxes]),
        Row("one item", [f"{here}/{number}?f=json" for *_, number in places],
            [f"{there}/{number}" for *_, number in places],
            [item(points, number, Shape().crs) for *_, number in places[:20]]),
    ]  # fmt: skip


def _of_tiles(places: list[Place], sight: Sight, kind: str, zoom: int, title: str, how: str) -> Row:
    tiles = [_tile_at(x, y, zoom) for x, y, _ in places]
    random.Random(3).shuffle(tiles)  # noqa: S311  # an order
    theirs = f"/collections/bench.{kind}/tiles/WebMercatorQuad"
    collection = f"/ogc/collections/bench_{kind}/tiles/WebMercatorQuad"
    fields = drawn(sight, zoom)
    shown: Callable[[int, int], Statement] = lambda r, c: tile(fields, zoom, r, c, MOST_WHOLE)  # noqa: E731
    return Row(
        title,
        [f"{collection}/{zoom}/{row}/{col}" for row, col in tiles],
        [f"{theirs}/{zoom}/{col}/{row}" for row, col in tiles],
        [shown(row, col) for row, col in tiles[:30]] if how == "uncached" else [],
        how,
    )


def _tile_at(lon: float, lat: float, zoom: int) -> tuple[int, int]:
    size = 2**zoom
    north = math.asinh(math.tan(math.radians(lat))) / math.pi
    return int((1 - north) / 2 * size), int((lon + 180) / 360 * size)
