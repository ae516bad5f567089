"""What can hurt people."""

from dataclasses import dataclass
from typing import Annotated

from shapely.geometry.base import BaseGeometry

from geoservice.registry.records.record import GRADE_WORDS, Column, Record, Text


@dataclass(frozen=True, kw_only=True)
class HazardSource(Record):
    """What can hurt people."""

    kind: Annotated[str, Column(("类型", "行业类别"))]
    grade: Annotated[str | None, Column(("等级", "风险级别", "级别"), words=GRADE_WORDS)] = None
    prevention_org: Annotated[str | None, Column(("监管部门", "防控单位"))] = None
    rescue_org: Annotated[str | None, Column(("救援牵头部门", "救援单位"))] = None
    address: Text = None
    remark: Annotated[str | None, Column(("说明",))] = None
    geom: BaseGeometry
