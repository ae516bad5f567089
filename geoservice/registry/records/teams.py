"""Who comes to help."""

from dataclasses import dataclass
from typing import Annotated

from shapely.geometry.base import BaseGeometry

from geoservice.registry.records.record import Column, Phone, Record, Text


@dataclass(frozen=True, kw_only=True)
class RescueTeam(Record):
    """Who comes to help, and from where."""

    tier: Annotated[
        str,
        Column(
            ("类别", "队伍性质", "队伍类型"),
            words={
                "main": ("综合", "消防"),
                "pro": ("专业",),
                "part": ("兼职",),
                "social": ("社会",),
            },
        ),
    ]
    skills: Annotated[tuple[str, ...], Column(("技能", "救援专长"))] = ()
    headcount: Annotated[int | None, Column(("队伍人数", "编制人数"), least=0)] = None
    equipment: Annotated[str | None, Column(("装备",))] = None
    leader: Annotated[str | None, Column(("队长", "联系人"))] = None
    phone: Phone = None
    status: Annotated[str, Column(("值勤状态",))] = "ready"
    mobilise_min: Annotated[float | None, Column(("出动时间",), least=0)] = None
    vehicle_class: Text = None
    geom: BaseGeometry
