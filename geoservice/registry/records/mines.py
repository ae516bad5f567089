"""Mines."""

from dataclasses import dataclass
from typing import Annotated

from shapely.geometry.base import BaseGeometry

from geoservice.registry.records.record import Column, Record


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
