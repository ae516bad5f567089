"""The vehicles that driving times are for."""

from dataclasses import dataclass
from typing import Annotated

from geoservice.registry.records.record import Column, Record


@dataclass(frozen=True, kw_only=True)
class VehicleProfile(Record):
    """Size, speed and turns of a kind of vehicle; its code is what questions name.

    Turn costs are seconds on top of the drive. Provisional until verified.
    """

    height_m: Annotated[float, Column(("车高",), least=0.5)]
    weight_t: Annotated[float, Column(("总重", "总质量"), least=0.1)]
    wading_m: Annotated[float, Column(("涉水深度",), least=0)]
    max_flow_m2s: Annotated[float, Column(("水深流速积上限",), least=0.01)] = 0.6
    carries_hazmat: Annotated[bool, Column(("危险品",))] = False
    speed_factor: Annotated[float, Column(("车速系数",), least=0.05, below=2.0)] = 1.0
    max_kph: Annotated[float, Column(("最高车速",), least=1)]
    turn_right_s: Annotated[float, Column(("右转",), least=0, below=3600)] = 0.0
    turn_left_s: Annotated[float, Column(("左转",), least=0, below=3600)] = 0.0
    turn_sharp_s: Annotated[float, Column(("急转",), least=0, below=3600)] = 0.0
    turn_back_s: Annotated[float, Column(("掉头",), least=0, below=3600)] = 0.0
    is_verified: Annotated[bool, Column()] = False
