"""What may be done in which zone, and how an answer is worded (pure).

In a no-mining zone nothing; in a slow-mining zone neither stoping nor heading, but headings for
exploration and treatment of water (NMSA 2022 no. 85, as DOMAIN.md 2.1 has it). A part that nobody
can judge is not allowed.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final, Literal

from geoservice.texts import Text
from geoservice.zoning.words import EN, ZH

Activity = Literal["stoping", "heading", "exploration"]
Verdict = Literal["allowed", "forbidden", "no_version", "outside"]
ACTIVITIES: Final = {"stoping": "回采", "heading": "掘进", "exploration": "探查治理掘进"}
PERMITS: Final[dict[str, frozenset[str]]] = {
    "workable": frozenset({"stoping", "heading", "exploration"}),
    "slow_mining": frozenset({"exploration"}),
    "no_mining": frozenset(),
}
# The worst decides.
_ORDER: Final = ("allowed", "outside", "no_version", "forbidden")


@dataclass(frozen=True)
class Part:
    """One part of what was asked: of one seam and zone, or of none.

    Parameters
    ----------
    amount
        Square metres of an area, metres of a line, None of a point.
    reasons
        Evidence and words that decide the zone there, as an answer tells them.
    geometry
        The part as GeoJSON; None of a point.
    """

    verdict: Verdict
    text: Text
    mine_id: int | None = None
    mine: str | None = None
    seam: str | None = None
    zone: str | None = None
    version_id: int | None = None
    amount: float | None = None
    reasons: tuple[dict[str, Any], ...] = ()
    geometry: dict[str, Any] | None = None


def in_zone(activity: str, zone: str) -> tuple[Verdict, Text]:
    """Return whether an activity is allowed in a zone."""
    is_allowed = activity in PERMITS[zone]
    zh, en = ACTIVITIES[activity], activity
    if is_allowed:
        return "allowed", Text(
            zh=f"位于{ZH[zone]}，可以{zh}", en=f"{EN[zone]} zone: {en} is allowed"
        )
    return "forbidden", Text(
        zh=f"位于{ZH[zone]}，不得{zh}", en=f"{EN[zone]} zone: {en} is not allowed"
    )


NO_VERSION = Text(
    zh="该煤层没有施行中的三区划分，不能据此作业",
    en="no zones are in force for this seam: nothing is allowed by them",
)
NO_ZONE = Text(
    zh="位于矿区内，但施行中的三区划分未覆盖此处",
    en="in the mine, but the zones in force do not cover it",
)
OUTSIDE = Text(zh="不在任何已登记矿井的矿区范围内", en="in no mine whose licence area is known")


def worst(parts: Sequence[Part]) -> Verdict:
    """Return the verdict of the worst part; nothing at all lies outside."""
    found = [it.verdict for it in parts]
    return max(found, key=_ORDER.index, default="outside")


def answer(activity: str, parts: Sequence[Part]) -> Text:
    """Return the answer in one sentence."""
    zh, en = ACTIVITIES[activity], activity
    verdict = worst(parts)
    if verdict == "allowed":
        return Text(zh=f"可以{zh}", en=f"{en} is allowed")
    if verdict == "outside":
        return Text(zh=f"不能确认可以{zh}：{OUTSIDE.zh}", en=f"{en} is not allowed: {OUTSIDE.en}")
    if verdict == "no_version":
        text = next(it.text for it in parts if it.verdict == verdict)
        return Text(zh=f"不能确认可以{zh}：{text.zh}", en=f"{en} is not allowed: {text.en}")
    zones = [z for z in ("no_mining", "slow_mining") if any(
        it.zone == z and it.verdict == "forbidden" for it in parts)]  # fmt: skip
    return Text(
        zh=f"不得{zh}：涉及{'、'.join(ZH[z] for z in zones)}",
        en=f"{en} is not allowed: it meets {' and '.join(EN[z] for z in zones)}",
    )
