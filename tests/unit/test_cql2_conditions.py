"""A filter's tree as SQL: types are checked, and no value or unknown name ever is in the text."""

import json
import re
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from geoservice.errors import InputError
from geoservice.publish.coordinates import CRS84, STORED
from geoservice.publish.cql2.reading import read
from geoservice.publish.select import condition_of

KINDS = {"id": "integer", "geom": "geometry", "name": "text", "kind": "text", "depth_m": "number",
         "count": "integer", "is_open": "boolean", "day": "date", "at": "instant"}  # fmt: skip


def _made(text: str, kinds: dict[str, str] = KINDS) -> Any:
    return condition_of(read(text, "cql2-text"), kinds, CRS84)


def test_a_comparison_is_a_column_and_a_placeholder() -> None:
    made = _made("name = '矿区'")
    assert made.text == '"v"."name" = %(f0)s::text'
    assert made.values == {"f0": "矿区"}


@pytest.mark.parametrize(
    ("text", "where"),
    [("name > 5", "name (text)"), ("depth_m = 'x'", "depth_m (number)"),
     ("count LIKE 'x'", "count (integer)"), ("day > '2026-01-01'", "DATE('2026-01-31')"),
     ("is_open < true", "is_open"), ("S_INTERSECTS(name, POINT(1 2))", "name (text)"),
     ("T_AFTER(name, DATE('2026-01-01'))", "name (text)"), ("name", "name (text)"),
     ("name + 1 = 2", "name (text)"), ("CASEI(count) = 'x'", "count (integer)"),
     ("geom = geom", "geom (geometry)"), ("name IN (1)", "name (text)"),
     ("at BETWEEN 1 AND 2", "at ("), ("day IN (DATE('2026-01-01'), name)", "name (text)")],
)  # fmt: skip
def test_a_type_that_does_not_fit_is_refused_with_the_fields_type(text: str, where: str) -> None:
    with pytest.raises(InputError) as caught:
        _made(text)
    assert where in caught.value.message
    assert caught.value.zh != caught.value.message


@pytest.mark.parametrize(
    ("literal", "last"),
    [("08:00:00Z", "08:00:00.999999"), ("08:00:00.5Z", "08:00:00.599999"),
     ("08:00:00.123Z", "08:00:00.123999"), ("09:00:00+01:00", "08:00:00.999999")],
)  # fmt: skip
def test_an_instant_stands_for_all_that_would_be_written_so(literal: str, last: str) -> None:
    made = _made(f"at = TIMESTAMP('2026-01-31T{literal}')")
    first, end = made.values.values()
    assert end.isoformat() == f"2026-01-31T{last}+00:00"
    assert first <= end
    assert re.sub(r"%\(f\d\)s::timestamptz", "?", made.text) == '("v"."at" >= ? AND "v"."at" <= ?)'


def test_an_instant_to_the_microsecond_is_itself() -> None:
    made = _made("at = TIMESTAMP('2026-01-31T08:00:00.123456Z')")
    assert made.text == '"v"."at" = %(f0)s::timestamptz'


@pytest.mark.parametrize(
    "text",
    ["secret = 'x'", "casei(secret) = 'x'", "geom IS NULL AND secret IS NULL", '"v.name" = 1',
     "T_AFTER(INTERVAL(secret, '..'), DATE('2026-01-01'))", '"name"";--" = 1'],
)  # fmt: skip
def test_a_field_that_the_caller_has_not_is_unknown(text: str) -> None:
    with pytest.raises(InputError, match="there is no such field"):
        _made(text)


@pytest.mark.parametrize(
    "text",
    ["pg_sleep(5) = 1", "foo(name) = 'x'", "casei(name, kind) = 'x'", "A_CONTAINS(name, ('x'))",
     "day > DATE('2026-02-30')", "day > DATE('rubbish')", "at > TIMESTAMP('2026-01-01T25:00:00Z')",
     "at > TIMESTAMP('0001-01-01T00:00:00+14:00')", "S_INTERSECTS(geom, POLYGON((0 0, 1 1, 0 0)))",
     "S_INTERSECTS(geom, POLYGON((0 0, 2 2, 0 2, 2 0, 0 0)))", "S_INTERSECTS(geom, POINT(181 0))",
     "S_INTERSECTS(geom, BBOX(1000000,1000000,2000000,2000000))", "x = NULL",
     "S_INTERSECTS(geom, BBOX(1,2,3))", "T_DURING(day, INTERVAL('x', '..'))"],
)  # fmt: skip
def test_what_makes_no_sense_is_refused(text: str) -> None:
    with pytest.raises(InputError):
        _made(text)


