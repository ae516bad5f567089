"""Where people live."""

from dataclasses import dataclass
from typing import Annotated

from shapely.geometry.base import BaseGeometry

from geoservice.errors import InputError
from geoservice.registry.records.record import Column, Phone, Record, Text

_WORDS = {
    "village": ("村", "建制村"),
    "hamlet": ("自然庄",),
    "community": ("居委会", "社区居委会"),
    "compound": ("住宅小区", "家属院"),
    "institution": ("学校", "医院", "养老院", "养老机构"),
}
_MOST = 10_000_000


@dataclass(frozen=True, kw_only=True)
class Settlement(Record):
    """So many people at a place, without those of parts that are registered on their own."""

    kind: Annotated[str, Column(("居民点类型", "类别"), words=_WORDS)]
    population: Annotated[
        int | None, Column(("人口数", "总人口", "常住人口", "人数"), least=0, below=_MOST)
    ] = None
    households: Annotated[int | None, Column(("户数（户）",), least=0, below=_MOST)] = None
    vulnerable: Annotated[
        int | None, Column(("老弱病残人数", "需转移协助人数"), least=0, below=_MOST)
    ] = None
    contact: Annotated[str | None, Column(("负责人", "村主任", "网格员"))] = None
    phone: Phone = None
    address: Text = None
    remark: Annotated[str | None, Column(("说明",))] = None
    geom: BaseGeometry

    def __post_init__(self) -> None:
        """Refuse more people who need help than there are people."""
        if (
            self.vulnerable is not None
            and self.population is not None
            and self.vulnerable > self.population
        ):
            raise InputError(
                f"vulnerable {self.vulnerable} of a population of {self.population}: no more "
                "than that",
                zh=f"需协助转移 {self.vulnerable} 人，多于人口 {self.population} 人",
                where="vulnerable",
            )
