"""What the three zones of a seam are derived from, as `minewater/inputs.py` names it.

What is not known stays empty: a rule that needs it takes the place for the worse.
"""

from dataclasses import dataclass
from datetime import date
from typing import Annotated

from shapely.geometry.base import BaseGeometry

from geoservice.registry.records.mines import MineCode
from geoservice.registry.records.record import Column, Record, Text
from geoservice.registry.records.rules import need_unless

_LOWEST_M, _HIGHEST_M = -2000, 9000
_MOST_MPA = 30
_DATUMS = {
    "1985": ("国家85", "1985国家高程基准", "85高程"),
    "1956": ("黄海56", "黄海高程", "1956年黄海高程系", "56黄海"),
    "EGM96": (),
    "local": ("假定高程", "独立高程"),
}
SeamCode = Annotated[str | None, Column(("煤层代码", "所属煤层编号"))]
HeightDatum = Annotated[str | None, Column(("高程系统",), words=_DATUMS)]
Pressure = Annotated[float | None, Column(("水压",), least=0, below=_MOST_MPA)]


@dataclass(frozen=True, kw_only=True)
class MineLicence(Record):
    """The area a mine may work in; ``zone_width_deg`` is that of the plane of its corner table."""

    mine_code: MineCode
    zone_width_deg: Annotated[int, Column(("分带", "带宽"), least=3, below=7)] = 3
    remark: Annotated[str | None, Column(("说明",))] = None
    geom: BaseGeometry

    def __post_init__(self) -> None:
        """Refuse zones of another width than 3 or 6 degrees."""
        need_unless(
            "zone_width_deg", is_fine=self.zone_width_deg in (3, 6),
            why=f"zones are 3 or 6 degrees wide, not {self.zone_width_deg}",
            zh=f"分带须为 3 度或 6 度，不能为 {self.zone_width_deg}",
        )  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class MineStructure(Record):
    """A fault or a collapse column; of every seam there when it names none."""

    mine_seam_code: SeamCode = None
    kind: Annotated[str, Column(("构造类型", "类别"), words={"column": ("陷落柱", "无炭柱")})]
    dip_deg: Annotated[float | None, Column(("断层倾角",), least=0, below=90.0001)] = None
    throw_m: Annotated[float | None, Column(("断距",), least=0, below=5000)] = None
    conducts: Annotated[bool | None, Column(("导水性", "导水"))] = None
    head_mpa: Pressure = None
    is_against_aquifer: Annotated[bool, Column(("对盘接触强含水层",))] = False
    remark: Annotated[str | None, Column(("说明",))] = None
    geom: BaseGeometry

    def __post_init__(self) -> None:
        """Refuse what only a fault has."""
        for field in ("dip_deg", "throw_m", "is_against_aquifer"):
            need_unless(
                field, is_fine=self.kind == "fault" or not getattr(self, field),
                why=f"only a fault has {field}", zh=f"仅断层可填写 {field}",
            )  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class MineBorehole(Record):
    """What a borehole tells of one seam; ``head_m`` is the highest of the floor aquifer."""

    mine_seam_code: SeamCode = None
    is_sealed: Annotated[bool | None, Column(("封孔合格", "封孔质量合格"))] = None
    head_mpa: Pressure = None
    head_m: Annotated[
        float | None, Column(("水头标高", "水位标高"), least=_LOWEST_M, below=_HIGHEST_M)
    ] = None
    floor_m: Annotated[float | None, Column(("底板标高",), least=_LOWEST_M, below=_HIGHEST_M)] = (
        None
    )
    aquiclude_m: Annotated[float | None, Column(("隔水层厚度",), least=0, below=1000)] = None
    seam_thickness_m: Annotated[float | None, Column(("煤厚", "见煤厚度"), least=0, below=200)] = (
        None
    )
    overburden_m: Annotated[float | None, Column(("上覆岩层厚度",), least=0, below=3000)] = None
    yield_lpsm: Annotated[float | None, Column(("单位涌水量", "q"), least=0, below=1000)] = None
    height_datum: HeightDatum = None
    remark: Annotated[str | None, Column(("说明",))] = None
    geom: BaseGeometry


