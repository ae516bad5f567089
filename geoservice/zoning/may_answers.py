"""Whether something may be done, as JSON values."""

from typing import Any

from geoservice.zoning.answers import version_brief
from geoservice.zoning.may import Answer
from geoservice.zoning.permits import ACTIVITIES, Part
from geoservice.zoning.words import EN, ZH


def may_told(it: Answer) -> dict[str, Any]:
    """Return an answer as JSON values."""
    return {
        "activity": it.activity, "activity_zh": ACTIVITIES[it.activity],
        "may": it.verdict == "allowed", "verdict": it.verdict,
        "text": {"zh": it.text.zh, "en": it.text.en},
        "parts": [_part(one) for one in it.parts],
        "versions": [version_brief(one) for one in it.versions],
    }  # fmt: skip


def _part(it: Part) -> dict[str, Any]:
    said = {name: value for name, value in vars(it).items() if name not in {"text", "amount"}}
    is_line = it.geometry is not None and it.geometry["type"].endswith("LineString")
    names = {"zh": ZH[it.zone], "en": EN[it.zone]} if it.zone else {"zh": None, "en": None}
    return {
        **said, **names, "may": it.verdict == "allowed",
        "text": {"zh": it.text.zh, "en": it.text.en},
        "area_m2": None if is_line else it.amount, "length_m": it.amount if is_line else None,
    }  # fmt: skip
