"""Where coal may be mined beside water: the three zones of a seam from its inputs (pure)."""
