"""Every route of this area: OGC API (documents, items, tiles) and files."""

from fastapi import APIRouter

from geoservice.publish import file_routes, item_routes, ogc_routes, tile_route, tile_routes

router = APIRouter()
# Routes are tried in turn: what is asked for most stands first.
for part in (tile_route, ogc_routes, item_routes, tile_routes, file_routes):
    router.include_router(part.router)
