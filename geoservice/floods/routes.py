"""`/zoning/floods`: scenarios, what they do, and whether their water is on the roads."""

from datetime import UTC, datetime
from typing import Annotated

from fastapi import APIRouter, Path, Query, Request, Response
from pydantic import TypeAdapter

from geoservice.auth import Actor, Conn, Who
from geoservice.closures.bodies import Period
from geoservice.floods import actions, consequences
from geoservice.floods.answers import Consequences, Scenario
from geoservice.floods.bodies import ConsequencesQuery, DrawnBody, ListQuery
from geoservice.floods.consequences import Sighting
from geoservice.parameters import AtQuery, NoQuery
from geoservice.publish.layers import layers_of
from geoservice.publish.permit import sight_of
from geoservice.registry.preconditions import IfMatch, version_of

router = APIRouter(prefix="/zoning/floods", tags=["zoning"])
ScenarioId = Annotated[int, Path(ge=1, lt=2**63)]
_SCENARIO, _SCENARIOS = TypeAdapter(Scenario), TypeAdapter(list[Scenario])
_CONSEQUENCES = TypeAdapter(Consequences)


@router.get("", summary="洪水情景列表 · flood scenarios", response_model=list[Scenario])
def get_scenarios(query: Annotated[ListQuery, Query()], conn: Conn) -> Response:
    """Return the scenarios on record, the newest first, with their standing and state."""
    found = actions.list_scenarios(conn, at=query.instant, family=query.family, most=query.limit)
    return Response(_SCENARIOS.dump_json(found), media_type="application/json")


@router.get("/{scenario_id}", summary="一个洪水情景 · a flood scenario", response_model=Scenario)
def get_scenario(
    scenario_id: ScenarioId, query: Annotated[AtQuery, Query()], conn: Conn
) -> Response:
    """Return a scenario with its depth bands; their shapes are in the layer `flood_zones`."""
    return _answer(actions.read_scenario(conn, scenario_id, at=query.instant))


@router.get("/{scenario_id}/consequences", summary="洪水后果 · what a flood does",
            response_model=Consequences)  # fmt: skip
def get_consequences(
    scenario_id: ScenarioId, query: Annotated[ConsequencesQuery, Query()], request: Request,
    who: Who, conn: Conn,
) -> Response:  # fmt: skip
    """Return roads by vehicle, bridges, what is inside by layer, who is cut off, shelters left."""
    found = consequences.of_scenario(
        conn, scenario_id, profile=query.profile, at=query.instant, sighting=_sighting(request, who)
    )
    return Response(_CONSEQUENCES.dump_json(found), media_type="application/json")


@router.post("/consequences", summary="手绘范围的后果 · what drawn water would do",
             response_model=Consequences)  # fmt: skip
def post_consequences(
    body: DrawnBody, query: Annotated[ConsequencesQuery, Query()], request: Request, who: Who,
    conn: Conn,
) -> Response:  # fmt: skip
    """Return the same for water of a depth under a shape; nothing is stored."""
    found = consequences.of_shape(
        conn, body.drawn(), profile=query.profile, at=query.instant,
        sighting=_sighting(request, who),
    )  # fmt: skip
    return Response(_CONSEQUENCES.dump_json(found), media_type="application/json")


@router.post("/{scenario_id}/enforce", summary="洪水生效 · put a flood on the roads",
             response_model=Scenario)  # fmt: skip
def post_enforce(
    scenario_id: ScenarioId, body: Period, _: Annotated[NoQuery, Query()], conn: Conn,
    if_match: IfMatch = None,
) -> Response:  # fmt: skip
    """Put a scenario's water on the roads: the next question of anybody meets it."""
    version = version_of(if_match, scenario_id)
    now = datetime.now(UTC)
    period = {"starts_at": body.starts_at, "ends_at": body.ends_at}
    return _answer(actions.enforce(conn, scenario_id, **period, at=now, version=version))


@router.post("/{scenario_id}/lift", summary="洪水解除 · take a flood off the roads",
             response_model=Scenario)  # fmt: skip
def post_lift(
    scenario_id: ScenarioId, _: Annotated[NoQuery, Query()], conn: Conn, if_match: IfMatch = None
) -> Response:
    """Take a scenario's water off the roads."""
    version = version_of(if_match, scenario_id)
    return _answer(actions.lift(conn, scenario_id, at=datetime.now(UTC), version=version))


def _sighting(request: Request, who: Actor) -> Sighting:
    sight = sight_of(layers_of(request)["flood_zones"], who)
    return Sighting(sight.secrecies, sight.towns)


def _answer(scenario: Scenario) -> Response:
    headers = {"ETag": scenario.etag}
    return Response(_SCENARIO.dump_json(scenario), 200, headers, media_type="application/json")
