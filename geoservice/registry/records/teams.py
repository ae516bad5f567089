"""Who comes to help."""

from dataclasses import dataclass
from typing import Annotated

from shapely.geometry.base import BaseGeometry

from geoservice.registry.records.record import Column, Phone, Record, Text
from geoservice.registry.records.rules import need_with


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
    on_duty: Annotated[int | None, Column(("在岗人数", "备勤人数"), least=0)] = None
    equipment: Annotated[str | None, Column(("装备",))] = None
    leader: Annotated[str | None, Column(("队长", "联系人"))] = None
    phone: Phone = None
    status: Annotated[str, Column(("值勤状态",))] = "ready"
    mobilise_min: Annotated[float | None, Column(("出动时间",), least=0)] = None
    vehicle_class: Text = None
    geom: BaseGeometry


@dataclass(frozen=True, kw_only=True)
class TeamCapability(Record):
    """What a team can do, by type (1 the most capable), and how a social team was graded."""

    team_code: Annotated[str, Column(("队伍代码",))]
    skill: Annotated[str, Column(("救援专长", "能力"))]
    type_no: Annotated[int, Column(("能力类型", "类型"), least=1, below=5)]
    min_headcount: Annotated[int | None, Column(("最低人数",), least=0)] = None
    min_equipment: Annotated[str | None, Column(("最少装备",))] = None
    grading_line: Annotated[str | None, Column(("测评专业",))] = None
    grading_level: Annotated[int | None, Column(("测评等级",), least=1, below=4)] = None

    def __post_init__(self) -> None:
        """Refuse a level without its line, or a line without a level."""
        need_with(
            self, "grading_level", is_due=self.grading_line is not None,
            why="grading_line and grading_level go together",
            zh="测评科目与测评等级须同时填写",
        )  # fmt: skip
