"""CQL2, the filters of OGC API: read and checked here; `publish/select` writes them as SQL."""
