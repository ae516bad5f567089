"""`/dispatch/evacuations`: who goes to which shelter, and when they must leave."""

from datetime import UTC, datetime
from typing import Annotated

from fastapi import APIRouter, Query, Response
from pydantic import TypeAdapter

from geoservice.auth import Conn, Who
from geoservice.evacuation.actions import plan_evacuation
from geoservice.evacuation.answers import EvacuationAnswer
from geoservice.evacuation.bodies import EvacuationBody
from geoservice.parameters import NoQuery

router = APIRouter(prefix="/dispatch/evacuations", tags=["dispatch"])
_ANSWER = TypeAdapter(EvacuationAnswer)


@router.post("", summary="编制转移方案 · plan an evacuation", response_model=EvacuationAnswer)
def post_evacuation(
    body: EvacuationBody, _: Annotated[NoQuery, Query()], conn: Conn, who: Who
) -> Response:
    """Place the people in danger in shelters outside it, by capacity and road; nothing is stored.

    Most people in time first, then most placed at all, then least person-minutes; exact.
    """
    answer = plan_evacuation(conn, body.question(), at=datetime.now(UTC), towns=who.towns)
    return Response(_ANSWER.dump_json(answer), media_type="application/json")
