"""Roads: an OpenStreetMap extract in, a directed network of arcs out."""
