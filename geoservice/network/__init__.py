"""The roads as a graph: times and ways by vehicle, with what is closed or flooded."""
