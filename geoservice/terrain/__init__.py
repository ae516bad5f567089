"""Terrain: heights as a raster, and where water goes on it."""
