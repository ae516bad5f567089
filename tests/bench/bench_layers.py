"""The service as a worker starts it, with the benchmark's two layers beside its own."""

import os
from pathlib import Path

from fastapi import FastAPI

from geoservice import app as web
from geoservice.publish.catalog import load_layers


def app() -> FastAPI:
    # Nought: every tile is made anew, for the rows that measure the making.
    web.TILE_CACHE_BYTES = int(os.environ.get("BENCH_TILE_CACHE", web.TILE_CACHE_BYTES))
    made = web.from_environment()
    made.state.layers |= load_layers(Path(__file__).parent / "layers")
    return made
