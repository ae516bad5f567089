"""Rows of the registers -> what the rules read: which rows count for a seam, and as what (pure).

Degrees in, degrees out: `reading.py` projects. Levels are taken to one datum by ``Levels``.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeVar, cast

import shapely
from shapely.geometry.base import BaseGeometry

from geoservice.errors import DatumError, InputError
from geoservice.heights import common_datum, converted
from geoservice.minewater import inputs as made
from geoservice.minewater.inputs import Domain, Edge, InputShape, Yield
from geoservice.zoning.input_rows import (
    AreaRow,
    BoreholeRow,
    Near,
    SeamRow,
    ShaftRow,
    StructureRow,
    WaterRow,
)

N = TypeVar("N", bound=Near)
_WORDS_OF_A_SEAM = str.maketrans("", "", "号煤层# \t")


@dataclass
class Levels:
    """Levels of several datums, brought to one; what cannot be is complained of.

    ``datum`` is None while no level was met, or where there is no one datum for all.
    """

    datum: str | None
    wrongs: list[InputError] = field(default_factory=list)

    def of(self, where: str, level_m: float | None, given: str | None) -> float | None:
        """Return a level in the one datum; None where there is none, or it was complained of."""
        if level_m is None:
            return None
        if given is None:
            self.wrongs.append(no_datum(where))
            return None
        level = None if self.datum is None else converted(level_m, given, self.datum)
        return None if level is None else round(level, 4)


def levels_of(met: Iterable[tuple[str, float | None, str | None]], rasters: str | None) -> Levels:
    """Return the one datum of all levels met: where, level, datum. Rasters keep theirs."""
    named: dict[str, str] = {}
    for where, level_m, datum in met:
        if level_m is not None and datum is not None:
            named.setdefault(datum, where)
    if rasters is not None:
        named.setdefault(rasters, "rasters")
    datum = rasters or common_datum(named)
    if datum is not None and any(converted(0.0, it, datum) is None for it in named):
        datum = None
    levels = Levels(datum)
    if named and datum is None:
        told = ", ".join(f"{datum} ({where})" for datum, where in sorted(named.items()))
        levels.wrongs.append(
            DatumError(
                f"levels are in height datums that are not to be compared: {told}",
                zh=f"标高采用了不能互相换算的高程基准：{told}",
                where="height_datum",
            )
        )
    return levels


def no_datum(where: str) -> DatumError:
    """Return the complaint of a level that does not say its datum."""
    return DatumError(
        f"the height datum of {where} is missing", zh=f"{where} 缺少高程基准", where=where
    )


def counted(rows: Sequence[N], seam: SeamRow) -> tuple[list[N], list[N]]:
    """Return the rows that count for a seam, and those that speak of other seams only.

    What names no seam counts for every seam; the seam of a neighbouring mine is the same one when
    it is called so. Of those left over, what lies just where a counted one does is no news.
    """
    own = [row for row in rows if _is_of(row, seam)]
    places = [row.geom for row in own]
    left = [
        row for row in rows
        if not _is_of(row, seam) and not any(row.geom.equals(place) for place in places)
    ]  # fmt: skip
    return own, left


def _is_of(row: Near, seam: SeamRow) -> bool:
    if row.mine_seam_id is None or row.mine_seam_id == seam.id:
        return True
    return row.mine_id != seam.mine_id and _plain(row.seam or "") == _plain(seam.seam)


def _plain(label: str) -> str:
    return label.translate(_WORDS_OF_A_SEAM).casefold()


def goafs(rows: Iterable[WaterRow], levels: Levels) -> Iterator[made.Goaf]:
    """Give the flooded goafs; an edge that is not known counts as suspected."""
    for row in rows:
        where = f"goaf:{row.code}"
        yield made.Goaf(
            row.code, row.geom, edge=cast("Edge", row.edge or "suspected"),
            level_m=levels.of(where, row.level_m, row.height_datum),
            floor_m=levels.of(where, row.floor_m, row.height_datum), height_datum=levels.datum,
            volume_m3=row.volume_m3, pressure_mpa=row.pressure_mpa, is_drained=row.is_drained,
        )  # fmt: skip


def surface_waters(
    rows: Iterable[WaterRow], clearances: Sequence[AreaRow]
) -> Iterator[made.SurfaceWater]:
    """Give waters on the ground: of one, the part that a clearance of it covers is harmless."""
    for row in rows:
        left: BaseGeometry = row.geom
        for area in clearances:
            if area.water_body_id != row.id or area.domains != ["surface"]:
                continue
            part = left.intersection(area.geom)
            if not part.is_empty:
                yield made.SurfaceWater(f"{row.code}/{area.code}", part, harmless_doc=area.document)
                left = left.difference(area.geom)
        if not left.is_empty:
            yield made.SurfaceWater(row.code, left)


def structures(rows: Iterable[StructureRow]) -> Iterator[InputShape]:
    """Give faults and collapse columns."""
    for row in rows:
        if row.kind == "column":
            yield made.Column(row.code, row.geom, row.conducts, row.head_mpa)
        else:
            yield made.Fault(
                row.code, row.geom, row.dip_deg, row.throw_m, row.conducts, row.head_mpa,
                row.is_against_aquifer,
            )  # fmt: skip


def boreholes(rows: Iterable[BoreholeRow]) -> Iterator[made.Borehole]:
    """Give boreholes; one that a neighbouring seam has a row of too is given once, at its worst."""
    by_place: dict[bytes, list[BoreholeRow]] = {}
    for row in rows:
        by_place.setdefault(shapely.to_wkb(row.geom), []).append(row)
    for here in by_place.values():
        heads = [row.head_mpa for row in here if row.head_mpa is not None]
        is_sealed = all(row.is_sealed for row in here)
        yield made.Borehole(here[0].code, here[0].geom, is_sealed, max(heads, default=None))


def areas(rows: Iterable[AreaRow], seam: SeamRow) -> Iterator[InputShape]:
    """Give areas. What makes a zone better is of this very seam, and approved, or is left out."""
    for row in rows:
        common: tuple[str, Any] = (row.code, row.geom)
        if row.kind == "pillar":
            yield made.Pillar(*common, cast("Domain", row.domains[0]), row.document)
        elif row.kind == "roof_aquifer":
            yield made.RoofAquifer(
                *common, cast("Yield | None", row.yield_class), row.is_loose, row.cover_m
            )
        elif row.is_approved and row.mine_seam_id == seam.id:
            yield _better(row)


def _better(row: AreaRow) -> InputShape:
    if row.kind == "argument":
        domains = frozenset(cast("list[Domain]", row.domains))
        return made.Argument(
            row.code, row.geom, domains, row.document, is_approved=True,
            is_probed_clean=row.is_probed_clean,
        )  # fmt: skip
    domain = cast("Domain", row.domains[0])
    if row.kind == "treatment":
        return made.Treatment(row.code, row.geom, domain, row.document, row.inrush_mpa_per_m)
    return made.Clearance(row.code, row.geom, domain, row.document)


def shafts(rows: Iterable[ShaftRow], levels: Levels) -> Iterator[made.Shaft]:
    """Give shaft collars and yards, both levels in the one datum."""
    for row in rows:
        where = f"shaft:{row.code}"
        yield made.Shaft(
            row.code, row.geom, levels.of(where, row.collar_m, row.height_datum),
            levels.of(where, row.flood_level_m, row.flood_datum), levels.datum, row.defence_doc,
        )  # fmt: skip
