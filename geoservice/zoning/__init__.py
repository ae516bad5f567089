"""The mine-water zones of the district's mines: derived, drawn, approved, in force; and why."""
