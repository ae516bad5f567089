"""The corner table of a licence: its area in its own plane, its datum, its place."""

import runpy
from dataclasses import replace
from pathlib import Path

import numpy as np
import pyproj
import pytest
import shapely

from geoservice import db
from geoservice.errors import DatumError, FileError, GeometryError, InputError, NotFoundError
from geoservice.registry.reading import Asked as OfTable
from geoservice.registry.reading import read_table
from geoservice.zoning.licence_tables import (
    LicenceTable,
    SevenParameters,
    licence_table,
    placed,
    seven_of,
)
from geoservice.zoning.licensing import Asked, Licensed, add_licence

ROOT = Path(__file__).parents[1] / "data"
DATA = runpy.run_path(str(ROOT / "zone_mine.py"))
# A real mine of Shanxi, Xi'an 80 in the 6-degree zone 19 (DOMAIN.md 2.4): 10.4886 km2 by licence.
REAL = ROOT / "licence_sx.csv"
BOX = "点号,圈号,X,Y\n" + "".join(
    f"{n},外,{4_022_000 + north},{38_430_000 + east}\n"
    for n, (north, east) in enumerate([(0, 0), (1000, 0), (1000, 2000), (0, 2000)], 1)
)


def _table(path: Path, lon: float | None = 113.2) -> LicenceTable:
    return licence_table(read_table(path, OfTable(shape="MultiPolygon")), lon)


def _text(tmp_path: Path, text: str) -> Path:
    path = tmp_path / "corners.csv"
    path.write_text(text, "utf-8")
    return path


def test_a_real_table_covers_what_its_licence_states_in_its_own_plane() -> None:
    table = _table(REAL)
    check = table.check(10.4886)
    assert check.area_km2 == pytest.approx(10.488547, abs=5e-7)
    assert not check.is_off
    assert table.zone_width_deg == 6
    outer, excluded = (shapely.Polygon(ring).area / 1e6 for ring in (
        table.shape.geoms[0].exterior, table.shape.geoms[0].interiors[0],
    ))  # fmt: skip
    assert (outer, excluded) == (
        pytest.approx(13.413566, abs=5e-7), pytest.approx(2.925019, abs=5e-7),
    )  # fmt: skip
    assert table.check(10.478).is_off  # 0.1006 %
    assert not table.check(10.4781).is_off


def test_xian_80_is_refused_without_seven_parameters() -> None:
    for datum in ("xian80", "Xi'an 80", "西安80", "beijing54"):
        with pytest.raises(DatumError, match="seven parameters"):
            placed(_table(REAL), datum, None)
    for datum in ("wgs84", "gcj02"):
        with pytest.raises(DatumError, match="cannot be"):
            placed(_table(REAL), datum, None)


def test_seven_parameters_take_xian_80_to_cgcs2000() -> None:
    """Against the same worked out by hand: angles of Xi'an 80, to the centre, shifted, and back."""
    seven = seven_of("100,-50,30,0,0,0,2", "position_vector")
    found = shapely.get_coordinates(placed(_table(REAL), "xian80", seven))
    plane = pyproj.CRS("+proj=tmerc +lat_0=0 +lon_0=111 +k=1 +x_0=19500000 +a=6378140 +rf=298.257")
    to_angles = pyproj.Transformer.from_crs(plane, plane.geodetic_crs, always_xy=True)
    corners = shapely.get_coordinates(_table(REAL).shape)
    lon, lat = to_angles.transform(corners[:, 0], corners[:, 1])
    xyz = _centred(np.radians(lon), np.radians(lat), 6378140.0, 1 / 298.257)
    shifted = xyz * (1 + 2e-6) + np.array([100.0, -50.0, 30.0])
    wanted = _angles(shifted, 6378137.0, 1 / 298.257222101)
    assert np.abs(found - np.degrees(wanted)).max() < 1e-9  # 0.1 mm
    assert 50 < 111_000 * np.abs(found - np.column_stack([lon, lat])).max() < 200


def _centred(lon: np.ndarray, lat: np.ndarray, axis: float, flat: float) -> np.ndarray:
    squared = flat * (2 - flat)
    n = axis / np.sqrt(1 - squared * np.sin(lat) ** 2)
    return np.column_stack(
        [
            n * np.cos(lat) * np.cos(lon),
            n * np.cos(lat) * np.sin(lon),
            n * (1 - squared) * np.sin(lat),
        ]
    )


