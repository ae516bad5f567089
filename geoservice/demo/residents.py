"""Invented settlements: a community and villages in every town, compounds beside some works."""

import numpy as np
from shapely import Point
from shapely.geometry.base import BaseGeometry

from geoservice.demo.ground import Ground
from geoservice.demo.invented import NO_PHONE, OLD_SURVEY_ON, SURVEYED_ON, invented
from geoservice.demo.sites import Site, Sites
from geoservice.registry.records import HazardSource, Settlement

# kind, label, English, how many a town, where, people from and to
_OF_TOWN = (
    ("community", "社区", "community", 1, "urban", 900, 4200),
    ("village", "行政村", "village", 3, "rural", 320, 1500),
    ("hamlet", "自然村", "hamlet", 2, "rural", 30, 240),
)
_COMPOUNDS, _FROM_WORKS_M = 6, (160.0, 460.0)
_A_HOUSEHOLD, _NEED_HELP = 2.7, 0.14


def settlements(ground: Ground, sites: Sites, sources: list[HazardSource]) -> list[Settlement]:
    """Return the settlements: every town has all kinds, six works have a compound near by."""
    rng = ground.random("residents")
    found: list[Settlement] = []
    for town in ground.towns:
        for kind, zh, en, count, where, fewest, most in _OF_TOWN:
            for _ in range(count):
                people = round(fewest + rng.random() * (most - fewest))
                site = sites.take(where, town.code)
                found.append(_settlement(ground, len(found) + 1, (kind, zh, en), site, people))
    works = [it for it in sources if it.kind == "hazchem"][::2]
    for source in works[:_COMPOUNDS]:
        site = Site(_beside(ground, source.geom, rng), str(source.town_code))
        people = round(25 + rng.random() * 380)
        named = ("compound", "小区", "compound")
        found.append(_settlement(ground, len(found) + 1, named, site, people))
    return found


def _settlement(
    ground: Ground, number: int, named: tuple[str, str, str], site: Site, people: int
) -> Settlement:
    kind, zh, en = named
    common = invented(
        ground, "ST", number, zh=f"{zh} {number:02d}", en=f"{en} {number:02d}",
        town_code=site.town_code, surveyed_on=OLD_SURVEY_ON if number % 11 == 0 else SURVEYED_ON,
    )  # fmt: skip
    return Settlement(
        **common,
        kind=kind,
        population=people,
        households=round(people / _A_HOUSEHOLD),
        vulnerable=round(people * _NEED_HELP),
        contact=f"演示联系人 {number:02d}",
        phone=NO_PHONE.format(600 + number),
        geom=site.geom,
    )


def _beside(ground: Ground, works: BaseGeometry, rng: np.random.Generator) -> Point:
    """Return a point some hundred metres from a works, degrees."""
    near, far = _FROM_WORKS_M
    at, away_m = ground.metres(works).centroid, near + rng.random() * (far - near)
    angle = rng.random() * 2 * np.pi
    return ground.degrees(Point(at.x + away_m * np.sin(angle), at.y + away_m * np.cos(angle)))
