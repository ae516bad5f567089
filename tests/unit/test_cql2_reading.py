"""CQL2 as clients write it: read into one tree, refused before it can do harm."""

import json

import pytest

from geoservice.errors import InputError
from geoservice.publish.cql2.reading import MAX_LENGTH, MAX_NODES, read


def test_and_binds_before_or() -> None:
    tree = read("a = 1 OR b = 2 AND c = 3", "cql2-text")
    assert (tree["op"], tree["args"][1]["op"]) == ("or", "and")


def test_text_and_json_give_one_tree() -> None:
    tree = {"op": "=", "args": [{"property": "name"}, "矿区's"]}
    assert read("name = '矿区''s'", "cql2-text") == tree
    assert read(json.dumps(tree), "cql2-json") == tree


@pytest.mark.parametrize(
    "text",
    ["THIS IS NOT A FILTER", "", "name =", "name = 'x", "(" * 33 + "a=1" + ")" * 33,
     "(" * 9000 + "a=1" + ")" * 9000, "NOT " * 4000 + "a=1", "a=" + "-" * 4000 + "1",
     "a=" + "- " * 40 + "1", "-".join(["1"] * 5000) + "=1", " and ".join(["a=1"] * 3000),
     "+".join(["1"] * 5000) + "=1", "x" * (MAX_LENGTH + 1), "NOT (" * 9 + "a=1" + ")" * 9],
    ids=lambda text: f"{text[:20]} {len(text)}",
)  # fmt: skip
def test_text_that_is_no_filter_or_too_large_is_refused(text: str) -> None:
    with pytest.raises(InputError) as caught:
        read(text, "cql2-text")
    assert caught.value.where == "filter"
    assert "THIS" not in caught.value.message


@pytest.mark.parametrize(
    "text",
    ["{", "[" * 5000 + "]" * 5000, '{"op":"=","args":[{"property":"a"},NaN]}',
     '{"op":"=","args":[{"property":"a"},1e999]}', '{"op":"=","args":["\\u0000","\\ud800"]}',
     '{"op":"not","args":[' * 9 + "true" + "]}" * 9],
    ids=lambda text: text[:20],
)  # fmt: skip
def test_json_that_is_no_filter_or_too_large_is_refused(text: str) -> None:
    with pytest.raises(InputError):
        read(text, "cql2-json")


def test_a_filter_may_have_so_many_nodes_and_no_more() -> None:
    def chain(nodes: int) -> str:
        return " OR ".join(["a = 1"] * ((nodes - 1) // 2))

    read(chain(MAX_NODES), "cql2-text")
    with pytest.raises(InputError):
        read(chain(MAX_NODES + 3), "cql2-text")


def test_quotes_hide_what_looks_like_operators() -> None:
    long = "a" + "(-+*" * 1000
    assert read(f"name = '{long}'", "cql2-text")["args"][1] == long
