"""Files on their way into a register: staged row by row, looked at, applied in one transaction."""
