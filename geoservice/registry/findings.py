"""What the registers say when they are looked at together.

Dangers that come back, sections that crashes propose, sources nobody answers for, records nobody
verified, grades of units and towns. Each answer says by which rule, and whether it was verified.
"""

import json
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, Literal

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from geoservice.crs import CGCS2000, metric_crs, stored
from geoservice.db import Connection, Query
from geoservice.registry.editing import Editor
from geoservice.registry.finding import (
    CrashRow,
    Cut,
    DangerRow,
    GradeRow,
    Overview,
    Proposals,
    Proposed,
    RepeatNow,
    Repeats,
    Ruling,
    Stale,
    Standing,
    Unowned,
)
from geoservice.registry.repeats import CAUSES, Danger, Repeat, RepeatRule, chains, find_repeats
from geoservice.registry.risk import GRADES, area_grade, worst
from geoservice.registry.risk_tables import area_rule, parameters
from geoservice.registry.sections import Crash, Proposal, WindowRule, propose_sections

NEAR_ROAD_M = 100.0
_UNTIL_DAY = Query("risk", "today", date)
DANGERS = Query("risk", "dangers", DangerRow)
CRASHES = Query("risk", "crashes", CrashRow)
CUT_SECTIONS = Query("risk", "cut_sections", Cut)
STANDING_SECTIONS = Query("risk", "standing_sections", Standing)
UNOWNED = Query("risk", "unowned", Unowned)
STALE = Query("risk", "stale", Stale)
POINTS = {
    "town": Query("risk", "points_of_towns", GradeRow),
    "hazard_source": Query("risk", "points_of_sources", GradeRow),
}


def repeated_dangers(
    conn: Connection,
    scope: Editor,
    *,
    within_days: int | None = None,
    within_m: float | None = None,
) -> Repeats:
    """Return the hidden dangers that come back, in chains, their root causes counted.

    Limits that are not given are those of the parameter ``repeats``.
    """
    ruling, value = _ruling(conn, "repeats", within_days=within_days, within_m=within_m)
    rule = RepeatRule(**value)
    rows = DANGERS.all(conn, **_seen(scope))
    dangers = _placed(rows)
    found = find_repeats(dangers, rule)
    row_of = {row.code: row for row in rows}
    again = {it.code for it in found}
    causes = [cause for it in dangers if it.code in again for cause in it.causes]
    return Repeats(
        ruling=ruling,
        counted=len(rows),
        repeats=tuple(_repeat(row_of[it.code], it) for it in found),
        chains=tuple(chains(dangers, found)),
        causes={cause: causes.count(cause) for cause in CAUSES},
    )


def _repeat(row: DangerRow, it: Repeat) -> RepeatNow:
    return RepeatNow(row.id, it.code, row.name, it.repeat_of, it.days, it.link, row.repeat_of)


def proposed_sections(
    conn: Connection, scope: Editor, *, sections: Editor, asked: Mapping[str, Any]
) -> Proposals:
    """Return the stretches of road that crashes propose as dangerous sections.

    Parameters
    ----------
    scope, sections
        What the caller sees of crash points, and of dangerous sections.
    asked
        ``window_m``, ``years``, ``crashes``, ``deaths``; what is None is that of the parameter
        ``crash_window``.

    Raises
    ------
    InputError
        A number that would flag nothing, or everything.
    """
    ruling, value = _ruling(conn, "crash_window", **asked)
    rule = WindowRule(**value)
    until = _UNTIL_DAY.one(conn)
    rows = CRASHES.all(conn, **_seen(scope))
    crashes = [
        Crash(it.code, it.road_code, it.at_m, it.occurred_on, it.deaths)
        for it in rows
        if it.road_code is not None and it.at_m is not None
    ]
    found = propose_sections(crashes, rule, until=until)
    cuts = _cut(conn, found, {it.code: it.geom for it in rows}, rule.window_m)
    known = STANDING_SECTIONS.all(
        conn, roads=sorted({it.road_code for it in found}), secrecies=list(sections.secrecies)
    )
    counted = {it.code for it in crashes}
    return Proposals(
        ruling=ruling,
        until=until,
        counted=len(crashes),
        without_stake=tuple(sorted(it.code for it in rows if it.code not in counted)),
        proposals=tuple(_proposed(it, cut, known) for it, cut in zip(found, cuts, strict=True)),
    )


def unowned_sources(conn: Connection, scope: Editor) -> list[Unowned]:
    """Return the hazard sources that no department prevents, or none rescues."""
    return UNOWNED.all(conn, **_seen(scope))


