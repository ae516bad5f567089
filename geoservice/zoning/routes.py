"""`/zoning/mines`, `/zoning/versions`: what there is, and why a place has its zone."""

from typing import Annotated

from fastapi import APIRouter, Query, Response

from geoservice.auth import Conn
from geoservice.parameters import NoQuery
from geoservice.zoning import answers
from geoservice.zoning.asking import GEOJSON, Asking, Id, answered, version_answered
from geoservice.zoning.bodies import PlaceQuery
from geoservice.zoning.versions import (
    compare,
    evidence_of,
    list_mines,
    list_versions,
    overrides_of,
    read_mine,
    read_version,
    why,
    zones_of,
)

router = APIRouter(prefix="/zoning", tags=["zoning"])
Nothing = Annotated[NoQuery, Query()]


@router.get("/mines", summary="矿井、煤层与版本 · mines, seams, versions")
def get_mines(_: Nothing, caller: Asking, conn: Conn) -> Response:
    """Return the mines with their seams, and the version in force of each."""
    return answered(list_mines(conn, caller))


@router.get("/mines/{mine_id}", summary="一个矿井 · a mine")
def get_mine(mine_id: Id, _: Nothing, caller: Asking, conn: Conn) -> Response:
    """Return a mine with its seams."""
    return answered(read_mine(conn, mine_id, caller))


@router.get("/mines/{mine_id}/versions", summary="矿井的分区版本 · versions of a mine")
def get_versions(mine_id: Id, _: Nothing, caller: Asking, conn: Conn) -> Response:
    """Return versions by seam, the newest first; drafts for those who make them."""
    read_mine(conn, mine_id, caller)
    found = list_versions(conn, caller, mine_id=mine_id)
    return answered([answers.version_told(it) for it in found])


@router.get("/versions/{version_id}", summary="一个版本 · a version")
def get_version(version_id: Id, _: Nothing, caller: Asking, conn: Conn) -> Response:
    """Return a version: state, rules, parameters, hashes, who moved it, which steps it has."""
    return version_answered(read_version(conn, version_id, caller))


@router.get("/versions/{version_id}/zones", summary="三区图形 · zones as GeoJSON")
def get_zones(version_id: Id, _: Nothing, caller: Asking, conn: Conn) -> Response:
    """Return the zones, corners as exact as they are kept, and the planners' words on them."""
    version = read_version(conn, version_id, caller)
    zones = [answers.zone_feature(it) for it in zones_of(conn, version)]
    words = [answers.override_feature(it) for it in overrides_of(conn, version)]
    told = answers.collection(
        zones, version=answers.version_brief(version), overrides=answers.collection(words)
    )
    return answered(told, kind=GEOJSON, ETag=version.etag)


@router.get("/versions/{version_id}/cells", summary="某点为何属此区 · why a place has its zone")
def get_why(
    version_id: Id, query: Annotated[PlaceQuery, Query()], caller: Asking, conn: Conn
) -> Response:
    """Return the zone of a place with every reason in both languages."""
    version = read_version(conn, version_id, caller)
    found = why(conn, version, lon=query.lon, lat=query.lat)
    return answered(answers.why_told(version, found))


@router.get("/versions/{version_id}/evidence", summary="依据 · evidence as GeoJSON")
def get_evidence(version_id: Id, _: Nothing, caller: Asking, conn: Conn) -> Response:
    """Return all evidence: rule, zone, reason, inputs and parameters of each shape."""
    version = read_version(conn, version_id, caller)
    found = [answers.evidence_feature(it) for it in evidence_of(conn, version)]
    told = answers.collection(found, version=answers.version_brief(version))
    return answered(told, kind=GEOJSON)


@router.get("/versions/{version_id}/areas", summary="面积表 · area table")
def get_areas(version_id: Id, _: Nothing, caller: Asking, conn: Conn) -> Response:
    """Return each zone's area and its share of the mine."""
    return answered(answers.areas_told(read_version(conn, version_id, caller)))


@router.get("/versions/{version_id}/compare/{other}", summary="两版对比 · two versions compared")
def get_comparison(version_id: Id, other: Id, _: Nothing, caller: Asking, conn: Conn) -> Response:
    """Return what became what from this version to the other: areas by pair, a feature a change."""
    before = read_version(conn, version_id, caller)
    after = read_version(conn, other, caller)
    found = compare(conn, before, after)
    return answered(answers.comparison_told(before, after, found), kind=GEOJSON)
