"""What changed, told to whoever listens: server-sent events."""
