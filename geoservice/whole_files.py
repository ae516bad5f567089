"""Files that appear whole or not at all."""

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from geoservice.errors import FileError


def write_whole(path: Path, content: bytes, *, is_private: bool = False) -> None:
    """Write a file at once: readers see the old one or the new one; a private one is its owner's.

    Raises
    ------
    FileError
        The path cannot be written.
    """
    with replaced(path) as part:
        part.write_bytes(content)
        if is_private:
            part.chmod(0o600)


@contextmanager
def replaced(path: Path) -> Iterator[Path]:
    """Give a place beside ``path`` to write to, and put what is there in its stead.

    Raises
    ------
    FileError
        The path cannot be written.
    """
    try:
        with tempfile.TemporaryDirectory(prefix=".export-", dir=path.parent) as folder:
            part = Path(folder) / path.name
            yield part
            part.replace(path)
    except OSError as error:
        why = error.strerror or str(error)
        raise FileError(
            f"{path}: cannot be written: {why}", zh=f"{path}：无法写入：{why}", where="file"
        ) from error
