"""The service as a worker starts it, with the benchmark's two layers beside its own."""

from pathlib import Path

from fastapi import FastAPI

from geoservice.app import from_environment
from geoservice.publish.catalog import load_layers


def app() -> FastAPI:
    made = from_environment()
    made.state.layers |= load_layers(Path(__file__).parent / "layers")
    return made
