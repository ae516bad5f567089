"""Which of the offered forms a client would rather have (pure): RFC 9110 section 12.5.1."""

from collections.abc import Mapping
from functools import lru_cache

_LONGEST = 1000


def preferred(accept: str | None, offered: Mapping[str, str]) -> str:
    """Return the name of the form that an Accept header asks for; the first offered if none.

    Parameters
    ----------
    offered
        Media types by the forms' names, the favourite first. One that is asked for by none of
        them still gets the favourite: an answer helps more than a refusal.
    """
    if accept is None or accept == "*/*" or len(accept) > _LONGEST:
        return next(iter(offered))
    return _preferred(accept, tuple(offered.items()))


def style_form(accept: str | None) -> str:
    """Return the form of a style that an Accept header asks for: json, sld10 or sld11.

    SLD without a version is 1.0; `application/vnd.ogc.se+xml` is 1.1.
    """
    sld = "application/vnd.ogc.sld+xml"
    offered = {"json": "application/json", "sld10": sld, "sld11": "application/vnd.ogc.se+xml"}
    form = preferred(accept, offered)
    if form != "sld10":
        return form
    first = next(one for one in str(accept).lower().split(",") if one.strip().startswith(sld))
    return "sld11" if "version=1.1" in first.replace(" ", "") else "sld10"


@lru_cache(maxsize=512)
def _preferred(accept: str, offered: tuple[tuple[str, str], ...]) -> str:
    wanted = dict(_range(part) for part in reversed(accept.lower().split(",")))
    quality = {name: _quality(wanted, media_type) for name, media_type in offered}
    return max(quality, key=quality.__getitem__)  # the first of equals


def _range(part: str) -> tuple[str, float]:
    kind, *parameters = (one.strip() for one in part.split(";"))
    for one in parameters:
        if one.startswith("q="):
            try:
                return kind, float(one[2:])
            except ValueError:
                return kind, 0.0
    return kind, 1.0


def _quality(wanted: Mapping[str, float], media_type: str) -> float:
    if media_type == "application/geo+json" and "application/json" in wanted:
        return max(wanted["application/json"], wanted.get(media_type, 0.0))
    for kind in (media_type, f"{media_type.split('/')[0]}/*", "*/*"):
        if kind in wanted:
            return wanted[kind]
    return 0.0
