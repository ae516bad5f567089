"""Floods: scenarios and bands, what they do, live zones, villages below flash floods."""
