"""What a reader process may use, and what a file may hold (pure)."""

import os
from collections.abc import Mapping
from dataclasses import dataclass, fields

from geoservice.errors import SetupError


@dataclass(frozen=True)
class Limits:
    """Every limit; each is a setting, ``GEOSERVICE_READER_`` and its name in capitals.

    Parameters
    ----------
    memory_mb, cpu_s, file_mb, open_files, wall_s
        Of the reader process: address space, time, largest file written, and when it is killed.
        Address space is 1 GB beyond the 479 MB that its libraries map before it reads anything
        (measured): 200,000 rows of 24 columns, 73 MB of CSV, need 1.4 GB, and 1.3 GB are too few.
    upload_mb
        The largest file read.
    answer_mb
        The most that a reader may answer.
    rows, columns, vertices, vertices_each
        What a file may hold in all, and a shape of it; a cell has 4096 bytes (`registry.values`).
    entries, inflated_mb, ratio
        Of an archive: files in it, what comes out in all, and how much larger than it went in.
    """

    memory_mb: int = 1500
    cpu_s: int = 60
    file_mb: int = 200
    open_files: int = 64
    wall_s: int = 90
    upload_mb: int = 200
    answer_mb: int = 800
    rows: int = 200_000
    columns: int = 100
    vertices: int = 2_000_000
    vertices_each: int = 10_000
    entries: int = 20
    inflated_mb: int = 200
    ratio: int = 100

    @classmethod
    def from_environment(cls, environ: Mapping[str, str] = os.environ) -> "Limits":
        """Return the limits, with what the environment says of them.

        Raises
        ------
        SetupError
            One is no whole number above nothing.
        """
        said = {it.name: environ.get(f"GEOSERVICE_READER_{it.name.upper()}") for it in fields(cls)}
        for name, text in said.items():
            if text and not (text.isascii() and text.isdigit() and int(text) > 0):
                setting = f"GEOSERVICE_READER_{name.upper()}"
                raise SetupError(
                    f"{setting}={text!r}: a whole number above 0 is needed",
                    zh=f"{setting}={text!r}：须为大于 0 的整数",
                    where=setting,
                )
        return cls(**{name: int(text) for name, text in said.items() if text})
