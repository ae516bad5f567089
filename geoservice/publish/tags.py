"""Entity tags: what was asked of which version, in a word; and whether a client has it already."""

import hashlib
import re
from functools import lru_cache

from geoservice.publish.statement import Statement

_TAGS = re.compile(r'(?:W/)?("[^"]*")')


def tag_of(version: str, statement: Statement) -> str:
    """Return the entity tag of a statement's answer at a version of its layer.

    The statement holds what the caller may see (rows by secrecy and town, fields) and what was
    asked, so that equal tags mean equal answers whoever asks. Weak, because the same answer goes
    out compressed and not.
    """
    said = f"{version}\n{_digest(statement.text.as_string(None))}\n{statement.values}"
    return f'W/"{hashlib.blake2b(said.encode(), digest_size=12).hexdigest()}"'


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
