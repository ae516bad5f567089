"""The shapes of a table at their place: what the file declares, what is said, what numbers tell."""

from dataclasses import dataclass

import numpy as np
import pyproj
import shapely
from numpy.typing import NDArray

from geoservice.datum import datum_named
from geoservice.errors import DatumError
from geoservice.registry.fields import Label, Shape
from geoservice.registry.gauss import Metres, metres_in
from geoservice.registry.places import Placed, Placement, place, settle
from geoservice.registry.reading import Table


@dataclass(frozen=True)
class Located:
    """Placed shapes, the datum they were in (None: there are none), and what was told."""

    placed: Placed
    datum: str | None
    notes: tuple[Label, ...] = ()


def locate(
    wanted: Shape | None,
    table: Table,
    *,
    datum: str | None,
    is_swapped: bool = False,
    lon: float | None = None,
) -> Located:
    """Return the shapes of a table in the stored CRS.

    Parameters
    ----------
    wanted
        What they are to be; None of what has no places.
    datum
        As the user says; None where the file settles it.
    is_swapped
        The user says that the file has latitude before longitude.
    lon
        Longitude of the district, for Gauss-Krueger metres without a zone.

    Raises
    ------
    DatumError
        The datum is missing, unknown, or contradicts the file.
    """
    if wanted is None or not shapely.is_geometry(table.shapes).any():
        if datum is not None:
            datum_named(datum)
        return Located(Placed(shapely.from_wkb([None] * len(table.numbers)), {}), None)
    shapes = _flipped(table.shapes) if is_swapped else table.shapes
    metres = metres_in(shapes, lon) if table.crs is None else None
    if metres is None:
        placement = settle(table.crs, datum)
        return Located(place(shapes, placement, wanted), placement.datum)
    placement = _of_metres(metres, datum)
    shapes = _flipped(shapes) if metres.is_north_first else shapes
    return Located(place(shapes, placement, wanted), placement.datum, (metres.told,))


def _of_metres(metres: Metres, datum: str | None) -> Placement:
    """Numbers tell the projection, not the datum: Xi'an 80 has the same ones, elsewhere."""
    said = datum_named(datum) if datum is not None else None
    if said != "cgcs2000":
        problem = (
            (", but not of which datum", "，但未说明坐标基准")
            if said is None
            else (f", which datum {said} cannot be", f"，与所说的基准 {said} 矛盾")
        )
        raise DatumError(
            f"{metres.told.en}{problem[0]}: if it is CGCS2000, say datum cgcs2000; convert "
            "Xi'an 80 and Beijing 54 first",
            zh=f"{metres.told.zh}{problem[1]}：若为 CGCS2000，请说明基准为 cgcs2000；"
            "西安80、北京54 请先转换",
            where="datum",
        )
    return Placement("cgcs2000", pyproj.CRS.from_user_input(metres.crs))


def _flipped(shapes: NDArray[np.object_]) -> NDArray[np.object_]:
    flipped: NDArray[np.object_] = shapely.transform(shapes, lambda xy: xy[:, ::-1])
    return flipped
