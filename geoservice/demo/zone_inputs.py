"""What the zones of the invented mine are derived from: water, structures, boreholes, documents."""

from datetime import date
from typing import Any

from shapely import LineString, MultiPolygon, Point, Polygon
from shapely.geometry.base import BaseGeometry

from geoservice.demo.ground import Ground
from geoservice.demo.invented import invented
from geoservice.demo.partition import licence_m
from geoservice.registry.records import (
    MineArea,
    MineBorehole,
    MineHeading,
    MineLicence,
    MineShaft,
    MineStructure,
    Record,
    WaterBody,
)

# East and north of the middle of the licence, metres.
_GOAF_M, _GOAF_RADIUS_M = (-560.0, 260.0), 230.0
_FAULT_M = ((-1900, -760), (-200, -330), (700, 40), (1900, 190))
_COLUMN_M, _COLUMN_RADIUS_M = (820.0, -620.0), 45.0
_HEADINGS_M = {
    "3101 运输巷": ((-900, -700), (-500, -640)),
    "3101 回风巷": ((-900, -600), (-520, -540)),
    "3102 切眼": ((-300, 700), (-300, 860)),
}
_GRID_M = (-1800, -1050, -250, 520, 1150, 1800)  # boreholes: about so far apart, none in line
_SINKS = 0.105  # tan 6°, towards the east
_HEAD_M, _FLOOR_M, _GROUND_M = 655.0, 470.0, 930.0
_APPROVED_ON = date(2026, 2, 20)
_CLEARED = {"surface": ("地表水", "surface water"), "roof": ("顶板水", "roof water"),
            "goaf": ("老空水", "goaf water")}  # fmt: skip


class _Site:
    """The mine on its ground: places by metres from its middle."""

    def __init__(self, ground: Ground, seam: str, town: str) -> None:
        self.ground, self.seam, self.town = ground, seam, town
        self.licence = licence_m(ground)
        self.middle = self.licence.centroid

    def at(self, offset: tuple[float, float]) -> Point:
        return Point(self.middle.x + offset[0], self.middle.y + offset[1])

    def line(self, offsets: tuple[tuple[float, float], ...]) -> LineString:
        return LineString([self.at(offset) for offset in offsets])

    def common(self, letters: str, number: int, zh: str, en: str) -> dict[str, Any]:
        return invented(self.ground, letters, number, zh=zh, en=en, town_code=self.town)

    def stored(self, geom: BaseGeometry) -> BaseGeometry:
        if isinstance(geom, Polygon):
            geom = MultiPolygon([geom])
        return self.ground.degrees(geom)


def zone_inputs(
    ground: Ground, *, mine: str, seam: str, licence: MineLicence
) -> dict[str, list[Record]]:
    """Return the records by register, those referred to first; the rivers are not among them."""
    site = _Site(ground, seam, licence.town_code or "")
    return {
        "mine_licences": [licence],
        "water_bodies": [_goaf(site)],
        "mine_structures": _structures(site),
        "mine_boreholes": _boreholes(site),
        "mine_areas": _areas(site),
        "mine_shafts": _shafts(site, mine),
        "mine_headings": _headings(site, mine),
    }


def _goaf(site: _Site) -> WaterBody:
    outline = site.at(_GOAF_M).buffer(_GOAF_RADIUS_M, quad_segs=3)
    return WaterBody(
        **site.common("GF", 1, "老空积水", "flooded goaf"), kind="goaf", secrecy="internal",
        mine_seam_code=site.seam, edge="sure", level_m=552.0, floor_m=521.0, height_datum="1985",
        volume_m3=86_000.0, geom=site.stored(outline),
    )  # fmt: skip


def _structures(site: _Site) -> list[Record]:
    column = site.at(_COLUMN_M).buffer(_COLUMN_RADIUS_M, quad_segs=4)
    return [
        MineStructure(
            **site.common("ST", 1, "断层 F1", "fault F1"), mine_seam_code=site.seam, kind="fault",
            dip_deg=70.0, throw_m=12.0, conducts=True, head_mpa=1.1,
            geom=site.stored(site.line(_FAULT_M)),
        ),
        MineStructure(
            **site.common("ST", 2, "陷落柱 X1", "collapse column X1"), mine_seam_code=site.seam,
            kind="column", conducts=None, head_mpa=1.6, geom=site.stored(column),
        ),
    ]  # fmt: skip