def stale_registers(conn: Connection, scope: Editor, *, registers: Sequence[str]) -> list[Stale]:
    """Return how many records of each register nobody verified for too long."""
    seen = _seen(scope)
    del seen["open_to"]
    return STALE.all(conn, registers=list(registers), **seen)


def overall_grades(
    conn: Connection, scope: Editor, *, by: Literal["town", "hazard_source"]
) -> list[Overview]:
    """Return the grade of each town or hazard source from its risk points.

    A source has the worst grade of its points; a town follows the parameter ``area_grade``.
    Points of several methods are not comparable: the methods are named.
    """
    rule = area_rule(conn)
    of: dict[str, list[GradeRow]] = {}
    for row in POINTS[by].all(conn, **_seen(scope)):
        of.setdefault(row.place or "", []).append(row)
    told = []
    for place, rows in sorted(of.items()):
        grades = [it.grade for it in rows if it.grade is not None]
        told.append(
            Overview(
                place=place or None,
                grade=area_grade(grades, rule) if by == "town" else worst(grades),
                rule=rule.rule if by == "town" else "worst",
                methods=tuple(sorted({it.method for it in rows if it.method})),
                points={grade: grades.count(grade) for grade in GRADES},
                not_assessed=len(rows) - len(grades),
            )
        )
    return told


def _seen(scope: Editor) -> dict[str, Any]:
    """Return a scope as the parameters of its queries."""
    return {
        "secrecies": list(scope.secrecies),
        "towns": None if scope.towns is None else sorted(scope.towns),
        "open_to": list(scope.open_to),
    }


def _ruling(conn: Connection, code: str, **asked: Any) -> tuple[Ruling, dict[str, Any]]:
    """Return a parameter's value with what was asked instead, and whose rule that is."""
    it = parameters(conn, code)[code]
    said = {name: number for name, number in asked.items() if number is not None}
    value = {**it.value, **said}
    return Ruling(value, it.is_verified, it.source_doc, tuple(sorted(said))), value


def _placed(rows: Sequence[DangerRow]) -> list[Danger]:
    """Return the dangers with their places in metres of one plane."""
    lon = np.array([np.nan if it.lon is None else it.lon for it in rows], dtype=float)
    lat = np.array([np.nan if it.lat is None else it.lat for it in rows], dtype=float)
    x, y = lon, lat
    if np.isfinite(lon).any():
        import pyproj

        plane = metric_crs(float(np.nanmean(lon)))
        move = pyproj.Transformer.from_crs(CGCS2000, plane, always_xy=True)
        x, y = move.transform(lon, lat)
    return [
        Danger(
            code=it.code,
            category=it.category,
            found_on=it.found_on,
            source=it.source,
            x=float(x[n]) if it.lon is not None else None,
            y=float(y[n]) if it.lat is not None else None,
            causes=tuple(cause for cause in it.causes if cause),
        )
        for n, it in enumerate(rows)
    ]


def _cut(
    conn: Connection, found: Sequence[Proposal], place: Mapping[str, BaseGeometry], window_m: float
) -> list[Cut]:
    rows = [
        {
            "no": n,
            "road_code": it.road_code,
            "first": _ewkb(place[it.crashes[0].code]),
            "last": _ewkb(place[it.crashes[-1].code]),
            "widen_m": window_m / 2 if it.is_widened else 0.0,
        }
        for n, it in enumerate(found)
    ]
    return CUT_SECTIONS.all(conn, rows=json.dumps(rows), within_m=NEAR_ROAD_M)


def _ewkb(geom: BaseGeometry) -> str:
    return str(shapely.to_wkb(stored(geom), hex=True, include_srid=True))


def _proposed(it: Proposal, cut: Cut, known: Sequence[Standing]) -> Proposed:
    return Proposed(
        road_code=it.road_code,
        from_m=it.from_m,
        to_m=it.to_m,
        crashes=tuple(crash.code for crash in it.crashes),
        deaths=it.deaths,
        is_widened=it.is_widened,
        known_sections=tuple(
            s.code for s in known
            if s.road_code == it.road_code and s.from_m <= it.to_m and s.to_m >= it.from_m
        ),
        geom=cut.geom,
        no_geometry=None if cut.geom is not None else _why(it.road_code, is_known=cut.is_known),
    )  # fmt: skip


def _why(road: str, *, is_known: bool) -> dict[str, str]:
    if not is_known:
        return {
            "en": f"no road {road} is loaded",
            "zh": f"路网中没有 {road}",
        }
    return {
        "en": f"no one piece of {road} passes within {NEAR_ROAD_M:g} m of its first and last crash",
        "zh": f"{road} 没有一段同时经过首末事故点 {NEAR_ROAD_M:g} 米以内",
    }
