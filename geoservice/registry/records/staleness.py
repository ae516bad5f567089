"""After how long a record that nobody verified counts as stale."""

from dataclasses import dataclass
from typing import Annotated

from geoservice.registry.records.record import Column, Record


@dataclass(frozen=True, kw_only=True)
class StalenessRule(Record):
    """So many days for one register, whose name is the code; provisional until verified."""

    days: Annotated[int, Column(("天数",), least=1)]
    is_verified: Annotated[bool, Column()] = False
