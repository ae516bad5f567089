"""The catalogue of the demonstration district's goods, a substitute and a kit: invented."""

from geoservice.demo.ground import Ground
from geoservice.demo.invented import invented
from geoservice.demo.resources import ITEMS
from geoservice.registry.records import Goods, GoodsKit, GoodsSubstitute

# No lot has this code: whoever asks for it is sent its parts.
_KIT = "1999905"
_PARTS = (("1999901", "帐篷", 1.0), ("1999902", "棉被", 4.0), ("1999903", "饮用水", 2.0))
_PIECES = {"1999903": 24, "1999904": 12}


def goods(ground: Ground) -> list[Goods]:
    """Return what the depots hold, and the kit; every code is one of "other" of the standard."""
    named = [(code, what, english, unit) for code, what, english, unit, *_ in ITEMS]
    named.append((_KIT, "安置套装", "shelter kits", "套"))
    return [
        Goods(
            **invented(ground, "GD", 0, zh=what, en=english) | {"code": code},
            unit=unit,
            pieces=_PIECES.get(code),
        )
        for code, what, english, unit in named
    ]


def substitutes(ground: Ground) -> list[GoodsSubstitute]:
    """Return the one substitute: work lights with batteries for a generator."""
    zh, en = "照明灯代发电机", "work lights for a generator"
    return [
        GoodsSubstitute(
            **invented(ground, "GS", 1, zh=zh, en=en),
            for_code="2999903", by_code="2999904", ratio=4.0, remark="仅供照明 · for light only",
        )
    ]  # fmt: skip


def kits(ground: Ground) -> list[GoodsKit]:
    """Return the parts of the one kit: what a family needs for a night."""
    return [
        GoodsKit(
            **invented(
                ground, "GK", number, zh=f"安置套装：{what}", en=f"shelter kit, part {number}"
            ),
            kit_code=_KIT,
            part_code=code,
            quantity=quantity,
        )
        for number, (code, what, quantity) in enumerate(_PARTS, 1)
    ]
