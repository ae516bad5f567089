"""Town stations, fire stations and shelters."""

from dataclasses import dataclass
from typing import Annotated

from shapely.geometry.base import BaseGeometry

from geoservice.registry.records.record import Column, Phone, Record, Secrecy, Text
from geoservice.registry.records.rules import need_more_than_nothing

Headcount = Annotated[int | None, Column(("人员数量", "编制人数"), least=0)]
Leader = Annotated[str | None, Column(("站长", "联系人"))]


@dataclass(frozen=True, kw_only=True)
class TownStation(Record):
    """The emergency station of a town, and which of the six tasks it has."""

    secrecy: Secrecy = "public"
    tasks: Annotated[tuple[str, ...], Column(("职责", "承担任务"))] = ()
    headcount: Headcount = None
    leader: Leader = None
    phone: Phone = None
    address: Text = None
    geom: BaseGeometry


@dataclass(frozen=True, kw_only=True)
class FireStation(Record):
    """A fire station: a pilot, built, or planned."""

    secrecy: Secrecy = "public"
    status: Annotated[str, Column(("建设状态",), words={"built": ("已建", "建成")})]
    vehicles: Annotated[int | None, Column(("车辆数", "消防车辆"), least=0)] = None
    headcount: Headcount = None
    leader: Leader = None
    phone: Phone = None
    address: Text = None
    geom: BaseGeometry


@dataclass(frozen=True, kw_only=True)
class Shelter(Record):
    """Where people go when they cannot stay."""

    secrecy: Secrecy = "public"
    kind: Annotated[
        str, Column(("场所类型", "类别"), words={"outdoor": ("室外",), "indoor": ("室内",)})
    ]
    capacity: Annotated[int | None, Column(("容纳人数", "可容纳人数"), least=0)] = None
    area_m2: Annotated[float | None, Column(("面积", "有效面积"), least=0)] = None
    keeper: Annotated[str | None, Column(("负责人", "联系人"))] = None
    phone: Phone = None
    address: Text = None
    geom: BaseGeometry

    def __post_init__(self) -> None:
        """Refuse an area of nothing."""
        need_more_than_nothing(self, "area_m2")
