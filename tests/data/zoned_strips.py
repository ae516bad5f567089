"""A mine of 400 m x 100 m with four derived strips, invented, kept as a derivation is.

From west to east 100 m each: workable, slow mining, no mining, workable; 1 ha each, so that areas
are read off. Its corner is on round metres of the district's plane.
"""

import json
from datetime import date

import shapely
from shapely import MultiPolygon, box
from shapely.geometry.base import BaseGeometry

from geoservice import db
from geoservice.minewater.results import Cell, Derivation, Evidence, Note, ZoneArea
from geoservice.texts import Text
from geoservice.zoning.keeping import Basis, keep_derivation
from geoservice.zoning.plane import Plane, district_plane
from geoservice.zoning.rulesets import read_ruleset

MINE, SEAM = "STRIP-MINE", "STRIP-SEAM"
_ADD_MINE = (
    "INSERT INTO core.mine (code, name, name_en, town_code, source_doc, geom)"
    " SELECT %s, '条带煤矿', 'Strip mine', (SELECT min(code) FROM core.town), 'test',"
    "        ST_PointOnSurface(%s) RETURNING id"
)
_ADD_LICENCE = (
    "INSERT INTO core.mine_licence (code, name, source_doc, mine_id, geom)"
    " VALUES (%s, '条带煤矿矿界', 'test', %s, %s)"
)  # fmt: skip
_ADD_SEAM = (
    "INSERT INTO core.mine_seam (code, name, source_doc, mine_id, seam, thickness_m)"
    " VALUES (%s, '条带煤矿 3 号煤层', 'test', %s, '3', 5) RETURNING id"
)
STRIPS = ("workable", "slow_mining", "no_mining", "workable")
_REASONS = {
    "workable": ("F6", "floor", Text("T=0.045，已论证", "T = 0.045, argued"), None),
    "slow_mining": ("F3", "floor", Text("T=0.08，未治理", "T = 0.08, not treated"), "FW"),
    "no_mining": ("F1", "floor", Text("T=0.105 > 0.1", "T = 0.105 > 0.1"), "FW"),
}


class Strips:
    """Where the mine lies, and its boxes in degrees."""

    def __init__(self, conn: db.Connection) -> None:
        self.plane: Plane = district_plane(conn)
        row = conn.execute("SELECT geom FROM core.mine WHERE code = 'DEMO-MINE-1'").fetchone()
        at = self.plane.metres(row[0])
        self.east, self.north = round(at.x, -1) + 5000, round(at.y, -1)

    def metres(self, x0: float, y0: float, x1: float, y1: float) -> BaseGeometry:
        """A box from the mine's corner."""
        return box(self.east + x0, self.north + y0, self.east + x1, self.north + y1)

    def degrees(self, x0: float, y0: float, x1: float, y1: float) -> BaseGeometry:
        """The same, stored."""
        return self.plane.degrees(MultiPolygon([self.metres(x0, y0, x1, y1)]))

    def geojson(self, x0: float, y0: float, x1: float, y1: float) -> dict[str, object]:
        """The same as GeoJSON."""
        return json.loads(shapely.to_geojson(self.degrees(x0, y0, x1, y1)))

    def at(self, x: float, y: float) -> dict[str, float]:
        """A point's longitude and latitude."""
        point = self.plane.degrees(shapely.Point(self.east + x, self.north + y))
        return {"lon": point.x, "lat": point.y}


def add_mine(conn: db.Connection) -> tuple[Strips, int, int]:
    """Put the mine and its seam down; where it is, and their ids."""
    strips = Strips(conn)
    licence = strips.degrees(0, 0, 400, 100)
    (mine,) = conn.execute(_ADD_MINE, [MINE, licence]).fetchone()
    conn.execute(_ADD_LICENCE, [MINE, mine, licence])
    (seam,) = conn.execute(_ADD_SEAM, [SEAM, mine]).fetchone()
    return strips, mine, seam


def derived(strips: Strips, zones: tuple[str, ...] = STRIPS) -> Derivation:
    """The four strips as a derivation gives them."""
    boxes = [strips.metres(100 * i, 0, 100 * i + 100, 100) for i in range(4)]
    evidence, cells = [], []
    for place, (zone, area) in enumerate(zip(zones, boxes, strict=True)):
        rule, domain, reason, hazard = _REASONS[zone]
        evidence.append(
            Evidence(rule, zone, domain, MultiPolygon([area]), reason, hazard,
                     ("raster:head_m",), {"inrush_intact": 0.1})
        )  # fmt: skip
        cells.append(Cell(area, zone, (rule,), (place,), (hazard,) if hazard else ()))
    areas = []
    for zone in sorted(set(zones)):
        mine = [it for it in cells if it.zone == zone]
        joined = shapely.coverage_union_all([it.geom for it in mine])
        geom = MultiPolygon(list(shapely.get_parts(joined)))
        areas.append(ZoneArea(zone, geom, geom.area, tuple({h for it in mine for h in it.hazards})))
    note = Note("test_note", Text("提示", "a note"), is_flag=True, where=boxes[0])
    return Derivation(
        tuple(cells), tuple(areas), tuple(evidence), (note,), "i" * 64, "g" * 64, "3.14.1", "test"
    )


def keep(conn: db.Connection, seam: int, found: Derivation, actor: str) -> int:
    """Keep a derivation in somebody's name; the version's id."""
    db.set_actor(conn, actor)
    rules = read_ruleset(conn, "NMSA-2022-85")
    basis = Basis(seam, rules.id, rules.rules, date(2026, 11, 1), ["raster:head_m"])
    return keep_derivation(conn, basis, found, district_plane(conn))


_MOVE = "UPDATE core.zone_version SET state = %s WHERE id = %s"
_APPROVE = (
    "UPDATE core.zone_version SET state = 'approved', approval_doc = 'N', approval_signer = 'Li',"
    " approval_on = '2026-11-01' WHERE id = %s"
)
_ENFORCE = (
    "UPDATE core.zone_version SET state = 'effective', effective = tstzrange(now(), NULL)"
    " WHERE id = %s"
)


def enforce(conn: db.Connection, version: int, actor: str = "publisher") -> None:
    """Bring a draft into force, past the service."""
    db.set_actor(conn, actor)
    for state in ("submitted", "checked"):
        conn.execute(_MOVE, [state, version])
    conn.execute(_APPROVE, [version])
    conn.execute(_MOVE, ["filed", version])
    conn.execute(_ENFORCE, [version])
