"""Where material is kept, and what lies there."""

from dataclasses import dataclass
from datetime import date
from typing import Annotated

from shapely.geometry.base import BaseGeometry

from geoservice.registry.records.record import Column, Phone, Record, Text


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
    item_code: Annotated[str, Column(("物资代码",), pattern=r"[1-3]([0-9]{2}){0,3}")]
    quantity: Annotated[float, Column(("库存", "库存数量"), least=0)]
    unit: Annotated[str, Column(("单位",))]
    batch: Annotated[str | None, Column(("批号",))] = None
    expires_on: Annotated[date | None, Column(("有效期", "到期日"))] = None
    min_reserve: Annotated[float, Column(("最低储备", "最低库存"), least=0)] = 0.0
