"""The evidence report of a version: every reason, every parameter, who did what; HTML and CSV."""

import csv
import io
import json
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from geoservice.db import Connection
from geoservice.publish.escaping import escaped, harmless
from geoservice.publish.html.frame import table
from geoservice.zoning.machine import label
from geoservice.zoning.plane import district_plane
from geoservice.zoning.records import EvidenceRow, OverrideRow, Version
from geoservice.zoning.versions import evidence_of, overrides_of
from geoservice.zoning.words import EN, ZH

DOMAINS = {"surface": "地表水", "roof": "顶板水", "floor": "底板水", "goaf": "老空水"}
HEADS = (
    "no", "rule", "domain", "zone", "zone_zh", "reason_zh", "reason_en", "inputs", "parameters",
    "area_m2", "by", "at",
)  # fmt: skip
_STYLE = (
    "body{font:14px/1.5 'Noto Sans CJK SC','Microsoft YaHei',sans-serif;margin:2em;color:#111}"
    "table{border-collapse:collapse;width:100%;margin:0 0 1.5em}"
    "th,td{border:1px solid #999;padding:3px 6px;text-align:left;vertical-align:top}"
    "th{background:#eee}@media print{body{margin:0}tr{break-inside:avoid}}"
)


@dataclass(frozen=True)
class Report:
    """A version with all that its report tells; areas in square metres of the district's plane."""

    version: Version
    evidence: list[EvidenceRow]
    overrides: list[OverrideRow]
    areas_m2: dict[int, float]
    override_areas_m2: dict[int, float]


def read_report(conn: Connection, version: Version) -> Report:
    """Return what a version's report tells."""
    plane = district_plane(conn)
    evidence, words = evidence_of(conn, version), overrides_of(conn, version)
    return Report(
        version, evidence, words,
        {it.no: float(plane.metres(it.geom).area) for it in evidence},
        {it.id: float(plane.metres(it.geom).area) for it in words},
    )  # fmt: skip


def report_csv(told: Report) -> str:
    """Return the reasons as a table, with a byte-order mark for spreadsheets."""
    text = io.StringIO()
    writer = csv.DictWriter(text, HEADS, restval="")
    writer.writeheader()
    for row in _rows(told):
        writer.writerow({name: harmless(value) for name, value in row.items()})
    return "\ufeff" + text.getvalue()


def _rows(told: Report) -> Iterable[dict[str, object]]:
    for it in told.evidence:
        yield {
            "no": it.no, "rule": it.rule, "domain": it.domain, "zone": it.zone,
            "zone_zh": ZH[it.zone], "reason_zh": it.reason_zh, "reason_en": it.reason_en,
            "inputs": "; ".join(it.inputs), "parameters": _values(it.parameters),
            "area_m2": round(told.areas_m2[it.no], 2),
        }  # fmt: skip
    for word in told.overrides:
        yield {
            "no": f"M{word.id}", "rule": "M1", "zone": word.zone, "zone_zh": ZH[word.zone],
            "reason_zh": word.reason, "reason_en": word.reason,
            "inputs": word.conversion_doc or "",
            "area_m2": round(told.override_areas_m2[word.id], 2), "by": word.created_by,
            "at": word.created_at.isoformat(timespec="seconds"),
        }  # fmt: skip


def report_html(told: Report) -> str:
    """Return the report as one page that needs nothing else; every value stands in it as text."""
    it = told.version
    title = f"{it.mine} {it.seam} 煤层三区划分依据 · evidence of the mine-water zones"
    parts = [
        f"<h1>{escaped(title)}</h1>",
        _section("版本 · version", ("", ""), _facts(it)),
        _section("面积 · areas", ("分区 · zone", "水害 · hazards", "m²"), _areas(it)),
        _section("提示 · notes", ("", "中文", "English"), _notes(it)),
        _section(
            "依据 · evidence",
            ("#", "规则 · rule", "来源 · domain", "分区 · zone", "理由 · reason", "资料 · inputs",
             "参数 · parameters", "m²"),
            _evidence(told),
        ),
        _section(
            "参数 · parameters",
            ("参数 · parameter", "值 · value", "单位 · unit", "来源 · source", "核实 · verified"),
            _parameters(it),
        ),
        _section("经过 · steps", ("步骤 · step", "何人 · who", "时间 · when"), _steps(it)),
    ]  # fmt: skip
    return (
        '<!DOCTYPE html><html lang="zh"><head><meta charset="utf-8">'
        f"<title>{escaped(title)}</title><style>{_STYLE}</style></head>"
        f"<body>{''.join(parts)}</body></html>"
    )


