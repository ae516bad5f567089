"""A mine of 2 x 1 km with one seam, in metres of EPSG:4547, and all that its zones come from."""

from datetime import date

import numpy as np
import pyproj
import shapely
from shapely.geometry.base import BaseGeometry

from geoservice import db
from geoservice.crs import to_store
from geoservice.registry import actions, records
from geoservice.registry.records import Record

GK = pyproj.CRS.from_epsg(4547)
EAST, NORTH = 430_000.0, 4_022_000.0
DISTRICT = records.District(
    code="140406", name="测试区", source_doc="test", geom=shapely.box(113.0, 36.2, 113.4, 36.5)
)
HERE = shapely.Point(113.2289, 36.3344)


def at(shape: BaseGeometry) -> BaseGeometry:
    """Return a shape of metres from the mine's corner, in degrees."""
    moved = shapely.transform(shape, lambda xy: np.add(xy, (EAST, NORTH)))
    return to_store(moved, GK)


def area(*bounds: float) -> shapely.MultiPolygon:
    """Return a box of metres from the mine's corner, in degrees."""
    return at(shapely.MultiPolygon([shapely.box(*bounds)]))


def common(code: str) -> dict[str, str]:
    """Return what every record says."""
    return {"code": code, "name": code, "source_doc": "test"}


APPROVED = {
    "is_approved": True, "document": "文件 1 号", "approved_by": "丁",
    "approved_on": date(2026, 1, 1),
}  # fmt: skip
MINE = records.Mine(**common("M1"), licence_area_km2=2.0, hydro_type="complex", geom=HERE)
SEAM = records.MineSeam(
    **common("S3"), mine_code="M1", seam="3", thickness_m=5.0, dip_deg=6.0, roof_class="medium",
    mining_height_m=5.0, slices=2, mining_method="layered", pressure_datum="aquiclude_base",
)  # fmt: skip
LICENCE = records.MineLicence(**common("L1"), mine_code="M1", geom=area(0, 0, 2000, 1000))


def put(conn: db.Connection, register: str, *rows: Record) -> None:
    """Store records."""
    actions.store(conn, register, rows)


def set_up(conn: db.Connection) -> int:
    """Store the mine, its seam and its licence; return the seam's id."""
    db.set_actor(conn, "tester")
    actions.set_district(conn, DISTRICT)
    put(conn, "mines", MINE)
    put(conn, "mine_seams", SEAM)
    put(conn, "mine_licences", LICENCE)
    (seam_id,) = conn.execute("SELECT id FROM core.mine_seam WHERE code = 'S3'").fetchone()
    return int(seam_id)
