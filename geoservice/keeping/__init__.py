"""Keeping what is entrusted: backup, restore, doctor."""
