"""The invented mine's zones and the floods."""

from datetime import UTC, datetime

import pytest
import shapely

from geoservice.demo.district import Demonstration, make_demonstration
from geoservice.demo.ground import Ground
from geoservice.demo.partition import Evidence, cells_of, partition
from geoservice.demo.sources import read_ground


@pytest.fixture(scope="module")
def ground() -> Ground:
    return read_ground()


@pytest.fixture(scope="module")
def made(ground: Ground) -> Demonstration:
    return make_demonstration(ground, now=datetime(2026, 11, 23, tzinfo=UTC))


def test_zones_of_both_versions_cover_the_licence_exactly(made: Demonstration) -> None:
    water = made.mine_water
    for version in water.versions:
        zones = [zone.geom for zone in water.zones if zone.version_code == version.code]
        assert len(zones) == 3
        assert shapely.coverage_is_valid(zones)
        left = shapely.symmetric_difference(shapely.coverage_union_all(zones), water.licence.geom)
        assert left.area == 0


def test_areas_are_those_of_the_zone_and_add_up_to_the_licence(
    made: Demonstration, ground: Ground
) -> None:
    for zone in made.mine_water.zones:
        assert zone.area_m2 == pytest.approx(ground.metres(zone.geom).area, abs=0.1)
    first = [z.area_m2 for z in made.mine_water.zones if z.version_code == "DEMO-ZV-1"]
    assert sum(first) / 1e6 == pytest.approx(made.mine_water.mine.licence_area_km2, rel=1e-4)


def test_treatment_turns_slow_mining_into_workable_and_never_touches_no_mining(
    made: Demonstration,
) -> None:
    area = {(z.version_code, z.zone): z.area_m2 for z in made.mine_water.zones}
    assert area["DEMO-ZV-2", "workable"] > area["DEMO-ZV-1", "workable"]
    assert area["DEMO-ZV-2", "no_mining"] == area["DEMO-ZV-1", "no_mining"]


def test_the_worst_reason_decides_and_every_hazard_of_that_zone_is_named(ground: Ground) -> None:
    x, y = ground.boundary_m.centroid.coords[0]
    licence = shapely.box(x, y, x + 1000, y + 1000)
    reasons = [
        Evidence("slow_mining", "FW", shapely.box(x + 500, y - 10, x + 1010, y + 1010)),
        Evidence("no_mining", "GW", shapely.box(x + 400, y + 400, x + 600, y + 600)),
    ]
    zones = partition(ground, cells_of(licence, reasons), reasons)
    # 200 x 200 m no mining, half of it out of each of the two halves of 500 x 1000 m.
    expected = {"workable": 480_000, "slow_mining": 480_000, "no_mining": 40_000}
    assert {z.zone: z.area_m2 for z in zones} == pytest.approx(expected, rel=1e-4)
    assert {z.zone: z.hazards for z in zones} == {
        "workable": (), "slow_mining": ("FW",), "no_mining": ("GW",),
    }  # fmt: skip


def test_depth_bands_fit_each_other_and_a_rarer_flood_reaches_further(
    made: Demonstration,
) -> None:
    reach = {}
    for scenario in made.scenarios:
        bands = [b for b in made.bands if b.scenario_code == scenario.code]
        assert shapely.coverage_is_valid([band.geom for band in bands])
        edges = [(band.depth_min_m, band.depth_max_m) for band in bands]
        assert edges == [(0, 0.5), (0.5, 1), (1, 2), (2, 3), (3, None)][: len(bands)]
        reach[scenario.return_period_y] = sum(band.area_m2 for band in bands)
    assert 5e6 < reach[20] < reach[100] < 60e6


def test_the_mines_are_in_the_district_and_apart(made: Demonstration, ground: Ground) -> None:
    real = made.registers["mines"]
    assert [mine.code for mine in real] == ["GEM-M5040", "GEM-M5097"]
    assert all(ground.boundary.contains(mine.geom) for mine in real)
    licence = ground.metres(made.mine_water.licence.geom)
    assert ground.boundary_m.contains(licence)
    assert all(licence.distance(ground.metres(mine.geom)) > 1000 for mine in real)


def test_every_cell_of_the_invented_mine_says_why(made: Demonstration) -> None:
    water = made.mine_water
    for version in water.versions:
        cells = [it for it in water.cells if it.version_code == version.code]
        evidence = {it.no: it for it in water.evidence if it.version_code == version.code}
        assert all(it.geom.is_valid and it.geom.area > 0 for it in cells)
        for it in cells:
            zones = {evidence[no].zone for no in it.evidence}
            assert it.zone in zones
            assert {evidence[no].rule for no in it.evidence} == set(it.rules)
        zoned = {it.zone: it.area_m2 for it in water.zones if it.version_code == version.code}
        for zone, area_m2 in zoned.items():
            summed = sum(it.area_m2 for it in cells if it.zone == zone)
            assert summed == pytest.approx(area_m2, rel=1e-4)
