"""The dispatch book: whom to ring and what lies where, for the hour when the database is down."""
