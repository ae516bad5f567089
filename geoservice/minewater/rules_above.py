"""Water on the ground and over the roof: S1 and R1 by the fracture zone, R2 steep, S2 collars."""

import math

from shapely import MultiPolygon

from geoservice.minewater.classes import COVER_UNKNOWN, REACHED
from geoservice.minewater.collars import IN_DANGER, against_water
from geoservice.minewater.facts import Claim, Facts, Mask, speaks_of
from geoservice.minewater.fracture import is_steep
from geoservice.minewater.inputs import (
    Argument,
    InputShape,
    RoofAquifer,
    Shaft,
    SurfaceWater,
    Treatment,
    Zone,
)
from geoservice.minewater.results import Evidence, Note
from geoservice.minewater.setting import Setting, named
from geoservice.texts import Text

_REACH = ("protection_bed", "steep_deg", "fracture_single_most_m", "fracture_slice_most_m",
          "fracture_total_most_m")  # fmt: skip
_STRONG = {"strong", "very_strong", None}  # not known: taken for strong


def is_within_reach(setting: Setting, water: SurfaceWater | RoofAquifer, facts: Facts) -> Mask:
    """Return the cells from which broken rock may lead this water into the seam.

    Where its cover is not known, or the formulas are out of range, it is taken to be in reach.
    """
    reach = setting.reach
    if water.cover_m is not None:
        is_clear = not reach.is_out_of_range and water.cover_m > reach.value_m
        return facts.none if is_clear else ~facts.none
    rasters = setting.inputs.rasters
    if rasters is None or rasters.overburden_m is None:
        return ~facts.none
    found: Mask = (facts.codes & (REACHED | COVER_UNKNOWN)) != 0
    return found


def surface_pillar(setting: Setting, water: SurfaceWater) -> MultiPolygon:
    """Return the ground that a water body's pillar takes: its strip, and the slant of the rock."""
    slant = setting.reach.value_m / math.tan(math.radians(setting.movement_deg))
    return setting.around(water.geom, setting.rules.number("surface_strip_m") + slant)


def above_conditions(setting: Setting) -> list[InputShape]:
    """Return the shapes that these rules join with one another and with the rasters."""
    roof = [*_treatments(setting), *_arguments(setting), *setting.shapes(RoofAquifer)]
    return [*roof, *(it for it in setting.shapes(SurfaceWater) if not it.harmless_doc)]


def surface_claims(setting: Setting, facts: Facts) -> list[Claim]:
    """Return S1: under the pillar of every water body in reach that was not shown harmless."""
    found = []
    for water in setting.shapes(SurfaceWater):
        if water.harmless_doc:
            continue
        cells = facts.of(water) & is_within_reach(setting, water, facts)
        reason = Text(
            zh=f"地表水体 {water.code} 防水煤柱：{_cover(water, setting).zh}",
            en=f"pillar of surface water {water.code}: {_cover(water, setting).en}",
        )
        used = setting.rules.used(*_REACH, "surface_strip_m", "movement_deg")
        inputs = _inputs(water, setting)
        evidence = Evidence(
            "S1", "no_mining", "surface", MultiPolygon(), reason, "SW", inputs, used
        )
        found.append(Claim(evidence, cells))
    return found


def roof_claims(setting: Setting, facts: Facts) -> list[Claim]:
    """Return R1: aquifers in reach, by how rich they are, and what was done and argued.

    Strong water in reach is no-mining until it was treated, then slow until argued; medium water
    is slow until both. A weak aquifer is no reason.
    """
    treated = facts.any_of(_treatments(setting))
    argued = facts.any_of(_arguments(setting))
    found = []
    for aquifer in setting.shapes(RoofAquifer):
        if aquifer.yield_class == "weak":
            continue
        cells = facts.of(aquifer) & is_within_reach(setting, aquifer, facts)
        is_strong = aquifer.yield_class in _STRONG
        worst = cells & ~treated if is_strong else facts.none
        found.append(Claim(_roof(aquifer, "no_mining", setting), worst))
        slow = cells & ~worst & ~(treated & argued)
        found.append(Claim(_roof(aquifer, "slow_mining", setting), slow))
    return found


def steep_evidence(setting: Setting) -> list[Evidence]:
    """Return R2: a steep seam under surface water, a loose bed or a strong aquifer."""
    if not is_steep(setting.inputs.seam, setting.rules):
        return []
    aquifers = [
        it for it in setting.shapes(RoofAquifer) if it.is_loose or it.yield_class in _STRONG
    ]
    waters = [it for it in setting.shapes(SurfaceWater) if not it.harmless_doc]
    dip = setting.inputs.seam.dip_deg
    found = []
    for water in (*aquifers, *waters):
        reason = Text(
            zh=f"急倾斜煤层（{dip:g}°）位于水体 {water.code} 之下",
            en=f"steep seam ({dip:g} deg) under {named(water)}",
        )
        geom = setting.around(water.geom, 0.0)
        if isinstance(water, SurfaceWater):
            geom = surface_pillar(setting, water)
        used = setting.rules.used("steep_deg")
        found.append(Evidence("R2", "no_mining", "roof", geom, reason, "RW", (named(water),), used))
    return found


