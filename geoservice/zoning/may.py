"""May this be done here: every part of the place, by the versions in force; the worst decides."""

from collections.abc import Iterator
from dataclasses import dataclass

import shapely
from shapely import MultiPolygon, Point
from shapely.geometry.base import BaseGeometry

from geoservice.db import Connection, Query
from geoservice.errors import NotFoundError
from geoservice.texts import Text
from geoservice.zoning import overlay, permits
from geoservice.zoning.answers import evidence_told, geometry, override_told
from geoservice.zoning.callers import Caller
from geoservice.zoning.permits import Part, Verdict
from geoservice.zoning.plane import Plane, district_plane
from geoservice.zoning.records import (
    CELLS,
    EVIDENCE,
    OVERRIDES,
    SEAM_OF,
    VERSIONS,
    ZONES_OF,
    SeamOf,
    Version,
)

_MOST_REASONS = 50
# Parts of what is asked that are no more than this are the touch of an edge: metres, square metres.
_NOTHING = {0: -1.0, 1: 1e-4, 2: overlay.NOTHING_M2}
# A point so near to an edge is on it, and the worse side decides: metres.
_ON_EDGE_M = 0.01


@dataclass(frozen=True)
class MineAt:
    """A mine whose licence meets what is asked about."""

    id: int
    code: str
    name: str
    geom: MultiPolygon


@dataclass(frozen=True)
class Answer:
    """Whether it may be done, why, and by which versions."""

    activity: str
    verdict: Verdict
    text: Text
    parts: tuple[Part, ...]
    versions: tuple[Version, ...]


MINES_AT = Query("zoning", "mines_at", MineAt)


def may(
    conn: Connection, *, activity: str, shape: BaseGeometry, seam: str | None, caller: Caller
) -> Answer:
    """Return whether an activity may be where a shape is, each part of it told.

    Parameters
    ----------
    activity
        ``stoping``, ``heading`` or ``exploration``.
    shape
        Point, line or area in ``STORE_SRID``; its sides are straight in the district's plane.
    seam
        Code or name of the seam; None: every seam of the mines there.

    Raises
    ------
    NotFoundError
        The mines there have no such seam.
    """
    plane = district_plane(conn)
    asked = plane.metres(shape)
    scope = caller.scope()
    mines = MINES_AT.all(conn, shape=shape, towns=scope["towns"], secrecies=scope["secrecies"])
    parts, versions = [], []
    for mine in mines:
        for it in SEAM_OF.all(conn, mine_id=mine.id, seam=seam):
            version = in_force(conn, it)
            versions += [version] if version else []
            parts += list(_of_seam(conn, _Asked(activity, shape, asked, plane), mine, it, version))
    if mines and not parts:
        names = ", ".join(it.name for it in mines)
        raise NotFoundError(
            f"{names} has no seam {seam or ''}".rstrip(),
            zh=f"{names} 没有煤层 {seam or ''}".rstrip(), where="seam",
        )  # fmt: skip
    rest = _beyond(asked, shapely.union_all([plane.metres(it.geom) for it in mines]))
    if _is_something(rest, asked):
        parts.append(_part(rest, plane, "outside", permits.OUTSIDE))
    told = tuple(parts)
    return Answer(
        activity, permits.worst(told), permits.answer(activity, told), told, tuple(versions)
    )


def in_force(conn: Connection, seam: SeamOf) -> Version | None:
    """Return the version in force on a seam, if there is one."""
    found = VERSIONS.all(
        conn, id=None, mine_id=None, seam_id=seam.id, most=1000, sees_drafts=False, towns=None,
        secrecies=["public", "internal", "restricted"],
    )  # fmt: skip
    return next((it for it in found if it.state == "effective"), None)


@dataclass(frozen=True)
class _Asked:
    """What is asked about: in degrees, and in metres of the plane."""

    activity: str
    shape: BaseGeometry
    metres: BaseGeometry
    plane: Plane


def _of_seam(
    conn: Connection, asked: _Asked, mine: MineAt, seam: SeamOf, version: Version | None
) -> Iterator[Part]:
    """Give a part for each zone that is met, and for what no zone covers."""
    names = {"mine_id": mine.id, "mine": mine.name, "seam": seam.seam}
    inside = _within(asked.metres, asked.plane.metres(mine.geom))
    if version is None:
        yield _part(inside, asked.plane, "no_version", permits.NO_VERSION, **names)
        return
    zones = ZONES_OF.all(conn, version=version.id)
    shapes = [asked.plane.metres(it.geom) for it in zones]
    for zone, geom in zip(zones, shapes, strict=True):
        met = _within(asked.metres, geom)
        if _is_something(met, asked.metres):
            verdict, text = permits.in_zone(asked.activity, zone.zone)
            reasons = tuple(_reasons(conn, version, zone.zone, asked))
            more = {**names, "zone": zone.zone, "version_id": version.id, "reasons": reasons}
            yield _part(met, asked.plane, verdict, text, **more)
    rest = _beyond(inside, shapely.union_all(shapes))
    if _is_something(rest, asked.metres):
        more = {**names, "version_id": version.id}
        yield _part(rest, asked.plane, "no_version", permits.NO_ZONE, **more)


def _reasons(
    conn: Connection, version: Version, zone: str, asked: _Asked
) -> Iterator[dict[str, object]]:
    """Give what decides a zone where it is met: evidence of the cells there, planners' words."""
    cells = [
        it for it in CELLS.all(conn, version=version.id, at=asked.shape)
        if it.zone == zone and _meets(it.geom, asked)
    ]  # fmt: skip
    numbers = sorted({no for it in cells for no in it.evidence})
    found = EVIDENCE.all(conn, version=version.id, numbers=numbers)
    yield from [evidence_told(it) for it in found if it.zone == zone][:_MOST_REASONS]
    for word in OVERRIDES.all(conn, version=version.id, at=asked.shape):
        if word.zone == zone and _meets(word.geom, asked):
            yield override_told(word)


def _meets(geom: BaseGeometry, asked: _Asked) -> bool:
    return _is_something(shapely.intersection(asked.plane.metres(geom), asked.metres), asked.metres)


def _within(asked: BaseGeometry, area: BaseGeometry) -> BaseGeometry:
    """Return what of a shape an area holds; a point on its edge is held."""
    if asked.geom_type == "Point":
        return asked if shapely.dwithin(asked, area, _ON_EDGE_M) else Point()
    return shapely.intersection(asked, area)


def _beyond(asked: BaseGeometry, area: BaseGeometry) -> BaseGeometry:
    """Return what of a shape an area does not hold."""
    if asked.geom_type == "Point":
        return Point() if shapely.dwithin(asked, area, _ON_EDGE_M) else asked
    return shapely.difference(asked, area)


def _is_something(met: BaseGeometry, asked: BaseGeometry) -> bool:
    """Return whether a part of what is asked is more than the touch of an edge."""
    dimension = int(shapely.get_dimensions(asked))
    parts = [
        it
        for it in shapely.get_parts(met)
        if not it.is_empty and shapely.get_dimensions(it) == dimension
    ]
    return sum(_amount(it) for it in parts) > _NOTHING[dimension] and bool(parts)


def _amount(met: BaseGeometry) -> float:
    return float(met.area or met.length)


def _part(met: BaseGeometry, plane: Plane, verdict: Verdict, text: Text, **more: object) -> Part:
    is_point = not _amount(met)
    told = None if is_point else geometry(plane.degrees(met))
    amount = None if is_point else _amount(met)
    return Part(verdict, text, amount=amount, geometry=told, **more)  # type: ignore[arg-type]
