"""What `load roads` refuses, in words that help, leaving the roads that were there."""

import runpy
from collections.abc import Callable
from pathlib import Path

import numpy as np
import osmium
import pytest
from osmium.osm.mutable import Node, Way

from geoservice import db
from geoservice.db import Connection
from geoservice.errors import (
    DatumError,
    FileError,
    GeoServiceError,
    NoDistrictError,
    OutsideDistrictError,
)
from geoservice.roads.actions import load_roads

SMALL = runpy.run_path(str(Path(__file__).parents[1] / "data" / "small_roads.py"))
Contents = Callable[[bytes], bytes]


@pytest.fixture
def small_pbf(tmp_path: Path) -> Path:
    return SMALL["write"](tmp_path / "small.osm.pbf")


def _counts(conn: Connection) -> tuple[int, ...] | None:
    return conn.execute(
        "SELECT (SELECT count(*) FROM core.road WHERE valid_to IS NULL),"
        " (SELECT count(*) FROM core.road_node), (SELECT count(*) FROM core.road_edge),"
        " (SELECT count(*) FROM core.turn_restriction)"
    ).fetchone()


def test_roads_before_any_boundary_are_refused(conn: Connection, small_pbf: Path) -> None:
    with pytest.raises(NoDistrictError, match="load boundary"):
        load_roads(conn, path=small_pbf)


@pytest.mark.parametrize("datum", ["gcj02", "bd09", "xian80", ""])
def test_another_datum_is_refused(conn: Connection, small_pbf: Path, datum: str) -> None:
    SMALL["lay_district"](conn)
    with pytest.raises(DatumError, match="WGS 84"):
        load_roads(conn, path=small_pbf, datum=datum)


@pytest.mark.parametrize("datum", ["wgs84", "CGCS2000"])
def test_its_own_datum_may_be_named(conn: Connection, small_pbf: Path, datum: str) -> None:
    SMALL["lay_district"](conn)
    assert load_roads(conn, path=small_pbf, datum=datum).roads == 13


