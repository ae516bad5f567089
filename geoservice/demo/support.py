"""Invented stations, shelters, what teams can do, and what can be made or delivered in time."""

from datetime import date

from geoservice.demo.command import FOOD_MAKER, MAKER
from geoservice.demo.ground import Ground
from geoservice.demo.invented import NO_PHONE, OLD_SURVEY_ON, SURVEYED_ON, invented
from geoservice.demo.sites import Sites
from geoservice.registry.records import (
    CapabilityReserve,
    Depot,
    FireStation,
    RescueTeam,
    Shelter,
    SupplyAgreement,
    TeamCapability,
    TownStation,
)

_TASKS = (
    "safety_check", "danger_survey", "statistics",
    "disaster_report", "fire_prevention", "rescue_command",
)  # fmt: skip
_FIRE = (("pilot", 2, 12), ("built", 3, 18), ("planned", None, None), ("planned", None, None))
_SHELTERS = (
    ("outdoor", "广场避难场所", "square shelter", 4000, 9000.0),
    ("indoor", "体育馆避难场所", "gymnasium shelter", 1200, 3500.0),
    ("both", "学校避难场所", "school shelter", 1500, 6000.0),
)
_SHELTERS_OF_EACH = 3
_LINES = ("urban_search", "water", "medical", "mountain")


def town_stations(ground: Ground, sites: Sites) -> list[TownStation]:
    """Return a station in every town but the last, which the map is to show as missing."""
    found = []
    for number, town in enumerate(ground.towns[:-1], 1):
        site = sites.take("urban", town.code)
        found.append(
            TownStation(
                **invented(
                    ground, "TS", number, zh=f"{town.name}应急管理站",
                    en=f"{town.name_en} emergency station", town_code=site.town_code,
                ),
                tasks=_TASKS if number % 3 else _TASKS[:4],
                headcount=4 + number % 4,
                leader=f"演示站长 {number:02d}",
                phone=NO_PHONE.format(500 + number),
                geom=site.geom,
            )
        )  # fmt: skip
    return found


def fire_stations(ground: Ground, sites: Sites) -> list[FireStation]:
    """Return the pilot, one that is built and two that are planned."""
    found = []
    for number, (status, vehicles, headcount) in enumerate(_FIRE, 1):
        site = sites.take("urban", ground.towns[number % len(ground.towns)].code)
        zh, en = f"乡镇消防站 {number:02d}", f"town fire station {number:02d}"
        found.append(
            FireStation(
                **invented(ground, "FS", number, zh=zh, en=en, town_code=site.town_code),
                status=status,
                vehicles=vehicles,
                headcount=headcount,
                phone=NO_PHONE.format(520 + number) if vehicles else None,
                geom=site.geom,
            )
        )
    return found


def shelters(ground: Ground, sites: Sites) -> list[Shelter]:
    """Return shelters of every kind, one not verified for long."""
    found: list[Shelter] = []
    for kind, zh, en, capacity, area_m2 in _SHELTERS:
        for n in range(1, _SHELTERS_OF_EACH + 1):
            site, number = sites.take("urban"), len(found) + 1
            common = invented(
                ground, "SH", number, zh=f"{zh} {n:02d}", en=f"{en} {n:02d}",
                town_code=site.town_code, surveyed_on=OLD_SURVEY_ON if number == 4 else SURVEYED_ON,
            )  # fmt: skip
            found.append(
                Shelter(
                    **common,
                    kind=kind,
                    capacity=capacity // n,
                    area_m2=area_m2 / n,
                    keeper=f"演示管理员 {number:02d}",
                    phone=NO_PHONE.format(540 + number),
                    geom=site.geom,
                )
            )
    return found


def team_capabilities(ground: Ground, teams: list[RescueTeam]) -> list[TeamCapability]:
    """Return a capability for each skill of a team; social teams are graded by line."""
    found: list[TeamCapability] = []
    for team in teams:
        for skill in team.skills:
            number = len(found) + 1
            is_social = team.tier == "social"
            found.append(
                TeamCapability(
                    **invented(ground, "TC", number, zh=f"能力 {skill}", en=f"skill {number:02d}"),
                    team_code=team.code,
                    skill=skill,
                    type_no={"main": 1, "pro": 2, "part": 3}.get(team.tier, 4),
                    min_headcount=max(4, (team.headcount or 0) // 2),
                    min_equipment="演示装备",
                    grading_line=_LINES[number % len(_LINES)] if is_social else None,
                    grading_level=1 + number % 3 if is_social else None,
                )
            )
    return found


def capability_reserves(ground: Ground, stores: list[Depot]) -> list[CapabilityReserve]:
    """Return what a maker of pumps and an enterprise's depot can make."""
    depot = next(it for it in stores if it.tier == "enterprise")
    return [
        CapabilityReserve(
            **invented(ground, "CA", 1, zh="抽水泵产能", en="pump output"),
            organisation_code=MAKER, item_code="2999901", per_day=50.0, unit="台", lead_h=6.0,
        ),
        CapabilityReserve(
            **invented(ground, "CA", 2, zh="编织袋产能", en="sandbag output"),
            depot_code=depot.code, item_code="3999901", per_day=12000.0, unit="条", lead_h=12.0,
        ),
    ]  # fmt: skip


def supply_agreements(ground: Ground, stores: list[Depot]) -> list[SupplyAgreement]:
    """Return an agreement without an end, and one that ran out."""
    return [
        SupplyAgreement(
            **invented(ground, "SA", 1, zh="方便食品协议", en="meals agreement"),
            organisation_code=FOOD_MAKER, depot_code=stores[0].code, item_code="1999904",
            quantity=2000.0, unit="箱", agreed_from=date(2026, 1, 1), document="演示协议 1 号",
        ),
        SupplyAgreement(
            **invented(ground, "SA", 2, zh="抽水泵协议", en="pumps agreement"),
            organisation_code=MAKER, item_code="2999901", quantity=20.0, unit="台",
            agreed_from=date(2024, 1, 1), agreed_to=date(2025, 12, 31), document="演示协议 2 号",
        ),
    ]  # fmt: skip
