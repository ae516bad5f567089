"""The network's files: written once, shared, found again, swapped when roads change."""

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pytest

from geoservice.db import Connection
from geoservice.network import kept
from geoservice.network.current import GRAPH_UIDS, open_roads, prepare
from geoservice.network.folders import network_folder
from geoservice.network.graph import RoadNetwork
from geoservice.network.reading import read_network

NOW = datetime(2026, 11, 23, 8, tzinfo=UTC)
STREET = Path(__file__).parents[1] / "data" / "dispatch_street.sql"
DISTRICT = """
INSERT INTO core.district (code, name, source_doc, geom, envelope)
SELECT '999999', '试验区', 'test', ST_Multi(b), ST_Envelope(ST_Expand(b, 0.2))
  FROM (SELECT ST_MakeEnvelope(112.9, 36.2, 113.3, 36.5, 4490) AS b) s"""
CLOSURE = """
INSERT INTO core.road_closure (code, name, source_doc, cause, period, geom)
VALUES ('C1', '封闭', 'test', 'works', '[2026-11-01,)',
        ST_Expand(ST_Point(113.015, 36.3, 4490), 0.001))"""
SLOWER = """
UPDATE core.vehicle_profile SET speed_factor = speed_factor / 2 WHERE code = 'truck'"""
ROUGHER = """
UPDATE core.risk_parameter SET value = value || '{"gravel": 0.35}' WHERE code = 'road_surfaces'"""


@pytest.fixture
def street(conn: Connection) -> Connection:
    conn.execute(DISTRICT)
    conn.execute("SELECT core.guard_all_geometry()")
    conn.execute(STREET.read_text("utf-8"))
    return conn


def folder_now(conn: Connection) -> Path:
    return network_folder() / f"{GRAPH_UIDS.one(conn).arcs_uid}.1"


def never() -> RoadNetwork:
    raise AssertionError("it was there already")


def test_files_are_written_before_the_commit_and_found_after_a_restart(street: Connection) -> None:
    prepare(street)
    folder = folder_now(street)
    assert folder.is_dir()
    again = kept.network_of(folder.name.removesuffix(".1"), never)
    made = read_network(street)
    for name in ("ids", "arc_ids", "from_node", "length_m", "flags", "out_arcs", "start_deg"):
        np.testing.assert_array_equal(getattr(again, name), getattr(made, name))
    assert (again.turns, again.joins, again.surfaces) == (made.turns, made.joins, made.surfaces)
    assert not again.length_m.flags.writeable


def test_a_closure_changes_no_file_and_only_its_arcs(street: Connection) -> None:
    before = open_roads(street, profile="car", at=NOW)
    files = {path: path.read_bytes() for path in folder_now(street).iterdir()}
    street.execute(CLOSURE)
    after = open_roads(street, profile="car", at=NOW)
    assert after.graph_version > before.graph_version
    changed = np.flatnonzero(before.weights.arc_s != after.weights.arc_s)
    assert after.weights.arc_s[changed].tolist() == [np.inf, np.inf]
    assert {path: path.read_bytes() for path in folder_now(street).iterdir()} == files


def test_changed_roads_are_another_network_and_old_files_go(street: Connection) -> None:
    folders = []
    for speed_kph in (36, 18, 72, 36):
        street.execute("UPDATE core.road_edge SET speed_kph = %s", (speed_kph,))
        roads = open_roads(street, profile="car", at=NOW)
        assert roads.network.speed_kph.tolist() == [speed_kph] * roads.network.arcs
        folders.append(folder_now(street))
    assert [folder.is_dir() for folder in folders] == [False, False, True, True]


def test_a_profile_or_a_rule_that_is_amended_holds_for_the_next_question(
    street: Connection,
) -> None:
    def arc_s() -> np.ndarray:
        return open_roads(street, profile="truck", at=NOW).weights.arc_s.copy()

    before = arc_s()
    street.execute(SLOWER)
    np.testing.assert_allclose(arc_s(), before * 2)
    street.execute("UPDATE core.road SET surface = 'gravel'")
    np.testing.assert_allclose(arc_s(), before * 2 / 0.7)
    street.execute(ROUGHER)
    np.testing.assert_allclose(arc_s(), before * 4 / 0.7)
    street.execute("UPDATE core.road SET max_height_m = 3")
    assert np.isinf(arc_s()).all()


def test_what_was_left_unfinished_is_written_anew(street: Connection) -> None:
    made: list[str] = []

    def make() -> RoadNetwork:
        made.append("x")
        return read_network(street)

    (network_folder() / ".part-left").mkdir()
    build: Callable[[], RoadNetwork] = make
    kept.network_of("0000", build)
    assert made == ["x"]
    assert not (network_folder() / ".part-left").exists()
    kept.network_of("0000", build)
    assert made == ["x"]


def test_an_empty_network_has_files_too(conn: Connection) -> None:
    network = kept.network_of("empty", lambda: read_network(conn))
    assert (network.arcs, network.turns, network.out_arcs.size) == (0, 0, 0)
