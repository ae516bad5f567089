"""The R value of hazard sources, kept with what is stored at them."""

import json
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace

from geoservice.db import Connection, Query
from geoservice.errors import InputError
from geoservice.registry.major_hazards import (
    NEAR_M,
    HazardTables,
    MajorHazard,
    Substance,
    r_value,
)
from geoservice.registry.records import Record
from geoservice.registry.risk_tables import hazard_tables
from geoservice.registry.rows import to_row


@dataclass(frozen=True)
class Residents:
    """Who lives within 500 m of a source: as given by hand, and as counted from settlements."""

    code: str
    given: int | None
    counted: int | None

    @property
    def number(self) -> int | None:
        """What counts: a number given by hand stands."""
        return self.counted if self.given is None else self.given


@dataclass(frozen=True)
class Stored:
    """A substance at a source."""

    source: str
    name: str
    quantity_t: float
    critical_t: float | None
    beta: float | None
    kind: str | None
    cas_no: str | None


SOURCES_NEAR = Query("risk", "sources_near", str)
HOLD_SOURCES = Query("risk", "hold_sources", str)
RESIDENTS = Query("risk", "residents", Residents)
SUBSTANCES = Query("risk", "substances", Stored)
SET_R_VALUES = Query("risk", "set_r_values", str)


def recompute(conn: Connection, codes: Collection[str]) -> None:
    """Count the residents of these sources and work out their R value and level anew.

    A source without substances, or where a quantity, a beta or the residents are not known, has
    no R value; one that has nothing to do with chemicals is left alone.
    """
    held = HOLD_SOURCES.all(conn, codes=sorted(codes)) if codes else []
    if not held:
        return
    tables = hazard_tables(conn)
    stored = SUBSTANCES.all(conn, codes=held)
    rows = []
    for residents in RESIDENTS.all(conn, codes=held, within_m=NEAR_M):
        mine = [it for it in stored if it.source == residents.code]
        found = _known(residents, mine, tables)
        rows.append({
            "code": residents.code,
            "counted": residents.counted,
            "r_value": found.r_value if found else None,
            "major_level": found.grade if found else None,
        })  # fmt: skip
    SET_R_VALUES.run(conn, rows=json.dumps(rows))


def sources_near(conn: Connection, settlements: Sequence[Record]) -> list[str]:
    """Return the codes of the sources whose residents these settlements are, or were."""
    rows = json.dumps([to_row(it) for it in settlements])
    return SOURCES_NEAR.all(conn, codes=[it.code for it in settlements], rows=rows, within_m=NEAR_M)


def r_value_of(conn: Connection, code: str) -> MajorHazard:
    """Return the R value of a source, with all it rests on.

    Raises
    ------
    InputError
        There is no such source, nothing is stored there, or what is needed is not known.
    """
    residents = RESIDENTS.first(conn, codes=[code], within_m=NEAR_M)
    stored = SUBSTANCES.all(conn, codes=[code])
    if residents is None or not stored:
        raise InputError(
            f"no substances are known at hazard source {code}",
            zh=f"危险源 {code} 没有登记危险物质", where="hazard_source_code",
        )  # fmt: skip
    return _computed(residents, stored, hazard_tables(conn))


def _known(residents: Residents, stored: list[Stored], tables: HazardTables) -> MajorHazard | None:
    if not stored:
        return None
    try:
        return _computed(residents, stored, tables)
    except InputError:  # something is not known yet: no value, rather than a wrong one
        return None


def _computed(residents: Residents, stored: list[Stored], tables: HazardTables) -> MajorHazard:
    if residents.number is None:
        raise InputError(
            f"{residents.code}: how many live within 500 m is not known: neither given "
            "(residents_500m) nor to be counted from the settlements",
            zh=f"{residents.code}：500 米内人数未知：未填写（residents_500m），也无法由居民点计得",
            where="residents_500m",
        )
    substances = [
        Substance(it.name, it.quantity_t, it.critical_t, it.beta, it.kind, it.cas_no)
        for it in stored
    ]
    return replace(
        r_value(substances, residents=residents.number, tables=tables),
        residents_from="counted" if residents.given is None else "given",
        residents_counted=residents.counted,
    )
