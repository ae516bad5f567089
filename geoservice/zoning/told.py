"""Zones as tables at the terminal."""

from collections.abc import Iterable, Sequence
from typing import Any

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from geoservice.zoning.comparing import Transition
from geoservice.zoning.machine import label, steps_from
from geoservice.zoning.may import Answer
from geoservice.zoning.records import Version
from geoservice.zoning.rulesets import KeptRuleSet
from geoservice.zoning.versions import Why
from geoservice.zoning.words import EN, ZH


def show_table(heads: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    """Print a table; every value is text."""
    table = Table(*heads)
    for row in rows:
        table.add_row(*(escape("" if cell is None else str(cell)) for cell in row))
    Console().print(table)


def show_versions(found: Sequence[Version]) -> None:
    """Print versions, one a row."""
    heads = ("序号 · id", "矿井 · mine", "煤层 · seam", "版 · no.", "状态 · state",
             "划定 · zoned", "规则集 · rules", "可采 · W ha", "缓采 · S", "禁采 · N")  # fmt: skip
    show_table(heads, (_row(it) for it in found))


def _row(it: Version) -> tuple[object, ...]:
    area = {row["zone"]: f"{row['area_m2'] / 1e4:,.2f}" for row in it.areas}
    zones = (area.get(zone, "0") for zone in ("workable", "slow_mining", "no_mining"))
    rules = f"{it.ruleset} ({it.ruleset_no})"
    return (it.id, it.mine, it.seam, it.no, _state(it), it.zoned_on, rules, *zones)


def show_version(it: Version) -> None:
    """Print a version: what it is, its areas, notes, who moved it, which steps it has."""
    console = Console(soft_wrap=True)
    console.print(f"[bold]{escape(it.code)}[/] {escape(it.name)}  #{it.id}  {_state(it)}")
    console.print(
        f"规则集 · rules: {it.ruleset} ({it.ruleset_no})   划定 · zoned: {it.zoned_on}   "
        f"未核实参数 · unverified: {len(it.unverified)}"
    )
    total = sum(float(row["area_m2"]) for row in it.areas) or 1.0
    show_table(
        ("分区 · zone", "公顷 · ha", "%", "水害 · hazards"),
        ((f"{ZH[row['zone']]} {EN[row['zone']]}", f"{row['area_m2'] / 1e4:,.4f}",
          f"{100 * row['area_m2'] / total:.2f}", ", ".join(row["water_hazards"]))
         for row in it.areas),
    )  # fmt: skip
    for note in it.notes:
        mark = "! " if note.get("is_flag") else "  "
        console.print(escape(f"{mark}{note['zh']} · {note['en']}"))
    people = {
        "编制 · drawn": "、".join(it.drawn_by), "提交 · submitted": it.submitted_by,
        "审查 · checked": it.checked_by, "批准 · approved": it.approval_signer,
        "文件 · document": it.approval_doc, "备案 · filed": it.filed_by,
        "施行 · enforced": it.enforced_by, "终止 · ended": it.end_reason,
    }  # fmt: skip
    console.print(escape("   ".join(f"{name}: {who}" for name, who in people.items() if who)))
    steps = steps_from(it.state)
    told = "、".join(f"{label(step)} {step}" for step in steps) or "无 · none"
    console.print(f"可用步骤 · steps: {told}", style="dim")


def show_why(it: Why) -> None:
    """Print why a place has its zone."""
    console = Console(soft_wrap=True)
    console.print(f"[bold]{ZH[it.zone]} · {EN[it.zone]}[/]   推导 · derived: {ZH[it.derived_zone]}")
    for one in it.evidence:
        console.print(escape(f"{one.rule:12} {ZH[one.zone]}  {one.reason_zh} · {one.reason_en}"))
    for word in it.overrides:
        said = f"{'M1':12} {ZH[word.zone]}  {word.reason}（{word.created_by}）"
        console.print(escape(said))


def show_comparison(found: Sequence[Transition]) -> None:
    """Print what became what."""
    show_table(
        ("由 · from", "至 · to", "m²", "公顷 · ha"),
        ((_zone(it.before), _zone(it.after), f"{it.area_m2:,.2f}", f"{it.area_m2 / 1e4:,.4f}")
         for it in found),
    )  # fmt: skip


def show_may(it: Answer) -> None:
    """Print whether something may be done, and every part."""
    console = Console(soft_wrap=True)
    colour = "green" if it.verdict == "allowed" else "red"
    console.print(f"[bold {colour}]{escape(it.text.zh)} · {escape(it.text.en)}[/]")
    show_table(
        ("矿井 · mine", "煤层 · seam", "分区 · zone", "m², m", "结论 · verdict"),
        ((one.mine, one.seam, _zone(one.zone), "" if one.amount is None else f"{one.amount:,.2f}",
          one.text.zh) for one in it.parts),
    )  # fmt: skip
    for version in it.versions:
        told = f"依据 · by: {version.code}（{version.ruleset}，{version.zoned_on}）"
        console.print(f"{escape(told)}  未核实参数 · unverified: {len(version.unverified)}")


def show_rulesets(found: Sequence[KeptRuleSet]) -> None:
    """Print rule sets, one a row."""
    show_table(
        ("编号 · code", "版 · no.", "现行 · current", "参数 · parameters", "未核实 · unverified",
         "名称 · name", "何人 · by"),
        ((it.code, it.no, "是 · yes" if it.is_current else "", len(it.params),
          len(it.unverified), it.name, it.created_by) for it in found),
    )  # fmt: skip


def show_parameters(it: KeptRuleSet) -> None:
    """Print the parameters of a rule set."""
    show_table(
        ("参数 · parameter", "值 · value", "单位 · unit", "核实 · verified", "来源 · source"),
        ((name, _value(one), one["unit"], "是 · yes" if one["is_verified"] else "否 · no",
          one["source"]) for name, one in sorted(it.params.items())),
    )  # fmt: skip


def _value(one: dict[str, Any]) -> object:
    value = one["value"]
    return ", ".join(map(str, value)) if isinstance(value, list) else value


def _zone(zone: str | None) -> str:
    return "—" if zone is None else f"{ZH[zone]} {EN[zone]}"


def _state(it: Version) -> str:
    return f"{label(it.state)} {it.state}"
