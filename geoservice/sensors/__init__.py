"""Sensors: readings in, and how far they are a warning."""
