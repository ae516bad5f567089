"""Sentences for users, in both languages."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Text:
    """One sentence in both languages."""

    zh: str
    en: str
