"""A process of its own for files of unknown make, which can reach nothing else."""
