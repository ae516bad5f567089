"""Rows of mines, mine-water zones and floods; the two real mines as facts with their source."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from shapely import MultiPolygon, Point

from geoservice.demo.floods import STAGES_M, Band
from geoservice.demo.ground import Ground
from geoservice.demo.invented import invented
from geoservice.demo.partition import Zone, cells_of, evidence, licence_m, outline, partition
from geoservice.demo.zone_reasons import CellRow, EvidenceRow, cell_rows, evidence_rows
from geoservice.floods.grades import DEFAULT_GRADES
from geoservice.registry.records import Mine, MineLicence

_GEM = "Global Energy Monitor, Global Coal Mine Tracker (2026), {} · CC BY 4.0"
_MINE, _SEAM, _RULESET = "DEMO-MINE-1", "DEMO-SEAM-1", "NMSA-2022-85"
_ZONE_NAMES = {
    "workable": ("可采区", "workable zone"),
    "slow_mining": ("缓采区", "slow-mining zone"),
    "no_mining": ("禁采区", "no-mining zone"),
}
# Of the invented river gauge: its zero, and the family of its scenarios.
FAMILY, BED_M = "DEMO-RIVER", 700.0
_FIRST_ZONED, _SECOND_ZONED = date(2026, 1, 15), date(2026, 9, 30)
_FROM = "[2026-02-01T00:00:00+08:00,)"


@dataclass(frozen=True)
class MineRow:
    """The invented mine."""

    code: str
    name: str
    name_en: str
    town_code: str
    source_doc: str
    company: str
    licence_no: str
    licence_area_km2: float
    capacity_mtpa: float
    geom: Point


@dataclass(frozen=True)
class VersionRow:
    """One zoning of the seam."""

    code: str
    name: str
    name_en: str
    town_code: str
    source_doc: str
    no: int
    state: str
    zoned_on: date
    effective: str | None


@dataclass(frozen=True)
class ZoneRow:
    """One zone of a version."""

    version_code: str
    code: str
    name: str
    name_en: str
    town_code: str
    source_doc: str
    surveyed_on: date
    zone: str
    water_hazards: tuple[str, ...]
    area_m2: float
    geom: MultiPolygon


@dataclass(frozen=True)
class MineWater:
    """The invented mine and all that hangs on it; seam and ruleset are named by their codes."""

    seam_code: str
    ruleset_code: str
    mine: MineRow
    licence: MineLicence
    versions: tuple[VersionRow, ...]
    zones: tuple[ZoneRow, ...]
    cells: tuple[CellRow, ...]
    evidence: tuple[EvidenceRow, ...]


@dataclass(frozen=True)
class ScenarioRow:
    """One flood."""

    code: str
    name: str
    name_en: str
    source_doc: str
    return_period_y: int
    parameters: Mapping[str, float]
    family: str
    gauge_level_m: float


@dataclass(frozen=True)
class BandRow:
    """One depth band of a flood."""

    scenario_code: str
    code: str
    name: str
    name_en: str
    source_doc: str
    depth_min_m: float
    depth_max_m: float | None
    area_m2: float
    grade: str
    geom: MultiPolygon


def coal_mines(ground: Ground, towns: list[str]) -> list[Mine]:
    """Return the real mines, as published; ``towns`` are the towns they lie in."""
    return [
        Mine(
            code=f"GEM-{mine.gem_id}",
            name=mine.name,
            name_en=mine.name_en,
            town_code=town,
            source_doc=_GEM.format(mine.gem_id),
            is_demo=True,
            company=mine.company,
            status=mine.status,
            capacity_mtpa=mine.capacity_mtpa,
            geom=mine.geom,
        )
        for mine, town in zip(ground.coal_mines, towns, strict=True)
    ]


def demo_mine(ground: Ground) -> Point:
    """Return where the main shaft of the invented mine is, CGCS2000 degrees."""
    return ground.degrees(licence_m(ground).representative_point())


def mine_water(ground: Ground, town: str) -> MineWater:
    """Return the invented mine with an effective version of its zones and a later draft."""
    licence = licence_m(ground)
    before, after = (evidence(licence, is_treated=is_treated) for is_treated in (False, True))
    cells = cells_of(licence, [*before, *after])
    area = outline(ground, cells)
    mine = MineRow(
        code=_MINE,
        name="演示煤矿",
        name_en="Demonstration coal mine",
        town_code=town,
        source_doc=ground.source_doc,
        company="演示煤业公司",
        licence_no="演示-000000",
        licence_area_km2=round(ground.metres(area).area / 1e6, 4),
        capacity_mtpa=0.9,
        geom=demo_mine(ground),
    )
    common = invented(ground, "ML", 1, zh="煤矿矿区范围", en="licence area", town_code=town)
    area_of = MineLicence(**common, mine_code=mine.code, geom=area)
    versions = (
        _version(mine, 1, "effective", _FIRST_ZONED, _FROM),
        _version(mine, 2, "draft", _SECOND_ZONED, None),
    )
    pairs = [(it, why) for it, why in zip(versions, (before, after), strict=True)]
    zones = tuple(_zone(it, zone) for it, why in pairs for zone in partition(ground, cells, why))
    small = list(cells.cells)
    parts = tuple(row for it, why in pairs for row in cell_rows(ground, it.code, small, why))
    told = tuple(row for it, why in pairs for row in evidence_rows(ground, it.code, licence, why))
    return MineWater(_SEAM, _RULESET, mine, area_of, versions, zones, parts, told)


def _version(
    mine: MineRow, no: int, state: str, zoned_on: date, effective: str | None
) -> VersionRow:
    return VersionRow(
        code=f"DEMO-ZV-{no}",
        name=f"演示煤矿三区划分 第 {no} 版",
        name_en=f"Demonstration mine-water zones, version {no}",
        town_code=mine.town_code,
        source_doc=mine.source_doc,
        no=no,
        state=state,
        zoned_on=zoned_on,
        effective=effective,
    )


def _zone(version: VersionRow, zone: Zone) -> ZoneRow:
    zh, en = _ZONE_NAMES[zone.zone]
    return ZoneRow(
        version_code=version.code,
        code=f"{version.code}-{zone.zone}",
        name=f"演示{zh}（第 {version.no} 版）",
        name_en=f"Demonstration {en}, version {version.no}",
        town_code=version.town_code,
        source_doc=version.source_doc,
        surveyed_on=version.zoned_on,
        zone=zone.zone,
        water_hazards=zone.hazards,
        area_m2=zone.area_m2,
        geom=zone.geom,
    )


def flood_scenarios(ground: Ground) -> list[ScenarioRow]:
    """Return the floods of the demonstration."""
    return [
        ScenarioRow(
            code=f"DEMO-FS-{years}",
            name=f"演示洪水（{years} 年一遇）",
            name_en=f"Demonstration flood, {years} years",
            source_doc=ground.source_doc,
            return_period_y=years,
            parameters={"stage_m": stage_m},
            family=FAMILY,
            gauge_level_m=BED_M + stage_m,
        )
        for years, stage_m in STAGES_M.items()
    ]


def flood_bands(ground: Ground, bands: dict[int, list[Band]]) -> list[BandRow]:
    """Return the depth bands of every flood, by return period."""
    found = []
    for years, of_flood in bands.items():
        for number, band in enumerate(of_flood, 1):
            upper = band.depth_max_m
            depth = f"{band.depth_min_m:g}-{upper:g} m" if upper else f"> {band.depth_min_m:g} m"
            found.append(
                BandRow(
                    scenario_code=f"DEMO-FS-{years}",
                    code=f"DEMO-FB-{years}-{number}",
                    name=f"演示淹没区（{years} 年一遇，{depth}）",
                    name_en=f"Demonstration flooded area, {years} years, {depth}",
                    source_doc=ground.source_doc,
                    depth_min_m=band.depth_min_m,
                    depth_max_m=upper,
                    area_m2=band.area_m2,
                    grade=DEFAULT_GRADES.of(band.depth_min_m, upper),
                    geom=band.geom,
                )
            )
    return found
