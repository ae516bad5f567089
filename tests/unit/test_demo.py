"""The demonstration district as it is made, before any database."""

import os
import re
import subprocess
import sys
from dataclasses import fields, is_dataclass
from datetime import UTC, datetime, timedelta

import numpy as np
import pytest
import shapely
from shapely.geometry.base import BaseGeometry

from geoservice.crs import STORE_SRID
from geoservice.demo.district import Demonstration, make_demonstration
from geoservice.demo.ground import Ground
from geoservice.demo.sections import flood_area
from geoservice.demo.sources import read_ground
from geoservice.demo.terrain import terrain_of

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)
REAL = {"water_bodies", "mines"}  # registers that hold facts
DIGEST = """
import hashlib
from datetime import UTC, datetime
from geoservice.demo.district import make_demonstration
from geoservice.demo.sources import read_ground
import numpy, shapely
numpy.set_printoptions(threshold=10**9)
shapely.geometry.base.BaseGeometry.__repr__ = lambda shape: shape.wkb_hex
made = make_demonstration(read_ground(), now=datetime(2026, 11, 23, 12, tzinfo=UTC))
print(hashlib.sha256(repr(made).encode()).hexdigest())
"""


@pytest.fixture(scope="module")
def ground() -> Ground:
    return read_ground()


@pytest.fixture(scope="module")
def made(ground: Ground) -> Demonstration:
    return make_demonstration(ground, now=NOW)


def _shapes(value: object) -> list[BaseGeometry]:
    """Every shape anywhere in a tree of dataclasses, dicts and sequences."""
    if isinstance(value, BaseGeometry):
        return [value]
    if is_dataclass(value):
        value = [getattr(value, field.name) for field in fields(value)]
    if isinstance(value, dict):
        value = list(value.values())
    if isinstance(value, list | tuple):
        return [shape for item in value for shape in _shapes(item)]
    return []


def test_two_runs_give_the_same_to_the_last_digit() -> None:
    digests = set()
    for seed in ("1", "2"):  # the order of sets and dicts must not matter
        environment = {**os.environ, "PYTHONHASHSEED": seed}
        run = subprocess.run(
            [sys.executable, "-c", DIGEST],
            env=environment, capture_output=True, text=True, check=True,
        )  # fmt: skip
        digests.add(run.stdout.strip())
    assert len(digests) == 1
    assert re.fullmatch(r"[0-9a-f]{64}", digests.pop())


def test_another_seed_gives_another_district_of_the_same_outline(made: Demonstration) -> None:
    other = make_demonstration(read_ground(seed=7), now=NOW)
    assert other.district.geom.equals(made.district.geom)
    assert other.registers["depots"][0].geom != made.registers["depots"][0].geom
    assert "seed 7" in other.registers["depots"][0].source_doc


def test_every_coordinate_has_seven_decimals_and_the_stored_srid(made: Demonstration) -> None:
    shapes = np.array(_shapes(made), dtype=object)
    coords = shapely.get_coordinates(shapes)
    assert len(shapes) > 800
    assert np.array_equal(coords, coords.round(7))
    assert set(shapely.get_srid(shapes).tolist()) == {STORE_SRID}
    assert shapely.is_valid(shapes).all()


def test_the_outline_is_the_published_one_taken_out_of_gcj02(ground: Ground) -> None:
    west, south, _, north = ground.boundary.bounds
    # data/boundary_gcj02.geojson begins at 113.001006 E; GCJ-02 is about 0.0065 degrees east here.
    assert west == pytest.approx(113.001006 - 0.0065, abs=0.0004)
    assert (south, north) == pytest.approx((36.243234, 36.488024), abs=0.0004)
    assert ground.boundary_m.area / 1e6 == pytest.approx(610, abs=1)


