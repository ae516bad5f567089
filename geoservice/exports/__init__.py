"""Layers as files: every format, from one snapshot, streamed, with a manifest."""