def _boreholes(site: _Site) -> list[Record]:
    rng = site.ground.random("boreholes")
    found: list[Record] = []
    for x in _GRID_M:
        for y in _GRID_M[::2]:
            east, north = x + 120 * (rng.random() - 0.5), y + 160 * (rng.random() - 0.5)
            floor_m = _FLOOR_M - _SINKS * east + 4 * (rng.random() - 0.5)
            thickness_m = 5.8 + 0.4 * (rng.random() - 0.5)
            number = len(found) + 1
            found.append(
                MineBorehole(
                    **site.common("BH", number, f"钻孔 {number:02d}", f"borehole {number:02d}"),
                    mine_seam_code=site.seam,
                    is_sealed=number != 8,
                    height_datum="1985",
                    head_m=round(_HEAD_M + 0.002 * north, 1),
                    floor_m=round(floor_m, 1),
                    aquiclude_m=round(56 + 6 * rng.random(), 1),
                    seam_thickness_m=round(thickness_m, 2),
                    overburden_m=round(_GROUND_M - floor_m - thickness_m, 1),
                    yield_lpsm=round(0.2 + 0.5 * rng.random(), 2),
                    geom=site.stored(site.at((east, north))),
                )
            )
    return found


def _areas(site: _Site) -> list[Record]:
    whole = site.stored(site.licence)
    approved: dict[str, Any] = {
        "mine_seam_code": site.seam, "is_approved": True, "approved_by": "演示总工程师",
        "approved_on": _APPROVED_ON,
    }  # fmt: skip
    cleared: list[Record] = [
        MineArea(
            **site.common("AR", number, f"{zh}排除报告", f"clearance of {en}"), **approved,
            kind="clearance", domains=(domain,), document=f"演示文件 {number} 号", geom=whole,
        )
        for number, (domain, (zh, en)) in enumerate(_CLEARED.items(), 1)
    ]  # fmt: skip
    argued = MineArea(
        **site.common("AR", 4, "底板水带压开采论证", "argument on floor water"), **approved,
        kind="argument", domains=("floor",), document="演示文件 4 号", is_probed_clean=True,
        geom=whole,
    )  # fmt: skip
    pillar = MineArea(
        **site.common("AR", 5, "工业场地煤柱", "pillar under the yard"),
        mine_seam_code=site.seam, kind="pillar", domains=("surface",), document="演示文件 5 号",
        geom=site.stored(site.at((60.0, 980.0)).buffer(90.0, quad_segs=3)),
    )  # fmt: skip
    return [*cleared, argued, pillar]


def _shafts(site: _Site, mine: str) -> list[Record]:
    rows = (("main", "主井", "main shaft", 905.2, (40.0, 960.0)),
            ("air", "风井", "air shaft", 903.5, (-520.0, 900.0)))  # fmt: skip
    return [
        MineShaft(
            **site.common("SH", number, zh, en), mine_code=mine, kind=kind, collar_m=collar_m,
            height_datum="1985", flood_level_m=904.0, flood_datum="1985",
            defence_doc="演示防洪文件 1 号" if collar_m < 904 else None,
            geom=site.stored(site.at(offset)),
        )
        for number, (kind, zh, en, collar_m, offset) in enumerate(rows, 1)
    ]  # fmt: skip


def _headings(site: _Site, mine: str) -> list[Record]:
    return [
        MineHeading(
            **site.common("HD", number, name, f"heading {number}"), mine_code=mine,
            mine_seam_code=site.seam, state="driving", started_on=date(2026, 4, 1),
            geom=site.stored(site.line(offsets)),
        )
        for number, (name, offsets) in enumerate(_HEADINGS_M.items(), 1)
    ]  # fmt: skip