def test_the_towns_cover_the_district_exactly(made: Demonstration, ground: Ground) -> None:
    areas = [town.geom for town in made.registers["towns"]]
    assert len(areas) == 9
    assert shapely.coverage_is_valid(areas)
    assert (
        shapely.symmetric_difference(shapely.coverage_union_all(areas), ground.boundary).area == 0
    )
    assert sum(area.area for area in areas) == pytest.approx(ground.boundary.area, rel=1e-12)
    for town, area in zip(ground.towns, areas, strict=True):
        assert area.contains(town.seat)


def test_invented_things_say_so_in_their_name(made: Demonstration) -> None:
    records = [r for name, rows in made.registers.items() if name not in REAL for r in rows]
    rows = [made.mine_water.mine, *made.mine_water.versions, *made.mine_water.zones]
    names = [r.name for r in (*records, *rows, *made.scenarios, *made.bands)]
    names += [tags.name for tags in made.roads.tags]
    assert [name for name in names if not name.startswith("演示")] == []
    assert all(record.is_demo for rows in made.registers.values() for record in rows)


def test_codes_are_unique_and_facts_name_their_source(made: Demonstration) -> None:
    for rows in made.registers.values():
        assert len({record.code for record in rows}) == len(rows)
    assert len(set(made.roads.codes)) == len(made.roads.codes)
    assert all("Global Energy Monitor" in mine.source_doc for mine in made.registers["mines"])
    waters = {water.kind: water for water in made.registers["water_bodies"]}
    assert "GSHHG" in waters["river"].source_doc
    assert waters["goaf"].name.startswith("演示")


def test_there_is_as_much_as_a_district_has(made: Demonstration) -> None:
    tiers = [team.tier for team in made.registers["rescue_teams"]]
    assert (tiers.count("main"), tiers.count("pro")) == (1, 17)  # item 7 of the notice
    stores = made.registers["depots"]
    assert {depot.tier for depot in stores} == {"district", "town", "village", "enterprise"}
    assert {d.town_code for d in stores if d.tier == "town"} == {
        town.code for town in made.registers["towns"]
    }
    secrecy = [source.secrecy for source in made.registers["hazard_sources"]]
    assert (len(secrecy), secrecy.count("restricted"), secrecy.count("public")) == (62, 4, 0)


def test_stock_codes_have_the_form_of_the_standard_and_claim_nothing(made: Demonstration) -> None:
    codes = [lot.item_code for lot in made.registers["stock_lots"]]
    assert all(re.fullmatch(r"[1-3](\d{2}){3}", code) for code in codes)
    assert {code[1:5] for code in codes} == {"9999"}  # "other" of "other"


def test_closures_are_in_force_over_and_to_come(made: Demonstration) -> None:
    periods = [(c.starts_at, c.ends_at) for c in made.registers["road_closures"]]
    assert [start <= NOW < end for start, end in periods] == [True, True, False, False]
    assert periods[2][1] < NOW < periods[3][0]
    later = make_demonstration(read_ground(), now=NOW + timedelta(days=365))
    assert [c.geom for c in later.registers["road_closures"]] == [
        c.geom for c in made.registers["road_closures"]
    ]


def test_the_flood_goes_under_a_bridge_and_over_a_low_road(
    made: Demonstration, ground: Ground
) -> None:
    area = flood_area(ground, made.roads)
    met = [n for n, line in enumerate(made.roads.lines) if line.intersects(area)]
    bridges = [n for n in met if made.roads.tags[n].is_bridge]
    low = [n for n in met if not made.roads.tags[n].is_bridge]
    assert len(bridges) >= 1
    assert len(low) >= 1
    for bridge in bridges:
        assert not any(made.roads.lines[n].touches(made.roads.lines[bridge]) for n in low)


def test_the_river_is_the_bottom_of_its_valley(ground: Ground) -> None:
    terrain = terrain_of(ground)
    for river in ground.rivers_m:
        on = shapely.get_coordinates(river.interpolate(0.5, normalized=True))
        off = on + np.array([1800.0, 400.0])
        assert terrain.above_river_m(*on.T)[0] < 1.0
        assert terrain.height_m(*off.T)[0] > terrain.height_m(*on.T)[0]
    assert terrain.height_m(np.empty(0), np.empty(0)).shape == (0,)
