"""The numbers behind the calculations: data with a source, to be amended."""

from dataclasses import dataclass
from typing import Annotated, Any

from geoservice.registry.records.record import Column, Record


@dataclass(frozen=True, kw_only=True)
class RiskParameter(Record):
    """A table or limit of a calculation; provisional until verified."""

    value: Annotated[dict[str, Any], Column(("值",))]
    is_verified: Annotated[bool, Column()] = False
