"""HiGHS prints a line by itself now and then, which no option of it stops."""

import ctypes
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def solver_on_stderr() -> Iterator[None]:
    """Let what compiled code prints meanwhile go to standard error, and nothing of it later.

    For a program that does one thing at a time: standard output is the whole process's. What is
    printed to a pipe waits in the C library's own buffer, so that is emptied before and after.
    """
    sys.stdout.flush()
    c = ctypes.CDLL(None)
    c.fflush(None)
    kept = os.dup(1)
    os.dup2(2, 1)
    try:
        yield
    finally:
        c.fflush(None)
        os.dup2(kept, 1)
        os.close(kept)