def _angles(xyz: np.ndarray, axis: float, flat: float) -> np.ndarray:
    squared, p = flat * (2 - flat), np.hypot(xyz[:, 0], xyz[:, 1])
    lat = np.arctan2(xyz[:, 2], p * (1 - squared))
    for _ in range(20):
        n = axis / np.sqrt(1 - squared * np.sin(lat) ** 2)
        lat = np.arctan2(xyz[:, 2] + squared * n * np.sin(lat), p)
    return np.column_stack([np.arctan2(xyz[:, 1], xyz[:, 0]), lat])


def test_seven_parameters_are_seven_plausible_numbers_with_their_convention() -> None:
    assert seven_of(" ", "") is None
    assert seven_of("1,2,3,4,5,6,7", "coordinate_frame") == SevenParameters(
        1, 2, 3, 4, 5, 6, 7, "coordinate_frame"
    )
    for text, convention in (
        ("1,2,3", "position_vector"), ("a,2,3,4,5,6,7", "position_vector"),
        ("1,2,3,4,5,6,7", ""), ("1,2,3,4,5,6,1000", "position_vector"),
        ("1,2,3,400,5,6,7", "position_vector"), ("nan,2,3,4,5,6,7", "position_vector"),
    ):  # fmt: skip
        with pytest.raises(InputError):
            seven_of(text, convention)


@pytest.mark.parametrize(
    ("text", "error", "said"),
    [
        ("点号,X,Y\n1,36,113\n2,37,113\n3,37,114\n", InputError, "not in metres"),
        (BOX.replace("2,外,4023000,38430000", "2,外,4022500,38433000"), FileError,
         r"Self-intersection\[4022"),
        (BOX + "5,扣除,4025000,38430000\n6,扣除,4025000,38430100\n7,扣除,4025100,38430100\n",
         FileError, r"outside.*\[4025"),
        ("名称,经度,纬度\n甲,113.2,36.3\n", InputError, "not in metres"),
        (BOX.replace("4022000,38430000", "4022000,east"), FileError, "no corner"),
    ],
    ids=["degrees", "crossing", "excluded_outside", "points", "no_number"],
)  # fmt: skip
def test_tables_that_are_no_licence_are_refused_with_the_place(
    tmp_path: Path, text: str, error: type[Exception], said: str
) -> None:
    with pytest.raises(error, match=said):
        _table(_text(tmp_path, text))


@pytest.fixture
def mine(conn: db.Connection) -> db.Connection:
    DATA["set_up"](conn)
    return conn


def _add(conn: db.Connection, path: Path, datum: str = "cgcs2000") -> Licensed:
    (mine_id,) = conn.execute("SELECT id FROM core.mine WHERE code = 'M1'").fetchone()
    return add_licence(conn, mine_id=mine_id, path=path, asked=Asked(path.name, datum))


def test_corners_become_the_licence_area_of_the_mine(mine: db.Connection, tmp_path: Path) -> None:
    excluded = "5,扣除,4022100,38430100\n6,扣除,4022200,38430100\n7,扣除,4022200,38430200\n"
    DATA["put"](mine, "mines", replace(DATA["MINE"], licence_area_km2=1.995))
    made = _add(mine, _text(tmp_path, BOX + excluded))
    assert (made.code, made.corners, made.zone_width_deg) == ("L1", 7, 3)
    assert (made.area_km2, made.off_pct) == (pytest.approx(1.995), pytest.approx(0, abs=1e-9))
    rows = mine.execute("SELECT geom FROM core.mine_licence WHERE valid_to IS NULL").fetchall()
    ((geom,),) = rows
    wanted = DATA["area"](0, 0, 2000, 1000).difference(
        DATA["at"](shapely.Polygon([(100, 100), (100, 200), (200, 200)]))
    )
    assert geom.symmetric_difference(wanted).area < 1e-15


def test_corners_that_cover_something_else_are_refused_and_nothing_changes(
    mine: db.Connection, tmp_path: Path
) -> None:
    moved = BOX.replace("3,外,4023000,38432000", "3,外,4023003,38432000")
    with pytest.raises(GeometryError, match=r"2\.003000 km2.*\+0\.150 %"):
        _add(mine, _text(tmp_path, moved))
    with pytest.raises(DatumError, match="seven parameters"):
        _add(mine, _text(tmp_path, BOX), "xian80")
    with pytest.raises(NotFoundError):
        add_licence(mine, mine_id=0, path=REAL, asked=Asked("x", "cgcs2000"))
    ((version,),) = mine.execute("SELECT version FROM core.mine_licence").fetchall()
    assert version == 1


def test_a_mine_that_states_no_area_is_told_so(mine: db.Connection, tmp_path: Path) -> None:
    DATA["put"](mine, "mines", replace(DATA["MINE"], licence_area_km2=None))
    assert _add(mine, _text(tmp_path, BOX)).off_pct is None
