"""What people say of a place: clearances and arguments, a planner's word, and what nobody said."""

from shapely import MultiPolygon

from geoservice.minewater.inputs import ZONES, Argument, Clearance, Domain, Override, Zone
from geoservice.minewater.results import Evidence, Note
from geoservice.minewater.setting import HAZARD_OF, Setting, named
from geoservice.texts import Text

_NAMES: dict[Domain, tuple[str, str]] = {
    "surface": ("地表水", "surface water"),
    "roof": ("顶板水", "roof water"),
    "floor": ("底板水", "floor water"),
    "goaf": ("老空水", "goaf water"),
}
_ZONES: dict[Zone, str] = {"workable": "可采区", "slow_mining": "缓采区", "no_mining": "禁采区"}


def clearance_evidence(setting: Setting) -> list[Evidence]:
    """Return where a document clears surface, roof or goaf water; the floor is by F6 alone."""
    found = []
    for clearance in setting.shapes(Clearance):
        if clearance.document and clearance.domain != "floor":
            found.append(_cleared(clearance, clearance.domain, clearance.document, setting))
    for argument in setting.shapes(Argument):
        for domain in sorted(argument.domains - {"floor"}):
            if argument.is_approved:
                document = argument.document or argument.code
                found.append(_cleared(argument, domain, document, setting))
    return found


def clearance_notes(setting: Setting) -> list[Note]:
    """Return the clearances that clear nothing, and why."""
    notes = []
    for clearance in setting.shapes(Clearance):
        if clearance.domain == "floor":
            text = Text(
                zh=f"{clearance.code}：底板水须以突水系数与论证判定，不以排除文件判定",
                en=f"{clearance.code}: floor water goes by its coefficient and an argument, not "
                "by a clearance",
            )
            notes.append(Note("FLOOR_CLEARANCE", text, where=clearance.geom))
        elif not clearance.document:
            text = Text(
                zh=f"{clearance.code} 无文件，不作为可采依据",
                en=f"{clearance.code} has no document and clears nothing",
            )
            notes.append(Note("NO_DOCUMENT", text, where=clearance.geom))
    return notes


def raised_evidence(setting: Setting) -> list[Evidence]:
    """Return M1 of the overrides that raise."""
    return [_override(it, setting) for it in setting.shapes(Override) if not is_lowering(it)]


def lowering_evidence(setting: Setting) -> list[tuple[Override, Evidence]]:
    """Return M1 of the overrides that lower by a conversion report."""
    lowering = [it for it in setting.shapes(Override) if is_lowering(it)]
    return [(it, _override(it, setting)) for it in lowering]


def is_lowering(override: Override) -> bool:
    """Return whether an override lowers: it has a conversion from a worse zone."""
    conversion = override.conversion
    return conversion is not None and _rank(conversion.from_zone) > _rank(override.zone)


def nothing_said(domain: Domain) -> Evidence:
    """Return NO_EVIDENCE of a domain: slow mining, of the floor no mining."""
    zone: Zone = "no_mining" if domain == "floor" else "slow_mining"
    zh, en = _NAMES[domain]
    reason = Text(
        zh=f"{zh}：无任何依据，按{_ZONES[zone]}处理",
        en=f"{en}: nothing is known, so {zone.replace('_', ' ')}",
    )
    hazard = HAZARD_OF[domain]
    return Evidence("NO_EVIDENCE", zone, domain, MultiPolygon(), reason, hazard)


def _rank(zone: Zone) -> int:
    return ZONES.index(zone)


def _cleared(
    shape: Clearance | Argument, domain: Domain, document: str, setting: Setting
) -> Evidence:
    zh, en = _NAMES[domain]
    reason = Text(zh=f"{zh}已查明无威胁或已消除（{document}）",
                  en=f"{en} was shown to be no threat ({document})")  # fmt: skip
    geom = setting.around(shape.geom, 0.0)
    inputs = (named(shape), f"document:{document}")
    return Evidence("CLEARANCE", "workable", domain, geom, reason, HAZARD_OF[domain], inputs)


def _override(override: Override, setting: Setting) -> Evidence:
    zone, conversion = override.zone, override.conversion
    zh, en = f"规划调整为{_ZONES[zone]}", f"planner: {zone.replace('_', ' ')}"
    inputs: tuple[str, ...] = (named(override),)
    if conversion is not None:
        zh += f"（转换报告 {conversion.document}）"
        en += f" (conversion report {conversion.document})"
        inputs += (f"document:{conversion.document}",)
    reason = Text(zh=f"{zh}：{override.reason}", en=f"{en}: {override.reason}")
    return Evidence("M1", zone, None, setting.around(override.geom, 0.0), reason, None, inputs)