@dataclass(frozen=True, kw_only=True)
class MineArea(Record):
    """Where something was treated, argued or cleared, a pillar stays, or an aquifer lies above.

    What would make a zone better names its one seam; its document counts once it is approved.
    """

    mine_seam_code: SeamCode = None
    kind: Annotated[str, Column(("类别", "区域类型"), words={"pillar": ("防水煤柱", "煤柱")})]
    domains: Annotated[tuple[str, ...], Column(("水害", "水害类别"))] = ()
    document: Annotated[str | None, Column(("文号", "报告编号"))] = None
    is_approved: Annotated[bool, Column(("已审批", "通过评审"))] = False
    approved_by: Annotated[str | None, Column(("批准人",))] = None
    approved_on: Annotated[date | None, Column(("批准日期", "审批时间"))] = None
    is_probed_clean: Annotated[bool, Column(("探测无异常",))] = False
    inrush_mpa_per_m: Annotated[float | None, Column(("治理后突水系数",), least=0, below=1)] = None
    water_body_code: Annotated[str | None, Column(("水体代码",))] = None
    yield_class: Annotated[str | None, Column(("富水性等级",))] = None
    is_loose: Annotated[bool, Column(("松散含水层",))] = False
    cover_m: Annotated[float | None, Column(("岩柱厚度",), least=0, below=3000)] = None
    remark: Annotated[str | None, Column(("说明",))] = None
    geom: BaseGeometry

    def __post_init__(self) -> None:
        """Refuse a better word without seam or document, and what only another kind has."""
        need_unless(
            "mine_seam_code",
            is_fine=self.kind in ("pillar", "roof_aquifer") or self.mine_seam_code is not None,
            why="what makes a zone better speaks of one seam: say which",
            zh="治理、论证、排除须指明煤层",
        )  # fmt: skip
        need_unless(
            "domains", is_fine=self._has_its_domains(),
            why="one of surface, roof, floor, goaf is needed; an argument may have several, "
            "an aquifer in the roof only that",
            zh="须填写一种水害类别；论证可填多种，顶板含水层只能为顶板水",
        )  # fmt: skip
        for field in ("document", "approved_by", "approved_on"):
            need_unless(
                field, is_fine=not self.is_approved or getattr(self, field) is not None,
                why="approved: by which document, whom and when is needed",
                zh="已批准的须填写文号、批准人和批准日期",
            )  # fmt: skip
        for field, kind in _OF_A_KIND.items():
            need_unless(
                field, is_fine=self.kind == kind or not getattr(self, field),
                why=f"only {kind} has {field}", zh=f"仅类型 {kind} 可填写 {field}",
            )  # fmt: skip

    def _has_its_domains(self) -> bool:
        if self.kind == "roof_aquifer":
            return set(self.domains) <= {"roof"}
        return len(self.domains) == 1 or (self.kind == "argument" and len(self.domains) > 1)


_OF_A_KIND = {
    "is_probed_clean": "argument",
    "inrush_mpa_per_m": "treatment",
    "water_body_code": "clearance",
    "yield_class": "roof_aquifer",
    "is_loose": "roof_aquifer",
    "cover_m": "roof_aquifer",
}


@dataclass(frozen=True, kw_only=True)
class MineShaft(Record):
    """A shaft collar or yard, and the highest flood level there; each level in its own datum."""

    mine_code: MineCode
    kind: Annotated[
        str, Column(("井筒类型", "类别"), words={"main": ("主井",), "air": ("回风井",)})
    ]
    collar_m: Annotated[float | None, Column(("井口高程",), least=-500, below=_HIGHEST_M)] = None
    height_datum: HeightDatum = None
    flood_level_m: Annotated[
        float | None, Column(("历史最高洪水位", "洪水位"), least=-500, below=_HIGHEST_M)
    ] = None
    flood_datum: Annotated[str | None, Column(("洪水位高程系统",), words=_DATUMS)] = None
    defence_doc: Annotated[str | None, Column(("防洪措施", "防洪文件"))] = None
    remark: Annotated[str | None, Column(("说明",))] = None
    geom: BaseGeometry


@dataclass(frozen=True, kw_only=True)
class MineHeading(Record):
    """A heading: planned, driven, stopped or done; its way may not be drawn."""

    mine_code: MineCode
    mine_seam_code: SeamCode = None
    state: Annotated[str, Column(("掘进状态",), words={"driving": ("在掘", "掘进中")})]
    started_on: Annotated[date | None, Column(("开工时间",))] = None
    remark: Text = None
    geom: BaseGeometry | None = None