def _section(title: str, heads: tuple[str, ...], rows: Iterable[tuple[object, ...]]) -> str:
    cells = [[escaped(cell) for cell in row] for row in rows]
    if not cells:
        return ""
    return f"<h2>{escaped(title)}</h2>{table([escaped(head) for head in heads], cells)}"


def _facts(it: Version) -> list[tuple[object, ...]]:
    return [
        ("编号 · code", it.code),
        ("状态 · state", f"{label(it.state)} {it.state}"),
        ("划定日期 · zoned on", it.zoned_on),
        ("规则集 · rule set", f"{it.ruleset} 第 {it.ruleset_no} 版 {it.ruleset_name}"),
        ("规则来源 · source of the rules", it.ruleset_source),
        ("施行 · in force", f"{it.effective_from or '—'} / {it.effective_to or '—'}"),
        ("批准文件 · approval", " ".join(str(n) for n in (
            it.approval_doc, it.approval_signer, it.approval_on) if n) or "—"),
        ("矿区面积 · area of the mine", f"{it.mine_area_m2 or 0:.3f} m²"),
        ("输入摘要 · hash of the inputs", it.inputs_hash),
        ("推导图形摘要 · hash as derived", it.geom_hash),
        ("保存图形摘要 · hash as stored", it.zones_hash),
        ("程序 · program", f"{it.code_version}, GEOS {it.geos_version}"),
        ("资料 · inputs", ", ".join(map(str, it.inputs))),
    ]  # fmt: skip


def _areas(it: Version) -> list[tuple[object, ...]]:
    return [
        (f"{ZH[row['zone']]} {EN[row['zone']]}", ", ".join(row["water_hazards"]),
         f"{row['area_m2']:,.3f}")
        for row in it.areas
    ]  # fmt: skip


def _notes(it: Version) -> list[tuple[object, ...]]:
    return [("!" if note.get("is_flag") else "", note["zh"], note["en"]) for note in it.notes]


def _evidence(told: Report) -> list[tuple[object, ...]]:
    rows: list[tuple[object, ...]] = [
        (it.no, it.rule, DOMAINS.get(it.domain or "", ""), f"{ZH[it.zone]} {EN[it.zone]}",
         f"{it.reason_zh} · {it.reason_en}", ", ".join(it.inputs), _values(it.parameters),
         f"{told.areas_m2[it.no]:,.2f}")
        for it in told.evidence
    ]  # fmt: skip
    words: list[tuple[object, ...]] = [
        (f"M{it.id}", "M1", "", f"{ZH[it.zone]} {EN[it.zone]}",
         f"{it.reason}（{it.created_by}）", it.conversion_doc or "", "",
         f"{told.override_areas_m2[it.id]:,.2f}")
        for it in told.overrides
    ]  # fmt: skip
    return rows + words


def _parameters(it: Version) -> list[tuple[object, ...]]:
    return [
        (f"{one.get('zh', name)} {name}", _value(one["value"]), one["unit"], one["source"],
         "是 · yes" if one["is_verified"] else "否 · no")
        for name, one in sorted(it.parameters.items())
    ]  # fmt: skip


def _steps(it: Version) -> list[tuple[object, ...]]:
    rows = (
        ("推导、编制 · drawn", "、".join(it.drawn_by), it.created_at),
        ("提交 · submitted", it.submitted_by, it.submitted_at),
        ("审查 · checked", it.checked_by, it.checked_at),
        ("登记批准 · approval recorded", it.approved_by, it.approved_at),
        ("备案 · filed", it.filed_by, it.filed_at),
        ("施行 · put into force", it.enforced_by, it.enforced_at),
        (f"终止 · ended {it.end_reason or ''}", it.ended_by, it.ended_at),
    )
    return [row for row in rows if row[1]]


def _values(parameters: dict[str, Any]) -> str:
    return "; ".join(f"{name}={_value(it)}" for name, it in sorted(parameters.items()))


def _value(value: object) -> str:
    return json.dumps(value, ensure_ascii=False) if isinstance(value, list | dict) else str(value)
