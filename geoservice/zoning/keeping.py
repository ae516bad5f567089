"""A derivation into the database: version, cells, evidence and zones, or nothing at all."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import shapely

from geoservice.bulk import copy_rows
from geoservice.db import Connection, Query
from geoservice.errors import GeometryError
from geoservice.minewater.results import Derivation, Note
from geoservice.minewater.rulesets import RuleSet, to_json
from geoservice.zoning import overlay
from geoservice.zoning.plane import Plane
from geoservice.zoning.records import HOLD_SEAM, HOLD_VERSION
from geoservice.zoning.storing import Zone, store_zones

ADD_VERSION = Query("zoning", "add_version", int)
COPY_CELLS: Query[Any] = Query("zoning", "copy_cells", str)
COPY_EVIDENCE: Query[Any] = Query("zoning", "copy_evidence", str)


@dataclass(frozen=True)
class Basis:
    """What a derivation rests on.

    Parameters
    ----------
    ruleset_id, rules
        The kept rule set, and its parameters as used.
    inputs
        Names of everything that was read.
    """

    seam_id: int
    ruleset_id: int
    rules: RuleSet
    zoned_on: date
    inputs: Sequence[str]


def keep_derivation(conn: Connection, basis: Basis, found: Derivation, plane: Plane) -> int:
    """Write a derivation as a new draft of its seam; its id.

    Raises
    ------
    GeometryError
        In degrees its zones are not valid or no coverage, or do not sum up to the mine.
    """
    HOLD_SEAM.one(conn, seam_id=basis.seam_id)  # versions of a seam are numbered one by one
    mine_area_m2 = float(sum(it.geom.area for it in found.cells))
    _refuse_other_sum(found, mine_area_m2)
    version = ADD_VERSION.one(
        conn, seam_id=basis.seam_id, ruleset_id=basis.ruleset_id, zoned_on=basis.zoned_on,
        inputs_hash=found.inputs_hash, geom_hash=found.geom_hash, mine_area_m2=mine_area_m2,
        code_version=found.code_version, geos_version=found.geos_version,
        parameters=_text(to_json(basis.rules)), inputs=_text(sorted(basis.inputs)),
        notes=_text([_note(it, plane) for it in found.notes]),
    )  # fmt: skip
    copy_rows(conn, COPY_CELLS, _cells(version, found, plane))
    copy_rows(conn, COPY_EVIDENCE, _evidence(version, found, plane))
    zones = [Zone(it.zone, it.geom, tuple(it.water_hazards)) for it in found.zones]
    store_zones(conn, HOLD_VERSION.one(conn, id=version), zones, plane)
    return version


def _refuse_other_sum(found: Derivation, mine_area_m2: float) -> None:
    """Refuse zones that are not exactly the cells: what is stored must not rest on either alone."""
    off = abs(sum(it.area_m2 for it in found.zones) - mine_area_m2)
    if off > max(overlay.NOTHING_M2, 1e-12 * mine_area_m2):
        raise GeometryError(
            f"the zones are {off:.6f} m2 off the mine: nothing is stored",
            zh=f"分区面积之和与矿区相差 {off:.6f} m²，未保存",
        )


def _cells(version: int, found: Derivation, plane: Plane) -> list[tuple[object, ...]]:
    shapes = plane.all_degrees(overlay.array_of([it.geom for it in found.cells]))
    texts = shapely.to_wkb(shapes, hex=True, include_srid=True)
    return [
        (version, no, it.zone, list(it.rules), [1 + place for place in it.evidence],
         list(it.hazards), float(it.geom.area), text)
        for no, (it, text) in enumerate(zip(found.cells, texts, strict=True), 1)
    ]  # fmt: skip


def _evidence(version: int, found: Derivation, plane: Plane) -> list[tuple[object, ...]]:
    shapes = plane.all_degrees(overlay.array_of([it.geom for it in found.evidence]))
    texts = shapely.to_wkb(shapes, hex=True, include_srid=True)
    return [
        (version, no, it.rule, it.zone, it.domain, it.reason.zh, it.reason.en,
         _text(list(it.inputs)), _text(dict(it.parameters)), text)
        for no, (it, text) in enumerate(zip(found.evidence, texts, strict=True), 1)
    ]  # fmt: skip


def _note(it: Note, plane: Plane) -> dict[str, Any]:
    told = {"code": it.code, "zh": it.text.zh, "en": it.text.en, "is_flag": it.is_flag}
    if it.where is None or it.where.is_empty:
        return told
    at = plane.degrees(shapely.point_on_surface(it.where))
    return {**told, "lon": at.x, "lat": at.y}


def _text(value: object) -> str:
    return json.dumps(value, ensure_ascii=False)
