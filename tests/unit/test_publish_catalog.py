"""Layer files: what is right loads, what is not stops the start with file and key."""

import shutil
from pathlib import Path

import pytest

from geoservice.errors import SetupError, UnknownNameError
from geoservice.publish.catalog import layer_named, load_layers
from geoservice.resources import folder

LAYERS = load_layers()
_LEGEND = '[legend]\nfield = "tier"\ncolour = "#1d6fa5"\nsymbol = "marker-square"\n'


def _with(tmp_path: Path, old: str, new: str, layer: str = "depots") -> Path:
    shutil.copytree(folder("layers"), tmp_path, dirs_exist_ok=True)
    path = tmp_path / f"{layer}.toml"
    text = path.read_text("utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), "utf-8")
    return tmp_path


def test_layers_come_from_the_lowest_drawn_to_the_highest() -> None:
    orders = [layer.order for layer in LAYERS.values()]
    assert orders == sorted(set(orders))
    assert next(iter(LAYERS)) == "district"


def test_only_these_layers_are_public() -> None:
    public = {layer.id for layer in LAYERS.values() if layer.is_public}
    base = {"district", "towns", "roads", "road_closures", "dangerous_sections"}
    # What third parties found is to be published (item 17 of the notice).
    assert public == base | {"shelters", "fire_stations", "town_stations", "assessment_reports"}


@pytest.mark.parametrize("layer", LAYERS.values(), ids=LAYERS)
def test_every_text_is_in_both_languages(layer) -> None:
    labels = [layer.title, layer.description, layer.group, *layer.fields]
    labels += [code for codes in layer.codes.values() for code in codes.values()]
    assert [label for label in labels if not (label.zh.strip() and label.en.strip())] == []


def test_phones_and_leaders_are_for_dispatchers() -> None:
    kept = {
        (layer.id, field.name)
        for layer in LAYERS.values()
        for field in layer.fields
        if field.roles == {"dispatcher"}
    }
    people = {("rescue_teams", "leader"), ("depots", "keeper"), ("shelters", "keeper")}
    people |= {
        ("settlements", "contact"),
        ("flash_villages", "contact"),
        ("command_posts", "commander"),
        ("risk_points", "responsible"),
    }
    people |= {("incidents", "reporter"), ("incidents", "phone")}
    led = {"organisations", "hazard_sources", "town_stations", "fire_stations"}
    reached = {"rescue_teams", "depots", "hazard_sources", "risk_points", "town_stations"}
    reached |= {"fire_stations", "shelters", "settlements", "flash_villages"}
    on_duty = {"organisations", "command_posts", "duty_links"}
    people |= {(layer, "leader") for layer in led} | {(layer, "phone") for layer in reached}
    assert kept == people | {(layer, "duty_phone") for layer in on_duty}


def test_what_looks_like_a_phone_is_for_dispatchers() -> None:
    shown = [f"{layer.id}.{field.name}" for layer in LAYERS.values() for field in layer.fields
             if "phone" in field.name and field.roles != {"dispatcher"}]  # fmt: skip
    assert shown == []


@pytest.mark.parametrize(
    ("old", "new", "key"),
    [
        ("read_roles", "read_role", "read_role"),
        ('read_roles = ["viewer"]', 'read_roles = ["everybody"]', "read_roles"),
        ('read_roles = ["viewer"]', "read_roles = []", "read_roles"),
        ("order = 110", "order = 110\nopen = true", "open"),
        ('geometry = "point"', 'geometry = "none"', "of no use without geometry"),
        (_LEGEND, "", "legend: is missing"),
        ('export = "JB"', 'export = "JB", is_list = true', "tier is a list"),
        ('colour = "#1d6fa5"', 'colour = "blue"', "colour"),
        ('export = "BH"', 'export = "TOO_LONG_NAME"', "export"),
        ('export = "BH"', 'export = "MC"', "MC is there 2 times"),
        ('field = "tier"', 'field = "nothing"', "nothing is not a field"),
        ("[codes.layout]", "[codes.absent]", "absent is not a field"),
        ('source = "published.depots"', 'source = "core.depot"', "source"),
        ('id = "depots"', 'id = "depot"', "id"),
        ("order = 110", "order = ", "depots.toml"),
        ('zh = "救援力量"', 'zh = "别的名称"', "group"),
    ],
)
def test_a_slip_stops_the_start_and_is_named(tmp_path: Path, old: str, new: str, key: str) -> None:
    with pytest.raises(SetupError, match=r"layers/\w+\.toml") as caught:
        load_layers(_with(tmp_path, old, new))
    assert key in str(caught.value)


def test_an_unknown_layer_is_answered_with_those_there_are() -> None:
    with pytest.raises(UnknownNameError, match="no layer 'depot'; there are: district, towns"):
        layer_named(LAYERS, "depot")
