"""What goods are called, what does instead of them, and what kits are made of."""

from dataclasses import dataclass
from typing import Annotated

from geoservice.registry.records.record import ITEM_CODE, Column, ItemCode, Record, Text
from geoservice.registry.records.rules import need_difference, need_more_than_nothing

# Two codes in one record: "the item code" is neither's name.
_AnItem = Annotated[str, Column(pattern=ITEM_CODE)]


@dataclass(frozen=True, kw_only=True)
class Goods(Record):
    """Goods, or a class of them, by their code of GB/T 38565; provisional until verified."""

    code: ItemCode
    unit: Annotated[str | None, Column(("单位",))] = None
    pieces: Annotated[int | None, Column(("件数", "装量"), least=1)] = None
    is_verified: Annotated[bool, Column()] = False


@dataclass(frozen=True, kw_only=True)
class GoodsSubstitute(Record):
    """That ``ratio`` units of one thing do what one unit of another does."""

    for_code: _AnItem
    by_code: _AnItem
    ratio: Annotated[float, Column(("比例", "替代比例"), least=0)]
    remark: Text = None
    is_verified: Annotated[bool, Column()] = False

    def __post_init__(self) -> None:
        """Refuse a thing instead of itself, and a ratio of nothing."""
        need_difference(self, "for_code", "by_code")
        need_more_than_nothing(self, "ratio")


@dataclass(frozen=True, kw_only=True)
class GoodsKit(Record):
    """That a kit holds so much of one part."""

    kit_code: _AnItem
    part_code: _AnItem
    quantity: Annotated[float, Column(("数量",), least=0)]
    remark: Text = None
    is_verified: Annotated[bool, Column()] = False

    def __post_init__(self) -> None:
        """Refuse a kit that is its own part, and a part of nothing."""
        need_difference(self, "kit_code", "part_code")
        need_more_than_nothing(self, "quantity")
