"""Plans: which depots and teams send what to an incident, and what could not be met."""
