"""The files of `demo/data`, read into `Ground`. Their sources are in `data/SOURCES.md`."""

import csv
import json
from pathlib import Path
from typing import Any, cast

from shapely import LineString, MultiPolygon, Point
from shapely.geometry import shape

from geoservice import datum
from geoservice.demo.ground import SEED, CoalMine, Ground, River, TownSeat, rounded

_DATA = Path(__file__).resolve().parent / "data"


def read_ground(seed: int = SEED) -> Ground:
    """Return the real facts of the demonstration district, in CGCS2000 degrees."""
    outline = _json("boundary_gcj02.geojson")
    boundary = cast("MultiPolygon", shape(outline["geometry"]))
    return Ground(
        code=outline["properties"]["adcode"],
        name=outline["properties"]["name"],
        boundary=rounded(datum.to_wgs84(boundary, "gcj02")),
        towns=tuple(_town(row) for row in _rows("towns.csv")),
        rivers=tuple(_river(feature) for feature in _json("rivers_wgs84.geojson")["features"]),
        coal_mines=tuple(_coal_mine(row) for row in _rows("coal_mines_wgs84.csv")),
        seed=seed,
    )


def _json(name: str) -> dict[str, Any]:
    read: dict[str, Any] = json.loads((_DATA / name).read_text("utf-8"))
    return read


def _rows(name: str) -> list[dict[str, str]]:
    with (_DATA / name).open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


def _town(row: dict[str, str]) -> TownSeat:
    seat = rounded(Point(float(row["seat_lon"]), float(row["seat_lat"])))
    return TownSeat(row["code"], row["name"], row["name_en"], seat, float(row["weight"]))


def _river(feature: dict[str, Any]) -> River:
    line = cast("LineString", shape(feature["geometry"]))
    return River(feature["properties"]["wdbii_level"], rounded(line))


def _coal_mine(row: dict[str, str]) -> CoalMine:
    return CoalMine(
        gem_id=row["gem_id"],
        name=row["name"],
        name_en=row["name_en"],
        company=row["company"],
        status=row["status"],
        capacity_mtpa=float(row["capacity_mtpa"]),
        geom=rounded(Point(float(row["lon"]), float(row["lat"]))),
    )
