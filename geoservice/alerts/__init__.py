"""Alerts: CAP 1.2 in and out, and to whom they go."""
