"""Scenarios as they are told (pure)."""

from collections.abc import Sequence
from dataclasses import fields
from datetime import datetime

from geoservice.floods import wording
from geoservice.floods.answers import BandAnswer, Gauge, Scenario
from geoservice.floods.grades import FloodRules
from geoservice.floods.records import BandRow, GaugeStanding, ScenarioRow
from geoservice.texts import Text

_HA = 1e4
_AS_IT_IS = {it.name for it in fields(Scenario)} & {it.name for it in fields(ScenarioRow)}


def told(
    row: ScenarioRow, rules: FloodRules, bands: Sequence[BandRow] = (),
    gauge: Gauge | None = None,
) -> Scenario:  # fmt: skip
    """Return a scenario with its words, its standing and what is to be known of it."""
    same = {name: getattr(row, name) for name in _AS_IT_IS}
    return Scenario(
        **{
            **same,
            "drawn_by": row.drawn_by or row.created_by,
            "standing": "official" if row.is_official else "screening",
            "words": rules.words.of(row.return_period_y),
            "area_ha": round(row.area_m2 / _HA, 2),
            "unknown_area_ha": round(row.unknown_area_m2 / _HA, 2),
            "notes": (*_notes(row), *_of_gauge(gauge)),
            "gauge": gauge,
            "of_depth": tuple(_band(it) for it in bands),
        }
    )


def _notes(row: ScenarioRow) -> tuple[Text, ...]:
    notes = []
    if not row.is_official:
        notes.append(wording.imported() if row.method == "imported" else wording.screening())
    notes.append(wording.no_grade_table())
    if row.unknown_area_m2:
        notes.append(wording.unknown_area(row.unknown_area_m2 / _HA))
    return tuple(notes)


def gauge_told(it: GaugeStanding, at: datetime) -> Gauge:
    """Return a gauge with the age of its reading at an instant."""
    age_s = round((at - it.observed_at).total_seconds(), 1)
    return Gauge(
        it.code, it.sensor_code, it.level_m, it.height_datum, it.observed_at, age_s, it.is_stale,
        it.is_above_all,
    )  # fmt: skip


def _of_gauge(gauge: Gauge | None) -> list[Text]:
    if gauge is None:
        return []
    notes = [wording.by_gauge(gauge.code, gauge.level_m, gauge.age_s)]
    if gauge.is_silent:
        notes.append(wording.silent_gauge(gauge.code))
    if gauge.is_above_all:
        notes.append(wording.above_all(gauge.code))
    return notes


def _band(row: BandRow) -> BandAnswer:
    return BandAnswer(
        row.code, row.depth_min_m, row.depth_max_m, row.velocity_ms, row.arrival_min, row.level_m,
        row.grade, round(row.area_m2 / _HA, 2),
    )  # fmt: skip
