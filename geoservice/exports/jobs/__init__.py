"""Publication by itself: stored jobs, when they run, and what came of it."""
