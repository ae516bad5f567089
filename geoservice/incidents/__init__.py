"""Incidents: what happened where, what it needs, and who answers for it."""