@pytest.mark.parametrize(
    ("contents", "words"),
    [
        (lambda _: b"", "empty"),
        (lambda _: b"id,name\n1,road\n", "something else"),
        (lambda pbf: b"PK\x03\x04" + pbf, "zip archive"),
        (lambda pbf: b"\x1f\x8b" + pbf, "gzip"),
        (lambda _: b'<?xml version="1.0"?><osm/>', "XML"),
        (lambda _: b'{"type": "FeatureCollection"}', "JSON"),
        (lambda _: b"SQLite format 3\x00", "GeoPackage"),
        (lambda pbf: pbf[:40], "damaged or cut short"),
        (lambda pbf: pbf[: len(pbf) // 2], "damaged or cut short"),
        (lambda pbf: pbf[:-1], "damaged or cut short"),
        (lambda pbf: pbf[:-40] + bytes(40), "damaged or cut short"),
        (lambda pbf: pbf[: pbf.index(b"OSMData") - 6], "no roads at all"),
    ],
)
def test_what_is_no_sound_extract_is_refused(
    conn: Connection, small_pbf: Path, contents: Contents, words: str
) -> None:
    SMALL["lay_district"](conn)
    load_roads(conn, path=small_pbf)
    before = _counts(conn)
    wrong = small_pbf.with_name("wrong.osm.pbf")
    wrong.write_bytes(contents(small_pbf.read_bytes()))
    with pytest.raises(FileError, match=words) as refused:
        load_roads(conn, path=wrong)
    assert "wrong.osm.pbf" in refused.value.zh
    assert _counts(conn) == before


def test_missing_file_and_folder_are_refused(conn: Connection, tmp_path: Path) -> None:
    SMALL["lay_district"](conn)
    with pytest.raises(FileError, match="No such file"):
        load_roads(conn, path=tmp_path / "none.osm.pbf")
    with pytest.raises(FileError, match="Is a directory"):
        load_roads(conn, path=tmp_path)


def test_one_wrong_byte_anywhere_is_refused_or_loaded_whole(
    conn: Connection, small_pbf: Path
) -> None:
    SMALL["lay_district"](conn)
    sound = small_pbf.read_bytes()
    chance = np.random.default_rng(20250301)
    for _ in range(60):
        wrong = bytearray(sound)
        wrong[chance.integers(len(wrong))] ^= 1 << int(chance.integers(8))
        small_pbf.write_bytes(wrong)
        try:
            with conn.transaction():
                load_roads(conn, path=small_pbf)
        except GeoServiceError:
            continue
        assert _counts(conn) == (13, 18, 34, 3)


def test_file_of_footpaths_says_why_nothing_was_kept(conn: Connection, tmp_path: Path) -> None:
    SMALL["lay_district"](conn)
    path = _written(tmp_path, {1: ([1, 2], {"highway": "footway"})})
    with pytest.raises(FileError, match="not a class to drive on: footway: 1"):
        load_roads(conn, path=path)


def test_editor_file_with_negative_ids_is_refused(conn: Connection, tmp_path: Path) -> None:
    SMALL["lay_district"](conn)
    path = _written(tmp_path, {-1: ([-1, -2], {"highway": "primary"})})
    with pytest.raises(FileError, match="negative ids"):
        load_roads(conn, path=path)


def test_file_without_its_nodes_is_refused(conn: Connection, tmp_path: Path) -> None:
    SMALL["lay_district"](conn)
    path = _written(tmp_path, {1: ([77, 78], {"highway": "primary"})})
    with pytest.raises(FileError, match="not in the file"):
        load_roads(conn, path=path)


def test_history_file_is_refused(conn: Connection, tmp_path: Path) -> None:
    SMALL["lay_district"](conn)
    path = tmp_path / "past.osh.pbf"
    header = osmium.io.Header()
    header.has_multiple_object_versions = True
    with osmium.SimpleWriter(str(path), header=header) as out:
        out.add_node(Node(id=1, location=(113.2, 36.3), version=1))
    with pytest.raises(FileError, match="every version"):
        load_roads(conn, path=path)


def _written(folder: Path, ways: dict[int, tuple[list[int], dict[str, str]]]) -> Path:
    path = folder / "written.osm.pbf"
    with osmium.SimpleWriter(str(path)) as out:
        for node in (-1, -2, 1, 2):
            out.add_node(Node(id=node, location=(113.2 + node / 100, 36.3), version=1))
        for way, (nodes, tags) in ways.items():
            out.add_way(Way(id=way, nodes=nodes, tags=tags, version=1))
    return path


def test_roads_of_another_place_are_refused_with_both_boxes(clone_url: str, tmp_path: Path) -> None:
    away = SMALL["write"](tmp_path / "away.osm.pbf", east_deg=1.0)
    with db.connect(clone_url) as conn:
        SMALL["lay_district"](conn)
    with (
        pytest.raises(OutsideDistrictError, match=r"114\.2000 .* 113\.1500 36\.2500"),
        db.connect(clone_url) as conn,
    ):
        load_roads(conn, path=away)


@pytest.mark.parametrize("step", ["read", "locate", "write", "settle"])
def test_stopping_at_any_step_leaves_the_old_roads(
    clone_url: str, small_pbf: Path, step: str
) -> None:
    with db.connect(clone_url) as conn:
        SMALL["lay_district"](conn)
        load_roads(conn, path=small_pbf)

    def stop(now: str, _done: int, _total: int | None) -> None:
        if now == step:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt), db.connect(clone_url) as conn:
        load_roads(conn, path=small_pbf, on_progress=stop)
    with db.connect(clone_url) as conn:
        assert _counts(conn) == (13, 18, 34, 3)
        assert conn.execute("SELECT count(*) FROM core.road").fetchone() == (13,)
