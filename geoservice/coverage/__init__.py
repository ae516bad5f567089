"""Service areas: how far stations and depots reach, who is covered, what is cut off."""
