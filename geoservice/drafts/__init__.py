"""Records before they are in their register: unfinished, checked, applied."""
