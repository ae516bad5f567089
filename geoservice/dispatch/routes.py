"""`/dispatch/...`: questions a dispatcher asks of the roads."""

from datetime import UTC, datetime
from typing import Annotated

from fastapi import APIRouter, Query, Response
from pydantic import AwareDatetime, Field, TypeAdapter

from geoservice.auth import Conn, Who
from geoservice.dispatch.actions import nearest_by_road
from geoservice.dispatch.answers import (
    KINDS,
    MOST_WANTED,
    NearestAnswer,
    NearestQuestion,
)
from geoservice.dispatch.bodies import NearestBody
from geoservice.parameters import NoQuery, Parameters

router = APIRouter(tags=["dispatch"])
_ANSWER = TypeAdapter(NearestAnswer)


class NearestParameters(Parameters):
    """The query of `/dispatch/nearest`."""

    lon: Annotated[float, Field(ge=-180, le=180, description="degrees, CGCS2000 or WGS 84")]
    lat: Annotated[float, Field(ge=-90, le=90, description="degrees")]
    kind: Annotated[str, Field(json_schema_extra={"enum": list(KINDS)})]
    k: Annotated[int, Field(ge=1, le=MOST_WANTED, description="how many at most")] = 5
    profile: Annotated[
        str, Field(max_length=100, description="a code of the register vehicle_profiles")
    ] = "car"
    within_min: Annotated[
        float | None, Field(gt=0, description="leave out who drives longer, minutes")
    ] = None
    at: Annotated[AwareDatetime | None, Field(description="an instant; now unless given")] = None


@router.get(
    "/dispatch/nearest",
    summary="Who of a kind is there soonest by road",
    response_model=NearestAnswer,
)
def nearest(query: Annotated[NearestParameters, Query()], conn: Conn, who: Who) -> Response:
    """Rank depots or rescue teams by driving time to a point, around the closures in force then."""
    question = NearestQuestion(**query.model_dump(exclude={"at"}))
    at = query.at or datetime.now(UTC)
    answer = nearest_by_road(conn, question, at=at, towns=who.towns)
    return Response(_ANSWER.dump_json(answer), media_type="application/json")


@router.post(
    "/dispatch/nearest",
    summary="Who would be there soonest if more roads were closed",
    response_model=NearestAnswer,
)
def nearest_if(body: NearestBody, _: Annotated[NoQuery, Query()], conn: Conn, who: Who) -> Response:
    """Rank as the GET does, with closures that are supposed: nothing is stored."""
    answer = nearest_by_road(
        conn,
        body.question(),
        at=body.at or datetime.now(UTC),
        towns=who.towns,
        what_if=[supposed.what_if() for supposed in body.what_if],
    )
    return Response(_ANSWER.dump_json(answer), media_type="application/json")
