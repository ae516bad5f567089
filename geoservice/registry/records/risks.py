"""Dual prevention: the list of risks, and the ledger of hidden dangers."""

from dataclasses import dataclass, field
from datetime import date
from typing import Annotated, Any

from shapely.geometry.base import BaseGeometry

from geoservice.registry.records.record import Column, MaybeGrade, Phone, Record, Text
from geoservice.registry.records.rules import need_one_of, need_order, need_with


@dataclass(frozen=True, kw_only=True)
class RiskPoint(Record):
    """A place with a risk; its grade is that of its newest assessment."""

    hazard_source_code: Text = None
    accident_types: Annotated[tuple[str, ...], Column(("事故类型", "可能发生的事故"))] = ()
    control_level: Annotated[str | None, Column(("管控级别",))] = None
    measures: Annotated[str | None, Column(("控制措施",))] = None
    responsible: Annotated[str | None, Column(("责任单位", "负责人"))] = None
    phone: Phone = None
    geom: BaseGeometry


@dataclass(frozen=True, kw_only=True)
class RiskAssessment(Record):
    """One assessment of a risk point or of a hazard source, by one method."""

    risk_point_code: Text = None
    hazard_source_code: Text = None
    method: Annotated[str, Column(("方法", "评价方法"))]
    inputs: Annotated[dict[str, Any], Column(("参数", "取值"))] = field(default_factory=dict)
    score: Annotated[float | None, Column(("得分", "风险值"), least=0)] = None
    grade: MaybeGrade = None
    assessed_on: Annotated[date, Column(("评价日期",))]
    assessor: Annotated[str | None, Column(("评价人",))] = None
    remark: Annotated[str | None, Column(("说明",))] = None

    def __post_init__(self) -> None:
        """Refuse an assessment of two subjects, or of none."""
        need_one_of(self, "risk_point_code", "hazard_source_code")


@dataclass(frozen=True, kw_only=True)
class HiddenDanger(Record):
    """What is wrong and has to be mended: who, how, by what money, until when, by which plan."""

    level: Annotated[str, Column(("隐患级别", "等级"))]
    state: Annotated[str, Column(("整改状态", "整改情况"))] = "found"
    category: Annotated[str, Column(("隐患类别", "隐患类型"))]
    found_on: Annotated[date, Column(("排查日期", "检查日期"))]
    found_by: Annotated[str | None, Column(("排查人", "检查单位"))] = None
    hazard_source_code: Text = None
    description: Annotated[str | None, Column(("隐患内容", "问题描述"))] = None
    responsible: Annotated[str | None, Column(("责任人", "责任单位", "整改责任人"))] = None
    measures: Annotated[str | None, Column(("整改措施",))] = None
    funds_cny: Annotated[float | None, Column(("整改资金",), least=0)] = None
    due_on: Annotated[date | None, Column(("整改期限", "整改时限"))] = None
    plan_doc: Annotated[str | None, Column(("应急预案",))] = None
    closed_on: Annotated[date | None, Column(("完成日期", "验收日期"))] = None
    closed_evidence: Annotated[str | None, Column(("验收情况",))] = None
    repeat_of: Annotated[str | None, Column(("重复隐患编号",))] = None
    root_causes: Annotated[
        tuple[str, ...],
        Column(("原因", "原因分析"), words={"people": ("人",), "facility": ("设备",)}),
    ] = ()
    geom: BaseGeometry | None = None

    def __post_init__(self) -> None:
        """Refuse days out of order, and a closing without its day."""
        need_order(self, "found_on", "due_on")
        need_order(self, "found_on", "closed_on")
        need_with(
            self, "closed_on", is_due=self.state == "closed",
            why="closed_on and the state closed go together",
            zh="销号日期与状态“已销号”须同时填写",
        )  # fmt: skip
