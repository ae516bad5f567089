"""What is inside a shape: counts, sums and names, layer by layer."""
