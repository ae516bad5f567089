"""What the drawing tools ask of the service: shapes cut, split, joined, bent and widened."""
