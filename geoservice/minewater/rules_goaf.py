"""Water of old workings: G1 the goaf and its pillar, G2 what is explored first, G3 not known."""

from dataclasses import dataclass

from shapely import MultiPolygon

from geoservice.minewater.formulas import exploration_m, warning_m
from geoservice.minewater.inputs import Goaf
from geoservice.minewater.results import Evidence, Note
from geoservice.minewater.setting import PILLAR, Setting, named
from geoservice.texts import Text

_LINES = ("exploration_sure_m", "exploration_inferred_m", "exploration_drawings_m",
          "exploration_suspected_m", "exploration_sure_most_mpa")  # fmt: skip


@dataclass(frozen=True)
class Lines:
    """The three lines of a goaf as areas: its water, up to exploration, up to warning."""

    accumulation: MultiPolygon
    exploration: MultiPolygon
    warning: MultiPolygon


def goaf_lines(goaf: Goaf, setting: Setting) -> Lines:
    """Return the areas that the accumulation, exploration and warning lines enclose."""
    pressure = goaf_pressure_mpa(goaf, setting)
    line_m = _line_m(goaf, pressure, setting.pillar_m(pressure), setting)
    return Lines(
        setting.around(goaf.geom, 0.0),
        setting.around(goaf.geom, line_m),
        setting.around(goaf.geom, warning_m(line_m, setting.rules)),
    )


def goaf_pressure_mpa(goaf: Goaf, setting: Setting) -> float | None:
    """Return the head of goaf water at its lowest point; None where it is not known."""
    if goaf.is_drained:
        return 0.0
    if goaf.pressure_mpa is not None:
        return goaf.pressure_mpa
    floor_m = setting.lowest_floor_m(goaf.geom) if goaf.floor_m is None else goaf.floor_m
    if goaf.level_m is None or floor_m is None:
        return None
    return max(setting.rules.number("gravity_mpa_per_m") * (goaf.level_m - floor_m), 0.0)


def goaf_evidence(setting: Setting) -> list[Evidence]:
    """Return the evidence of every goaf; one outside the mine still has its pillar."""
    found = []
    for goaf in setting.shapes(Goaf):
        pressure = goaf_pressure_mpa(goaf, setting)
        found += [_unclear(goaf, setting)] if pressure is None else _known(goaf, pressure, setting)
    return found


def goaf_notes(setting: Setting) -> list[Note]:
    """Return the goafs that lie outside the mine, and those whose water is not known."""
    notes = []
    for goaf in setting.shapes(Goaf):
        if not goaf.geom.intersects(setting.inputs.licence):
            text = Text(
                zh=f"老空 {goaf.code} 在井田之外", en=f"goaf {goaf.code} is outside the mine"
            )
            notes.append(Note("GOAF_OUTSIDE", text, where=goaf.geom))
        if goaf_pressure_mpa(goaf, setting) is None:
            text = Text(
                zh=f"老空 {goaf.code} 的水压或水位、底板标高不明：探水线以内按禁采处理",
                en=f"goaf {goaf.code}: neither pressure nor level and floor are known: no mining "
                "up to its exploration line",
            )
            notes.append(Note("GOAF_UNKNOWN", text, where=goaf.geom))
    return notes


def _known(goaf: Goaf, pressure: float, setting: Setting) -> list[Evidence]:
    pillar_m = setting.pillar_m(pressure)
    state = ("已疏放", "drained") if goaf.is_drained else (f"水压 {pressure:.3g} MPa",
                                                          f"head {pressure:.3g} MPa")  # fmt: skip
    pillar = Evidence(
        "G1", "no_mining", "goaf", setting.around(goaf.geom, pillar_m),
        Text(
            zh=f"老空 {goaf.code} 及其防隔水煤柱 {pillar_m:.1f} m（{state[0]}）",
            en=f"goaf {goaf.code} and its waterproof pillar of {pillar_m:.1f} m ({state[1]})",
        ),
        "GW", (named(goaf),), setting.rules.used(*PILLAR),
    )  # fmt: skip
    if goaf.is_drained:
        return [pillar]
    line_m = _line_m(goaf, pressure, pillar_m, setting)
    band = Evidence(
        "G2", "slow_mining", "goaf", setting.around(goaf.geom, line_m),
        Text(
            zh=f"老空 {goaf.code} 探水线 {line_m:.1f} m 以内：先探后掘",
            en=f"within the exploration line of goaf {goaf.code}, {line_m:.1f} m: explore first",
        ),
        "GW", (named(goaf),), setting.rules.used(*_LINES),
    )  # fmt: skip
    return [pillar, band]


def _unclear(goaf: Goaf, setting: Setting) -> Evidence:
    line_m = _line_m(goaf, None, setting.pillar_m(None), setting)
    return Evidence(
        "G3", "no_mining", "goaf", setting.around(goaf.geom, line_m),
        Text(
            zh=f"老空 {goaf.code} 积水情况不明：{line_m:.1f} m 以内不得采掘",
            en=f"the water of goaf {goaf.code} is not known: no mining within {line_m:.1f} m",
        ),
        "GW", (named(goaf),), setting.rules.used(*_LINES, *PILLAR),
    )  # fmt: skip


def _line_m(goaf: Goaf, pressure: float | None, pillar_m: float, setting: Setting) -> float:
    """Give the exploration line: beyond the pillar, as at structures, where that is as wide."""
    line_m = exploration_m(goaf.edge, pressure, setting.rules)
    beyond = pillar_m + setting.rules.number("exploration_structure_m")
    return line_m if line_m > pillar_m else beyond
