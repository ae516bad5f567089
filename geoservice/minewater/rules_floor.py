"""Water under the floor: F1 to F6 by the inrush coefficient, V1 by the vulnerability index."""

import numpy as np
from shapely import MultiPolygon

from geoservice.minewater.classes import (
    BAND,
    HIGH,
    LOW,
    MIDDLE,
    THICK,
    THIN,
    UNCLEAR,
    VULNERABLE,
    Classes,
    damage_m,
)
from geoservice.minewater.facts import Claim, Facts, Mask, speaks_of
from geoservice.minewater.formulas import exceeds
from geoservice.minewater.inputs import Argument, Treatment, Zone
from geoservice.minewater.results import Evidence
from geoservice.minewater.setting import Setting, named
from geoservice.texts import Text

_INRUSH = ("inrush_broken", "inrush_intact", "gravity_mpa_per_m", "compare_margin_mpa")
_RASTERS = ("raster:head_m", "raster:floor_m", "raster:aquiclude_m")
_NOWHERE = MultiPolygon()


def floor_conditions(setting: Setting) -> list[Argument | Treatment]:
    """Return what changes the judgement of the floor: reviewed arguments, documented treatment."""
    arguments = [it for it in setting.shapes(Argument) if it.is_approved and speaks_of("floor", it)]
    treatments = [it for it in setting.shapes(Treatment) if it.document and it.domain == "floor"]
    return [*arguments, *treatments]


def floor_claims(setting: Setting, facts: Facts) -> list[Claim]:
    """Return the judgement of every cell by the coefficient, what was done and what was argued.

    Unknown data is no-mining and stays so whatever was done. Treatment puts its own coefficient
    in the place of the raster's, the worst where several overlap. At or below 0.06 a place is
    workable only if it was argued; up to 0.10 only over a thick aquiclude that is intact or was
    probed clean, and argued.
    """
    conditions = floor_conditions(setting)
    arguments = [it for it in conditions if isinstance(it, Argument)]
    treatments = [it for it in conditions if isinstance(it, Treatment)]
    argued, treated = facts.any_of(arguments), facts.any_of(treatments)
    clean = facts.any_of([it for it in arguments if it.is_probed_clean])
    band = _bands(setting, facts, treatments)
    is_thick = (facts.codes & THICK) != 0
    is_thin = ((facts.codes & THIN) != 0) & ~(treated & argued)
    is_workable = argued & ((band == LOW) | ((band == MIDDLE) & is_thick & clean))
    judged: list[tuple[str, Mask]] = [
        ("F1", band == HIGH),
        ("F2", band == UNCLEAR),
        ("F3", (band == MIDDLE) & ~is_workable),
        ("F4", is_thin),
        ("F5", (band == LOW) & ~argued),
        ("F6", is_workable),
    ]
    return [
        Claim(_evidence(rule, held, setting), part)
        for rule, cells in judged
        for part, held in facts.by_documents(cells, conditions)
    ]


def vulnerability_claims(setting: Setting, facts: Facts) -> list[Claim]:
    """Return V1: where the index advises slow mining; it lowers nothing."""
    cells = (facts.codes & VULNERABLE) != 0
    if not cells.any():
        return []
    limit, highest = setting.rules.number("vulnerability_slow"), setting.met.of("vulnerability")
    reason = Text(
        zh=f"脆弱性指数不小于 {limit:g}（最高 {highest.high:.2f}）：建议缓采",
        en=f"vulnerability index of {limit:g} or more (up to {highest.high:.2f}): slow mining "
        "is advised",
    )
    used = setting.rules.used("vulnerability_slow")
    inputs = ("raster:vulnerability",)
    return [
        Claim(Evidence("V1", "slow_mining", "floor", _NOWHERE, reason, "FW", inputs, used), cells)
    ]


def treated_band(inrush: float, setting: Setting) -> int:
    """Return the band of a coefficient that a treatment has left."""
    margin = setting.rules.number("compare_margin_mpa")
    limits = [setting.rules.number(it) for it in ("inrush_broken", "inrush_intact")]
    return LOW + sum(exceeds(inrush, 1.0, limit, margin) for limit in limits)


