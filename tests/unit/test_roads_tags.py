"""Tag rules: what is drivable, which way, how fast, how high. Wiki pages as cited in the code."""

import pytest

from geoservice.roads.tags import barrier_blocks, direction_of, drop_reason, read_tags
from geoservice.roads.values import height_m, layer_number, speed_kph, weight_t

CLASSES = {"motorway", "primary", "residential", "service", "track"}


@pytest.mark.parametrize(
    ("text", "kph"),
    [
        ("50", 50), ("50 km/h", 50), ("50km/h", 50), ("50 kph", 50), ("30 mph", 48.28),
        ("30mph", 48.28), ("80;50", 50), ("90|70|70", 70), (" 40 ", 40), ("7.5", 7.5),
        ("CN:urban", None), ("none", None), ("walk", None), ("", None), ("0", None),
        ("-50", None), ("5000", None), ("50 furlongs", None), ("50;signals", None),
    ],
)  # fmt: skip
def test_speed(text: str, kph: float | None) -> None:
    assert speed_kph(text) == kph


@pytest.mark.parametrize(
    ("text", "tonnes"),
    [
        ("3.5", 3.5), ("3.5 t", 3.5), ("3.5t", 3.5), ("3,5", 3.5), ("3500 kg", 3.5),
        ("10 st", 9.072), ("8000 lbs", 3.629), ("3500", None), ("unsigned", None), ("nan", None),
    ],
)  # fmt: skip
def test_weight(text: str, tonnes: float | None) -> None:
    assert weight_t(text) == tonnes


@pytest.mark.parametrize(
    ("text", "metres"),
    [
        ("3.8", 3.8), ("3.8 m", 3.8), ("380 cm", 3.8), ("12'6\"", 3.81), ("12' 6\"", 3.81),
        ("12 ft 6 in", 3.81), ("12ft6in", 3.81), ("12'", 3.658), ("12 ft", 3.658),
        ("default", None), ("below_default", None), ("no_sign", None), ("380", None), ("inf", None),
    ],
)  # fmt: skip
def test_height(text: str, metres: float | None) -> None:
    assert height_m(text) == metres


def test_layer() -> None:
    texts = ["1", "-1", "+2", "0", "0;1", "ground", "99"]
    assert [layer_number(text) for text in texts] == [1, -1, 2, 0, None, None, None]


@pytest.mark.parametrize(
    ("tags", "direction"),
    [
        ({}, "both"), ({"oneway": "yes"}, "forward"), ({"oneway": "true"}, "forward"),
        ({"oneway": "1"}, "forward"), ({"oneway": "no"}, "both"), ({"oneway": "0"}, "both"),
        ({"oneway": "-1"}, "backward"), ({"oneway": "reverse"}, "backward"),
        ({"oneway": "alternating"}, "both"),
        ({"junction": "roundabout"}, "forward"), ({"junction": "circular"}, "forward"),
        ({"junction": "roundabout", "oneway": "-1"}, "backward"),
        ({"junction": "roundabout", "oneway": "no"}, "both"), ({"junction": "yes"}, "both"),
        ({"highway": "motorway"}, "forward"), ({"highway": "motorway", "oneway": "no"}, "both"),
        ({"highway": "motorway_link"}, "both"),
        ({"oneway": "yes", "oneway:motor_vehicle": "no"}, "both"),
    ],
)  # fmt: skip
def test_direction(tags: dict[str, str], direction: str) -> None:
    assert direction_of({"highway": "primary", **tags}) == direction


@pytest.mark.parametrize(
    ("tags", "reason", "access"),
    [
        ({}, None, None),
        ({"access": "no"}, "access_no", "no"),
        ({"motor_vehicle": "no"}, "access_no", "no"),
        ({"access": "no", "motor_vehicle": "yes"}, None, "yes"),
        ({"access": "yes", "vehicle": "no"}, "access_no", "no"),
        ({"vehicle": "no", "motorcar": "destination"}, None, "destination"),
        ({"access": "private"}, None, "private"),
        ({"access": "permissive"}, None, "permissive"),
        ({"motor_vehicle": "agricultural"}, None, "agricultural"),
        ({"access": "no", "emergency": "yes"}, None, "emergency"),
        ({"access": "private", "emergency": "yes"}, None, "private"),
    ],
)
def test_narrower_access_key_overrules_the_wider(
    tags: dict[str, str], reason: str | None, access: str | None
) -> None:
    tags = {"highway": "service", **tags}
    assert drop_reason(tags, CLASSES) == reason
    assert read_tags(tags).access == access


@pytest.mark.parametrize(
    ("tags", "reason"),
    [
        ({"highway": "footway"}, "class:footway"),
        ({"highway": "proposed"}, "class:proposed"),
        ({"highway": "service", "area": "yes"}, "area"),
        ({"highway": "primary", "oneway": "reversible"}, "reversible"),
        ({"highway": "track", "smoothness": "impassable"}, "impassable"),
    ],
)
def test_undrivable_is_dropped_with_its_reason(tags: dict[str, str], reason: str) -> None:
    assert drop_reason(tags, CLASSES) == reason


def test_name_falls_back_to_chinese_name_then_reference() -> None:
    names = [
        read_tags({"highway": "primary", **tags}).name
        for tags in (
            {"name": "主街", "name:zh": "别名", "ref": "S1"},
            {"name": "  ", "name:zh": "别名", "ref": "S1"},
            {"ref": "S1"},
            {"name": "\x00"},
        )
    ]
    assert names == ["主街", "别名", "S1", None]


def test_structures_that_floods_reach_are_not_spared() -> None:
    def structures(**tags: str) -> tuple[bool, bool]:
        road = read_tags({"highway": "primary", **tags})
        return road.is_bridge, road.is_tunnel

    assert structures(bridge="viaduct") == (True, False)
    assert structures(bridge="no", tunnel="yes") == (False, True)
    assert structures(bridge="low_water_crossing") == (False, False)
    assert structures(tunnel="building_passage") == (False, False)


def test_speed_may_differ_by_direction() -> None:
    road = read_tags({"highway": "primary", "maxspeed": "60", "maxspeed:backward": "40"})
    assert (road.max_speed_kph, road.forward_kph, road.backward_kph) == (60, 60, 40)


def test_lower_of_legal_and_physical_height_counts() -> None:
    road = read_tags({"highway": "primary", "maxheight": "4", "maxheight:physical": "3.9"})
    assert road.max_height_m == 3.9


def test_values_not_understood_are_listed_not_guessed() -> None:
    tags = {"highway": "primary", "maxspeed": "CN:urban", "maxheight": "default", "layer": "x"}
    road = read_tags(tags)
    assert (road.max_speed_kph, road.max_height_m, road.layer) == (None, None, 0)
    assert road.unread == ("maxspeed=CN:urban", "maxheight=default", "layer=x")


@pytest.mark.parametrize(
    ("tags", "blocks"),
    [
        ({"barrier": "bollard"}, True),
        ({"barrier": "bollard", "bollard": "rising"}, False),
        ({"barrier": "bollard", "motor_vehicle": "yes"}, False),
        ({"barrier": "bollard", "access": "no", "emergency": "yes"}, False),
        ({"barrier": "gate"}, False),
        ({"barrier": "gate", "access": "private"}, False),
        ({"barrier": "gate", "motor_vehicle": "no"}, True),
        ({"barrier": "toll_booth"}, False),
    ],
)
def test_barrier_stops_vehicles_unless_it_opens(tags: dict[str, str], blocks: bool) -> None:
    assert barrier_blocks(tags) == blocks
