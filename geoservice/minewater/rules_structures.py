"""What joins the seam with water: D1 faults, C1 columns, W1 boreholes, B1 and P1 pillars kept."""

from geoservice.minewater.formulas import facing_pillar_m, fault_pillar_m
from geoservice.minewater.inputs import Borehole, Column, Fault, Pillar
from geoservice.minewater.results import Evidence, Hazard, Note
from geoservice.minewater.setting import HAZARD_OF, PILLAR, Setting, named
from geoservice.texts import Text

_FAULT = ("fault_critical_mpa_per_m", "fault_belt_m", "fault_dip_deg", "movement_deg")
_BAND = ("exploration_structure_m",)


def fault_evidence(setting: Setting) -> list[Evidence]:
    """Return D1: the pillar of every fault that leads water, or may, and what is explored first."""
    found = []
    for fault in setting.shapes(Fault):
        if fault.conducts is False and not fault.is_against_aquifer:
            continue
        head = setting.head_mpa(fault.head_mpa)
        width_m = fault_width_m(fault, setting)
        told = _head(head)
        reason = Text(
            zh=f"断层 {fault.code} 防隔水煤柱 {width_m:.1f} m（{told.zh}）",
            en=f"waterproof pillar of {width_m:.1f} m along fault {fault.code} ({told.en})",
        )
        found += _pillar_and_band("D1", fault, width_m, reason, "FT", setting, _FAULT)
    return found


def fault_width_m(fault: Fault, setting: Setting) -> float:
    """Return the widest of the pillars that a fault asks for."""
    head = setting.head_mpa(fault.head_mpa) or 0.0
    dip_deg = setting.rules.number("fault_dip_deg") if fault.dip_deg is None else fault.dip_deg
    widths = [setting.pillar_m(head), fault_pillar_m(head, dip_deg, setting.rules)]
    if fault.is_against_aquifer:
        reach_m = setting.reach.value_m
        widths.append(facing_pillar_m(head, dip_deg, reach_m, setting.movement_deg, setting.rules))
    return max(widths)


def column_evidence(setting: Setting) -> list[Evidence]:
    """Return C1: the pillar of every collapse column and what is explored first beyond it."""
    found = []
    for column in setting.shapes(Column):
        head = 0.0 if column.conducts is False else setting.head_mpa(column.head_mpa)
        width_m = setting.pillar_m(head)
        told = _head(head)
        reason = Text(
            zh=f"陷落柱 {column.code} 防隔水煤柱 {width_m:.1f} m（{told.zh}）",
            en=f"waterproof pillar of {width_m:.1f} m round collapse column {column.code} "
            f"({told.en})",
        )
        found += _pillar_and_band("C1", column, width_m, reason, "CC", setting, ())
    return found


def borehole_evidence(setting: Setting) -> list[Evidence]:
    """Return W1: the pillar of every borehole that is not known to be well sealed."""
    found = []
    for hole in setting.shapes(Borehole):
        if hole.is_sealed:
            continue
        head = setting.head_mpa(hole.head_mpa)
        width_m = setting.pillar_m(head)
        told = _head(head)
        state = ("封孔质量不明", "not known to be sealed")
        if hole.is_sealed is False:
            state = ("封孔不良", "badly sealed")
        reason = Text(
            zh=f"钻孔 {hole.code} {state[0]}：防隔水煤柱 {width_m:.1f} m（{told.zh}）",
            en=f"borehole {hole.code} is {state[1]}: waterproof pillar of {width_m:.1f} m "
            f"({told.en})",
        )
        found.append(
            Evidence(
                "W1", "no_mining", "floor", setting.around(hole.geom, width_m), reason, "BH",
                (named(hole),), setting.rules.used(*PILLAR),
            )
        )  # fmt: skip
    return found


def boundary_evidence(setting: Setting) -> list[Evidence]:
    """Return B1: the pillar on this side of the mine's boundary, holes included."""
    width_m = setting.rules.number("boundary_pillar_m")
    if width_m == 0.0:
        return []
    reason = Text(zh=f"井田边界煤柱 {width_m:g} m", en=f"boundary pillar of {width_m:g} m")
    used = setting.rules.used("boundary_pillar_m", "buffer_quad_segs")
    geom = setting.around(setting.inputs.licence.boundary, width_m)
    return [Evidence("B1", "no_mining", "goaf", geom, reason, "GW", ("licence",), used)]


