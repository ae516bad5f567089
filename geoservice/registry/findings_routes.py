"""`/registry/...`: what the registers say together, and a grade before it is stored."""

from dataclasses import asdict, replace
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Query, Request
from pydantic import Field, TypeAdapter

from geoservice.auth import Conn, Who
from geoservice.parameters import NoQuery, Parameters
from geoservice.publish.layers import layers_of
from geoservice.publish.permit import may_read
from geoservice.registry import findings
from geoservice.registry.bodies import geojson, new_record, read_body
from geoservice.registry.derived import prepare
from geoservice.registry.finding import Overview, Repeats, Stale, Unowned
from geoservice.registry.hands import reader
from geoservice.registry.registers import LOADABLE, register_named
from geoservice.timezones import zone_named

router = APIRouter(prefix="/registry", tags=["registry"])
_REPEATS = TypeAdapter(Repeats)
_CHECKED = {"code": "check", "name": "check", "source_doc": "check"}


class RepeatsQuery(Parameters):
    """The query of repeats; without limits those of the parameter `repeats`."""

    within_days: Annotated[int | None, Field(gt=0, le=36500)] = None
    within_m: Annotated[float | None, Field(gt=0, le=10000, description="metres")] = None


class ProposalsQuery(Parameters):
    """The query of proposals; what is not given is that of the parameter `crash_window`."""

    window_m: Annotated[float | None, Field(gt=0, le=100000, description="metres")] = None
    years: Annotated[int | None, Field(gt=0, le=100)] = None
    crashes: Annotated[int | None, Field(gt=0, le=100000)] = None
    deaths: Annotated[int | None, Field(gt=0, le=100000)] = None


class GradesQuery(Parameters):
    """The query of grades."""

    by: Literal["town", "hazard_source"] = "town"


@router.get("/hidden_dangers/repeats", summary="重复隐患 · hidden dangers that come back")
def repeats(
    query: Annotated[RepeatsQuery, Query()], request: Request, who: Who, conn: Conn
) -> dict[str, Any]:
    """Return repeats in chains, with their root causes counted, and what each record names."""
    scope = reader(layers_of(request), "hidden_dangers", who)
    found = findings.repeated_dangers(conn, scope, **query.model_dump())
    answer: dict[str, Any] = _REPEATS.dump_python(found, mode="json")
    return answer


@router.get("/dangerous_sections/proposals", summary="危险路段建议 · proposed dangerous sections")
def proposals(
    query: Annotated[ProposalsQuery, Query()], request: Request, who: Who, conn: Conn
) -> dict[str, Any]:
    """Return the stretches that crashes propose, by road and metre, with their geometry."""
    layers = layers_of(request)
    found = findings.proposed_sections(
        conn,
        reader(layers, "crash_points", who),
        sections=reader(layers, "dangerous_sections", who),
        asked=query.model_dump(),
    )
    told = [
        asdict(replace(it, geom=None))
        | {
            "length_m": it.to_m - it.from_m,
            "geometry": None if it.geom is None else geojson(it.geom),
        }
        for it in found.proposals
    ]
    for it in told:
        del it["geom"]
    return asdict(replace(found, proposals=())) | {"proposals": told}


@router.get("/hazard_sources/unowned", summary="防救盲区 · sources that nobody answers for")
def unowned(
    _: Annotated[NoQuery, Query()], request: Request, who: Who, conn: Conn
) -> list[Unowned]:
    """Return sources without a department that prevents or rescues: their own, or of their kind."""
    return findings.unowned_sources(conn, reader(layers_of(request), "hazard_sources", who))


@router.get("/stale", summary="久未核实 · what nobody verified")
def stale(_: Annotated[NoQuery, Query()], request: Request, who: Who, conn: Conn) -> list[Stale]:
    """Return of each register how much is stale, the oldest survey, and the rule used."""
    layers = layers_of(request)
    mine = [it for it in LOADABLE if it in layers and may_read(layers[it], who)]
    scope = reader(layers, "hazard_sources", who)
    return findings.stale_registers(conn, scope, registers=mine)


@router.get("/risk_points/grades", summary="风险等级汇总 · grades of towns and sources")
def grades(
    query: Annotated[GradesQuery, Query()], request: Request, who: Who, conn: Conn
) -> list[Overview]:
    """Return the grade of each town or source from its risk points, and the methods behind it."""
    scope = reader(layers_of(request), "risk_points", who)
    return findings.overall_grades(conn, scope, by=query.by)


@router.post("/risk_assessments/check", summary="试算评估 · grade an assessment without storing it")
def check(
    body: dict[str, Any], _: Annotated[NoQuery, Query()], request: Request, who: Who, conn: Conn
) -> dict[str, Any]:
    """Return the score and grade that these inputs mean; nothing is stored."""
    reader(layers_of(request), "risk_assessments", who)
    it = register_named("risk_assessments")
    subject = {} if "hazard_source_code" in body else {"risk_point_code": "check"}
    given = read_body(
        it, _CHECKED | {"assessed_on": "2000-01-01"} | subject | body, zone=zone_named("UTC")
    )
    (record,) = prepare(conn, it.name, [new_record(it, given)]).records
    told = asdict(record)
    return {name: told[name] for name in ("method", "inputs", "score", "grade")}
