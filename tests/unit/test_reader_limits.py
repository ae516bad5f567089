"""Each limit of a reader: what a file may hold, and what the process may use."""

import io
import json
import os
import resource
import subprocess
import sys
import zipfile
from dataclasses import fields
from pathlib import Path

import openpyxl
import pytest
import shapely

from geoservice.errors import FileError, InputError
from geoservice.registry.reading import read_table
from geoservice.registry.registers import register_named
from geoservice.registry.values import Habits, value_of
from geoservice.sandbox.limits import Limits

ASKED = """
import json, resource, sys
from pathlib import Path
from geoservice.sandbox.confine import confine
from geoservice.sandbox.limits import Limits
confine(Path(sys.argv[1]), Limits())
names = ["RLIMIT_AS", "RLIMIT_CPU", "RLIMIT_FSIZE", "RLIMIT_NOFILE", "RLIMIT_CORE"]
print(json.dumps({it: resource.getrlimit(getattr(resource, it)) for it in names}))
"""


def collection(*shapes: shapely.Geometry, **properties: object) -> bytes:
    features = [
        {"type": "Feature", "properties": properties, "geometry": shapely.geometry.mapping(it)}
        for it in shapes
    ]
    return json.dumps({"type": "FeatureCollection", "features": features}).encode()


def zipped(**files: bytes) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name.replace("_", "."), content)
    return buffer.getvalue()


def workbook(rows: int, columns: int = 2) -> bytes:
    book = openpyxl.Workbook()
    for row in range(rows):
        book.active.append([f"{row}-{column}" for column in range(columns)])
    target = io.BytesIO()
    book.save(target)
    return target.getvalue()


LINE = shapely.LineString([(113 + n / 1000, 36) for n in range(6)])
REFUSED: dict[str, tuple[bytes, Limits, str]] = {
    "rows of text": (b"code,name\n" + b"1,x\n" * 4, Limits(rows=3), "more than 3 rows"),
    "rows of GeoJSON": (collection(*[LINE] * 4), Limits(rows=3), "more than 3 rows"),
    "rows of a workbook": (workbook(5), Limits(rows=3), "more than 3 rows"),
    "columns of text": (b"a,b,c,d\n1,2,3,4\n", Limits(columns=3), "4 columns: 3 at most"),
    "columns of a workbook": (workbook(2, 9), Limits(columns=3), "over 3 columns"),
    "properties": (collection(LINE, a=1, b=2), Limits(columns=1), "2 columns: 1 at most"),
    "vertices in all": (collection(LINE, LINE), Limits(vertices=11), "11 vertices"),
    "bytes sent": (b"code\n" + b"1\n" * 600_000, Limits(upload_mb=1), "larger than 1 MB"),
    "files in a zip": (zipped(a_shp=b"", a_dbf=b""), Limits(entries=1), "over 1 files in it"),
    "what comes out": (
        zipped(a_shp=os.urandom(1_100_000)), Limits(inflated_mb=1), "swells too much",
    ),
    "ratio": (zipped(a_shp=bytes(1_000_000)), Limits(ratio=10), "swells too much"),
    "a file that is written": (
        zipped(a_shp=os.urandom(1_100_000)), Limits(file_mb=1), "more than it may|memory",
    ),
    "an answer": (b"code,name\n" + b"1,x\n" * 90_000, Limits(answer_mb=1), "time or memory"),
}  # fmt: skip


@pytest.mark.parametrize("what", REFUSED)
def test_a_file_beyond_a_limit_is_refused_with_it(what: str, tmp_path: Path) -> None:
    content, limits, why = REFUSED[what]
    (tmp_path / "a").write_bytes(content)
    with pytest.raises(FileError, match=why):
        read_table(tmp_path / "a", limits=limits)


def test_a_shape_beyond_its_limit_is_refused_alone(tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(collection(LINE, shapely.Point(113, 36)))
    table = read_table(tmp_path / "a", limits=Limits(vertices_each=5))
    assert table.unread[1][0] == "a shape of 6 vertices: 5 at most"
    assert [it is None for it in table.shapes] == [True, False]


def test_a_text_beyond_four_kilobytes_is_refused_in_its_row() -> None:
    name = register_named("depots").field("name")
    assert name is not None
    assert value_of(name, "潞" * 1365, Habits()) == "潞" * 1365
    with pytest.raises(InputError, match="text over 4096 bytes"):
        value_of(name, "潞" * 1366, Habits())


def test_the_process_has_its_limits(tmp_path: Path) -> None:
    command = [sys.executable, "-c", ASKED, str(tmp_path)]
    done = subprocess.run(command, capture_output=True, text=True, check=True, timeout=60)
    wanted = {
        "RLIMIT_AS": 1_500_000_000, "RLIMIT_CPU": 60, "RLIMIT_FSIZE": 200_000_000,
        "RLIMIT_NOFILE": 64, "RLIMIT_CORE": 0,
    }  # fmt: skip
    assert json.loads(done.stdout) == {name: [it, it] for name, it in wanted.items()}
    assert resource.getrlimit(resource.RLIMIT_CPU)[0] != 60


def test_the_limits_are_those_of_the_documentation() -> None:
    page = (Path(__file__).resolve().parents[2] / "docs" / "administrator.md").read_text("utf-8")
    for it in fields(Limits):
        row = f"| `GEOSERVICE_READER_{it.name.upper()}` | {it.default} |"
        assert row in page, row