def collar_notes(setting: Setting) -> list[Note]:
    """Return S2: every shaft collar or yard beside the highest flood level there."""
    return [collar_note(it) for it in setting.shapes(Shaft)]


def reach_notes(setting: Setting) -> list[Note]:
    """Return that the formulas of the fracture zone do not hold here, where they do not."""
    if not setting.reach.is_out_of_range:
        return []
    text = Text(
        zh="导水裂隙带高度公式不适用于本煤层采法（厚煤层一次采全高等，计算值偏小）：须实测；"
        "在此之前其上水体均按可能导通处理",
        en="the formulas of the fracture zone do not hold for how this seam is worked (they "
        "under-predict): measure it; until then all water above is taken to be in reach",
    )
    return [Note("OUT_OF_RANGE", text)]


def collar_note(shaft: Shaft) -> Note:
    """Return whether a collar is above the highest flood level, or defended (S2)."""
    collar, flood, defence = shaft.collar_m, shaft.flood_level_m, shaft.defence_doc
    standing = against_water(collar, flood, defence)
    if standing == "unknown":
        zh, en = "井口标高或最高洪水位不明", "collar or highest flood level is not known"
    elif standing == "above":
        zh = f"井口标高 {collar:g} m 高于最高洪水位 {flood:g} m"
        en = f"collar {collar:g} m above the highest flood level {flood:g} m"
    else:
        zh = f"井口标高 {collar:g} m 不高于最高洪水位 {flood:g} m"
        en = f"collar {collar:g} m is not above the highest flood level {flood:g} m"
        zh += f"，防洪措施：{defence}" if defence else "，无防洪措施"
        en += f", defended: {defence}" if defence else ", not defended"
    text = Text(zh=f"井筒 {shaft.code}：{zh}", en=f"shaft {shaft.code}: {en}")
    return Note("S2", text, is_flag=standing in IN_DANGER, where=shaft.geom)


def _roof(aquifer: RoofAquifer, zone: Zone, setting: Setting) -> Evidence:
    rich = {"weak": "弱", "medium": "中等", "strong": "强", "very_strong": "极强", None: "不明"}
    cover = _cover(aquifer, setting)
    name_en = (aquifer.yield_class or "unknown").replace("_", " ")
    done = ("未治理", "not treated") if zone == "no_mining" else (
        "未完成治理或未论证", "not both treated and argued")  # fmt: skip
    text = Text(
        zh=f"顶板含水层 {aquifer.code}（富水性{rich[aquifer.yield_class]}）{cover.zh}，{done[0]}",
        en=f"roof aquifer {aquifer.code} ({name_en} yield) {cover.en}, {done[1]}",
    )
    used = setting.rules.used(*_REACH, "yield_limits")
    inputs = _inputs(aquifer, setting)
    return Evidence("R1", zone, "roof", MultiPolygon(), text, "RW", inputs, used)


def _cover(water: SurfaceWater | RoofAquifer, setting: Setting) -> Text:
    reach = setting.reach
    if reach.is_out_of_range:
        return Text(zh="导水裂隙带高度须实测", en="the fracture zone has to be measured")
    least = setting.met.of("cover_m")
    cover = water.cover_m if water.cover_m is not None else least.low
    if not math.isfinite(cover):
        return Text(zh="覆岩厚度不明", en="the rock between is not known")
    return Text(
        zh=f"覆岩最薄 {cover:.1f} m，在导水裂隙带加保护层 {reach.value_m:.1f} m 以内",
        en=f"rock of {cover:.1f} m at the least is within the fracture zone and its protection "
        f"layer, {reach.value_m:.1f} m",
    )


def _inputs(water: SurfaceWater | RoofAquifer, setting: Setting) -> tuple[str, ...]:
    rasters = setting.inputs.rasters
    is_by_raster = water.cover_m is None and rasters is not None
    by_raster = ("raster:overburden_m",) if is_by_raster else ()
    return (named(water), *by_raster)


def _treatments(setting: Setting) -> list[Treatment]:
    return [it for it in setting.shapes(Treatment) if it.document and it.domain == "roof"]


def _arguments(setting: Setting) -> list[Argument]:
    found = setting.shapes(Argument)
    return [it for it in found if it.is_approved and speaks_of("roof", it)]
