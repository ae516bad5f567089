"""Roads closed and opened again at the dispatcher's desk, and floods in force."""
