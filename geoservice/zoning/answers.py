"""What a caller is told of zones, as JSON values and GeoJSON; corners as exact as they are kept."""

import json
from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

import shapely
from shapely.geometry.base import BaseGeometry

from geoservice.zoning.comparing import Transition
from geoservice.zoning.machine import label, steps_from
from geoservice.zoning.records import (
    CellRow,
    EvidenceRow,
    OverrideRow,
    Version,
    ZoneRow,
)
from geoservice.zoning.versions import Why
from geoservice.zoning.words import EN, ZH, Fault

Json = dict[str, Any]


def geometry(shape: BaseGeometry) -> Json:
    """Return a stored shape as GeoJSON, every digit: neighbours must meet when it comes back."""
    found: Json = json.loads(shapely.to_geojson(shape))
    return found


def feature(number: int, shape: BaseGeometry, properties: Json) -> Json:
    """Return one GeoJSON feature."""
    return {
        "type": "Feature", "id": number, "geometry": geometry(shape), "properties": properties,
    }  # fmt: skip


def collection(features: Sequence[Json], **more: Any) -> Json:
    """Return features as GeoJSON."""
    return {"type": "FeatureCollection", **more, "features": list(features)}


def version_told(it: Version) -> Json:
    """Return a version; ``unverified`` names the parameters whose source was not seen."""
    said = asdict(it)
    return {
        **said,
        "state_zh": label(it.state),
        "steps": steps_from(it.state),
        "unverified": it.unverified,
        "etag": it.etag,
    }


def version_brief(it: Version) -> Json:
    """Return what names a version in an answer that rests on it."""
    return {
        "id": it.id, "code": it.code, "no": it.no, "state": it.state, "mine": it.mine,
        "seam": it.seam, "zoned_on": it.zoned_on, "effective_from": it.effective_from,
        "effective_to": it.effective_to,
        "ruleset": {
            "code": it.ruleset, "no": it.ruleset_no, "zh": it.ruleset_name,
            "en": it.ruleset_name_en, "source": it.ruleset_source,
        },
        "unverified": it.unverified,
    }  # fmt: skip


def areas_told(it: Version) -> Json:
    """Return the area table: each zone with its share of the mine."""
    total = sum(float(row["area_m2"]) for row in it.areas)
    rows = [
        {
            **row, "zh": ZH[row["zone"]], "en": EN[row["zone"]],
            "area_ha": round(row["area_m2"] / 1e4, 4),
            "share_pct": round(100 * row["area_m2"] / total, 2),
        }
        for row in it.areas
    ]  # fmt: skip
    return {"version": version_brief(it), "mine_area_m2": it.mine_area_m2,
            "total_m2": total, "zones": rows}  # fmt: skip


def zone_feature(it: ZoneRow) -> Json:
    """Return one zone."""
    told = {"zone": it.zone, "zh": ZH[it.zone], "en": EN[it.zone],
            "water_hazards": it.water_hazards, "area_m2": it.area_m2}  # fmt: skip
    return feature(it.id, it.geom, told)


def evidence_told(it: EvidenceRow) -> Json:
    """Return one piece of evidence without its shape."""
    return {"no": it.no, "rule": it.rule, "zone": it.zone, "domain": it.domain,
            "reason": {"zh": it.reason_zh, "en": it.reason_en}, "inputs": it.inputs,
            "parameters": it.parameters}  # fmt: skip


def evidence_feature(it: EvidenceRow) -> Json:
    """Return one piece of evidence."""
    return feature(it.no, it.geom, evidence_told(it))


def override_told(it: OverrideRow) -> Json:
    """Return a planner's word without its shape."""
    said = {"id": it.id, "rule": "M1", "zone": it.zone, "reason": it.reason,
            "by": it.created_by, "at": it.created_at}  # fmt: skip
    if it.conversion_id is None:
        return {**said, "conversion": None}
    told = {"id": it.conversion_id, "document": it.conversion_doc, "from_zone": it.from_zone,
            "to_zone": it.to_zone}  # fmt: skip
    return {**said, "conversion": told}


def override_feature(it: OverrideRow) -> Json:
    """Return a planner's word."""
    return feature(it.id, it.geom, override_told(it))


def cell_told(it: CellRow) -> Json:
    """Return a cell without its shape."""
    return {"no": it.no, "zone": it.zone, "rules": it.rules, "evidence": it.evidence,
            "water_hazards": it.water_hazards, "area_m2": it.area_m2}  # fmt: skip


def why_told(version: Version, it: Why) -> Json:
    """Return why a place has its zone, every reason in both languages."""
    return {
        "version": version_brief(version),
        "zone": it.zone, "zh": ZH[it.zone], "en": EN[it.zone], "derived_zone": it.derived_zone,
        "reasons": [evidence_told(one) for one in it.evidence],
        "overrides": [override_told(one) for one in it.overrides],
        "cells": collection([feature(one.no, one.geom, cell_told(one)) for one in it.cells]),
    }  # fmt: skip


def comparison_told(before: Version, after: Version, found: Sequence[Transition]) -> Json:
    """Return what became what: a table of all, a feature for each change."""
    rows = [
        {"from": it.before, "to": it.after, "area_m2": it.area_m2,
         "is_changed": it.before != it.after}
        for it in found
    ]  # fmt: skip
    changed = [
        feature(number, it.geom, row)
        for number, (it, row) in enumerate(zip(found, rows, strict=True), 1)
        if it.before != it.after
    ]
    return collection(
        changed, before=version_brief(before), after=version_brief(after), transitions=rows
    )


def fault_told(it: Fault, at: BaseGeometry) -> Json:
    """Return what is wrong with a drawing, and where in degrees."""
    lon, lat = at.coords[0]
    return {"what": it.what, "why": it.text.en, "why_zh": it.text.zh, "lon": lon, "lat": lat,
            "area_m2": it.area_m2, "feature": it.feature}  # fmt: skip
