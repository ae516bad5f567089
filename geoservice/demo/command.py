"""Invented organisations, who prevents and who rescues, a census and drills."""

from datetime import date

from geoservice.demo.ground import Ground
from geoservice.demo.invented import NO_PHONE, invented
from geoservice.demo.sites import Sites
from geoservice.registry.records import (
    CensusRound,
    CommandPost,
    Drill,
    DutyLink,
    Organisation,
)

# kind, label, English
_ORGANISATIONS = (
    ("government", "应急管理部门", "emergency department"),
    ("government", "水利部门", "water department"),
    ("government", "自然资源部门", "natural resources department"),
    ("government", "消防救援机构", "fire and rescue service"),
    ("government", "住建部门", "construction department"),
    ("town_government", "乡镇政府", "town government"),
    ("enterprise", "水泵制造企业", "pump maker"),
    ("enterprise", "食品企业", "food maker"),
    ("utility", "燃气公司", "gas company"),
    ("hospital", "医院", "hospital"),
    ("social", "救援协会", "rescue association"),
)
MAKER, FOOD_MAKER = "DEMO-ORG-007", "DEMO-ORG-008"
_EMERGENCY, _WATER, _LAND, _FIRE, _CONSTRUCTION, _GAS = (
    f"DEMO-ORG-{n:03d}" for n in (1, 2, 3, 4, 5, 9)
)
# kind of hazard, who prevents, who rescues; the other kinds have none, which is to be seen
_DUTIES = (
    ("coal_mine", _EMERGENCY, _EMERGENCY),
    ("hazchem", _EMERGENCY, _FIRE),
    ("tailings", _EMERGENCY, _EMERGENCY),
    ("metal_gas", _EMERGENCY, _FIRE),
    ("flood", _WATER, _EMERGENCY),
    ("geological", _LAND, _EMERGENCY),
    ("city_risk", _CONSTRUCTION, _FIRE),
    ("other_mine", _EMERGENCY, None),
)
# kind, kind of hazard, label, English, day, people, findings, where
_DRILLS = (
    ("live", "flood", "防汛实战演练", "flood drill", date(2026, 6, 12), 120,
     "演示问题：抽水泵接口不统一", "urban"),
    ("tabletop", "hazchem", "危化品泄漏桌面推演", "chemical spill tabletop", date(2026, 4, 9), 24,
     "演示问题：通讯录过期", None),
    ("double_blind", "coal_mine", "矿井透水双盲演练", "mine water double-blind drill",
     date(2025, 10, 22), 80, "演示问题：到场超时", "rural"),
)  # fmt: skip


def organisations(ground: Ground, sites: Sites) -> list[Organisation]:
    """Return the organisations, each at a site of its own."""
    found = []
    for number, (kind, zh, en) in enumerate(_ORGANISATIONS, 1):
        site = sites.take("urban")
        found.append(
            Organisation(
                **invented(ground, "ORG", number, zh=zh, en=en, town_code=site.town_code),
                kind=kind,
                duty_phone=NO_PHONE.format(200 + number),
                leader=f"演示负责人 {200 + number}",
                geom=site.geom,
            )
        )
    return found


def command_posts(ground: Ground, sites: Sites) -> list[CommandPost]:
    """Return one command post on the spot, below the flood headquarters."""
    site = sites.take("central")
    common = invented(
        ground, "CP", 1, zh="前方指挥部", en="forward command post", town_code=site.town_code
    )
    return [
        CommandPost(
            **common,
            kind="SHQ",
            hazard_types=("flood",),
            lead_org="演示水利部门",
            office_org="演示应急管理部门",
            commander="演示指挥长",
            duty_phone=NO_PHONE.format(300),
            parent_code="SHQ03",
            geom=site.geom,
        )
    ]


def duty_links(ground: Ground) -> list[DutyLink]:
    """Return who prevents and who rescues; one kind of hazard has nobody to rescue from it."""
    pairs = [
        (hazard, phase, organisation)
        for hazard, prevents, rescues in _DUTIES
        for phase, organisation in (("prevent", prevents), ("rescue", rescues))
        if organisation is not None
    ]
    return [
        DutyLink(
            **invented(ground, "DL", number, zh=f"责任 {number:02d}", en=f"duty {number:02d}"),
            organisation_code=organisation,
            hazard_kind=hazard,
            phase=phase,
        )
        for number, (hazard, phase, organisation) in enumerate(pairs, 1)
    ]


def census_rounds(ground: Ground) -> list[CensusRound]:
    """Return a census that is over and one that runs."""
    return [
        CensusRound(
            **invented(ground, "CR", number, zh=f"资源普查 {year} 年", en=f"census of {year}"),
            state=state,
            starts_on=date(year, 3, 1),
            ends_on=date(year, 5, 31) if state == "closed" else None,
            scope="救援队伍、物资储备点、危险源",
            lead_org="演示应急管理部门",
        )
        for number, (year, state) in enumerate(((2025, "closed"), (2026, "running")), 1)
    ]


def drills(ground: Ground, sites: Sites) -> list[Drill]:
    """Return a drill of each kind; the one at a table has no place."""
    found = []
    for number, (kind, hazard, zh, en, day, people, findings, where) in enumerate(_DRILLS, 1):
        site = sites.take(where) if where else None
        town_code = site.town_code if site else None
        found.append(
            Drill(
                **invented(ground, "DR", number, zh=zh, en=en, town_code=town_code),
                kind=kind,
                hazard_kind=hazard,
                held_on=day,
                lead_org="演示应急管理部门",
                participants=people,
                plan_doc="演示预案",
                findings=findings,
                geom=site.geom if site else None,
            )
        )
    return found
