"""Invented hazard sources, rescue teams, depots and stock: named 演示, never a real thing."""

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

import numpy as np

from geoservice.demo.ground import Ground, pick
from geoservice.demo.sites import Site, Sites
from geoservice.registry.records import Depot, HazardSource, RescueTeam, StockLot

_SURVEYED_FROM, _SURVEYED_DAYS = date(2024, 1, 8), 990
_NO_PHONE = "000-0000-{:04d}"
# kind, label, English, how many, where
_HAZARDS = (
    ("coal_mine", "煤矿工业场地", "coal mine yard", 4, "rural"),
    ("other_mine", "非煤矿山", "quarry", 5, "hills"),
    ("tailings", "尾矿库", "tailings pond", 4, "hills"),
    ("dump", "排土场", "spoil dump", 5, "rural"),
    ("hazchem", "危化企业", "chemical works", 12, "urban"),
    ("metal_gas", "冶金煤气站", "metallurgical gas station", 6, "urban"),
    ("city_risk", "城市风险点", "city risk point", 12, "central"),
    ("geological", "地质灾害点", "geological hazard", 10, "hills"),
    ("other", "其他危险源", "other hazard", 4, "rural"),
)
_GRADES = ("red", *["orange"] * 2, *["yellow"] * 4, *["blue"] * 3)
_RESTRICTED = 4  # of the chemical works
# The notice has 17 professional squads but not which: these lines of work are invented.
_PRO_SKILLS = (
    "矿山救护", "危化品处置", "排水抢险", "森林灭火", "地质灾害救援", "道路抢通",
    "电力抢修", "通信保障", "燃气抢修", "供水抢修", "医疗救护", "卫生防疫",
    "特种设备救援", "建筑坍塌救援", "水上救援", "气象保障", "环境监测",
)  # fmt: skip
# tier, label, English, how many, skill, headcount, mobilises in (min), vehicle
_OTHER_TEAMS = (
    ("part", "企业兼职救援队", "enterprise team", 8, "生产安全救援", 18, 12.0, "truck"),
    ("social", "社会救援队", "social rescue team", 4, "综合搜救", 25, 20.0, "car"),
    ("vol", "志愿者服务队", "volunteer team", 6, "后勤保障", 40, 30.0, "car"),
)
# tier, owner, layout, label, English, how many, where, loads in (min)
_DEPOTS = (
    ("district", "government", "central", "区级物资储备库", "district depot", 2, "central", 20.0),
    ("town", "government", "dispersed", "乡镇物资储备点", "town depot", 9, "urban", 15.0),
    ("village", "government", "dispersed", "村级物资储备点", "village depot", 6, "rural", 10.0),
    ("enterprise", "enterprise", "dispersed", "企业代储点", "enterprise depot", 3, "urban", 25.0),
)
# 9999 is "other" of "other": the table of GB/T 38565 was not seen, so no real code is claimed.
# code, what, English, unit, most in a lot, years it keeps (0: for ever)
ITEMS = (
    ("1999901", "帐篷", "tents", "顶", 120, 8),
    ("1999902", "棉被", "quilts", "床", 400, 6),
    ("1999903", "饮用水", "drinking water", "箱", 600, 2),
    ("1999904", "方便食品", "ready meals", "箱", 500, 1),
    ("2999901", "抽水泵", "water pumps", "台", 24, 0),
    ("2999902", "救生衣", "life jackets", "件", 300, 5),
    ("2999903", "发电机", "generators", "台", 16, 0),
    ("2999904", "照明灯", "work lights", "套", 60, 0),
    ("2999905", "防护面具", "gas masks", "套", 150, 4),
    ("3999901", "编织袋", "sandbags", "条", 8000, 5),
    ("3999902", "挖掘机", "excavators", "台", 4, 0),
    ("3999903", "钢丝绳", "wire rope", "卷", 40, 0),
)  # fmt: skip
_DISTRICT_LOTS, _OTHER_LOTS = 10, 4
_STOCKED_FROM = date(2023, 3, 1)


def hazard_sources(ground: Ground, sites: Sites) -> list[HazardSource]:
    """Return the hazard sources; some chemical works are restricted."""
    rng = ground.random("hazard sources")
    found: list[HazardSource] = []
    for kind, label, english, count, where in _HAZARDS:
        for n in range(1, count + 1):
            site = sites.take(where)
            found.append(
                HazardSource(
                    **_common(ground, rng, site, "HS", len(found) + 1),
                    name=f"演示{label} {n:02d}",
                    name_en=f"Demonstration {english} {n:02d}",
                    secrecy="restricted" if kind == "hazchem" and n <= _RESTRICTED else "internal",
                    kind=kind,
                    grade=pick(rng, _GRADES),
                    prevention_org="演示监管部门",
                    rescue_org="演示救援牵头部门",
                    geom=site.geom,
                )
            )
    return found


