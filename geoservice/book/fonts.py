"""Which font of this machine can print the book: one that has Chinese.

The folders in which fontconfig looks are looked through here: its programs are not on every
machine, and a font package does not bring them.
"""

import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from fontTools.ttLib import TTCollection, TTFont, TTLibError

from geoservice.errors import NoPdfError

_ENDINGS = {".ttf", ".ttc", ".otf", ".otc"}
# Of what is printed in the book; a font for Japanese or Korean alone lacks the fourth.
_NEEDED = "潞街储调"
_NAMES = ("NotoSansCJK", "NotoSansSC", "SourceHanSans", "wqy", "DroidSansFallback", "Noto")


@dataclass(frozen=True)
class Face:
    """A face of a font file; ``number`` counts the faces of a collection."""

    path: Path
    number: int


def chinese_font(folders: tuple[Path, ...] | None = None) -> Face:
    """Return the face to print Chinese with; a family known to be complete before others.

    Raises
    ------
    NoPdfError
        No font here has Chinese.
    """
    for path in sorted(_files(folders or _folders()), key=_rank):
        number = _face_with_chinese(path)
        if number is not None:
            return Face(path, number)
    raise NoPdfError(
        "no font on this machine has Chinese, so no PDF can be made: "
        "apt-get install fonts-noto-cjk (HTML and CSV need none)",
        zh="本机没有中文字体，无法生成 PDF：请安装 fonts-noto-cjk（HTML 与 CSV 不受影响）",
    )


def bold_of(face: Face) -> Face:
    """Return the bold face beside a regular one, or the same where there is none."""
    other = face.path.with_name(face.path.name.replace("Regular", "Bold"))
    return Face(other, face.number) if other.is_file() else face


def _folders() -> tuple[Path, ...]:
    own = Path(os.environ.get("XDG_DATA_HOME") or Path.home() / ".local" / "share")
    return (
        Path("/usr/share/fonts"), Path("/usr/local/share/fonts"), own / "fonts",
        Path.home() / ".fonts",
    )  # fmt: skip


def _files(folders: tuple[Path, ...]) -> Iterator[Path]:
    for folder in folders:
        yield from (it for it in folder.rglob("*") if it.suffix.lower() in _ENDINGS)


def _rank(path: Path) -> tuple[int, bool, bool, str]:
    known = next((n for n, name in enumerate(_NAMES) if name in path.name), len(_NAMES))
    return known, "Regular" not in path.name, "Serif" in path.name, str(path)


def _face_with_chinese(path: Path) -> int | None:
    """Return the first face with what is needed, that for simplified Chinese before the others."""
    try:
        with path.open("rb") as stream:
            if path.suffix.lower() not in {".ttc", ".otc"}:
                return 0 if _has_chinese(TTFont(stream, lazy=True)) else None
            fonts = TTCollection(stream, lazy=True).fonts
            able = [number for number, font in enumerate(fonts) if _has_chinese(font)]
            able.sort(key=lambda number: "SC" not in str(fonts[number]["name"].getDebugName(1)))
            return able[0] if able else None
    except (TTLibError, OSError, KeyError, ValueError):
        return None  # no font that can be read: the next one


def _has_chinese(font: TTFont) -> bool:
    known = font.getBestCmap() or {}
    return all(ord(letter) in known for letter in _NEEDED)
