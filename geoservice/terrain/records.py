"""What is known of the terrain, and what a load of it did."""

from dataclasses import dataclass
from typing import Literal, get_args

HeightDatum = Literal["1985", "1956", "EGM96", "local"]
HEIGHT_DATUMS: tuple[HeightDatum, ...] = get_args(HeightDatum)
Resampling = Literal["bilinear", "cubic"]


@dataclass(frozen=True)
class TerrainRow:
    """The row of `core.terrain` in force. Heights in metres of ``height_datum``.

    ``void_count`` are the cells inside what was given that came without a height,
    ``filled_count`` those of them that were filled from around.
    """

    id: int
    code: str
    name: str
    source_doc: str
    licence: str | None
    height_datum: HeightDatum
    file_name: str
    sha256: str
    meridian_deg: int
    cell_m: float
    row_count: int
    col_count: int
    resampling: str
    void_count: int
    filled_count: int
    least_m: float
    most_m: float


@dataclass(frozen=True)
class Written:
    """A raster that was written: its cells without height, those filled, and its extremes (m)."""

    void_count: int
    filled_count: int
    least_m: float
    most_m: float


@dataclass(frozen=True)
class DemRequest:
    """What a person says of the files: nothing of it is guessed.

    ``cell_m`` None takes the finest that the files have; ``licence`` None is not stated.
    """

    height_datum: HeightDatum
    resampling: Resampling = "bilinear"
    fill_voids: bool = False
    cell_m: float | None = None
    source: str | None = None
    licence: str | None = None


@dataclass(frozen=True)
class LoadedTerrain:
    """What a load of terrain did.

    ``covered_pct`` is the share of the district inside what was given, ``graded_arcs`` the number
    of road arcs whose gradient is known now.
    """

    terrain: TerrainRow
    files: tuple[str, ...]
    crs: str
    covered_pct: float
    graded_arcs: int
    bytes: int
    seconds: float
