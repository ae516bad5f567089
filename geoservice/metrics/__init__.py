"""What a monitor may know: counts and seconds of every worker, and how far things lag behind."""
