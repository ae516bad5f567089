"""The audit: who did what, sealed in a chain that shows every later change."""