def _bands(setting: Setting, facts: Facts, treatments: list[Treatment]) -> Classes:
    """Give the band in force of each cell: the raster's, or what treatment has left."""
    band: Classes = facts.codes & np.uint8(BAND)
    left = np.zeros_like(band)
    for treatment in treatments:
        if treatment.inrush_mpa_per_m is not None:
            after = treated_band(treatment.inrush_mpa_per_m, setting)
            is_worse = facts.of(treatment) & (left < after)
            left[is_worse] = after
    is_replaced = (left > 0) & (band != UNCLEAR)
    band[is_replaced] = left[is_replaced]
    return band


def _evidence(rule: str, held: tuple[object, ...], setting: Setting) -> Evidence:
    zones: dict[str, Zone] = {"F1": "no_mining", "F2": "no_mining", "F6": "workable"}
    shapes = [it for it in held if isinstance(it, Argument | Treatment)]
    documents = "、".join(it.document or it.code for it in shapes)
    text = _reason(rule, shapes, setting)
    if documents:
        text = Text(zh=f"{text.zh}（{documents}）", en=f"{text.en} ({documents})")
    rasters = setting.inputs.rasters
    datum = {} if rasters is None else {"pressure_datum": rasters.pressure_datum}
    extra = {"F4": ("floor_damage_m",), "F6": ("thick_aquiclude_m",)}.get(rule, ())
    return Evidence(
        rule, zones.get(rule, "slow_mining"), "floor", _NOWHERE, text, "FW",
        (*_RASTERS, *(named(it) for it in shapes)), setting.rules.used(*_INRUSH, *extra) | datum,
    )  # fmt: skip


def _reason(rule: str, shapes: list[Argument | Treatment], setting: Setting) -> Text:
    broken, intact = (setting.rules.number(it) for it in ("inrush_broken", "inrush_intact"))
    told = _told(rule, shapes, setting)
    deep = damage_m(setting.inputs.seam, setting.rules)
    texts = {
        "F1": Text(zh=f"突水系数大于 {intact:g} MPa/m{told.zh}",
                   en=f"inrush coefficient above {intact:g} MPa/m{told.en}"),
        "F2": Text(zh="底板水文地质条件不清：缺水位、底板标高或隔水层厚度，或隔水层厚度不大于零",
                   en="the floor is unclear: head, floor or aquiclude are not known here, or "
                   "there is no aquiclude"),
        "F3": Text(zh=f"突水系数大于 {broken:g}、不大于 {intact:g} MPa/m{told.zh}，"
                   "未达到可采条件",
                   en=f"inrush coefficient above {broken:g} up to {intact:g} MPa/m{told.en}, "
                   "short of what makes a place workable"),
        "F4": Text(zh=f"带压区隔水层薄于底板破坏深度 {deep:g} m，未治理或未论证",
                   en=f"the aquiclude is under pressure and thinner than the floor is damaged, "
                   f"{deep:g} m, and it was not both treated and argued"),
        "F5": Text(zh=f"突水系数不大于 {broken:g} MPa/m{told.zh}，但未经论证评价通过",
                   en=f"inrush coefficient up to {broken:g} MPa/m{told.en}, but no argument "
                   "has passed review"),
        "F6": Text(zh=f"突水系数符合要求{told.zh}且论证评价通过",
                   en=f"inrush coefficient within the limit{told.en} and argued"),
    }  # fmt: skip
    return texts[rule]


def _told(rule: str, shapes: list[Argument | Treatment], setting: Setting) -> Text:
    """Tell the coefficients: what treatment has left, else what the rasters have."""
    left = [
        it.inrush_mpa_per_m
        for it in shapes
        if isinstance(it, Treatment) and it.inrush_mpa_per_m is not None
    ]
    if left:
        return Text(zh=f"（治理后 {max(left):.4g}）", en=f" ({max(left):.4g} after treatment)")
    bands = {"F1": HIGH, "F3": MIDDLE, "F5": LOW, "F6": LOW}
    met = setting.met.inrush.get(bands.get(rule, 0))
    if met is None or met.is_empty:
        return Text(zh="", en="")
    span = f"{met.low:.4f}" if met.low == met.high else f"{met.low:.4f} - {met.high:.4f}"
    return Text(zh=f"（本矿此类 {span}）", en=f" (of this kind in the mine: {span})")
