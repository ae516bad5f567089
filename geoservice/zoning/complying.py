"""Whether a mine keeps to three specials, two probes, one withdrawal; collars and floods."""

from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

from geoservice.db import Connection, Query
from geoservice.heights import converted
from geoservice.minewater.collars import IN_DANGER, Against, against_water
from geoservice.minewater.inputs import Shaft
from geoservice.minewater.rules_above import collar_note
from geoservice.registry.risk_tables import parameters
from geoservice.texts import Text
from geoservice.zoning.compliance import (
    Compliance,
    Control,
    HeadingRow,
    ProbeRow,
    Records,
    Rule,
    Withdrawal,
    judge,
    told,
)
from geoservice.zoning.input_rows import SHAFTS, ShaftRow

PARAMETER = "water_control"

CONTROL = Query("zone_inputs", "control", Control)
HEADINGS = Query("zone_inputs", "headings", HeadingRow)
PROBES = Query("zone_inputs", "probes", ProbeRow)
WITHDRAWALS = Query("zone_inputs", "withdrawals", Withdrawal)
DAY = Query("zone_inputs", "district_day", date)


@dataclass(frozen=True)
class ShaftCheck:
    """A shaft collar or yard against the highest flood level.

    Parameters
    ----------
    standing
        ``above``; ``defended``: not above, with a document of defence; ``below``: without one;
        ``unknown``: a level or its datum is missing, or the two are not to be compared.
    above_m
        Collar above the flood level, in one datum; None where that is not known.
    """

    id: int
    code: str
    name: str
    kind: str
    collar_m: float | None
    height_datum: str | None
    flood_level_m: float | None
    flood_datum: str | None
    defence_doc: str | None
    above_m: float | None
    standing: Against
    text: Text

    @property
    def is_flag(self) -> bool:
        """Whether somebody has to act."""
        return self.standing in IN_DANGER


def mine_compliance(
    conn: Connection, *, mine_id: int, hydro_type: str | None, on: date | None = None
) -> dict[str, Any]:
    """Return what a mine lacks on a day, by default the district's, and by which rule.

    Raises
    ------
    ConflictError
        The rule (risk parameter ``water_control``) was retired.
    """
    rule = parameters(conn, PARAMETER)[PARAMETER]
    found: Compliance = judge(
        Records(
            hydro_type=hydro_type,
            control=CONTROL.one(conn, mine_id=mine_id),
            headings=HEADINGS.all(conn, mine_id=mine_id),
            probes=PROBES.all(conn, mine_id=mine_id),
            withdrawals=WITHDRAWALS.all(conn, mine_id=mine_id),
        ),
        Rule(**rule.value),
        on=on or DAY.one(conn),
    )
    return told(found) | {
        "rule": {
            "value": rule.value, "source_doc": rule.source_doc, "is_verified": rule.is_verified,
        }
    }  # fmt: skip


def check_shafts(conn: Connection, *, mine_id: int) -> list[ShaftCheck]:
    """Return every shaft collar and yard of a mine against the highest flood level there."""
    return [checked(row) for row in SHAFTS.all(conn, mine_id=mine_id)]


def shaft_told(it: ShaftCheck) -> dict[str, Any]:
    """Return a check as JSON values."""
    return {**asdict(it), "is_flag": it.is_flag}


def checked(row: ShaftRow) -> ShaftCheck:
    """Return one shaft against its flood level; a level without datum is not compared (pure)."""
    flood_m = None
    if row.flood_level_m is not None and row.height_datum and row.flood_datum:
        flood_m = converted(row.flood_level_m, row.flood_datum, row.height_datum)
    is_known = row.collar_m is not None and flood_m is not None
    note = collar_note(
        Shaft(
            row.code, row.geom, row.collar_m if is_known else None, flood_m, row.height_datum,
            row.defence_doc,
        )
    )  # fmt: skip
    above_m = (
        round(row.collar_m - flood_m, 3)
        if row.collar_m is not None and flood_m is not None
        else None
    )
    standing = against_water(row.collar_m, flood_m, row.defence_doc)
    given = {name: value for name, value in vars(row).items() if name != "geom"}
    return ShaftCheck(**given, above_m=above_m, standing=standing, text=note.text)
