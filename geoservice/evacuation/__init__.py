"""Evacuation: who goes from which settlement to which shelter, and when they must leave."""
