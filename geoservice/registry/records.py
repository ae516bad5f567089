"""The registers: one frozen dataclass each, being row type, import target and JSON body.

A field's type says what a cell must hold, its `Column` what else is known of it. What people
call a field, and the labels of its codes, come from the layer file that shows it; `Column`
names only fields that no layer shows and further names that files use.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from dataclasses import field as _field
from datetime import date, datetime
from typing import Annotated

from shapely.geometry.base import BaseGeometry

from geoservice.timezones import CHINA


@dataclass(frozen=True)
class Column:
    """What a file's column may be called, and what its values must keep to.

    Parameters
    ----------
    also
        Further names that files use; letter case, spaces and dashes do not matter.
    zh, en
        Labels of a field that no layer shows.
    pattern
        A regular expression the whole text must match.
    least, below
        The smallest number, and the number it must stay below.
    codes
        Codes with their labels (zh, en), where no layer shows the field.
    words
        Further words for a code.
    is_in_name
        Where the file lacks it, the ending of the name says it: a 镇 is a town.
    """

    also: tuple[str, ...] = ()
    zh: str = ""
    en: str = ""
    pattern: str | None = None
    least: float | None = None
    below: float | None = None
    codes: Mapping[str, tuple[str, str]] = _field(default_factory=dict)
    words: Mapping[str, tuple[str, ...]] = _field(default_factory=dict)
    is_in_name: bool = False


_SECRECY = {
    "public": ("公开", "Public"),
    "internal": ("内部", "Internal"),
    "restricted": ("受限", "Restricted"),
}
_GRADE_WORDS = {
    "red": ("红色", "Ⅰ级", "I", "1级"),
    "orange": ("橙色", "Ⅱ级", "II", "2级"),
    "yellow": ("黄色", "Ⅲ级", "III", "3级"),
    "blue": ("蓝色", "低风险", "Ⅳ级", "IV", "4级"),
}

Code = Annotated[
    str,
    Column(("代码", "编码", "adcode", "区划代码", "行政区划代码", "行政区代码", "XZQDM", "PAC")),
]
Name = Annotated[str, Column(("单位名称", "全称", "行政区名称", "XZQMC", "title"))]
TownCode = Annotated[str | None, Column(("所属乡镇代码", "乡镇编码"), pattern=r"[0-9]{9}")]
Secrecy = Annotated[str, Column(("密级", "公开程度"), "密级", "Secrecy", codes=_SECRECY)]
Grade = Annotated[str, Column(("级别", "风险级别", "等级"), words=_GRADE_WORDS)]
Text = Annotated[str | None, Column()]
Phone = Annotated[str | None, Column(("电话", "手机", "联系方式"))]


@dataclass(frozen=True, kw_only=True)
class Record:
    """The columns that every register has."""

    code: Code
    name: Name
    name_en: Annotated[str | None, Column(("英文名称",), "英文名", "English name")] = None
    org: Annotated[str | None, Column(("主管部门", "所属部门"), "主管单位", "Organisation")] = None
    town_code: TownCode = None
    secrecy: Secrecy = "internal"
    source_doc: Annotated[str, Column(("来源", "数据来源"))]
    surveyed_on: Annotated[date | None, Column(("普查日期", "核查日期"))] = None
    is_demo: Annotated[bool, Column()] = False


@dataclass(frozen=True, kw_only=True)
class District(Record):
    """The district itself: its outline, and the time it keeps (an IANA name)."""

    secrecy: Secrecy = "public"
    time_zone: Annotated[str, Column((), "时区", "Time zone")] = CHINA
    geom: BaseGeometry


@dataclass(frozen=True, kw_only=True)
class Town(Record):
    """A town, township or subdistrict; its area may not be known."""

    secrecy: Secrecy = "public"
    kind: Annotated[str, Column(("类别",), is_in_name=True)]
    geom: BaseGeometry | None = None


@dataclass(frozen=True, kw_only=True)
class WaterBody(Record):
    """A river, reservoir, lake, pond or flooded goaf."""

    secrecy: Secrecy = "public"
    kind: Annotated[
        str, Column(("类别",), words={"river": ("河", "干流", "支流"), "reservoir": ("库",)})
    ]
    geom: BaseGeometry


@dataclass(frozen=True, kw_only=True)
class HazardSource(Record):
    """What can hurt people."""

    kind: Annotated[str, Column(("类型", "行业类别"))]
    grade: Annotated[str | None, Column(("等级", "风险级别", "级别"), words=_GRADE_WORDS)] = None
    prevention_org: Annotated[str | None, Column(("监管部门", "防控单位"))] = None
    rescue_org: Annotated[str | None, Column(("救援牵头部门", "救援单位"))] = None
    address: Text = None
    remark: Annotated[str | None, Column(("说明",))] = None
    geom: BaseGeometry


@dataclass(frozen=True, kw_only=True)
class RescueTeam(Record):
    """Who comes to help, and from where."""

    tier: Annotated[
        str,
        Column(
            ("类别", "队伍性质", "队伍类型"),
            words={
                "main": ("综合", "消防"),
                "pro": ("专业",),
                "part": ("兼职",),
                "social": ("社会",),
            },
        ),
    ]
    skills: Annotated[tuple[str, ...], Column(("技能", "救援专长"))] = ()
    headcount: Annotated[int | None, Column(("队伍人数", "编制人数"), least=0)] = None
    equipment: Annotated[str | None, Column(("装备",))] = None
    leader: Annotated[str | None, Column(("队长", "联系人"))] = None
    phone: Phone = None
    status: Annotated[str, Column(("值勤状态",))] = "ready"
    mobilise_min: Annotated[float | None, Column(("出动时间",), least=0)] = None
    vehicle_class: Text = None
    geom: BaseGeometry


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

    depot_code: Annotated[str, Column(("储备点", "仓库编号"), "储备点编号", "Depot code")]
    item_code: Annotated[
        str, Column(("物资代码",), "物资编码", "Item code", pattern=r"[1-3]([0-9]{2}){0,3}")
    ]
    quantity: Annotated[float, Column(("库存", "库存数量"), "数量", "Quantity", least=0)]
    unit: Annotated[str, Column(("单位",), "计量单位", "Unit")]
    batch: Annotated[str | None, Column(("批号",), "批次", "Batch")] = None
    expires_on: Annotated[date | None, Column(("有效期", "到期日"), "有效期至", "Expires on")] = (
        None
    )
    min_reserve: Annotated[
        float, Column(("最低储备", "最低库存"), "最低储备量", "Minimum reserve", least=0)
    ] = 0.0


@dataclass(frozen=True, kw_only=True)
class DangerousSection(Record):
    """A stretch of road that hurts people."""

    secrecy: Secrecy = "public"
    road_code: Annotated[str | None, Column(("路线编码", "道路编号"))] = None
    from_m: Annotated[float | None, Column(("起点桩号", "起点"), least=0)] = None
    to_m: Annotated[float | None, Column(("止点桩号", "终点桩号", "终点"), least=0)] = None
    hazard_kinds: Annotated[tuple[str, ...], Column(("隐患类型", "类型"))] = ()
    grade: Grade
    measures: Annotated[str | None, Column(("整治措施",))] = None
    geom: BaseGeometry


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


@dataclass(frozen=True, kw_only=True)
class RoadClosure(Record):
    """A road, stretch or area that is closed or slowed for a time."""

    secrecy: Secrecy = "public"
    cause: Annotated[
        str,
        Column(("封闭原因", "类型"), words={"landslide": ("塌方", "滑坡"), "control": ("管制",)}),
    ]
    starts_at: Annotated[datetime, Column(("起始时间", "封闭时间"))]
    ends_at: Annotated[datetime | None, Column(("恢复时间", "解除时间"))] = None
    factor: Annotated[
        float, Column(("speed_factor",), "限速系数", "Share of free speed", least=0, below=1)
    ] = 0.0
    includes_structures: Annotated[bool, Column(("包含桥隧",))] = False
    geom: BaseGeometry
