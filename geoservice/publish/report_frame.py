"""What stands around the situation map: title, time, source, CRS, level, legend, notes (pure)."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from geoservice.publish.escaping import escaped
from geoservice.publish.report_layers import DrawnLayer
from geoservice.publish.report_symbols import hatch_svg, look_of, swatch_svg
from geoservice.publish.secrecy import SECRECY_CODES
from geoservice.publish.styles import legend_of


def title_of(district: str) -> str:
    """Return the page's title."""
    return f"{district}应急态势图"


def frame_html(district: str, drawn: Sequence[DrawnLayer], at: datetime) -> str:
    """Return the header, the legend and the notes; ``at`` is when the rows were read."""
    legends = "".join(_legend(one) for one in reversed(drawn))
    notes = "".join(f"<li>{escaped(note)}</li>" for note in _notes(drawn))
    return (
        f"<header><h1>{escaped(title_of(district))}</h1><p>{_facts(drawn, at)}</p></header>"
        f"<aside>{hatch_svg(one.layer for one in drawn)}<h2>图例 Legend</h2>{legends}"
        f'<ul class="notes">{notes}</ul></aside>'
    )


def _facts(drawn: Sequence[DrawnLayer], at: datetime) -> str:
    facts = {
        "时间 Time": at.isoformat(sep=" ", timespec="minutes"),
        "来源 Source": _sources(drawn),
        "坐标系 CRS": "CGCS2000（EPSG:4490），网络墨卡托显示",
        "密级 Level": SECRECY_CODES[_level(drawn)]["zh"],
    }
    return " · ".join(f"{escaped(name)}：<b>{escaped(value)}</b>" for name, value in facts.items())


def _sources(drawn: Iterable[DrawnLayer]) -> str:
    demo = any(one.layer_has_demo for one in drawn)
    return "应急资源数据库（含演示数据，非真实地点）" if demo else "应急资源数据库"


def _level(drawn: Iterable[DrawnLayer]) -> str:
    """Return the highest level of any row that is on the map."""
    there = {level for one in drawn for level in one.levels}
    return next((level for level in reversed(SECRECY_CODES) if level in there), "public")


def _legend(one: DrawnLayer) -> str:
    title = one.layer.title
    head = f"<h3>{escaped(title.zh)} <small>{escaped(title.en)} {len(one.rows)}</small></h3>"
    entries = [
        f"<li>{swatch_svg(look_of(entry))}<span>{escaped(entry['zh'])} "
        f"<small>{escaped(entry['en'])}</small></span></li>"
        for entry in legend_of(one.layer)["entries"]
        if one.has_class(entry["value"])
    ]
    return f"<section>{head}<ul>{''.join(entries)}</ul></section>"


def _notes(drawn: Iterable[DrawnLayer]) -> list[str]:
    notes = ["图形按约 1 米简化。 Shapes are simplified to about 1 m."]
    for one in drawn:
        if one.left_out:
            notes.append(
                f"{one.layer.title.zh}：共 {one.total} 个，图上仅绘 {len(one.rows)} 个"
                f"（按图例次序）。 {one.layer.title.en}: {len(one.rows)} of {one.total} are drawn."
            )
        if one.placeless:
            notes.append(
                f"{one.layer.title.zh}：{one.placeless} 个没有图形。 "
                f"{one.layer.title.en}: {one.placeless} have no place."
            )
    return notes
