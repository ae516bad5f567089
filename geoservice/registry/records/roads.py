"""What is known of roads that people drive."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Annotated

from shapely.geometry.base import BaseGeometry

from geoservice.registry.records.record import Column, Grade, Record, Secrecy
from geoservice.registry.records.rules import need_order


@dataclass(frozen=True, kw_only=True)
class DangerousSection(Record):
    """A stretch of road that hurts people."""

    secrecy: Secrecy = "public"
    road_code: Annotated[str | None, Column(("路线编码", "道路编号"))] = None
    from_m: Annotated[float | None, Column(("起点桩号", "起点"), least=0)] = None
    to_m: Annotated[float | None, Column(("止点桩号", "终点桩号", "终点"), least=0)] = None
    hazard_kinds: Annotated[tuple[str, ...], Column(("隐患类型", "类型"))] = ()
    grade: Grade
    measures: Annotated[str | None, Column(("整治措施",))] = None
    geom: BaseGeometry


@dataclass(frozen=True, kw_only=True)
class RoadClosure(Record):
    """A road, stretch or area that is closed or slowed for a time."""

    secrecy: Secrecy = "public"
    cause: Annotated[
        str,
        Column(("封闭原因", "类型"), words={"landslide": ("塌方", "滑坡"), "control": ("管制",)}),
    ]
    starts_at: Annotated[datetime, Column(("起始时间", "封闭时间"))]
    ends_at: Annotated[datetime | None, Column(("恢复时间", "解除时间"))] = None
    factor: Annotated[
        float, Column(("speed_factor",), "限速系数", "Share of free speed", least=0, below=1)
    ] = 0.0
    vehicle_classes: Annotated[
        tuple[str, ...], Column(("车辆类型", "限行车型"), "限行车辆", "Vehicles")
    ] = ()
    depth_m: Annotated[
        float | None, Column(("水深",), "积水深度（米）", "Depth of water, m", least=0)
    ] = None
    includes_structures: Annotated[bool, Column(("包含桥隧",))] = False
    geom: BaseGeometry

    def __post_init__(self) -> None:
        """Refuse an end before the start."""
        need_order(self, "starts_at", "ends_at")


@dataclass(frozen=True, kw_only=True)
class CrashPoint(Record):
    """Where a crash happened, and who was hurt."""

    occurred_on: Annotated[date, Column(("事故日期", "日期"))]
    deaths: Annotated[int, Column(("死亡",), least=0)] = 0
    injured: Annotated[int, Column(("受伤", "伤人数"), least=0)] = 0
    road_code: Annotated[str | None, Column(("路线编码", "道路编号"))] = None
    at_m: Annotated[float | None, Column(("桩号", "事故桩号"), least=0)] = None
    remark: Annotated[str | None, Column(("说明",))] = None
    geom: BaseGeometry
