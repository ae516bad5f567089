"""Zones into the database: valid and a coverage in degrees too, else nothing is stored."""

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass

import shapely
from shapely import MultiPolygon

from geoservice.db import Connection
from geoservice.errors import GeometryError
from geoservice.zoning import overlay
from geoservice.zoning.plane import Plane
from geoservice.zoning.records import REDRAWN, RETIRE_ZONES, STORE_ZONES, HeldVersion
from geoservice.zoning.words import EN, ZH


@dataclass(frozen=True)
class Zone:
    """One zone to be stored: metres."""

    zone: str
    geom: MultiPolygon
    water_hazards: tuple[str, ...]


def store_zones(conn: Connection, held: HeldVersion, zones: Sequence[Zone], plane: Plane) -> None:
    """Write the zones of a draft in place of those it has, and who drew them.

    Raises
    ------
    GeometryError
        In degrees a zone is not valid, or they are no coverage.
    """
    degrees = overlay.array_of([plane.degrees(it.geom) for it in zones])
    refuse_broken(degrees)
    rows = [
        {
            "zone_version_code": held.code,
            "code": f"{held.code}-{it.zone}",
            "name": f"{held.mine} {held.seam} 煤层{ZH[it.zone]}（第 {held.no} 版）",
            "name_en": f"Seam {held.seam}, {EN[it.zone]} zone, version {held.no}",
            "town_code": held.town_code, "secrecy": held.secrecy, "source_doc": held.source_doc,
            "surveyed_on": held.zoned_on.isoformat(), "is_demo": held.is_demo, "zone": it.zone,
            "water_hazards": list(it.water_hazards), "area_m2": round(float(it.geom.area), 6),
            "geom": shapely.to_wkb(geom, hex=True, include_srid=True),
        }
        for it, geom in zip(zones, degrees, strict=True)
    ]  # fmt: skip
    RETIRE_ZONES.run(conn, version=held.id, kept=[it.zone for it in zones])
    STORE_ZONES.all(conn, rows=json.dumps(rows))
    REDRAWN.run(conn, id=held.id, zones_hash=hash_of(degrees))


def refuse_broken(zones: overlay.Shapes) -> None:
    """Refuse zones that are not valid or leave a gap or an overlap, with the place.

    Raises
    ------
    GeometryError
        They are such.
    """
    for geom in zones:
        if not geom.is_valid:
            why = shapely.is_valid_reason(geom)
            raise GeometryError(f"a zone is not valid: {why}", zh=f"分区图形无效：{why}")
    if not shapely.coverage_is_valid(zones):
        wrong = shapely.union_all(shapely.coverage_invalid_edges(zones))
        at = shapely.point_on_surface(wrong)
        raise GeometryError(
            f"the zones do not meet at {at.x:.7f}, {at.y:.7f}: a gap or an overlap",
            zh=f"分区在 {at.x:.7f}, {at.y:.7f} 处有缝隙或重叠",
        )


def hash_of(zones: overlay.Shapes) -> str:
    """Return the SHA-256 of shapes, however their rings begin."""
    found = hashlib.sha256()
    for wkb in sorted(shapely.to_wkb(shapely.normalize(zones), byte_order=1)):
        found.update(wkb)
    return found.hexdigest()
