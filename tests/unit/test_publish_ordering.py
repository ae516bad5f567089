"""Sort keys, the word that says where a page ended, and what a client would rather have."""

import base64
import json

import pytest

from geoservice.errors import InputError
from geoservice.publish.negotiation import preferred
from geoservice.publish.ordering import (
    BY_ID,
    PLACED_FIRST,
    Key,
    Mark,
    fields_of,
    mark_of,
    order_of,
    word_of,
)

KINDS = {"id": "integer", "geom": "geometry", "name": "text", "day": "date"}
FORMS = {"json": "application/geo+json", "csv": "text/csv", "html": "text/html"}


def test_the_last_key_is_always_the_id() -> None:
    assert order_of(None, KINDS) == BY_ID
    assert order_of("-id", KINDS) == (Key("id", "integer", is_falling=True),)
    keys = order_of(" name,-day", KINDS)  # a plus that was not escaped
    assert [(key.name, key.is_falling) for key in keys] == [
        ("name", False), ("day", True), ("id", False),
    ]  # fmt: skip
    assert order_of("+name,-day", KINDS) == keys


@pytest.mark.parametrize("sortby", ["", "phone", "geom", "name,name", "name,", "a,b,c,d,e,f,g"])
def test_what_is_no_order_is_refused(sortby: str) -> None:
    with pytest.raises(InputError) as caught:
        order_of(sortby, KINDS)
    assert caught.value.where == "sortby"


@pytest.mark.parametrize("sortby", [None, "-id", "name", "-day,name"])
def test_a_word_is_read_as_it_was_written(sortby: str | None) -> None:
    order = order_of(sortby, KINDS)
    values = tuple("矿'" if key.kind == "text" else None for key in order[:-1])
    last = 17 if order == BY_ID or len(order) == 1 else json.dumps([*values, "17"])
    assert mark_of(word_of(order, last), order) == Mark(17, values)


def test_a_word_of_rows_with_a_place_first_is_not_one_by_id() -> None:
    word = word_of(PLACED_FIRST, json.dumps(["true", "17"]))
    assert mark_of(word, order_of(None, KINDS, PLACED_FIRST)) == Mark(17, ("true",))
    with pytest.raises(InputError):
        mark_of(word, order_of(None, KINDS))


def _word(value: object) -> str:
    return base64.urlsafe_b64encode(json.dumps(value).encode()).rstrip(b"=").decode()


@pytest.mark.parametrize(
    "word",
    ["", "xyz", "\x00", "é", _word(5), _word(["+day,+id", None, "1"]), _word(["+name,+id", "1"]),
     _word(["+name,+id", 5, "1"]), _word(["+name,+id", "a", "-1"]), _word(["+name,+id", "a", "x"]),
     _word(["+name,+id", "a\x00", "1"]), _word([]), _word({"a": 12}), "A" * 9000,
     _word([[]] * 900)],
)  # fmt: skip
@pytest.mark.parametrize("sortby", [None, "name"])
def test_a_word_of_another_order_or_nobodys_is_refused(word: str, sortby: str | None) -> None:
    with pytest.raises(InputError) as caught:
        mark_of(word, order_of(sortby, KINDS))
    assert caught.value.where == "after"


def test_fields_keep_the_layers_order() -> None:
    assert fields_of(None, ("a", "b")) == ("a", "b")
    assert fields_of("b, a", ("a", "b", "c")) == ("a", "b")
    with pytest.raises(InputError, match="properties"):
        fields_of("a,phone", ("a", "b"))


@pytest.mark.parametrize(
    ("accept", "form"),
    [(None, "json"), ("*/*", "json"), ("", "json"), ("text/html,application/xhtml+xml,*/*;q=0.8",
     "html"), ("text/csv", "csv"), ("application/json", "json"), ("text/*", "csv"),
     ("text/html;q=0.1, application/geo+json;q=0.2", "json"), ("image/png", "json"),
     ("text/html;q=x, text/csv;q=0.5", "csv"), ("*/*;q=0.1,text/html", "html"),
     ("," * 2000, "json")],
)  # fmt: skip
def test_the_form_is_the_one_that_accept_likes_best(accept: str | None, form: str) -> None:
    assert preferred(accept, FORMS) == form
