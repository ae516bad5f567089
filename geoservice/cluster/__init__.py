"""The private PostGIS: which programs run it, where it lies, its life, and who shares it."""