def rescue_teams(ground: Ground, sites: Sites) -> list[RescueTeam]:
    """Return the main team, 17 professional squads and the others."""
    rng = ground.random("rescue teams")
    found: list[RescueTeam] = []
    for tier, name, english, skill, headcount, mobilise_min, vehicle, where in _team_rows():
        site = sites.take(where, ground.towns[0].code if tier == "main" else None)
        number = len(found) + 1
        found.append(
            RescueTeam(
                **_common(ground, rng, site, "RT", number),
                name=name,
                name_en=english,
                tier=tier,
                skills=skill,
                headcount=round(headcount * (0.8 + 0.4 * rng.random())),
                equipment="演示装备",
                leader=f"演示负责人 {number:02d}",
                phone=_NO_PHONE.format(number),
                status="off" if number % 12 == 0 else "ready",
                mobilise_min=mobilise_min,
                vehicle_class=vehicle,
                geom=site.geom,
            )
        )
    return found


def _team_rows() -> Iterator[tuple[str, str, str, tuple[str, ...], int, float, str, str]]:
    main = ("灭火救援", "综合救援", "排水抢险")
    name = "Demonstration main rescue team"
    yield "main", "演示综合应急救援队", name, main, 60, 2.0, "fire_engine", "central"
    for n, skill in enumerate(_PRO_SKILLS, 1):
        where = "central" if n % 3 == 0 else "urban"
        zh, en = f"演示专业分队 {n:02d}（{skill}）", f"Demonstration professional squad {n:02d}"
        yield "pro", zh, en, (skill,), 22, 6.0, "truck", where
    for tier, label, english, count, skill, headcount, mobilise_min, vehicle in _OTHER_TEAMS:
        for n in range(1, count + 1):
            zh, en = f"演示{label} {n:02d}", f"Demonstration {english} {n:02d}"
            where = "rural" if tier == "vol" else "urban"
            yield tier, zh, en, (skill,), headcount, mobilise_min, vehicle, where


def depots(ground: Ground, sites: Sites) -> list[Depot]:
    """Return the depots: every town has one."""
    rng = ground.random("depots")
    found: list[Depot] = []
    for tier, owner, layout, label, english, count, where, load_min in _DEPOTS:
        for n in range(1, count + 1):
            in_town = ground.towns[(n - 1) % len(ground.towns)].code if tier == "town" else None
            site = sites.take(where, in_town)
            number = len(found) + 1
            found.append(
                Depot(
                    **_common(ground, rng, site, "DP", number),
                    name=f"演示{label} {n:02d}",
                    name_en=f"Demonstration {english} {n:02d}",
                    owner=owner,
                    form="agreement" if tier == "enterprise" else "stock",
                    layout=layout,
                    tier=tier,
                    keeper=f"演示保管员 {number:02d}",
                    phone=_NO_PHONE.format(100 + number),
                    load_min=load_min,
                    geom=site.geom,
                )
            )
    return found


def stock_lots(ground: Ground, stores: list[Depot]) -> list[StockLot]:
    """Return the lots of every depot, some of them past their date."""
    rng = ground.random("stock")
    found: list[StockLot] = []
    for depot in stores:
        wanted = _DISTRICT_LOTS if depot.tier == "district" else _OTHER_LOTS
        order = np.argsort(rng.random(len(ITEMS)))[:wanted].tolist()
        for code, what, english, unit, most, years in (ITEMS[i] for i in sorted(order)):
            quantity = max(1, round(most * (0.15 + 0.85 * rng.random())))
            stocked = _STOCKED_FROM + timedelta(days=int(rng.random() * 1000))
            number = len(found) + 1
            found.append(
                StockLot(
                    code=f"DEMO-SL-{number:03d}",
                    name=f"演示{what}",
                    name_en=f"Demonstration {english}",
                    town_code=depot.town_code,
                    source_doc=ground.source_doc,
                    surveyed_on=depot.surveyed_on,
                    is_demo=True,
                    depot_code=depot.code,
                    item_code=code,
                    quantity=quantity,
                    unit=unit,
                    batch=f"演示批次 {stocked:%Y%m}",
                    expires_on=stocked + timedelta(days=365 * years) if years else None,
                    min_reserve=quantity // 10,
                )
            )
    return found


def _common(
    ground: Ground, rng: np.random.Generator, site: Site, letters: str, number: int
) -> dict[str, Any]:
    """Return what every point register shares."""
    return {
        "code": f"DEMO-{letters}-{number:03d}",
        "town_code": site.town_code,
        "source_doc": ground.source_doc,
        "surveyed_on": _SURVEYED_FROM + timedelta(days=int(rng.random() * _SURVEYED_DAYS)),
        "is_demo": True,
        "org": "演示主管单位",
    }
