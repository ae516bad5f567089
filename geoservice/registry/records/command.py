"""Who commands, who prevents and who rescues; censuses and drills."""

from dataclasses import dataclass
from datetime import date
from typing import Annotated

from shapely.geometry.base import BaseGeometry

from geoservice.registry.records.record import Column, Record, Text
from geoservice.registry.records.rules import need_order

DutyPhone = Annotated[str | None, Column(("值班电话", "电话", "联系电话"))]
HazardKind = Annotated[
    str, Column(("灾种", "险种", "灾害类型", "事故类型"), words={"flood": ("防汛", "洪水", "干旱")})
]


@dataclass(frozen=True, kw_only=True)
class Organisation(Record):
    """Who has a duty: to prevent, to rescue, to supply; its seat may not be known."""

    kind: Annotated[str, Column(("性质", "单位性质", "单位类别"))]
    parent_code: Annotated[str | None, Column(("上级编号",))] = None
    duty_phone: DutyPhone = None
    leader: Annotated[str | None, Column(("联系人",))] = None
    address: Text = None
    geom: BaseGeometry | None = None


@dataclass(frozen=True, kw_only=True)
class CommandPost(Record):
    """The headquarters or a special one, and the kinds of hazard that it commands."""

    kind: Annotated[str, Column(("类型",))]
    hazard_types: Annotated[tuple[str, ...], Column(("险情类型", "灾种"))] = ()
    lead_org: Annotated[str | None, Column(("牵头部门",))] = None
    office_org: Annotated[str | None, Column(("办公室",))] = None
    commander: Annotated[str | None, Column(("总指挥",))] = None
    duty_phone: DutyPhone = None
    address: Text = None
    parent_code: Annotated[str | None, Column(("上级编号",))] = None
    geom: BaseGeometry | None = None


@dataclass(frozen=True, kw_only=True)
class DutyLink(Record):
    """That an organisation prevents a kind of hazard, or rescues from it."""

    organisation_code: Annotated[str, Column(("责任单位编号",))]
    hazard_kind: HazardKind
    phase: Annotated[
        str, Column(("防救", "责任环节"), words={"prevent": ("预防",), "rescue": ("救援",)})
    ]
    remark: Annotated[str | None, Column(("说明",))] = None


@dataclass(frozen=True, kw_only=True)
class CensusRound(Record):
    """One round of the census of resources."""

    state: Annotated[str, Column()] = "planned"
    starts_on: Annotated[date, Column(("开始时间", "起始日期"))]
    ends_on: Annotated[date | None, Column(("结束时间", "截止日期"))] = None
    scope: Annotated[str | None, Column(("普查范围",))] = None
    lead_org: Annotated[str | None, Column(("牵头部门",))] = None
    remark: Annotated[str | None, Column(("说明",))] = None

    def __post_init__(self) -> None:
        """Refuse an end before the start."""
        need_order(self, "starts_on", "ends_on")


@dataclass(frozen=True, kw_only=True)
class Drill(Record):
    """A drill that was held, and what it found; the ground it plays on, where there is one."""

    kind: Annotated[str, Column(("演练形式", "演练方式"))]
    hazard_kind: HazardKind
    held_on: Annotated[date, Column(("演练时间", "日期"))]
    lead_org: Annotated[str | None, Column(("牵头单位",))] = None
    participants: Annotated[int | None, Column(("人数",), least=0)] = None
    plan_doc: Annotated[str | None, Column(("预案", "方案"))] = None
    findings: Annotated[str | None, Column(("问题", "存在问题"))] = None
    geom: BaseGeometry | None = None
