"""Registers as data: every field is named in both languages and told apart from the others."""

from collections import Counter
from pathlib import Path

import pytest

from geoservice.errors import UnknownNameError
from geoservice.registry.fields import Register, plain
from geoservice.registry.registers import LOADABLE, register_named

REGISTERS = [register_named(name) for name in ("district", *LOADABLE)]


def test_the_keepers_page_names_every_register() -> None:
    page = (Path(__file__).parents[2] / "docs" / "keeper.md").read_text("utf-8")
    assert [name for name in LOADABLE if f"`{name}`" not in page] == []


@pytest.mark.parametrize("register", REGISTERS, ids=lambda it: it.name)
def test_no_heading_means_two_fields(register: Register) -> None:
    said = Counter(name for it in register.fields for name in it.names)
    assert [name for name, times in said.items() if times > 1] == []


@pytest.mark.parametrize("register", REGISTERS, ids=lambda it: it.name)
def test_no_word_means_two_codes(register: Register) -> None:
    for it in register.fields:
        words = Counter(
            plain(word)
            for code, label in it.codes.items()
            for word in {code, label.zh, label.en, *it.column.words.get(code, ())}
        )
        clashes = [w for w, times in words.items() if times > 1]
        assert all(len({it.words[w]}) == 1 for w in clashes)
        assert set(it.words.values()) == set(it.codes)


@pytest.mark.parametrize("register", REGISTERS, ids=lambda it: it.name)
def test_every_field_has_a_chinese_and_an_english_label(register: Register) -> None:
    bare = [f.name for f in register.fields if f.label.zh == f.name or f.label.en == f.name]
    assert bare == []


def test_grades_are_told_by_code_label_colour_and_bracket() -> None:
    words = register_named("hazard_sources").field("grade").words
    assert {words[plain(w)] for w in ("red", "红", "重大", "重大（红）", "Major", "Ⅰ级")} == {"red"}


def test_an_unknown_register_lists_those_there_are() -> None:
    with pytest.raises(UnknownNameError, match="hazard_sources"):
        register_named("volcanoes")
