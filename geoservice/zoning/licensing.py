"""Make the corners of a table the licence area of a mine."""

from dataclasses import dataclass
from pathlib import Path

from shapely import MultiPolygon

from geoservice.db import Connection, Query, require_district
from geoservice.errors import NotFoundError
from geoservice.registry import reading
from geoservice.registry.actions import store
from geoservice.registry.records import MineLicence
from geoservice.registry.registers import register_named
from geoservice.zoning.licence_tables import SevenParameters, licence_table, placed
from geoservice.zoning.licences import area_is_off


@dataclass(frozen=True)
class MineRow:
    """A mine as a licence needs it, and the code of its licence area, if there is one."""

    code: str
    name: str
    licence_area_km2: float | None
    licence_code: str | None
    town_code: str | None
    secrecy: str
    is_demo: bool
    lon: float | None


@dataclass(frozen=True)
class Asked:
    """What is said of a corner table."""

    name: str
    datum: str
    seven: SevenParameters | None = None


@dataclass(frozen=True)
class Licensed:
    """A licence area that was stored: its area in the table's own plane, against the stated one.

    Parameters
    ----------
    off_pct
        None where the mine states no area: then nothing was checked.
    """

    code: str
    mine_code: str
    plane: str
    zone_width_deg: int
    area_km2: float
    licence_area_km2: float | None
    off_pct: float | None
    corners: int


MINE_OF = Query("zone_inputs", "mine_of_licence", MineRow)


def add_licence(conn: Connection, *, mine_id: int, path: Path, asked: Asked) -> Licensed:
    """Store the corners of a table as the licence area of a mine, in place of the one before.

    The area is checked in the table's own plane, before its datum matters.

    Raises
    ------
    NotFoundError, NoDistrictError
        There is no such mine, or no boundary.
    FileError, InputError, GeometryError
        The table has not the corners of one licence in metres, they cross themselves, or cover more
        than 0.1 % more or less than the licence states.
    DatumError
        Xi'an 80 or Beijing 54 without seven parameters, or another datum.
    OutsideDistrictError
        The place is not in the district.
    """
    require_district(conn)
    mine = MINE_OF.first(conn, mine_id=mine_id)
    if mine is None:
        raise NotFoundError(f"there is no mine {mine_id}", zh=f"没有矿井 {mine_id}", where="mine")
    register = register_named("mine_licences")
    of_corners = reading.Asked(names=register.names, shape="MultiPolygon", shown_as=asked.name)
    table = licence_table(reading.read_table(path, of_corners), mine.lon)
    area = None if mine.licence_area_km2 is None else table.check(mine.licence_area_km2)
    code = mine.licence_code or mine.code
    if area is not None and area.is_off:
        raise area_is_off(area, code)
    geom = placed(table, asked.datum, asked.seven)
    record = MineLicence(
        code=code, name=mine.name, town_code=mine.town_code, secrecy=mine.secrecy,
        source_doc=asked.name, is_demo=mine.is_demo, mine_code=mine.code,
        zone_width_deg=table.zone_width_deg, geom=geom,
    )  # fmt: skip
    store(conn, register.name, [record])
    return Licensed(
        code, mine.code, table.metres.told.en, table.zone_width_deg, table.shape.area / 1e6,
        mine.licence_area_km2, None if area is None else area.off_pct,
        _corners(geom),
    )  # fmt: skip


def _corners(geom: MultiPolygon) -> int:
    rings = [ring for part in geom.geoms for ring in (part.exterior, *part.interiors)]
    return sum(len(ring.coords) - 1 for ring in rings)
