"""Orders: what is sent to an incident, once and only once, and followed until it is back."""