def pillar_evidence(setting: Setting) -> list[Evidence]:
    """Return P1: every waterproof pillar that is kept, whatever else holds there."""
    found = []
    for pillar in setting.shapes(Pillar):
        document = f"（{pillar.document}）" if pillar.document else ""
        document_en = f" ({pillar.document})" if pillar.document else ""
        reason = Text(
            zh=f"留设防隔水煤柱 {pillar.code}{document}",
            en=f"waterproof pillar {pillar.code} is kept{document_en}",
        )
        geom = setting.around(pillar.geom, 0.0)
        hazard = HAZARD_OF[pillar.domain]
        found.append(
            Evidence("P1", "no_mining", pillar.domain, geom, reason, hazard, (named(pillar),))
        )
    return found


def structure_notes(setting: Setting) -> list[Note]:
    """Return what stands without a figure, and the faults that need no pillar."""
    notes = []
    for fault in setting.shapes(Fault):
        if fault.conducts is False and not fault.is_against_aquifer:
            text = Text(
                zh=f"断层 {fault.code} 已查明不导水：不留防隔水煤柱",
                en=f"fault {fault.code} was found not to lead water: no pillar",
            )
            notes.append(Note("FAULT_DRY", text, is_flag=False, where=fault.geom))
        elif fault.dip_deg is None:
            deg = setting.rules.number("fault_dip_deg")
            text = Text(
                zh=f"断层 {fault.code} 未给倾角：按 {deg:g}° 计算",
                en=f"the dip of fault {fault.code} is not given: {deg:g} deg is taken",
            )
            notes.append(Note("FAULT_DIP", text, where=fault.geom))
    notes += [_no_head(it) for it in _without_head(setting)]
    if setting.inputs.hydro_type not in {"simple", "medium"}:
        text = Text(
            zh="水文地质类型复杂、极复杂或未给出：边界煤柱须按条件另行计算，不得小于所用值",
            en="the mine is hydrologically complex, or its type is not given: the boundary pillar "
            "goes by conditions, what is taken is its least",
        )
        notes.append(Note("BOUNDARY_BY_CONDITIONS", text))
    return notes


def _without_head(setting: Setting) -> list[Fault | Column | Borehole]:
    asked: list[Fault | Column | Borehole] = [
        *(it for it in setting.shapes(Fault) if it.conducts is not False),
        *(it for it in setting.shapes(Column) if it.conducts is not False),
        *(it for it in setting.shapes(Borehole) if not it.is_sealed),
    ]
    return [it for it in asked if setting.head_mpa(it.head_mpa) is None]


def _no_head(shape: Fault | Column | Borehole) -> Note:
    text = Text(
        zh=f"{named(shape)} 水压不明，栅格亦无：仅按最小煤柱宽度留设",
        en=f"no head is known at {named(shape)}, nor by raster: the least pillar is taken",
    )
    return Note("HEAD_UNKNOWN", text, where=shape.geom)


def _pillar_and_band(
    rule: str, shape: Fault | Column, width_m: float, reason: Text, hazard: Hazard,
    setting: Setting, used: tuple[str, ...],
) -> list[Evidence]:  # fmt: skip
    line_m = width_m + setting.rules.number("exploration_structure_m")
    inputs = (named(shape),)
    explored = Text(
        zh=f"{named(shape)} 探水线 {line_m:.1f} m 以内：先探后掘",
        en=f"within the exploration line of {named(shape)}, {line_m:.1f} m: explore first",
    )
    pillar, band = (setting.around(shape.geom, it) for it in (width_m, line_m))
    parameters = setting.rules.used(*PILLAR, *used)
    banded = setting.rules.used(*PILLAR, *used, *_BAND)
    return [
        Evidence(rule, "no_mining", "floor", pillar, reason, hazard, inputs, parameters),
        Evidence(rule, "slow_mining", "floor", band, explored, hazard, inputs, banded),
    ]


def _head(head: float | None) -> Text:
    if head is None:
        return Text(zh="水压不明", en="head not known")
    return Text(zh=f"水压 {head:.3g} MPa", en=f"head {head:.3g} MPa")
