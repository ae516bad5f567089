"""`/dispatch/...`: questions a dispatcher asks of the roads."""

from datetime import UTC, datetime
from typing import Annotated

from fastapi import APIRouter, Query, Response
from pydantic import AwareDatetime, Field, TypeAdapter

from geoservice.auth import Conn, Who
from geoservice.dispatch.actions import asked_place, nearest_by_road
from geoservice.dispatch.answers import (
    KINDS,
    MOST_WANTED,
    WEAKEST_TYPE,
    NearestAnswer,
    NearestQuestion,
)
from geoservice.dispatch.bodies import NearestBody
from geoservice.incidents.routes import Scope
from geoservice.parameters import NoQuery, Parameters

router = APIRouter(tags=["dispatch"])
_ANSWER = TypeAdapter(NearestAnswer)


class NearestParameters(Parameters):
    """The query of `/dispatch/nearest`."""

    lon: Annotated[
        float | None, Field(ge=-180, le=180, description="degrees, CGCS2000 or WGS 84")
    ] = None
    lat: Annotated[float | None, Field(ge=-90, le=90, description="degrees")] = None
    incident: Annotated[
        int | None, Field(ge=1, lt=2**63, description="id of an incident, instead of lon and lat")
    ] = None
    kind: Annotated[str, Field(json_schema_extra={"enum": list(KINDS)})]
    k: Annotated[int, Field(ge=1, le=MOST_WANTED, description="how many at most")] = 5
    profile: Annotated[
        str, Field(max_length=100, description="a code of the register vehicle_profiles")
    ] = "car"
    within_min: Annotated[
        float | None, Field(gt=0, description="leave out who drives longer, minutes")
    ] = None
    item: Annotated[
        str | None,
        Field(max_length=7, description="GB/T 38565 code or its beginning: depots with some free"),
    ] = None
    skill: Annotated[
        str | None,
        Field(min_length=1, max_length=100, description="what a team must be able to do"),
    ] = None
    type_no: Annotated[
        int | None, Field(ge=1, le=WEAKEST_TYPE, description="of this type (1 the best) or better")
    ] = None
    at: Annotated[AwareDatetime | None, Field(description="closures as of this instant; now")] = (
        None
    )

    def question(self, lon: float, lat: float) -> NearestQuestion:
        """Return the question about a place."""
        return NearestQuestion(
            lon, lat, **self.model_dump(exclude={"lon", "lat", "incident", "at"})
        )


@router.get(
    "/dispatch/nearest",
    summary="最近的资源 · who of a kind is there soonest by road",
    response_model=NearestAnswer,
)
def nearest(
    query: Annotated[NearestParameters, Query()], conn: Conn, who: Who, scope: Scope
) -> Response:
    """Rank depots, teams, stations or shelters by when they are there, around closures in force."""
    place = asked_place(conn, query.lon, query.lat, query.incident, scope)
    answer = nearest_by_road(
        conn, query.question(*place), at=query.at or datetime.now(UTC), towns=who.towns
    )
    return Response(_ANSWER.dump_json(answer), media_type="application/json")


@router.post(
    "/dispatch/nearest",
    summary="假如再封闭这些路 · who would be there soonest if more roads were closed",
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
