"""Invented risk points with their assessments, hidden dangers, substances and reports."""

from datetime import date, timedelta

from geoservice.demo.ground import Ground, pick
from geoservice.demo.invented import NO_PHONE, OLD_SURVEY_ON, SURVEYED_ON, invented
from geoservice.demo.sites import Sites
from geoservice.registry.records import (
    AssessmentReport,
    HazardSource,
    HazardSubstance,
    HiddenDanger,
    RiskAssessment,
    RiskPoint,
)

_POINTS = 24
_LEVELS = ("company", "workshop", "team", "post")
_ACCIDENTS = ("火灾", "爆炸", "中毒", "坍塌", "触电", "机械伤害")
# Factors out of the tables of LEC, their product and the grade it means (DOMAIN section 5).
_LEC = (
    ({"L": 6, "E": 6, "C": 40}, 1440, "red"),
    ({"L": 3, "E": 6, "C": 15}, 270, "orange"),
    ({"L": 1, "E": 10, "C": 7}, 70, "yellow"),
    ({"L": 3, "E": 3, "C": 7}, 63, "blue"),
)
_RAM = (({"L": 4, "S": 4}, 16, "orange"), ({"L": 3, "S": 3}, 9, "yellow"))
_ASSESSED_ON, _BEFORE_ON = date(2026, 2, 10), date(2025, 2, 12)
# substance, CAS number, class, beta, most tonnes, critical quantity (t): GB 18218, not verified
_SUBSTANCES = (
    ("氯", "7782-50-5", "toxic_gas", 4.0, 20.0, 5.0),
    ("氨", "7664-41-7", "toxic_gas", 2.0, 12.0, 10.0),
    ("液化石油气", "68476-85-7", "flammable_gas", 1.5, 60.0, 50.0),
    ("甲醇", "67-56-1", "other", 1.0, 400.0, 500.0),
)
_CATEGORIES = ("电气", "消防", "现场管理", "设备设施", "人员操作", "防治水")
_CAUSES = ("standard", "system", "people", "management", "facility")
# state, level, found so many days ago, due so many days after that
_DANGERS = (
    ("found", "general", 2, 15), ("assigned", "general", 6, 10), ("fixing", "major", 40, 60),
    ("fixing", "general", 30, 20), ("review", "general", 18, 20), ("closed", "general", 120, 30),
    ("closed", "major", 300, 90), ("assigned", "major", 9, 45), ("fixing", "general", 55, 30),
    ("found", "general", 1, 15), ("closed", "general", 200, 20), ("review", "major", 70, 60),
)  # fmt: skip


def hazard_substances(ground: Ground, sources: list[HazardSource]) -> list[HazardSubstance]:
    """Return two substances of every chemical works."""
    rng = ground.random("substances")
    found: list[HazardSubstance] = []
    for source in sources:
        if source.kind != "hazchem":
            continue
        first = int(rng.random() * len(_SUBSTANCES))
        for at in (first, first + 1):
            zh, cas, of_class, beta, most, critical = _SUBSTANCES[at % len(_SUBSTANCES)]
            found.append(
                HazardSubstance(
                    **invented(ground, "HU", len(found) + 1, zh=zh, en=cas),
                    hazard_source_code=source.code,
                    cas_no=cas,
                    danger_class=of_class,
                    beta=beta,
                    quantity_t=round(most * (0.2 + 0.8 * rng.random()), 1),
                    critical_t=critical,
                )
            )
    return found


