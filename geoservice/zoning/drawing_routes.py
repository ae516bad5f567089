"""`/zoning/versions/{id}/...`: drafts drawn, versions moved on; conversions and rule sets."""

from typing import Annotated, Any

from fastapi import APIRouter, Query, Response
from pydantic import Field

from geoservice.auth import Conn
from geoservice.parameters import NoQuery, Parameters
from geoservice.registry.bodies import read_shape
from geoservice.registry.preconditions import IfMatch, version_of
from geoservice.registry.routes import Why
from geoservice.zoning import answers
from geoservice.zoning.asking import Asking, Id, answered, version_answered
from geoservice.zoning.bodies import (
    ConversionBody,
    DrawnZones,
    OverrideBody,
    RuleSetBody,
    Step,
    StepBody,
)
from geoservice.zoning.conversions import Conversion, Report, add_conversion, list_conversions
from geoservice.zoning.lifecycle import move_version
from geoservice.zoning.overrides import (
    Checked,
    add_override,
    check_zones,
    draw_zones,
    remove_override,
)
from geoservice.zoning.rulesets import KeptRuleSet, amend_ruleset, list_rulesets
from geoservice.zoning.words import EN, ZH, ZONES

router = APIRouter(prefix="/zoning", tags=["zoning"])
Nothing = Annotated[NoQuery, Query()]
ForReason = Annotated[Why, Query()]


class ConversionQuery(Parameters):
    """Of which seam."""

    seam_id: Annotated[int | None, Field(ge=1, lt=2**63)] = None


@router.post("/versions/{version_id}/overrides", summary="调整一处分区 · override a place",
             status_code=201)  # fmt: skip
def post_override(
    version_id: Id, body: OverrideBody, _: ForReason, caller: Asking, conn: Conn,
    if_match: IfMatch = None,
) -> Response:  # fmt: skip
    """Raise a place with a reason, or lower it by an approved conversion; the zones follow."""
    version = version_of(if_match, version_id)
    after = add_override(conn, version_id, body.said(), caller, version=version)
    return version_answered(after, 201)


@router.delete("/versions/{version_id}/overrides/{override_id}",
               summary="撤回一处调整 · take an override back")  # fmt: skip
def delete_override(
    version_id: Id, override_id: Id, _: ForReason, caller: Asking, conn: Conn,
    if_match: IfMatch = None,
) -> Response:  # fmt: skip
    """Take a planner's word back; what was said after it must still hold."""
    version = version_of(if_match, version_id)
    after = remove_override(conn, version_id, override_id, caller, version=version)
    return version_answered(after)


@router.put("/versions/{version_id}/zones", summary="保存绘制的三区 · zones as drawn")
def put_zones(
    version_id: Id, body: DrawnZones, _: ForReason, caller: Asking, conn: Conn,
    if_match: IfMatch = None,
) -> Response:  # fmt: skip
    """Make the zones what was drawn: what differs from the derived ones becomes overrides.

    They must cover the mine without gap or overlap; each that changes something says why.
    """
    version = version_of(if_match, version_id)
    return version_answered(draw_zones(conn, version_id, body.said(), caller, version=version))


@router.post("/versions/{version_id}/zones/check", summary="检查绘制的三区 · check a drawing")
def post_zones_check(
    version_id: Id, body: DrawnZones, _: Nothing, caller: Asking, conn: Conn
) -> Response:
    """Say what saving this drawing would come to and what is wrong with it; nothing is stored."""
    return answered(_checked(check_zones(conn, version_id, body.said(), caller)))


@router.post("/versions/{version_id}/{step}", summary="版本流转 · move a version on")
def post_step(
    version_id: Id, step: Step, body: StepBody, _: ForReason, caller: Asking, conn: Conn,
    if_match: IfMatch = None,
) -> Response:  # fmt: skip
    """Submit, return, check, approve, file, enforce or revoke.

    Nobody checks, approves, files or enforces what they drew. `approve` records the document that
    the mining company's chief engineer signed: `document`, `signer`, `signed_on`.
    """
    version = version_of(if_match, version_id)
    return version_answered(
        move_version(conn, version_id, step, caller, version=version, said=body.said())
    )


@router.post("/conversions", summary="登记转换报告 · record a conversion", status_code=201)
def post_conversion(body: ConversionBody, _: ForReason, caller: Asking, conn: Conn) -> Response:
    """Record a conversion report that the chief engineer has approved."""
    report = Report(
        document=body.document, name=body.name, from_zone=body.from_zone, to_zone=body.to_zone,
        signer=body.signer, approved_on=body.approved_on, sha256=body.sha256,
        geom=read_shape(body.geometry, "MultiPolygon"),
    )  # fmt: skip
    found = add_conversion(conn, report, caller, mine_id=body.mine, seam=body.seam)
    return answered(_conversion(found), 201)


@router.get("/conversions", summary="转换报告 · conversions")
def get_conversions(
    query: Annotated[ConversionQuery, Query()], caller: Asking, conn: Conn
) -> Response:
    """Return the conversion reports of a seam, or all, the newest first."""
    found = list_conversions(conn, caller, seam_id=query.seam_id)
    return answered([_conversion(it) for it in found])


@router.get("/rulesets", summary="规则集 · rule sets")
def get_rulesets(_: Nothing, conn: Conn) -> Response:
    """Return rule sets with all their parameters, the newest version of each first."""
    return answered([_ruleset(it) for it in list_rulesets(conn)])


@router.post("/rulesets/{code}", summary="修改规则集 · a new version of a rule set",
             status_code=201)  # fmt: skip
def post_ruleset(code: str, body: RuleSetBody, _: ForReason, conn: Conn) -> Response:
    """Change values: a new version; versions of zones keep the one they used."""
    found = amend_ruleset(conn, code, body.values, source=body.source, is_verified=body.is_verified)
    return answered(_ruleset(found), 201)


def _conversion(it: Conversion) -> dict[str, Any]:
    said = {name: value for name, value in vars(it).items() if name != "geom"}
    return {**said, "document": it.code, "geometry": answers.geometry(it.geom)}


def _ruleset(it: KeptRuleSet) -> dict[str, Any]:
    return {**vars(it), "unverified": it.unverified}


def _checked(it: Checked) -> dict[str, Any]:
    found = it.differences
    problems = [answers.fault_told(one, it.plane.degrees(one.at)) for one in found.faults]
    words = [
        {"zone": ZONES[one.word.rank], "reason": one.reason, "conversion_id": one.conversion_id,
         "area_m2": float(one.word.geom.area),
         "geometry": answers.geometry(it.plane.degrees(one.word.geom))}
        for one in found.words
    ]  # fmt: skip
    areas = [
        {"zone": zone, "zh": ZH[zone], "en": EN[zone], "area_m2": area}
        for zone, area in it.areas_m2.items()
    ]
    return {"is_valid": not problems, "problems": problems, "overrides": words, "zones": areas}
