"""`/dispatch/isochrones` and `/dispatch/coverage`: how far stations reach, and who is covered."""

from datetime import UTC, datetime
from typing import Annotated

from fastapi import APIRouter, Query, Response
from pydantic import AwareDatetime, Field, TypeAdapter

from geoservice.auth import Conn, Who
from geoservice.coverage.actions import coverage, isochrones
from geoservice.coverage.answers import (
    KINDS,
    MINUTES,
    MOST_LIMITS,
    MOST_MINUTES,
    CoverageAnswer,
    CoverageQuestion,
    Isochrones,
)
from geoservice.errors import InputError
from geoservice.parameters import AtQuery, Body, NoQuery

router = APIRouter(tags=["dispatch"])
_ISOCHRONES, _COVERAGE = TypeAdapter(Isochrones), TypeAdapter(CoverageAnswer)
Kind = Annotated[str, Field(json_schema_extra={"enum": list(KINDS)})]
Code = Annotated[str, Field(min_length=1, max_length=100)]
Minutes = Annotated[float, Field(gt=0, le=MOST_MINUTES)]


class CoverageParameters(AtQuery):
    """The query of both."""

    kind: Kind = "fire_station"
    minutes: Annotated[
        str, Field(max_length=100, description="of driving, with commas: 5,10,15,30")
    ] = "5,10,15,30"
    profile: Annotated[Code, Field(description="a code of the register vehicle_profiles")] = "car"
    what_if: Annotated[
        str | None,
        Field(max_length=100, description="lon,lat of a station that might stand there"),
    ] = None

    def question(self) -> CoverageQuestion:
        """Return what is asked.

        Raises
        ------
        InputError
            Minutes or the place are no numbers.
        """
        place = None if self.what_if is None else _numbers(self.what_if, "what_if")
        if place is not None and len(place) != 2:
            raise InputError(
                "what_if: lon,lat is needed", zh="what_if：须为 经度,纬度", where="what_if"
            )
        return CoverageQuestion(
            kind=self.kind,
            minutes=_numbers(self.minutes, "minutes"),
            what_if=None if place is None else (place[0], place[1]),
            profile=self.profile,
        )


class WhatIfBody(Body):
    """Where a station might stand, degrees, CGCS2000."""

    lon: Annotated[float, Field(ge=-180, le=180)]
    lat: Annotated[float, Field(ge=-90, le=90)]


class CoverageBody(Body):
    """The body of `POST /dispatch/isochrones`; `codes` are only these stations."""

    kind: Kind = "fire_station"
    minutes: Annotated[tuple[Minutes, ...], Field(min_length=1, max_length=MOST_LIMITS)] = MINUTES
    codes: Annotated[tuple[Code, ...], Field(max_length=1000)] = ()
    what_if: WhatIfBody | None = None
    profile: Code = "car"
    at: AwareDatetime | None = None

    def question(self) -> CoverageQuestion:
        """Return what is asked."""
        place = None if self.what_if is None else (self.what_if.lon, self.what_if.lat)
        said = self.model_dump(exclude={"what_if", "at"})
        return CoverageQuestion(what_if=place, **said)


@router.get("/dispatch/isochrones", summary="服务范围 · how far stations reach",
            response_model=Isochrones)  # fmt: skip
def get_isochrones(query: Annotated[CoverageParameters, Query()], conn: Conn, who: Who) -> Response:
    """Return what is reached within each limit as GeoJSON, and who is covered."""
    found = isochrones(conn, query.question(), at=query.instant, towns=who.towns)
    return Response(_ISOCHRONES.dump_json(found), media_type="application/json")


@router.post("/dispatch/isochrones", summary="假设增设站点 · if a station stood here",
             response_model=Isochrones)  # fmt: skip
def post_isochrones(
    body: CoverageBody, _: Annotated[NoQuery, Query()], conn: Conn, who: Who
) -> Response:
    """Return the same for some stations only, or with one more; nothing is stored."""
    at = body.at or datetime.now(UTC)
    found = isochrones(conn, body.question(), at=at, towns=who.towns)
    return Response(_ISOCHRONES.dump_json(found), media_type="application/json")


@router.get("/dispatch/coverage", summary="覆盖与孤立 · who is covered, what is cut off",
            response_model=CoverageAnswer)  # fmt: skip
def get_coverage(query: Annotated[CoverageParameters, Query()], conn: Conn, who: Who) -> Response:
    """Return people covered by town and settlement, gaps, cut-off settlements and depots."""
    found = coverage(conn, query.question(), at=query.instant, towns=who.towns)
    return Response(_COVERAGE.dump_json(found), media_type="application/json")


def _numbers(text: str, where: str) -> tuple[float, ...]:
    try:
        return tuple(float(it) for it in text.split(","))
    except ValueError as error:
        raise InputError(
            f"{where} {text!r}: numbers with commas between are needed",
            zh=f"{where} {text!r}：须为以逗号分隔的数字",
            where=where,
        ) from error
