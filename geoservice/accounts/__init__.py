"""Accounts, sessions, one-time links and API tokens."""
