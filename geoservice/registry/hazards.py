"""The R value of hazard sources, kept with what is stored at them."""

import json
from collections.abc import Collection
from dataclasses import dataclass

from geoservice.db import Connection, Query
from geoservice.errors import InputError
from geoservice.registry.major_hazards import HazardTables, MajorHazard, Substance, r_value
from geoservice.registry.risk_tables import hazard_tables


@dataclass(frozen=True)
class Source:
    """A hazard source, and who lives within 500 m of it as far as was said."""

    code: str
    residents_500m: int | None


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


HOLD_SOURCES = Query("risk", "hold_sources", Source)
RESIDENTS = Query("risk", "residents", Source)
SUBSTANCES = Query("risk", "substances", Stored)
SET_R_VALUES = Query("risk", "set_r_values", str)


def recompute(conn: Connection, codes: Collection[str]) -> None:
    """Work out the R value and level of these sources anew.

    A source without substances, or where a quantity, a beta or the residents are not known, has
    none.
    """
    held = HOLD_SOURCES.all(conn, codes=sorted(codes)) if codes else []
    if not held:
        return
    tables = hazard_tables(conn)
    stored = SUBSTANCES.all(conn, codes=[it.code for it in held])
    rows = []
    for source in held:
        mine = [it for it in stored if it.source == source.code]
        found = _known(source, mine, tables)
        rows.append({
            "code": source.code,
            "r_value": found.r_value if found else None,
            "major_level": found.grade if found else None,
        })  # fmt: skip
    SET_R_VALUES.run(conn, rows=json.dumps(rows))


def r_value_of(conn: Connection, code: str) -> MajorHazard:
    """Return the R value of a source, with all it rests on.

    Raises
    ------
    InputError
        There is no such source, nothing is stored there, or what is needed is not known.
    """
    source = RESIDENTS.first(conn, codes=[code])
    stored = SUBSTANCES.all(conn, codes=[code])
    if source is None or not stored:
        raise InputError(
            f"no substances are known at hazard source {code}",
            zh=f"危险源 {code} 没有登记危险物质", where="hazard_source_code",
        )  # fmt: skip
    return _computed(source, stored, hazard_tables(conn))


def _known(source: Source, stored: list[Stored], tables: HazardTables) -> MajorHazard | None:
    if not stored:
        return None
    try:
        return _computed(source, stored, tables)
    except InputError:  # something is not known yet: no value, rather than a wrong one
        return None


def _computed(source: Source, stored: list[Stored], tables: HazardTables) -> MajorHazard:
    if source.residents_500m is None:
        raise InputError(
            f"{source.code}: how many live within 500 m is not known (residents_500m)",
            zh=f"{source.code}：500 米内人数未知（residents_500m）", where="residents_500m",
        )  # fmt: skip
    substances = [
        Substance(it.name, it.quantity_t, it.critical_t, it.beta, it.kind, it.cas_no)
        for it in stored
    ]
    return r_value(substances, residents=source.residents_500m, tables=tables)
