"""`/dispatch/plans`: who sends what, asked before anything is ordered."""

from datetime import UTC, datetime
from typing import Annotated

from fastapi import APIRouter, Query, Response
from pydantic import TypeAdapter

from geoservice.auth import Conn
from geoservice.incidents.routes import Scope
from geoservice.parameters import NoQuery
from geoservice.plans.actions import make_plan
from geoservice.plans.answers import PlanAnswer
from geoservice.plans.bodies import PlanBody

router = APIRouter(prefix="/dispatch/plans", tags=["dispatch"])
_ANSWER = TypeAdapter(PlanAnswer)


@router.post("", summary="编制调度方案 · plan who sends what", response_model=PlanAnswer)
def post_plan(body: PlanBody, _: Annotated[NoQuery, Query()], scope: Scope, conn: Conn) -> Response:
    """Plan for incidents or a place: depots, lots and teams with their arrivals and ways.

    The first alternative follows the order of aims; each has the orders that it comes to, to be
    posted as they are. Nothing is reserved by a plan.
    """
    at = datetime.now(UTC)
    answer = make_plan(conn, body.question(at), at=at, scope=scope)
    return Response(_ANSWER.dump_json(answer), media_type="application/json")
