"""The map room of a district's emergency command centre, on PostGIS."""

__version__ = "0.1.0"
