"""Mines, their seams, and what they do against water."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Annotated

from shapely.geometry.base import BaseGeometry

from geoservice.registry.records.record import Column, Record, Text
from geoservice.registry.records.rules import need_more_than_nothing, need_order

_METHODS = {"layered": ("分层",), "thick_cut": ("综放", "综采放顶煤", "大采高")}
MineCode = Annotated[str, Column(("煤矿编号", "矿山编号"))]


@dataclass(frozen=True, kw_only=True)
class Mine(Record):
    """A mine at its main shaft."""

    company: Annotated[str | None, Column(("企业名称", "所属企业"))] = None
    status: Annotated[
        str | None,
        Column(
            ("矿井状态",),
            words={"suspended": ("停工", "mothballed"), "building": ("construction",)},
        ),
    ] = None
    licence_no: Annotated[str | None, Column(("许可证号",))] = None
    licence_area_km2: Annotated[float | None, Column(("井田面积", "面积"), least=0)] = None
    capacity_mtpa: Annotated[float | None, Column(("生产能力", "核定产能"), least=0)] = None
    hydro_type: Annotated[str | None, Column(("水文类型",))] = None
    geom: BaseGeometry

    def __post_init__(self) -> None:
        """Refuse a licence area of nothing."""
        need_more_than_nothing(self, "licence_area_km2")


@dataclass(frozen=True, kw_only=True)
class MineSeam(Record):
    """A seam of a mine."""

    mine_code: MineCode
    seam: Annotated[str, Column(("煤层编号", "煤层号"))]
    thickness_m: Annotated[float | None, Column(("煤层厚度", "厚度"), least=0)] = None
    dip_deg: Annotated[float | None, Column(("煤层倾角", "倾角"), least=0, below=90.0001)] = None
    roof_class: Annotated[str | None, Column(("顶板类型", "顶板"))] = None
    mining_height_m: Annotated[float | None, Column(("采厚", "开采厚度"), least=0, below=200)] = (
        None
    )
    slices: Annotated[int | None, Column(("分层数",), least=1, below=51)] = None
    mining_method: Annotated[str | None, Column(("采煤方法",), words=_METHODS)] = None
    stage_height_m: Annotated[float | None, Column(("阶段垂高",), least=0, below=1000)] = None
    fracture_height_m: Annotated[
        float | None, Column(("实测导水裂隙带高度",), least=0, below=1000)
    ] = None
    floor_damage_m: Annotated[float | None, Column(("底板破坏带深度",), least=0, below=500)] = None
    coal_tensile_mpa: Annotated[float | None, Column(("煤抗拉强度",), least=0, below=50)] = None
    movement_deg: Annotated[float | None, Column(("移动角",), least=0, below=90)] = None
    pressure_datum: Annotated[str | None, Column(("水压算至", "水压基准"))] = None

    def __post_init__(self) -> None:
        """Refuse sizes of nothing."""
        need_more_than_nothing(
            self, "thickness_m", "mining_height_m", "stage_height_m", "fracture_height_m",
            "floor_damage_m", "coal_tensile_mpa", "movement_deg",
        )  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class WaterControl(Record):
    """The three specials of a mine: technicians, a team and equipment against water."""

    mine_code: MineCode
    technicians: Annotated[int, Column(("防治水技术人员", "技术人员"), least=0)]
    team_headcount: Annotated[int, Column(("探放水人员", "队伍人数"), least=0)]
    rigs: Annotated[int, Column(("钻机", "探水钻机"), least=0)]
    remark: Annotated[str | None, Column(("说明",))] = None


@dataclass(frozen=True, kw_only=True)
class HeadingProbe(Record):
    """The two probes ahead of a heading; one alone does not do."""

    mine_code: MineCode
    heading: Annotated[str, Column(("工作面", "巷道"))]
    mine_heading_code: Annotated[str | None, Column(("掘进工作面编号",))] = None
    geophysics_on: Annotated[date | None, Column(("物探时间",))] = None
    drilling_on: Annotated[date | None, Column(("钻探时间",))] = None
    result: Annotated[str | None, Column(("探测结果",))] = None
    remark: Annotated[str | None, Column(("说明",))] = None


@dataclass(frozen=True, kw_only=True)
class WaterWithdrawal(Record):
    """That people left a mine on a sign of water."""

    mine_code: MineCode
    withdrawn_at: Annotated[datetime, Column(("撤人时间",))]
    sign: Annotated[str, Column(("透水征兆", "撤人原因"))]
    place: Text = None
    people: Annotated[int | None, Column(("撤人人数",), least=0)] = None
    resumed_at: Annotated[datetime | None, Column(("复产时间",))] = None
    remark: Annotated[str | None, Column(("说明",))] = None

    def __post_init__(self) -> None:
        """Refuse a return before the withdrawal."""
        need_order(self, "withdrawn_at", "resumed_at")
