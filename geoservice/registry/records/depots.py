"""Where material is kept, and what lies there."""

from dataclasses import dataclass
from datetime import date
from typing import Annotated

from shapely.geometry.base import BaseGeometry

from geoservice.registry.records.record import Column, ItemCode, Phone, Record, Text
from geoservice.registry.records.rules import need_more_than_nothing, need_one_of, need_order


@dataclass(frozen=True, kw_only=True)
class Depot(Record):
    """Where material is kept."""

    owner: Annotated[str, Column(("所有权", "性质"), words={"enterprise": ("企业", "社会")})]
    form: Annotated[
        str,
        Column(
            ("形式",),
            words={"stock": ("实物",), "capability": ("能力", "产能"), "agreement": ("协议",)},
        ),
    ] = "stock"
    layout: Annotated[str | None, Column(("储备布局",))] = None
    tier: Annotated[
        str, Column(("层级",), words={"district": ("区",), "town": ("乡镇",), "village": ("村",)})
    ]
    address: Text = None
    keeper: Annotated[str | None, Column(("保管人", "负责人", "联系人"))] = None
    phone: Phone = None
    load_min: Annotated[float | None, Column(("装载时间",), least=0)] = None
    geom: BaseGeometry


@dataclass(frozen=True, kw_only=True)
class StockLot(Record):
    """So much of one thing in one depot, of one batch."""

    depot_code: Annotated[str, Column(("储备点", "仓库编号"))]
    item_code: ItemCode
    quantity: Annotated[float, Column(("库存", "库存数量"), least=0)]
    unit: Annotated[str, Column(("单位",))]
    batch: Annotated[str | None, Column(("批号",))] = None
    expires_on: Annotated[date | None, Column(("有效期", "到期日"))] = None
    min_reserve: Annotated[float, Column(("最低储备", "最低库存"), least=0)] = 0.0


@dataclass(frozen=True, kw_only=True)
class CapabilityReserve(Record):
    """What a depot or an organisation can make in time: so much a day, after ``lead_h`` hours."""

    depot_code: Annotated[str | None, Column(("储备点", "仓库编号"))] = None
    organisation_code: Annotated[str | None, Column(("企业编号",))] = None
    item_code: ItemCode
    per_day: Annotated[float, Column(("日产量", "每日产能"), least=0)]
    unit: Annotated[str, Column(("单位",))]
    lead_h: Annotated[float, Column(("启动时间", "转产时间"), least=0)] = 0.0

    def __post_init__(self) -> None:
        """Refuse two makers, or none, and an output of nothing."""
        need_one_of(self, "depot_code", "organisation_code")
        need_more_than_nothing(self, "per_day")


@dataclass(frozen=True, kw_only=True)
class SupplyAgreement(Record):
    """That an enterprise supplies so much, to a depot or on call."""

    organisation_code: Annotated[str, Column(("单位编号",))]
    depot_code: Annotated[str | None, Column(("储备点", "仓库编号"))] = None
    item_code: ItemCode
    quantity: Annotated[float, Column(("协议数量",), least=0)]
    unit: Annotated[str, Column(("单位",))]
    agreed_from: Annotated[date, Column(("起始日期", "签订日期"))]
    agreed_to: Annotated[date | None, Column(("截止日期", "到期日期"))] = None
    document: Annotated[str | None, Column(("协议编号",))] = None

    def __post_init__(self) -> None:
        """Refuse an end before the start, and an agreement on nothing."""
        need_order(self, "agreed_from", "agreed_to")
        need_more_than_nothing(self, "quantity")
