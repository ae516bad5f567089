"""Why the invented mine's zones are what they are: cells and evidence of each version (pure)."""

from collections.abc import Sequence
from dataclasses import dataclass

import shapely
from shapely import MultiPolygon, Polygon

from geoservice.demo.ground import Ground
from geoservice.demo.partition import Evidence
from geoservice.zoning.words import RANK, ZONES


@dataclass(frozen=True)
class CellRow:
    """One cell of a version."""

    version_code: str
    no: int
    zone: str
    rules: tuple[str, ...]
    evidence: tuple[int, ...]
    water_hazards: tuple[str, ...]
    area_m2: float
    geom: Polygon


@dataclass(frozen=True)
class EvidenceRow:
    """One piece of evidence of a version."""

    version_code: str
    no: int
    rule: str
    zone: str
    domain: str
    reason_zh: str
    reason_en: str
    inputs: tuple[str, ...]
    geom: MultiPolygon


# zone, hazard -> rule, domain, reason in both languages
_WHY = {
    ("workable", ""): ("F6", "floor", "演示：突水系数不大于 0.06 MPa/m，且已论证",
                       "demonstration: inrush coefficient at most 0.06 MPa/m, and argued"),
    ("no_mining", ""): ("B1", "goaf", "演示：矿界煤柱，每侧 20 m",
                        "demonstration: boundary pillar, 20 m on each side"),
    ("no_mining", "GW"): ("G1", "goaf", "演示：老空积水及其防隔水煤柱 40 m",
                          "demonstration: goaf water and its pillar of 40 m"),
    ("slow_mining", "GW"): ("G2", "goaf", "演示：老空积水探水线 110 m 以内",
                            "demonstration: within the exploration line, 110 m"),
    ("no_mining", "FT"): ("D1", "floor", "演示：导水断层煤柱，每侧 35 m",
                          "demonstration: pillar of a fault that conducts, 35 m on each side"),
    ("slow_mining", "FW"): ("F3", "floor", "演示：突水系数 0.06 至 0.1 MPa/m，尚未治理",
                            "demonstration: inrush coefficient 0.06 to 0.1 MPa/m, not treated"),
}  # fmt: skip


def evidence_rows(
    ground: Ground, version: str, licence: Polygon, reasons: Sequence[Evidence]
) -> list[EvidenceRow]:
    """Return the evidence of a version: that it may be worked, then what speaks against it."""
    found = []
    for no, it in enumerate([Evidence("workable", "", licence), *reasons], 1):
        rule, domain, zh, en = _WHY[it.zone, it.hazard]
        geom = ground.degrees(MultiPolygon(list(shapely.get_parts(it.geom))))
        found.append(EvidenceRow(version, no, rule, it.zone, domain, zh, en, ("demo",), geom))
    return found


def cell_rows(
    ground: Ground, version: str, cells: Sequence[Polygon], reasons: Sequence[Evidence]
) -> list[CellRow]:
    """Return the cells of a version; of the reasons that meet in one the worst decides."""
    found = []
    for no, cell in enumerate(cells, 1):
        within = cell.representative_point()
        met = [place for place, it in enumerate(reasons) if it.geom.covers(within)]
        zone = ZONES[max((RANK[reasons[it].zone] for it in met), default=0)]
        deciding = [reasons[it] for it in met if reasons[it].zone == zone]
        rules = {"F6", *(_WHY[reasons[it].zone, reasons[it].hazard][0] for it in met)}
        hazards = {it.hazard for it in deciding if it.hazard}
        numbers = (1, *(place + 2 for place in met))
        found.append(
            CellRow(version, no, zone, tuple(sorted(rules)), numbers, tuple(sorted(hazards)),
                    float(cell.area), ground.degrees(cell))
        )  # fmt: skip
    return found