def test_shapes_are_in_the_order_of_their_crs() -> None:
    tree = read("S_INTERSECTS(geom, POINT(36 113))", "cql2-text")
    turned = condition_of(tree, KINDS, STORED)
    assert turned.values == _made("S_INTERSECTS(geom, POINT(113 36))").values
    assert turned.text == 'ST_Intersects("v"."geom", %(f0)s::bytea::geometry)'


LITERALS = st.one_of(
    st.text(max_size=30), st.integers(), st.floats(), st.booleans(), st.none(),
    st.builds(lambda t: {"date": t}, st.text(max_size=12)),
    st.builds(lambda t: {"timestamp": t}, st.dates().map(str)),
    st.builds(lambda n: {"type": "Point", "coordinates": n}, st.lists(st.floats(), max_size=3)),
    st.builds(lambda n: {"bbox": n}, st.lists(st.integers(-90, 90), max_size=6)),
    st.builds(lambda n: {"property": n}, st.one_of(st.sampled_from(list(KINDS)), st.text())),
    st.builds(lambda a, b: {"interval": [a, b]}, st.text(max_size=11), st.just("..")),
)  # fmt: skip
OPS = ["and", "or", "not", "=", "<>", "<", ">=", "between", "in", "like", "isNull", "casei",
       "accenti", "+", "div", "^", "s_intersects", "s_crosses", "t_after", "t_during", "pg_sleep",
       "a_equals", ["x"], {"y": 1}, None]  # fmt: skip
TREES = st.recursive(
    LITERALS,
    lambda inner: st.one_of(
        st.builds(
            lambda op, args: {"op": op, "args": args},
            st.sampled_from(OPS),
            st.one_of(st.lists(inner, max_size=3), inner),
        ),
        st.lists(inner, max_size=3),
    ),
    max_leaves=12,
)
# What our own words are made of: quotes only around columns and our constants.
_COLUMNS = "|".join(KINDS)
_OURS = re.compile(
    rf'"v"\."(?:{_COLUMNS})"|%\(f\d+\)s'
    r"|::(?:text|bigint|float8|boolean|date|timestamptz|numeric|timestamp|bytea|geometry)\b"
    r"|\b(?:AND|OR|NOT|IN|LIKE|IS|NULL|AT TIME ZONE 'UTC'|lower|power|mod|div"
    r"|regexp_replace|normalize|NFD|ST_(?:Intersects|Equals|Disjoint|Touches|Within|Overlaps"
    r"|Crosses|Contains))\b|'-?infinity'|'\[\\u0300-\\u036f\]', '', 'g'|[(),<>=+*/ -]"
)


@settings(max_examples=1500, deadline=None)
@given(TREES)
def test_no_literal_is_ever_in_the_text_and_nothing_but_a_refusal_is_raised(tree: Any) -> None:
    text = json.dumps(tree)
    try:
        made = condition_of(read(text, "cql2-json"), KINDS, CRS84)
    except InputError:
        return
    assert _OURS.sub("", made.text) == ""
    assert made.values.keys() == set(re.findall(r"%\((f\d+)\)s", made.text))


@settings(max_examples=500, deadline=None)
@given(st.text(max_size=40))
def test_a_text_stays_a_value_whatever_it_holds(value: str) -> None:
    quoted = value.replace("'", "''")
    try:
        made = _made(f"casei(name) = casei('{quoted}') AND kind LIKE '{quoted}%'")
    except InputError:
        return
    # The parser may fold some white space; what matters is that it is all in the values.
    assert _OURS.sub("", made.text) == ""
    assert len(made.values) == 2


@settings(max_examples=300, deadline=None)
@given(st.text(alphabet=" ()'\"=<>,.-+*/%abnotr1 2name\\", max_size=60))
def test_any_text_is_read_or_refused(text: str) -> None:
    try:
        made = _made(text)
    except InputError:
        return
    assert _OURS.sub("", made.text) == ""
