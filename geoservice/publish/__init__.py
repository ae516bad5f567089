"""Published layers: what they are, who may read them, and every form they leave in."""
