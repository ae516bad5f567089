"""What floods are measured against: bridge decks, and villages below flash floods."""

from dataclasses import dataclass
from typing import Annotated

from shapely.geometry.base import BaseGeometry

from geoservice.errors import InputError
from geoservice.registry.records.record import Column, Phone, Record, Text

HeightDatum = Annotated[str, Column(("高程系", "高程系统"), words={"1985": ("1985国家高程基准",)})]
_GRADE_WORDS = {
    "extreme": ("极高", "极高危险"),
    "high": ("高", "高危险"),
    "danger": ("危险", "危险级"),
}
_SPANS = ("30min", "1h", "3h", "6h", "24h")
Rain = Annotated[float | None, Column(least=0.1)]


@dataclass(frozen=True, kw_only=True)
class BridgeDeck(Record):
    """How high the road on a bridge is, or the lowest point of one through a tunnel."""

    deck_m: Annotated[float, Column(("桥面标高", "高程"))]
    height_datum: HeightDatum
    geom: BaseGeometry


@dataclass(frozen=True, kw_only=True)
class FloodGauge(Record):
    """A sensor whose level puts the flood zone of its water in force."""

    sensor_code: Annotated[str, Column(("水位站编号", "测站编码"))]
    family: Annotated[str, Column(("水体", "河流"))]
    height_datum: HeightDatum
    zero_m: Annotated[float, Column(("零点高程", "水尺零点"))]
    from_m: Annotated[float, Column(("警戒水位", "出槽水位"))]
    clear_margin_m: Annotated[float, Column(("回差",), least=0)] = 0.1


@dataclass(frozen=True, kw_only=True)
class FlashVillage(Record):
    """A settlement that flash floods reach, and from which rain or stage on people leave."""

    settlement_code: Annotated[str, Column(("村编号", "居民点编码"))]
    sensor_code: Annotated[str | None, Column(("雨量站编号", "水位站编号"))] = None
    grade: Annotated[str, Column(("危险区等级", "级别"), words=_GRADE_WORDS)]
    return_period_y: Annotated[float | None, Column(("重现期",), least=0.01)] = None
    prepare_30min_mm: Rain = None
    prepare_1h_mm: Rain = None
    prepare_3h_mm: Rain = None
    prepare_6h_mm: Rain = None
    prepare_24h_mm: Rain = None
    transfer_30min_mm: Rain = None
    transfer_1h_mm: Rain = None
    transfer_3h_mm: Rain = None
    transfer_6h_mm: Rain = None
    transfer_24h_mm: Rain = None
    prepare_stage_m: Annotated[float | None, Column(("准备转移水位",))] = None
    transfer_stage_m: Annotated[float | None, Column(("立即转移水位",))] = None
    contact: Annotated[str | None, Column(("责任人", "联系人"))] = None
    phone: Phone = None
    remark: Text = None
    is_verified: Annotated[bool, Column()] = False
    geom: BaseGeometry

    def __post_init__(self) -> None:
        """Refuse to let people go before they are told to get ready."""
        for name in (*(f"{{}}_{span}_mm" for span in _SPANS), "{}_stage_m"):
            ready, go = (getattr(self, name.format(it)) for it in ("prepare", "transfer"))
            if ready is not None and go is not None and go < ready:
                field = name.format("transfer")
                raise InputError(
                    f"{field} {go:g} is below {name.format('prepare')} {ready:g}",
                    zh=f"立即转移指标 {go:g} 低于准备转移指标 {ready:g}",
                    where=field,
                )
