"""`geoservice zone ...`: drafts drawn and versions moved on at the command line."""

from datetime import datetime
from pathlib import Path
from typing import Annotated, cast

import typer

from geoservice.dispatch.options import JsonOption
from geoservice.incidents.said import checked
from geoservice.terminal import at_work, say_json, zone_group
from geoservice.zoning import answers, told
from geoservice.zoning.bodies import DrawnZones, OverrideBody, StepBody, Zone
from geoservice.zoning.commands import SeamOption, VersionNumber, me
from geoservice.zoning.conversions import Report, add_conversion
from geoservice.zoning.drawn_files import area_in, json_in
from geoservice.zoning.input_commands import MineOption, mine_named
from geoservice.zoning.lifecycle import Said as StepSaid
from geoservice.zoning.lifecycle import move_version
from geoservice.zoning.overrides import Said, add_override, draw_zones, remove_override
from geoservice.zoning.records import Version

Reason = Annotated[str, typer.Option(help="理由 · why")]
ZoneOption = Annotated[
    str, typer.Argument(help="workable 可采 | slow_mining 缓采 | no_mining 禁采")
]
DayOption = Annotated[datetime, typer.Option(formats=["%Y-%m-%d"], help="日期 · as 2026-11-25")]
Sha256 = Annotated[str | None, typer.Option(help="文件的 SHA-256 · of the document's file")]


def add_to(app: typer.Typer) -> None:
    """Add this area's commands."""
    group = zone_group(app)
    for name, command in (
        ("override", _override), ("take-back", _take_back), ("draw", _draw),
        ("conversion", _conversion), ("submit", _submit), ("return", _return), ("check", _check),
        ("approve", _approve), ("file", _file), ("enforce", _enforce), ("revoke", _revoke),
    ):  # fmt: skip
        group.command(name)(command)


def _override(
    version: VersionNumber,
    zone: ZoneOption,
    file: Annotated[Path, typer.Argument(help="GeoJSON 面 · an area")],
    *,
    reason: Reason,
    conversion: Annotated[int | None, typer.Option(help="转换报告序号 · its id")] = None,
    as_json: JsonOption = False,
) -> None:
    """调整一处：升级须有理由，降级须有转换报告 · raise for a reason, lower by a conversion."""
    said = checked(OverrideBody, zone=zone, geometry={}, reason=reason, conversion_id=conversion)
    word = Said(said.zone, area_in(file, "MultiPolygon"), said.reason, said.conversion_id)
    with at_work() as work:
        after = add_override(work.conn, version, word, me(), version=None)
    _tell(after, as_json=as_json)


def _take_back(
    version: VersionNumber,
    override: Annotated[int, typer.Argument(help="调整序号 · id of the override")],
    as_json: JsonOption = False,
) -> None:
    """撤回一处调整 · take an override back."""
    with at_work() as work:
        after = remove_override(work.conn, version, override, me(), version=None)
    _tell(after, as_json=as_json)


def _draw(
    version: VersionNumber,
    file: Annotated[Path, typer.Argument(help="GeoJSON，要素有 zone、reason · all zones")],
    as_json: JsonOption = False,
) -> None:
    """以绘制的三区替换 · make the zones what a file has; what differs becomes overrides."""
    body = checked(DrawnZones, **json_in(file))
    with at_work() as work:
        after = draw_zones(work.conn, version, body.said(), me(), version=None)
    _tell(after, as_json=as_json)


def _conversion(  # noqa: PLR0913  # each says one thing of the report
    mine: MineOption,
    file: Annotated[Path, typer.Argument(help="GeoJSON 面 · where it holds")],
    *,
    document: Annotated[str, typer.Option(help="报告编号 · number of the report")],
    from_zone: Annotated[str, typer.Option("--from", help="由 · from zone")],
    to_zone: Annotated[str, typer.Option("--to", help="至 · to zone")],
    signer: Annotated[str, typer.Option(help="企业总工程师 · chief engineer")],
    approved_on: DayOption,
    seam: SeamOption = None,
    sha256: Sha256 = None,
) -> None:
    """登记已批准的转换报告 · record an approved conversion report."""
    report = Report(
        document=document, name=None, from_zone=cast("Zone", from_zone),
        to_zone=cast("Zone", to_zone), signer=signer, approved_on=approved_on.date(),
        geom=area_in(file, "MultiPolygon"), sha256=sha256,
    )  # fmt: skip
    with at_work() as work:
        mine_id = mine_named(work.conn, mine)
        made = add_conversion(work.conn, report, me(), mine_id=mine_id, seam=seam)
    say_json({name: value for name, value in vars(made).items() if name != "geom"})


def _submit(version: VersionNumber, as_json: JsonOption = False) -> None:
    """提交草案 · submit a draft."""
    _step(version, "submit", StepSaid(), as_json=as_json)


def _return(version: VersionNumber, *, reason: Reason, as_json: JsonOption = False) -> None:
    """退回修改 · send it back to its drawers."""
    _step(version, "return", StepSaid(reason=reason), as_json=as_json)


def _check(version: VersionNumber, as_json: JsonOption = False) -> None:
    """审查（不得是编制人） · check it; not by who drew it."""
    _step(version, "check", StepSaid(), as_json=as_json)


def _approve(
    version: VersionNumber,
    *,
    document: Annotated[str, typer.Option(help="签批文件文号 · number of the signed document")],
    signer: Annotated[str, typer.Option(help="企业总工程师 · the company's chief engineer")],
    signed_on: DayOption,
    sha256: Sha256 = None,
    as_json: JsonOption = False,
) -> None:
    """登记矿方批准 · record the mine's approval."""
    body = checked(
        StepBody, document=document, signer=signer, signed_on=signed_on.date(), sha256=sha256
    )
    _step(version, "approve", body.said(), as_json=as_json)


def _file(version: VersionNumber, as_json: JsonOption = False) -> None:
    """备案 · file it with the district."""
    _step(version, "file", StepSaid(), as_json=as_json)


def _enforce(version: VersionNumber, as_json: JsonOption = False) -> None:
    """施行，同时取代原版本 · put it into force in place of what is."""
    _step(version, "enforce", StepSaid(), as_json=as_json)


def _revoke(version: VersionNumber, *, reason: Reason, as_json: JsonOption = False) -> None:
    """撤销 · revoke it."""
    _step(version, "revoke", StepSaid(reason=reason), as_json=as_json)


def _step(version: int, step: str, said: StepSaid, *, as_json: bool) -> None:
    with at_work() as work:
        after = move_version(work.conn, version, step, me(), version=None, said=said)
    _tell(after, as_json=as_json)


def _tell(version: Version, *, as_json: bool) -> None:
    say_json(answers.version_told(version)) if as_json else told.show_version(version)
