"""What a request for items may say, and how the API document describes it."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, Any, Literal

from fastapi import Request
from fastapi.exceptions import RequestValidationError
from pydantic import Field, ValidationError

from geoservice.parameters import Parameters
from geoservice.publish.coordinates import CRS84
from geoservice.publish.cql2.reading import MAX_LENGTH
from geoservice.publish.layers import SightHere
from geoservice.publish.permit import Sight

DEFAULT_LIMIT, MAX_LIMIT = 100, 10_000
CRS_NOTE = f"{CRS84.uri} unless given; those of the collection's `crs`"


class ItemsQuery(Parameters):
    """The query of a page of items."""

    limit: Annotated[int, Field(ge=1)] = DEFAULT_LIMIT
    bbox: str | None = None
    bbox_crs: Annotated[str | None, Field(alias="bbox-crs")] = None
    datetime: str | None = None
    filter: str | None = None
    filter_lang: Annotated[Literal["cql2-text", "cql2-json"], Field(alias="filter-lang")] = (
        "cql2-text"
    )
    filter_crs: Annotated[str | None, Field(alias="filter-crs")] = None
    crs: str | None = None
    sortby: str | None = None
    properties: str | None = None
    skip_geometry: Annotated[bool, Field(alias="skipGeometry")] = False
    count: bool | None = None
    after: str | None = None
    f: Literal["json", "html", "csv", "fgb"] | None = None


class ItemQuery(Parameters):
    """The query of one item."""

    crs: Annotated[str | None, Field(description=CRS_NOTE)] = None
    f: Literal["json", "html"] | None = None


@dataclass(frozen=True)
class Asked:
    """A request for items: its parameters, and the fields that must have a value."""

    query: ItemsQuery
    equals: Mapping[str, str]


RESERVED = frozenset(field.alias or name for name, field in ItemsQuery.model_fields.items())


async def items_asked(request: Request, sight: SightHere) -> Asked:
    """Return what is asked (no thread for that)."""
    return asked_of(request, sight)


def asked_of(request: Request, sight: Sight) -> Asked:
    """Return what is asked; a parameter named like one of the caller's fields filters by it.

    Raises
    ------
    RequestValidationError
        A parameter is unknown or not as it must be.
    """
    given = dict(request.query_params)
    names = given.keys() - RESERVED
    equals = {one.name: given.pop(one.name) for one in sight.fields if one.name in names}
    try:
        return Asked(ItemsQuery.model_validate(given), equals)
    except ValidationError as error:
        found = [{**one, "loc": ("query", *one["loc"])} for one in error.errors()]
        raise RequestValidationError(found) from error


def _parameter(name: str, description: str, **schema: Any) -> dict[str, Any]:
    described = {"name": name, "in": "query", "required": False, "description": description}
    return {**described, "style": "form", "explode": False, "schema": schema}


# Written out, because FastAPI cannot say `explode: false`, which the standard wants of bbox.
ITEMS_PARAMETERS = [
    _parameter("limit", "Most features in one answer; a larger number is lowered to the maximum.",
               type="integer", minimum=1, maximum=MAX_LIMIT, default=DEFAULT_LIMIT),
    _parameter("bbox", "Four or six numbers: the corners, in the axis order of bbox-crs.",
               type="array", items={"type": "number"}, minItems=4, maxItems=6),
    _parameter("bbox-crs", CRS_NOTE, type="string", format="uri", default=CRS84.uri),
    _parameter("datetime", "Surveyed then: an RFC 3339 instant or interval, `..` for an open end. "
               "Features without a survey day match.", type="string"),
    _parameter("filter", "CQL2 over the collection's queryables. Besides, a parameter named like "
               "one of them asks for that value.", type="string", maxLength=MAX_LENGTH),
    _parameter("filter-lang", "How the filter is written.", type="string",
               enum=["cql2-text", "cql2-json"], default="cql2-text"),
    _parameter("filter-crs", f"Of the filter's geometries: {CRS_NOTE}", type="string",
               format="uri", default=CRS84.uri),
    _parameter("crs", CRS_NOTE, type="string", format="uri", default=CRS84.uri),
    _parameter("sortby", "Fields to sort by, the first counting most; a minus before one that "
               "falls: `+name,-surveyed_on`. Rows without a value come last.",
               type="array", items={"type": "string"}),
    _parameter("properties", "Only these fields.", type="array", items={"type": "string"}),
    _parameter("skipGeometry", "Without the geometry.", type="boolean", default=False),
    _parameter("count", "true: `numberMatched` whatever it costs; false: never. Unless given it "
               "is on the first page when it is cheap: up to 10,000.", type="boolean"),
    _parameter("after", "Where the last page ended; only as the next link has it.", type="string"),
    _parameter("f", "Format; the Accept header decides unless it is given.",
               type="string", enum=["json", "html", "csv", "fgb"]),
]  # fmt: skip
