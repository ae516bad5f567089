"""Which encoding a file's text is in, whatever it says of itself (pure)."""

import codecs
import re
from collections.abc import Sequence

from geoservice.errors import FileError

# GB2312 and GBK are subsets of GB18030; what says one often holds another.
_CHINESE = re.compile(r"^(ansi|oem|cp|ms|windows-?)?[ _-]?(936|gbk|gb2312|gb18030|euc-?cn)$")
_UTF8 = {"utf8", "utf-8", "65001", "utf-8 65001", "utf-8-sig"}
# Chinese in UTF-8 has three bytes a character; a few pairs of GBK happen to be valid UTF-8 of two.
_THREE_BYTES = re.compile(rb"[\xe0-\xef][\x80-\xbf]{2}")
_NO_TEXT = re.compile("[\0-\x07\x0e\x0f]")


def codec_named(said: str) -> str:
    """Return the codec of a name as people and .cpg files write it; "" for none.

    Raises
    ------
    FileError
        There is no such encoding.
    """
    name = said.strip().casefold()
    if _CHINESE.match(name):
        return "GB18030"
    if not name or name in _UTF8:
        return "UTF-8" if name else ""
    try:
        return codecs.lookup(name).name.upper()
    except (LookupError, ValueError):
        raise FileError(
            f"{said[:40]!r} is no encoding", zh=f"“{said[:40]}”不是编码", where="encoding"
        ) from None


def fitting_codec(texts: Sequence[bytes], said: str) -> str:
    """Return the codec that the texts are in: UTF-8 where all of them are, else GB18030.

    Parameters
    ----------
    said
        The codec that the file claims, "" for none: kept as long as the text bears it out.

    Raises
    ------
    FileError
        They are in neither.
    """
    foreign = [it for it in texts if not it.isascii()]
    if not foreign:
        return said or "UTF-8"
    is_utf8 = _share(foreign, "UTF-8") == 1.0
    if said == "UTF-8" and is_utf8:
        return said
    if is_utf8 and (not said or sum(len(_THREE_BYTES.findall(it)) for it in foreign) >= 3):
        return "UTF-8"
    if said and _share(foreign, said) >= 0.9:
        return said
    if _share(foreign, "GB18030") >= 0.9:
        return "GB18030"
    if said:
        return said  # what does not fit is told row by row
    raise FileError(
        "its text is neither UTF-8 nor GB18030: say its encoding, or put a .cpg beside it",
        zh="文字既非 UTF-8 也非 GB18030：请指定编码或附 .cpg 文件",
    )


def decoded(text: bytes, codec: str) -> str | None:
    """Return the text, None where it is not in that codec."""
    try:
        return text.decode(codec)
    except (UnicodeError, LookupError):
        return None


def decode(data: bytes, said: str | None = None) -> tuple[str, str]:
    """Return the text of a file and its encoding: as said, UTF-16 by its mark, UTF-8, GB18030.

    Raises
    ------
    FileError
        It is no text, or not in the encoding said.
    """
    names = ["UTF-8-SIG", "GB18030"]
    if data[:2] in {b"\xff\xfe", b"\xfe\xff"}:
        names = ["UTF-16"]
    codec = codec_named(said or "")
    if codec:
        names = ["UTF-8-SIG" if codec == "UTF-8" else codec]
    for name in names:
        text = decoded(data, name)
        if text is not None and not _NO_TEXT.search(text):
            return text, name.removesuffix("-SIG")
    if codec:
        raise FileError(
            f"its text is not {codec}", zh=f"文字不是 {codec} 编码", where="encoding"
        )  # fmt: skip
    raise FileError(
        "neither Excel (.xlsx), GeoJSON, KML, GeoPackage, Shapefile (or a zip of one) nor CSV in "
        "UTF-8 or GB18030",
        zh="不是 Excel（.xlsx）、GeoJSON、KML、GeoPackage、Shapefile（或其 zip）或 CSV"
        "（UTF-8 或 GB18030）",
    )


def _share(texts: Sequence[bytes], codec: str) -> float:
    return sum(decoded(it, codec) is not None for it in texts) / len(texts)
