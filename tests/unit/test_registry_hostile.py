"""Hostile files: each refused in seconds, with the reason."""

import io
import json
import os
import random
import stat
import time
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path

import geopandas as gpd
import numpy as np
import pytest
import shapely

from geoservice.errors import FileError
from geoservice.registry.reading import read_table
from geoservice.sandbox.limits import Limits

SECONDS = 80.0  # of a loaded machine, less than the reader may have; alone it takes one or two


@pytest.fixture
def refused(tmp_path: Path) -> Iterator[Callable[..., str]]:
    """Read a file that is refused; its reason. Afterwards: it was quick."""
    started = time.monotonic()

    def read(content: bytes, name: str = "a.geojson") -> str:
        (tmp_path / name).write_bytes(content)
        with pytest.raises(FileError) as error:
            read_table(tmp_path / name)
        assert error.value.zh
        return error.value.message

    yield read
    assert time.monotonic() - started < SECONDS


def zipped(*entries: tuple[str | zipfile.ZipInfo, bytes]) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in entries:
            archive.writestr(name, content)
    return buffer.getvalue()


@pytest.mark.parametrize(
    "name", ["../../etc/cron.d/a.shp", "/etc/a.shp", "..\\a.shp", "C:\\a.shp", "c:a.shp"]
)
def test_a_path_that_leads_out_of_a_zip(refused: Callable[..., str], name: str) -> None:
    assert "a path that leads out of it" in refused(zipped((name, b"x")))


def test_a_link_in_a_zip(refused: Callable[..., str]) -> None:
    link = zipfile.ZipInfo("a.shp")
    link.external_attr = (stat.S_IFLNK | 0o777) << 16
    assert "a link or device" in refused(zipped((link, b"/etc/passwd")))


def test_a_zip_in_a_zip(refused: Callable[..., str]) -> None:
    assert "an archive within it" in refused(zipped(("b.zip", zipped(("a.shp", b"x")))))


def test_a_zip_that_says_it_is_small(refused: Callable[..., str]) -> None:
    bomb = bytearray(zipped(("a.shp", bytes(300_000_000))))
    for mark, offset in ((b"PK\x03\x04", 22), (b"PK\x01\x02", 24)):
        at = bomb.index(mark) + offset
        bomb[at : at + 4] = (1000).to_bytes(4, "little")
    assert any(it in refused(bytes(bomb)) for it in ("swells", "damaged"))
    assert "swells" in refused(zipped(("a.shp", bytes(300_000_000))))


def test_too_many_files_in_a_zip(refused: Callable[..., str]) -> None:
    assert "over 20 files" in refused(zipped(*((f"{n}.shp", b"") for n in range(40))))


def test_a_vrt_called_geojson(refused: Callable[..., str], tmp_path: Path) -> None:
    (tmp_path / "secret.csv").write_text("code\n1\n")
    vrt = (
        f'<OGRVRTDataSource><OGRVRTLayer name="a"><SrcDataSource>{tmp_path}/secret.csv'
        "</SrcDataSource></OGRVRTLayer></OGRVRTDataSource>"
    )
    assert "XML" in refused(vrt.encode())
    for part in ("shp", "dbf"):  # as a Shapefile it does not get as far as a driver
        (tmp_path / f"b.{part}").write_text(vrt)
    (tmp_path / "b.shx").write_text(vrt)
    assert "its .shp is none" in refused(zipped(*(
        (f"b.{it}", (tmp_path / f"b.{it}").read_bytes()) for it in ("shp", "dbf", "shx")
    )))  # fmt: skip


@pytest.mark.parametrize("vertices", [10, 100, 1000, 9_999])
def test_random_rings_that_cross_themselves(tmp_path: Path, vertices: int) -> None:
    """The database's own repair of such a ring ended it (signal 11); here none gets that far."""
    chance = random.Random(vertices)  # noqa: S311  # a test
    ring = [[113 + chance.random() / 10, 36 + chance.random() / 10] for _ in range(vertices)]
    geometry = {"type": "Polygon", "coordinates": [[*ring, ring[0]]]}
    feature = {"type": "Feature", "properties": {"code": 1}, "geometry": geometry}
    (tmp_path / "a.geojson").write_text(json.dumps(feature))
    started = time.monotonic()
    table = read_table(tmp_path / "a.geojson")
    assert "Self-intersection[" in table.unread[1][0]
    assert table.shapes[0] is None
    assert time.monotonic() - started < SECONDS


def test_a_huge_ring(refused: Callable[..., str], tmp_path: Path) -> None:
    angles = np.linspace(0, 2 * np.pi, 10_001, endpoint=False)
    ring = shapely.Polygon(np.column_stack([113 + np.cos(angles), 36 + np.sin(angles)]))
    feature = {"type": "Feature", "properties": {}, "geometry": shapely.geometry.mapping(ring)}
    (tmp_path / "b.geojson").write_text(json.dumps(feature))
    assert "10000 at most" in read_table(tmp_path / "b.geojson").unread[1][0]
    points = {"type": "MultiPoint", "coordinates": [[113, 36]] * 2_000_001}
    whole = {"type": "Feature", "properties": {}, "geometry": points}
    assert "vertices" in refused(json.dumps(whole).encode())


def test_too_many_rows(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("code,name\n" + "1,x\n" * 11)
    with pytest.raises(FileError, match="more than 10 rows"):
        read_table(tmp_path / "a.csv", limits=Limits(rows=10))


def test_a_reader_without_memory_or_time_says_so(tmp_path: Path) -> None:
    (tmp_path / "a.geojson").write_bytes(b"[" + b"[1,1]," * 3_000_000 + b"1]")
    for limits in (Limits(memory_mb=300), Limits(cpu_s=1), Limits(wall_s=1)):
        with pytest.raises(FileError, match="memory"):
            read_table(tmp_path / "a.geojson", limits=limits)


@pytest.mark.parametrize("ending", ["gpkg", "shp"])
def test_cut_files(refused: Callable[..., str], tmp_path: Path, ending: str) -> None:
    frame = gpd.GeoDataFrame({"code": range(500)}, geometry=[shapely.Point(113, 36)] * 500)
    frame = frame.set_crs(4490)
    frame.to_file(tmp_path / f"b.{ending}")
    whole = (tmp_path / f"b.{ending}").read_bytes()
    for share in (0.3, 0.9):
        cut = whole[: int(len(whole) * share)]
        if ending == "gpkg":
            refused(cut)
        else:
            parts = [(f"b.{it}", (tmp_path / f"b.{it}").read_bytes()) for it in ("dbf", "shx")]
            assert "its .shp is cut" in refused(zipped(("b.shp", cut), *parts))


def test_noise_of_any_beginning_is_refused(refused: Callable[..., str]) -> None:
    for head in (b"", b"PK\x03\x04", b"SQLite format 3\0", b"\x00\x00\x27\x0a", b"{", b"\x1f\x8b"):
        refused(head + os.urandom(5000))
