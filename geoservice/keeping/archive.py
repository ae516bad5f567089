"""The folder that a backup is: a dump, the files of the state folder, and a manifest over both."""

import hashlib
import json
import os
import shutil
import tarfile
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from geoservice.errors import FileError

DUMP, FILES, MANIFEST = "database.dump", "files.tar", "manifest.json"
FORMAT = 1
# The cluster itself is in the dump; logs, locks and sockets are of the machine; what was published
# and exports under way can be made again, and so can the dispatch book.
_LEFT_OUT = frozenset(
    {"postgres", "logs", "run", "locks", "backups", "published", "exports", "book", "metrics"}
)
_CHUNK = 1 << 20


@dataclass(frozen=True)
class Manifest:
    """What is in a backup, and how to tell that it is whole.

    Parameters
    ----------
    tables
        Rows of each table at the moment of the dump.
    audit_head
        Digest of the last seal; None before the first.
    files, sha256
        Number of files of the state folder; digests of the two parts.
    """

    format: int
    made_at: str
    geoservice: str
    migration: int
    district: str | None
    epoch_uid: str
    postgresql: str
    postgis: str
    tables: Mapping[str, int]
    audit_head: str | None
    files: int
    sha256: Mapping[str, str]

    def write(self, folder: Path) -> None:
        """Write it into the backup's folder."""
        text = json.dumps(asdict(self), ensure_ascii=False, indent=2)
        (folder / MANIFEST).write_text(text + "\n", "utf-8")


def read_manifest(folder: Path) -> Manifest:
    """Return the manifest of a backup whose parts are as they were written.

    Raises
    ------
    FileError
        It is no backup, of a newer format, or a part is missing or not what it was.
    """
    try:
        read: dict[str, Any] = json.loads((folder / MANIFEST).read_text("utf-8"))
        manifest = Manifest(**read)
    except (OSError, ValueError, TypeError) as error:
        raise FileError(
            f"{folder}: no backup (its {MANIFEST} cannot be read)",
            zh=f"{folder}：不是备份（无法读取 {MANIFEST}）", where=str(folder),
        ) from error  # fmt: skip
    if manifest.format != FORMAT:
        raise FileError(
            f"{folder}: a backup of format {manifest.format}; this program reads {FORMAT}",
            zh=f"{folder}：备份格式为 {manifest.format}，本程序支持 {FORMAT}",
        )
    for name, digest in manifest.sha256.items():
        part = folder / name
        if not part.is_file() or sha256_of(part) != digest:
            raise FileError(
                f"{part}: missing, or not what was written: the backup is damaged",
                zh=f"{part}：缺失或已损坏，备份不可用", where=str(part),
            )  # fmt: skip
    return manifest


def sha256_of(path: Path) -> str:
    """Return the digest of a file, read in pieces."""
    digest = hashlib.sha256()
    with path.open("rb") as stream:
        while chunk := stream.read(_CHUNK):
            digest.update(chunk)
    return digest.hexdigest()


def pack(home: Path, archive: Path) -> int:
    """Write the files of a state folder into an archive; return their number."""
    count = 0
    with tarfile.open(archive, "w") as tar:
        for path in _kept(home):
            tar.add(path, path.relative_to(home).as_posix(), recursive=False)
            count += path.is_file()
    archive.chmod(0o600)
    return count


def unpack(archive: Path, folder: Path) -> list[str]:
    """Unpack into an empty folder; return the names at its top.

    Raises
    ------
    FileError
        A member would leave the folder, or is no plain file.
    """
    try:
        with tarfile.open(archive) as tar:
            for member in tar:
                _extract(tar, member, folder)
    except tarfile.TarError as error:
        raise FileError(f"{archive}: {error}", zh=f"{archive}：{error}") from error
    return sorted(path.name for path in folder.iterdir())


def _extract(tar: tarfile.TarFile, member: tarfile.TarInfo, folder: Path) -> None:
    """Write one member by hand: not every Python 3.11 has tarfile's own filters."""
    parts = Path(member.name).parts
    if not parts or ".." in parts or Path(member.name).is_absolute():
        raise FileError(f"{member.name}: leaves the folder", zh=f"{member.name}：路径越界")
    place = folder.joinpath(*parts)
    if member.isdir():
        place.mkdir(mode=0o700, exist_ok=True)
        return
    content = tar.extractfile(member) if member.isfile() else None
    if content is None:
        raise FileError(f"{member.name}: no plain file", zh=f"{member.name}：不是普通文件")
    with content, place.open("wb") as stream:
        shutil.copyfileobj(content, stream)
    place.chmod(member.mode & 0o700)


def _kept(home: Path) -> Iterator[Path]:
    for path in sorted(home.rglob("*")):
        top = path.relative_to(home).parts[0]
        if top in _LEFT_OUT or top.startswith("."):
            continue
        if path.is_dir() or (path.is_file() and not path.is_symlink() and os.access(path, os.R_OK)):
            yield path