def risk_points(ground: Ground, sites: Sites) -> list[RiskPoint]:
    """Return risk points in the towns, some not verified for long."""
    rng = ground.random("risk points")
    found = []
    for number in range(1, _POINTS + 1):
        site = sites.take("urban")
        common = invented(
            ground, "RP", number, zh=f"风险点 {number:02d}", en=f"risk point {number:02d}",
            town_code=site.town_code, surveyed_on=OLD_SURVEY_ON if number % 6 == 0 else SURVEYED_ON,
        )  # fmt: skip
        found.append(
            RiskPoint(
                **common,
                accident_types=(pick(rng, _ACCIDENTS),),
                control_level=pick(rng, _LEVELS),
                measures="演示措施：定期检查、警示标志",
                responsible=f"演示责任人 {number:02d}",
                phone=NO_PHONE.format(400 + number),
                geom=site.geom,
            )
        )
    return found


def risk_assessments(ground: Ground, points: list[RiskPoint]) -> list[RiskAssessment]:
    """Return the assessments: the last points have none, every fourth was assessed before."""
    rng = ground.random("assessments")
    found: list[RiskAssessment] = []
    for n, point in enumerate(points[:-2]):
        for day in (_BEFORE_ON, _ASSESSED_ON) if n % 4 == 0 else (_ASSESSED_ON,):
            method, table = ("RAM", _RAM) if n % 3 == 2 else ("LEC", _LEC)
            inputs, score, grade = pick(rng, table)
            number = len(found) + 1
            common = invented(
                ground, "RA", number, zh=f"评估 {number:02d}", en=f"assessment {number:02d}",
                town_code=point.town_code,
            )  # fmt: skip
            found.append(
                RiskAssessment(
                    **common,
                    risk_point_code=point.code,
                    method=method,
                    inputs=dict(inputs),
                    score=score,
                    grade=grade,
                    assessed_on=day,
                    assessor="演示评估小组",
                )
            )
    return found


def hidden_dangers(ground: Ground, sources: list[HazardSource], today: date) -> list[HiddenDanger]:
    """Return the ledger as of ``today``: open, overdue, closed, and one that came back.

    All but the first stand at their source and have no place of their own.
    """
    rng = ground.random("hidden dangers")
    found: list[HiddenDanger] = []
    for number, (state, level, days_ago, days_given) in enumerate(_DANGERS, 1):
        source = sources[(number * 7) % len(sources)]
        found_on = today - timedelta(days=days_ago)
        is_closed = state == "closed"
        common = invented(
            ground, "HD", number, zh=f"隐患 {number:02d}", en=f"hidden danger {number:02d}",
            town_code=source.town_code, surveyed_on=found_on,
        )  # fmt: skip
        found.append(
            HiddenDanger(
                **common,
                level=level,
                state=state,
                category=_CATEGORIES[number % len(_CATEGORIES)],
                found_on=found_on,
                found_by="演示检查组",
                hazard_source_code=source.code,
                description="演示隐患描述",
                responsible=None if state == "found" else "演示责任单位",
                measures=None if state == "found" else "演示整改措施",
                funds_cny=None if state == "found" else 1000.0 * number,
                due_on=found_on + timedelta(days=days_given),
                plan_doc="演示应急预案" if level == "major" else None,
                closed_on=found_on + timedelta(days=days_given // 2) if is_closed else None,
                closed_evidence="演示验收单" if is_closed else None,
                repeat_of="DEMO-HD-006" if number == len(_DANGERS) else None,
                root_causes=(pick(rng, _CAUSES),) if is_closed else (),
                geom=source.geom if number == 1 else None,
            )
        )
    return found


def assessment_reports(ground: Ground, sources: list[HazardSource]) -> list[AssessmentReport]:
    """Return one report that is public and one that is not."""
    return [
        AssessmentReport(
            **invented(ground, "AR", number, zh=f"评估报告 {number}", en=f"report {number}"),
            secrecy=secrecy,
            subject=source.name,
            hazard_source_code=source.code,
            grade=source.grade,
            agency="演示评估机构",
            experts="演示专家甲、演示专家乙",
            reported_on=_ASSESSED_ON,
            summary="演示结论",
        )
        for number, (source, secrecy) in enumerate(
            zip(sources[:2], ("public", "internal"), strict=True), 1
        )
    ]
