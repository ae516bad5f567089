"""The compiled search."""

from types import ModuleType

from geoservice.compiled import compiled


def kernel() -> ModuleType:
    """Return the compiled functions, loaded when first needed."""
    return compiled("geoservice.network.kernel")
