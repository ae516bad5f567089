"""A version as a printed sheet, PDF or PNG: what is on it, in whose words."""

import io
from datetime import datetime
from typing import Literal

from geoservice.db import Connection, district_zone
from geoservice.errors import ConflictError
from geoservice.publish.catalog import LayerDef
from geoservice.zoning.machine import label
from geoservice.zoning.paper import draw
from geoservice.zoning.plane import district_plane
from geoservice.zoning.printed import Area, Sheet
from geoservice.zoning.records import Version
from geoservice.zoning.versions import zones_of
from geoservice.zoning.words import EN, ZH

Format = Literal["pdf", "png"]
Size = Literal["A3", "A4"]
MEDIA_TYPES = {"pdf": "application/pdf", "png": "image/png"}
HAZARDS = {
    "SW": "地表水", "RW": "顶板水", "FW": "底板水", "GW": "老空水", "FT": "断层水",
    "CC": "陷落柱水", "BH": "钻孔水",
}  # fmt: skip
_DPI = 200


def print_sheet(
    conn: Connection, version: Version, layer: LayerDef, *, form: Format, size: Size, at: datetime
) -> bytes:
    """Return the sheet of a version as a file.

    Parameters
    ----------
    layer
        `mine_water_zones`, whose colours the map has.
    at
        When it is printed.

    Raises
    ------
    ConflictError
        It has no zones.
    NoPdfError
        No font of this machine has Chinese.
    """
    figure = draw(sheet_of(conn, version, layer, at=at), size)
    stream = io.BytesIO()
    figure.savefig(stream, format=form, dpi=_DPI, metadata={"Title": version.name})
    return stream.getvalue()


def sheet_of(conn: Connection, version: Version, layer: LayerDef, *, at: datetime) -> Sheet:
    """Return what is printed of a version."""
    plane = district_plane(conn)
    zones = zones_of(conn, version)
    if not zones:
        raise ConflictError(f"{version.code} has no zones", zh=f"{version.code} 没有分区")
    areas = tuple(
        Area(it.zone, f"{ZH[it.zone]} {EN[it.zone]}", plane.metres(it.geom),
             layer.codes["zone"][it.zone].colour or "#777777",
             _label(version, it.zone, it.water_hazards))
        for it in zones
    )  # fmt: skip
    shown = at.astimezone(district_zone(conn))
    return Sheet(
        title=f"{version.mine} {version.seam} 煤层水害三区划分图",
        subtitle=f"Mine-water zones, seam {version.seam} · {version.code} · "
        f"{label(version.state)} {version.state}",
        areas=areas,
        rows=_rows(version),
        facts=_facts(version, plane.crs.name, shown),
        signatures=_signatures(version),
        banner=_banner(version),
    )


def _label(version: Version, zone: str, hazards: list[str]) -> str:
    words = "、".join(HAZARDS[it] for it in HAZARDS if it in hazards)
    return "\n".join(it for it in (ZH[zone], words, str(version.zoned_on)) if it)


def _rows(version: Version) -> tuple[tuple[str, str, str], ...]:
    total = sum(float(it["area_m2"]) for it in version.areas)
    rows = [
        (f"{ZH[it['zone']]} {EN[it['zone']]}", f"{it['area_m2'] / 1e4:,.4f}",
         f"{100 * it['area_m2'] / total:.2f}")
        for it in version.areas
    ]  # fmt: skip
    return (*rows, ("合计 · total", f"{total / 1e4:,.4f}", "100.00"))


def _facts(version: Version, plane: str, printed: datetime) -> tuple[tuple[str, str], ...]:
    since = version.effective_from and version.effective_from.astimezone(printed.tzinfo)
    rules = f"{version.ruleset} 第 {version.ruleset_no} 版 {version.ruleset_name}"
    unsure = len(version.unverified)
    return (
        ("坐标系 CRS", plane),
        ("划定日期 zoned", str(version.zoned_on)),
        ("版本 version", f"{version.code}（第 {version.no} 版）"),
        ("规则集 rules", rules),
        ("未核实 unverified", f"{unsure} 个参数未见官方文本 · {unsure} parameters"),
        ("施行 in force", f"{since:%Y-%m-%d %H:%M %Z}" if since else "未施行 · not in force"),
        ("图形摘要 hash", (version.zones_hash or "")[:16]),
        ("打印时间 printed", f"{printed:%Y-%m-%d %H:%M %Z}"),
    )


def _signatures(version: Version) -> tuple[str, ...]:
    approved = "________"
    if version.approval_doc:
        approved = f"{version.approval_signer} {version.approval_on}（{version.approval_doc}）"
    return (
        f"编制 drawn: {'、'.join(version.drawn_by) or '________'}",
        f"审查 checked: {version.checked_by or '________'}",
        f"批准（企业总工程师）approved: {approved}",
        f"备案 filed: {version.filed_by or '________'}",
    )


def _banner(version: Version) -> str | None:
    said = []
    if version.is_demo:
        said.append("演示数据，并非真实 · demonstration")
    if version.state != "effective":
        said.append(f"{label(version.state)}，未施行 · {version.state}, not in force")
    return "；".join(said) or None
