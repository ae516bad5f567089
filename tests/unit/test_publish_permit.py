"""Who sees what of a layer."""

import pytest

from geoservice.accounts.records import Grant
from geoservice.auth import ANONYMOUS, Actor, expanded
from geoservice.errors import ForbiddenError, SignInRequiredError
from geoservice.publish.catalog import load_layers
from geoservice.publish.escaping import escaped
from geoservice.publish.permit import may_read, sight_of
from geoservice.publish.tile_grid import tile_box_deg

LAYERS = load_layers()


def _actor(*roles: str, towns: frozenset[str] | None = None) -> Actor:
    return Actor(1, "someone", expanded(roles), towns)


def test_nobody_sees_public_rows_of_public_layers_only() -> None:
    assert sight_of(LAYERS["roads"], ANONYMOUS).secrecies == ("public",)
    with pytest.raises(SignInRequiredError):
        sight_of(LAYERS["depots"], ANONYMOUS)


@pytest.mark.parametrize("role", ["admin", "auditor"])
def test_those_who_run_the_service_see_no_operational_data(role: str) -> None:
    with pytest.raises(ForbiddenError):
        sight_of(LAYERS["depots"], _actor(role))


def test_a_viewer_sees_internal_rows_but_not_restricted_ones_nor_phones() -> None:
    sight = sight_of(LAYERS["depots"], _actor("viewer"))
    assert sight.secrecies == ("public", "internal")
    assert {"phone", "keeper"} & {field.name for field in sight.fields} == set()


def test_a_dispatcher_sees_everything() -> None:
    sight = sight_of(LAYERS["depots"], _actor("dispatcher"))
    assert "restricted" in sight.secrecies
    assert sight.fields == LAYERS["depots"].fields


@pytest.mark.parametrize("role", ["keeper", "planner", "publisher"])
def test_working_roles_see_restricted_rows_without_phones(role: str) -> None:
    sight = sight_of(LAYERS["rescue_teams"], _actor(role))
    assert "restricted" in sight.secrecies
    assert "phone" not in {field.name for field in sight.fields}


def test_towns_of_the_account_go_into_the_sight() -> None:
    sight = sight_of(LAYERS["depots"], _actor("viewer", towns=frozenset({"140406002"})))
    assert sight.towns == ("140406002",)


def _partner(*grants: Grant) -> Actor:
    return Actor(None, "partner", frozenset(), None, token_id=1, grants=grants)


def test_a_partner_sees_what_is_granted_and_nothing_else() -> None:
    partner = _partner(Grant("depots", ["code", "phone"], ["140406002"], ["public"]))
    sight = sight_of(LAYERS["depots"], partner)
    assert [field.name for field in sight.fields] == ["code", "phone"]
    assert (sight.secrecies, sight.towns, sight.open_to) == (("public",), ("140406002",), ())
    assert [one for one in LAYERS if may_read(LAYERS[one], partner)] == ["depots"]
    with pytest.raises(ForbiddenError):
        sight_of(LAYERS["roads"], partner)


def test_a_grant_of_all_fields_is_a_viewers_sight_without_phones() -> None:
    partner = _partner(Grant("depots", None, None, ["public", "internal"]))
    sight, viewers = (sight_of(LAYERS["depots"], who) for who in (partner, _actor("viewer")))
    assert sight.fields == viewers.fields
    assert (sight.secrecies, sight.towns) == (viewers.secrecies, viewers.towns)


def test_no_grant_opens_restricted_rows_or_a_public_layer_in_other_towns() -> None:
    grant = Grant("roads", None, ["140406002"], ["public", "restricted"])
    sight = sight_of(LAYERS["roads"], _partner(grant))
    assert (sight.secrecies, sight.open_to) == (("public",), ())


def test_a_tile_box_holds_its_neighbours_edge() -> None:
    # Zoom 1, north-east quarter: 0 to 180 E, 0 to 85.05 N; a quarter of a tile wider.
    west, south, east, north = tile_box_deg(1, 0, 1, 0.25)
    assert (west, east) == (-45.0, 180.0)
    assert south < 0
    assert north == pytest.approx(85.0511, abs=1e-4)


def test_whatever_could_mean_something_in_a_page_becomes_an_entity() -> None:
    assert escaped("&<>\"'`${}\\") == "&#38;&#60;&#62;&#34;&#39;&#96;&#36;&#123;&#125;&#92;"
    assert escaped("潞城 12%") == "潞城 12%"
    assert escaped(3.5) == "3.5"
