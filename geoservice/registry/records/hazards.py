"""What can hurt people, and what is in it."""

from dataclasses import dataclass
from datetime import date
from typing import Annotated

from shapely.geometry.base import BaseGeometry

from geoservice.errors import InputError
from geoservice.registry.records.record import GRADE_WORDS, Column, MaybeGrade, Phone, Record, Text
from geoservice.registry.records.rules import need_more_than_nothing


@dataclass(frozen=True, kw_only=True)
class HazardSource(Record):
    """What can hurt people."""

    kind: Annotated[str, Column(("类型", "行业类别"))]
    subtype: Annotated[
        str | None, Column(("子类", "城市风险点类型"), words={"spoil_ground": ("消纳场",)})
    ] = None
    grade: Annotated[str | None, Column(("等级", "风险级别", "级别"), words=GRADE_WORDS)] = None
    prevention_org: Annotated[str | None, Column(("监管部门", "防控单位"))] = None
    rescue_org: Annotated[str | None, Column(("救援牵头部门", "救援单位"))] = None
    leader: Annotated[str | None, Column(("联系人",))] = None
    phone: Phone = None
    residents_500m: Annotated[int | None, Column(("500米内人数",), least=0)] = None
    address: Text = None
    remark: Annotated[str | None, Column(("说明",))] = None
    geom: BaseGeometry

    def __post_init__(self) -> None:
        """Refuse a subtype of anything but a city risk point."""
        if self.subtype is not None and self.kind != "city_risk":
            raise InputError(
                f"subtype {self.subtype} is of kind city_risk, not {self.kind}",
                zh=f"子类 {self.subtype} 只用于城市风险点（city_risk），不用于 {self.kind}",
                where="subtype",
            )


@dataclass(frozen=True, kw_only=True)
class HazardSubstance(Record):
    """So many tonnes of a dangerous substance at a hazard source (GB 18218)."""

    hazard_source_code: Annotated[str, Column(("重大危险源编号",))]
    cas_no: Annotated[str | None, Column(("CAS",), pattern=r"[0-9]{2,7}-[0-9]{2}-[0-9]")] = None
    danger_class: Annotated[str | None, Column(("类别", "危险性类别"))] = None
    beta: Annotated[float | None, Column(("β", "校正系数β"), least=0)] = None
    quantity_t: Annotated[float, Column(("存量", "实际存量", "q"), least=0)]
    critical_t: Annotated[float | None, Column(("临界量", "Q值"), least=0)] = None

    def __post_init__(self) -> None:
        """Refuse a beta or a critical quantity of nothing."""
        need_more_than_nothing(self, "beta", "critical_t")


@dataclass(frozen=True, kw_only=True)
class AssessmentReport(Record):
    """What a third party found; public where its secrecy says so."""

    subject: Annotated[str, Column(("对象", "被评估单位"))]
    hazard_source_code: Text = None
    grade: MaybeGrade = None
    agency: Annotated[str, Column(("机构", "第三方机构"))]
    experts: Annotated[str | None, Column(("评估专家",))] = None
    reported_on: Annotated[date, Column(("评估日期", "出具日期"))]
    summary: Annotated[str | None, Column(("评估结论",))] = None
