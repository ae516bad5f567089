"""What a question must be (pure)."""

import re

from geoservice.dispatch.answers import KINDS, MOST_WANTED, WEAKEST_TYPE, NearestQuestion
from geoservice.errors import InputError, UnknownNameError
from geoservice.registry.records.record import ITEM_CODE


def check_question(question: NearestQuestion) -> None:
    """Refuse a kind, profile or number that is not to be had.

    Raises
    ------
    UnknownNameError, InputError
        With the field and what would be right.
    """
    _one_of("kind", question.kind, KINDS)
    if not (-180 <= question.lon <= 180 and -90 <= question.lat <= 90):
        raise InputError(
            f"lon {question.lon}, lat {question.lat}: degrees, longitude (-180 to 180) first",
            zh=f"lon {question.lon}, lat {question.lat}：须为度，经度（-180 至 180）在前",
            where="lon" if not -180 <= question.lon <= 180 else "lat",
        )
    if not 1 <= question.k <= MOST_WANTED:
        raise InputError(
            f"k {question.k}: a whole number from 1 to {MOST_WANTED} is needed",
            zh=f"k {question.k}：须为 1 到 {MOST_WANTED} 的整数",
            where="k",
        )
    if question.within_min is not None and not 0 < question.within_min < float("inf"):
        raise InputError(
            f"within_min {question.within_min}: minutes above 0 are needed",
            zh=f"within_min {question.within_min}：须为大于 0 的分钟数",
            where="within_min",
        )
    _check_wants(question)


def _check_wants(question: NearestQuestion) -> None:
    """Refuse a material that is no code, and what does not go with the kind."""
    if question.item is not None and not re.fullmatch(ITEM_CODE, question.item):
        raise InputError(
            f"item {question.item!r}: a code of GB/T 38565 is needed: 1, 3, 5 or 7 digits",
            zh=f"item {question.item!r}：须为 GB/T 38565 代码（1、3、5 或 7 位数字）",
            where="item",
        )
    if question.type_no is not None and not 1 <= question.type_no <= WEAKEST_TYPE:
        raise InputError(
            f"type_no {question.type_no}: 1 (the most capable) to {WEAKEST_TYPE} is needed",
            zh=f"type_no {question.type_no}：须为 1（最强）至 {WEAKEST_TYPE}",
            where="type_no",
        )
    for where, kind in (("item", "depot"), ("skill", "rescue_team"), ("type_no", "rescue_team")):
        if getattr(question, where) is not None and question.kind != kind:
            raise InputError(
                f"{where} goes with kind={kind}, not with {question.kind}",
                zh=f"{where} 只用于 kind={kind}，不用于 {question.kind}",
                where=where,
            )


def _one_of(where: str, given: str, allowed: tuple[str, ...]) -> None:
    if given not in allowed:
        raise UnknownNameError(
            f"{where} {given!r} is not known; there are: {', '.join(allowed)}",
            zh=f"{where} {given!r} 无法识别；可用：{'、'.join(allowed)}",
            where=where,
        )
