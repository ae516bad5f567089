"""What every register has: the common columns, and what is known of a column."""

from collections.abc import Mapping
from dataclasses import dataclass
from dataclasses import field as _field
from datetime import date
from typing import Annotated


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


GRADE_WORDS = {
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
Secrecy = Annotated[str, Column(("公开程度",))]
Grade = Annotated[str, Column(("级别", "风险级别", "等级"), words=GRADE_WORDS)]
MaybeGrade = Annotated[str | None, Column(("级别", "风险级别", "等级"), words=GRADE_WORDS)]
ITEM_CODE = r"[1-3]([0-9]{2}){0,3}"  # GB/T 38565
ItemCode = Annotated[str, Column(("物资代码",), pattern=ITEM_CODE)]
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
