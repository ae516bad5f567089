"""Logins that read the database itself: GIS servers of the city."""
