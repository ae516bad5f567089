"""List scenarios, give one, store one, and put it on the roads or take it off."""

import hashlib
import json
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

import shapely
from shapely import Polygon

from geoservice import __version__
from geoservice.closures.actions import set_flood
from geoservice.db import Connection, Query, require_district
from geoservice.errors import InputError, NotFoundError
from geoservice.floods.answers import Gauge, Scenario
from geoservice.floods.grades import FloodRules, make_rules
from geoservice.floods.records import BandRow, GaugeStanding, NewBand, NewScenario, ScenarioRow
from geoservice.floods.telling import gauge_told, told


@dataclass(frozen=True)
class Table:
    """A parameter and its value."""

    code: str
    value: Mapping[str, Any]


RULES = Query("floods", "rules", Table)
ENVELOPE = Query("floods", "envelope", Polygon)
SCENARIOS = Query("floods", "scenarios", ScenarioRow)
BANDS = Query("floods", "bands", BandRow)
STANDING_GAUGES = Query("floods", "standing_gauges", GaugeStanding)
ADD_SCENARIO = Query("floods", "add_scenario", int)
ADD_BANDS = Query("floods", "add_bands", str)
_MOST = 1000


def flood_rules(conn: Connection) -> FloodRules:
    """Return the tables that floods are told by.

    Raises
    ------
    InputError
        One is missing or cannot be used.
    """
    return make_rules({it.code: it.value for it in RULES.all(conn)})


def list_scenarios(
    conn: Connection, *, at: datetime, family: str | None = None, most: int = _MOST
) -> list[Scenario]:
    """Return scenarios, the newest first; of one family if asked."""
    rules = flood_rules(conn)
    rows = SCENARIOS.all(conn, id=None, code=None, family=family, at=at, most=min(most, _MOST))
    gauges = _gauges(conn, at)
    return [told(row, rules, gauge=gauges.get(row.id)) for row in rows]


def read_scenario(conn: Connection, scenario_id: int, *, at: datetime) -> Scenario:
    """Return one scenario with its bands.

    Raises
    ------
    NotFoundError
        There is none.
    """
    row = SCENARIOS.first(conn, id=scenario_id, code=None, family=None, at=at, most=1)
    if row is None:
        raise NotFoundError(
            f"no flood scenario {scenario_id}", zh=f"没有洪水情景 {scenario_id}", where="id"
        )
    bands = BANDS.all(conn, id=scenario_id)
    return told(row, flood_rules(conn), bands, _gauges(conn, at).get(scenario_id))


def enforce(
    conn: Connection, scenario_id: int, *, starts_at: datetime | None, ends_at: datetime | None,
    at: datetime, version: int | None = None,
) -> Scenario:  # fmt: skip
    """Put a scenario's water on the roads: the next question of anybody meets it.

    Raises
    ------
    NotFoundError, VersionError
        As of `closures.actions.set_flood`.
    """
    changes = {"state": "in_force", "starts_at": starts_at, "ends_at": ends_at}
    set_flood(conn, scenario_id, changes, at=at, version=version)
    return read_scenario(conn, scenario_id, at=at)


def lift(
    conn: Connection, scenario_id: int, *, at: datetime, version: int | None = None
) -> Scenario:
    """Take a scenario's water off the roads; as `enforce`."""
    set_flood(conn, scenario_id, {"state": "ended"}, at=at, version=version)
    return read_scenario(conn, scenario_id, at=at)


def store_scenario(
    conn: Connection, scenario: NewScenario, bands: Sequence[NewBand], *, at: datetime
) -> Scenario:
    """Store a scenario as a draft, with its bands.

    Raises
    ------
    NoDistrictError
        No boundary is loaded.
    InputError
        It has no band.
    """
    require_district(conn)
    if not bands:
        raise InputError(
            "no water: nothing would be under it", zh="没有淹没范围：无处被淹", where="bands"
        )
    code = scenario.code or f"FS-{at:%Y%m%d-%H%M%S}-{secrets.token_hex(2)}"
    row = asdict(scenario) | {
        "code": code, "name_en": scenario.name, "unknown_geom": _hex(scenario.unknown),
        "geom_hash": geom_hash(bands), "code_version": __version__,
    }  # fmt: skip
    del row["unknown"]
    scenario_id = ADD_SCENARIO.one(conn, row=json.dumps(row))
    rows = [_band_row(code, number, scenario, it) for number, it in enumerate(bands, 1)]
    ADD_BANDS.run(conn, scenario=scenario_id, rows=json.dumps(rows))
    return read_scenario(conn, scenario_id, at=at)


def geom_hash(bands: Sequence[NewBand]) -> str:
    """Return what tells two extents apart: a hash of the bands' shapes and what they say."""
    digest = hashlib.sha256()
    for it in bands:
        said = (it.depth_min_m, it.depth_max_m, it.velocity_ms, it.arrival_min, it.grade)
        digest.update(repr(said).encode())
        digest.update(shapely.to_wkb(shapely.normalize(it.geom)))
    return digest.hexdigest()


def _gauges(conn: Connection, at: datetime) -> dict[int, Gauge]:
    return {it.scenario_id: gauge_told(it, at) for it in STANDING_GAUGES.all(conn)}


def _band_row(code: str, number: int, scenario: NewScenario, band: NewBand) -> dict[str, Any]:
    upper = band.depth_max_m
    depth = (
        f"{band.depth_min_m:g}-{upper:g} m" if upper is not None else f"> {band.depth_min_m:g} m"
    )
    return asdict(band) | {
        "code": f"{code}-{number:03d}",
        "name": f"{scenario.name}（{depth}）",
        "name_en": f"{scenario.name} ({depth})",
        "source_doc": scenario.source_doc,
        "geom": _hex(band.geom),
    }


def _hex(shape: Any) -> str | None:
    return None if shape is None else str(shapely.to_wkb(shape, hex=True, include_srid=True))
