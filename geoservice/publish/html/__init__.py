"""Pages of OGC API that a person can browse: Chinese first, English second, no script."""
