"""Load terrain: made aside, put in force in the caller's transaction, or nothing changes."""

import json
import shutil
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from uuid import uuid4

import shapely
from shapely import MultiPolygon

from geoservice import crs, db
from geoservice.crs import CGCS2000
from geoservice.db import Connection, Query
from geoservice.keeping.archive import sha256_of
from geoservice.terrain import refusals
from geoservice.terrain.grading import grade_roads
from geoservice.terrain.records import DemRequest, LoadedTerrain, TerrainRow, Written
from geoservice.terrain.sources import Source, covered_bounds, mosaics, read_sources
from geoservice.terrain.store import CURRENT, terrain_folder
from geoservice.terrain.warping import Frame, OnProgress, Wish, frame_for, write_terrain

DISTRICT = Query("terrain", "district", MultiPolygon)
HOLD_TERRAIN = Query("terrain", "hold_terrain", str)
RETIRE = Query("terrain", "retire", int)
ADD = Query("terrain", "add", int)

_NAMED_FILES = 3
_ASIDE = ".terrain-"


@dataclass(frozen=True)
class Made:
    """A raster that was made, and what is to be known of it."""

    path: Path
    frame: Frame
    meridian_deg: int
    resampling: str
    written: Written


@dataclass(frozen=True)
class Origin:
    """Whence heights are, and in which datum."""

    name: str
    source: str
    licence: str | None
    height_datum: str
    is_demo: bool = False


def quiet(_step: str, _done: int, _total: int | None) -> None:
    """Tell nobody."""


def load_dem(
    conn: Connection, *, home: Path, paths: Sequence[Path], request: DemRequest,
    on_progress: OnProgress = quiet,
) -> LoadedTerrain:  # fmt: skip
    """Replace the terrain by what files hold, in the district's Gauss-Krueger zone.

    The arcs of the road network get their gradients from it.

    Parameters
    ----------
    conn
        Its transaction takes the load; until it ends, what was in force is.
    home
        The state folder.
    paths
        HGT or GeoTIFF, at least one.
    on_progress
        Told the step, how much of it is done, and how much there is, if known.

    Raises
    ------
    NoDistrictError
        No boundary is loaded.
    InputError
        A file is refused (`sources.read_sources`), no file covers any of the district, heights
        are implausible, or there are too many cells.
    """
    started = time.perf_counter()
    db.require_district(conn)
    district = DISTRICT.one(conn)
    sources = read_sources(paths, request.height_datum)
    covered_pct = _covered_pct(district, sources)
    zone = crs.metric_crs(district.centroid.x)
    frame = frame_for(sources, zone, request.cell_m)
    wish = Wish(request.resampling, request.fill_voids)
    forget_unused(conn, home)
    with aside(home) as folder:
        path = folder / "terrain.tif"
        written = write_terrain(path, frame, mosaics(sources), wish, on_progress)
        meridian = crs.central_meridian_deg(district.centroid.x)
        made = Made(path, frame, meridian, request.resampling, written)
        row = put_in_force(conn, home, made, _origin(paths, request))
    on_progress("roads", 0, None)
    graded = grade_roads(conn, home=home)
    on_progress("roads", 1, 1)
    return LoadedTerrain(
        terrain=row,
        files=tuple(path.name for path in paths),
        crs=zone.name,
        covered_pct=covered_pct,
        graded_arcs=graded or 0,
        bytes=(terrain_folder(home) / row.file_name).stat().st_size,
        seconds=time.perf_counter() - started,
    )


def put_in_force(conn: Connection, home: Path, made: Made, origin: Origin) -> TerrainRow:
    """Move a raster to where rasters are kept, and make it the one that is asked.

    Its name is new, so that whoever reads the one before goes on reading that.
    """
    uid = uuid4().hex
    folder = terrain_folder(home)
    folder.mkdir(mode=0o700, exist_ok=True)
    row = {
        **asdict(made.written),
        "code": uid, "name": origin.name, "source_doc": origin.source, "is_demo": origin.is_demo,
        "file_name": f"{uid}.tif", "sha256": sha256_of(made.path),
        "height_datum": origin.height_datum, "licence": origin.licence,
        "meridian_deg": made.meridian_deg, "cell_m": made.frame.transform.a,
        "row_count": made.frame.rows, "col_count": made.frame.cols, "resampling": made.resampling,
    }  # fmt: skip
    RETIRE.run(conn)
    ADD.one(conn, row=json.dumps(row))
    made.path.chmod(0o600)
    shutil.move(made.path, folder / f"{uid}.tif")
    return CURRENT.one(conn)


def forget_unused(conn: Connection, home: Path) -> None:
    """Remove all rasters but the one in force, and what a load that was killed left behind.

    From here to the end of the transaction no other load begins. The raster before the one in force
    stays until then: a question may have been at it, or a backup.
    """
    HOLD_TERRAIN.one(conn)
    row = CURRENT.first(conn)
    for path in terrain_folder(home).glob("*.tif"):
        if row is None or path.name != row.file_name:
            path.unlink(missing_ok=True)
    for folder in home.glob(f"{_ASIDE}*"):
        shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def aside(home: Path) -> Iterator[Path]:
    """Lend a folder in which a raster is made: on the same disk, and left out of backups."""
    home.mkdir(mode=0o711, parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=_ASIDE, dir=home) as folder:
        yield Path(folder)


def _covered_pct(district: MultiPolygon, sources: Sequence[Source]) -> float:
    """Return how much of the district the files cover; none is refused."""
    outline = shapely.union_all([source.footprint(CGCS2000) for source in sources])
    share: float = outline.intersection(district).area / district.area
    if share == 0:
        raise refusals.elsewhere(covered_bounds(sources))
    return 100 * share


def _origin(paths: Sequence[Path], request: DemRequest) -> Origin:
    named = "、".join(path.name for path in paths[:_NAMED_FILES])
    more = f" + {len(paths) - _NAMED_FILES}" if len(paths) > _NAMED_FILES else ""
    source = request.source or f"{named}{more}（来源未注明 · source not stated）"
    return Origin(f"{named}{more}", source, request.licence, request.height_datum)
