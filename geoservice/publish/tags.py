"""Entity tags: what was asked of which version, in a word; and whether a client has it already."""

import hashlib
import re
from functools import lru_cache

from geoservice.publish.statement import Statement

_TAGS = re.compile(r'(?:W/)?("[^"]*")')
_NAMED = re.compile(r'(?:W/)?"\d{1,19}-\d{1,10}-([0-9a-f]{24})"')


def tag_of(version: str, *statements: Statement) -> str:
    """Return the entity tag of the answer that these statements give at a version of their layer.

    A statement holds what the caller may see (rows by secrecy and town, fields) and what was
    asked, so that equal tags mean equal answers whoever asks. Weak, because the same answer goes
    out compressed and not.
    """
    asked = [(_digest(one.text.as_string(None)), one.values) for one in statements]
    said = f"{version}\n{asked}"
    return f'W/"{hashlib.blake2b(said.encode(), digest_size=12).hexdigest()}"'


def record_tag(tag: str, record_id: int, version: int) -> str:
    """Return a tag that begins with the record's version, which `If-Match` asks for."""
    return f'W/"{record_id}-{version}-{_hash(tag)}"'


def held_record_tag(tag: str, if_none_match: str | None) -> str | None:
    """Return which of the tags of an `If-None-Match` is of this answer, whatever the record's."""
    for found in _NAMED.finditer(if_none_match or ""):
        if found[1] == _hash(tag):
            return f"W/{found[0].removeprefix('W/')}"
    return None


def _hash(tag: str) -> str:
    return tag.removeprefix('W/"').removesuffix('"')


@lru_cache(maxsize=512)
def _digest(text: str) -> str:
    return hashlib.blake2b(text.encode(), digest_size=12).hexdigest()


def is_held(tag: str, if_none_match: str | None) -> bool:
    """Return whether one of the tags of an `If-None-Match` is this one (RFC 9110, weakly)."""
    if if_none_match is None:
        return False
    if if_none_match == tag:
        return True
    return if_none_match.strip() == "*" or tag.removeprefix("W/") in _TAGS.findall(if_none_match)
